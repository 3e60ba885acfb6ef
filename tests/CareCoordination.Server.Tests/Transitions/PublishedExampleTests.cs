using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests.Transitions;

/// <summary>The message and document Bundles that the implementation guides show are taken in, each on a new server.</summary>
public sealed class PublishedExampleTests
{
    [Theory]
    [InlineData("davinci-alerts-1.1.0/admit-notification-message-bundle-01.json", "in-progress")]
    [InlineData("davinci-alerts-1.1.0/admit-notification-message-bundle-02.json", "in-progress")]
    [InlineData("davinci-alerts-1.1.0/admit-notification-intermediate-translate-bundle.json", "in-progress")]
    [InlineData("davinci-alerts-1.1.0/admit-notification-intermediate-transmit-bundle.json", "in-progress")]
    [InlineData("davinci-alerts-1.1.0/transfer-notification-message-bundle-01.json", "in-progress")]
    [InlineData("davinci-alerts-1.1.0/discharge-notification-message-bundle-01.json", "finished")]
    [InlineData("pacio-toc-1.0.0/Bundle-Example-BSJ2-TOCBundle2.json", null)]
    [InlineData("pacio-toc-1.0.0/Bundle-Example-Smith-Johnson-TOCBundle.json", null)]
    public async Task Is_taken_in(string example, string? stay)
    {
        var bundle = await File.ReadAllTextAsync(
            SharedMaterial.Require($"ig/{example}"),
            TestContext.Current.CancellationToken
        );
        await using var server = await TestServer.OnSqliteAsync();

        var record = (await server.PostAsync("$submit-transition", bundle)).ShouldBe(200);

        Assert.Equal("completed", record.Text("status"));
        Assert.Single((await server.GetAsync("Patient")).ShouldBe(200).Ids);
        var stays = (await server.GetAsync("Encounter"))
            .ShouldBe(200)
            .Resources.Select(e => e.GetProperty("status").GetString());
        Assert.Equal(stay is null ? [] : [stay], stays);
        Assert.Equal(record.Body, (await server.PostAsync("$submit-transition", bundle)).ShouldBe(200).Body);
        if (stay == "finished")
            Assert.Single((await server.GetAsync("CarePlan?status=active")).ShouldBe(200).Ids);
    }
}
