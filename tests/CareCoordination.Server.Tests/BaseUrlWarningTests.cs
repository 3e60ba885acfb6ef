using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests;

/// <summary>Whose partners could not find their way back is told when it starts.</summary>
public sealed class BaseUrlWarningTests
{
    private const string Everybody = "--Server:AnybodyOnTheNetworkMayDoEverything=true";

    [Theory]
    [InlineData("http://0.0.0.0:0", true)]
    [InlineData("http://[::]:0", true)]
    [InlineData("http://*:0", true)]
    [InlineData("http://127.0.0.1:0;http://0.0.0.0:0", true)]
    [InlineData("http://127.0.0.1:0", false)]
    [InlineData("http://[::1]:0", false)]
    public async Task A_server_that_others_reach_says_that_it_does_not_know_by_which_address(string urls, bool isTold)
    {
        var warning = Assert.Single([
            .. await WarningsAsync(Everybody, $"--urls={urls}"),
            .. isTold ? [] : (string[])[""],
        ]);

        Assert.Equal(isTold, warning.StartsWith("Server:BaseUrl is not set", StringComparison.Ordinal));
        if (isTold)
            Assert.Matches(@" http://localhost:\d+/\. Set Server:BaseUrl ", warning);
    }

    [Fact]
    public async Task One_that_knows_its_address_says_nothing() =>
        Assert.Empty(
            await WarningsAsync(Everybody, "--urls=http://0.0.0.0:0", "--Server:BaseUrl=https://care.example.org/fhir")
        );

    private static async Task<IReadOnlyList<string>> WarningsAsync(params string[] settings)
    {
        var log = new GatheredLog();
        await using var server = await TestServer.OnSqliteAsync(TimeProvider.System, log.AddTo, settings);
        return log.Of("", 1005);
    }
}
