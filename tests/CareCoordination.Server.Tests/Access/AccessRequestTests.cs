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

    private const int Shares = 8;

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

    /// <summary>In the ordinary run each engine is asked by its share of the callers.</summary>
    private IEnumerable<string> Callers =>
        AccessCallers
            .All.Keys.Order(StringComparer.Ordinal)
            .Where((_, at) => AccessRuns.IsLong || at % Shares == (this is OnSqlite ? 0 : 1));

    [Fact]
    public async Task What_is_unseen_makes_no_difference_to_what_a_caller_does()
    {
        var asked = 0;
        foreach (var name in Callers)
        {
            var all = await AccessTwins.AllAsync(_server, Types);
            await using var twins = new AccessTwins(_server, name, _differences);
            await twins.StartAsync(AccessCallers.All[name], all, _folder);
            var next = Requests(all, AccessRuns.Seed + name.Length);
            for (var i = 0; i < AccessRuns.Requests(40); i++)
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

    /// <summary>Interactions of R4 and operations in turn.</summary>
    private Func<Asked> Requests(List<JsonObject> all, int seed)
    {
        var names = all.ConvertAll(NaivePolicy.Name);
        var known = all.Where(resource => (string?)resource["meta"]!["versionId"] == "1")
            .Select(NaivePolicy.Name)
            .ToHashSet(StringComparer.Ordinal);
        var interactions = new AccessRequests(
            _server.Services.GetRequiredService<FhirDefinitions>().SearchParameters,
            names,
            known,
            seed
        );
        var operations = new AccessOperations(names, known, seed);
        var turn = 0;
        return () => turn++ % 2 == 0 ? interactions.Next() : operations.Next();
    }
}

/// <summary>How long a run of generated requests is, and which one it is.</summary>
internal static class AccessRuns
{
    public static int Seed => Number("CARE_ACCESS_SEED") ?? 0;

    public static bool IsLong => Number("CARE_ACCESS_REQUESTS") is not null;

    /// <param name="ordinary">Of each caller, in the ordinary run.</param>
    public static int Requests(int ordinary) => Number("CARE_ACCESS_REQUESTS") ?? ordinary;

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : null;
}
