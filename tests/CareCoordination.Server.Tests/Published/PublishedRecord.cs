using System.Text.Json;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Server.Tests.Outcomes;

namespace CareCoordination.Server.Tests.Published;

/// <summary>A server to which all published cases were written, each about another patient.</summary>
public sealed class PublishedRecord : IAsyncLifetime
{
    private readonly OutcomesFile _file = new();

    public TestServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await TestServer.OnSqliteAsync(_file.Setting, "--Care:TimeZone=UTC");
        foreach (
            var published in (PublishedCase[])
                [
                    .. BloodPressureCases.All,
                    .. GlycemicCases.All,
                    .. DepressionCases.All,
                    .. ReferralCases.All,
                    .. AdherenceCases.All.Select(c => c.Case),
                ]
        )
            await StoreAsync(published);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _file.Dispose();
    }

    private async Task StoreAsync(PublishedCase published)
    {
        string[] told = [Told.Patient(published.Id, published.Born, published.Died), .. published.Told];
        var entries = told.Select(resource => resource.Replace("~", published.Id, StringComparison.Ordinal))
            .Select(resource =>
            {
                using var parsed = JsonDocument.Parse(resource);
                var url = $"{parsed.RootElement.GetProperty("resourceType")}/{parsed.RootElement.GetProperty("id")}";
                return $$"""{"resource":{{resource}},"request":{"method":"PUT","url":"{{url}}"} }""";
            });
        var answer = await Server.PostAsync(
            "",
            $$"""{"resourceType":"Bundle","type":"transaction","entry":[{{string.Join(',', entries)}}]}"""
        );
        Assert.True(answer.Status == 200, $"{published.Title}: {answer.Body}");
    }
}
