using System.Text.Json.Nodes;
using CareCoordination.Application.Definitions;
using CareCoordination.Server.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Access;

/// <summary>
/// What a caller does not see makes no difference to anything they do: reads, writes, batches and transactions are answered as on a server
/// where it is not there, no answer has a trace of it, and it is as it was. <c>CARE_ACCESS_REQUESTS</c> sets how many requests each caller
/// makes, <c>CARE_ACCESS_SEED</c> which.
/// </summary>
public abstract class AccessRequestTests : IAsyncLifetime
{
    public sealed class OnSqlite : AccessRequestTests
    {
        private protected override Task<TestServer> StartAsync() =>
            TestServer.OnSqliteAsync(TimeProvider.System, AccessCallers.AskedByHeader, AccessTwins.Settings);
    }

    public sealed class OnPostgreSql : AccessRequestTests
    {
        private protected override async Task<TestServer> StartAsync()
        {
            var database = $"--ConnectionStrings:CareCoordination={TestKit.PostgreSqlCluster.Require().NewDatabase()}";
            const string Provider = "--Storage:Provider=PostgreSql";
            Assert.Equal(0, await Program.Main(["migrate", Provider, database]));
            return await TestServer.StartAsync(
                [Provider, database, .. AccessTwins.Settings],
                add: AccessCallers.AskedByHeader
            );
        }
    }

    private static readonly string[] Types =
    [
        .. AccessQueries.Types,
        "PlanDefinition",
        "Provenance",
        "Encounter",
        "Flag",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("care-access-").FullName;
    private readonly List<string> _differences = [];
    private TestServer _server = null!;

    private protected abstract Task<TestServer> StartAsync();

    public async ValueTask InitializeAsync()
    {
        _server = await StartAsync();
        await AccessWorld.StoreAsync(_server);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_is_unseen_makes_no_difference_to_what_a_caller_does()
    {
        await CompareAsync(
            (definitions, all, seed) =>
                new AccessRequests(
                    definitions.SearchParameters,
                    [.. all.Select(NaivePolicy.Name)],
                    all.Where(resource => (string?)resource["meta"]!["versionId"] == "1")
                        .Select(NaivePolicy.Name)
                        .ToHashSet(StringComparer.Ordinal),
                    seed
                ).Next
        );
    }

    [Fact]
    public async Task What_is_unseen_makes_no_difference_to_any_operation()
    {
        await CompareAsync((_, all, seed) => new AccessOperations([.. all.Select(NaivePolicy.Name)], seed).Next);
    }

    private async Task CompareAsync(Func<FhirDefinitions, List<JsonObject>, int, Func<Asked>> generator)
    {
        var asked = 0;
        foreach (var (name, caller) in AccessCallers.All.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            var all = await AccessTwins.AllAsync(_server, Types);
            await using var twins = new AccessTwins(_server, name, _differences);
            await twins.StartAsync(caller, all, _folder);
            var definitions = _server.Services.GetRequiredService<FhirDefinitions>();
            var next = generator(definitions, all, AccessRuns.Seed + name.Length);
            for (var i = 0; i < AccessRuns.Requests(15); i++)
            {
                if (await twins.AskAsync(next()) is null)
                    break;
            }

            await twins.NothingUnseenIsChangedAsync();
            asked += twins.Requests;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{asked} requests, {_differences.Count} differences");
        Assert.True(
            _differences.Count == 0,
            $"{_differences.Count} differences in {asked} requests:\n{string.Join("\n\n", _differences.Take(40))}"
        );
    }
}

/// <summary>How long a run of generated requests is, and which one it is.</summary>
internal static class AccessRuns
{
    public static int Seed => Number("CARE_ACCESS_SEED") ?? 0;

    /// <param name="ordinary">Of each caller, in the ordinary run.</param>
    public static int Requests(int ordinary) => Number("CARE_ACCESS_REQUESTS") ?? ordinary;

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : null;
}
