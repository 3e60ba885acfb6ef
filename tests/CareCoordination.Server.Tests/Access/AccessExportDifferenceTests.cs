using System.Text.Json.Nodes;
using CareCoordination.Application.Definitions;
using CareCoordination.Server.Tests.Exports;
using CareCoordination.Server.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Access;

/// <summary>
/// Files of exports, by difference: what a caller with limits exports is what a server exports that has nothing but what they see, whichever
/// parameters narrow it. <c>CARE_ACCESS_REQUESTS</c> sets how many exports each caller makes.
/// </summary>
public abstract class AccessExportDifferenceTests : IAsyncLifetime
{
    private static readonly string[] Callers = ["lead", "supervisor", "vendor of north"];

    private readonly string _folder = Directory.CreateTempSubdirectory("care-access-").FullName;
    private readonly List<string> _differences = [];
    private TestServer _server = null!;
    private List<JsonObject> _all = [];

    public sealed class OnSqlite : AccessExportDifferenceTests
    {
        protected override Task<string[]> DatabaseAsync() => Task.FromResult<string[]>([]);
    }

    public sealed class OnPostgreSql : AccessExportDifferenceTests
    {
        protected override async Task<string[]> DatabaseAsync() => [.. await ServerDatabase.NewPostgreSqlAsync()];
    }

    protected abstract Task<string[]> DatabaseAsync();

    public async ValueTask InitializeAsync()
    {
        string[] settings = [.. await DatabaseAsync(), .. Exporting("all")];
        _server =
            this is OnSqlite
                ? await TestServer.OnSqliteAsync(TimeProvider.System, AccessCallers.AskedByHeader, settings)
                : await TestServer.StartAsync(settings, add: AccessCallers.AskedByHeader);
        await AccessWorld.StoreAsync(_server);
        _all = await AccessTwins.AllAsync(_server, AccessQueries.Types);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Files_have_what_a_server_has_that_has_nothing_else()
    {
        var asked = 0;
        foreach (var name in Callers)
        {
            var policy = new NaivePolicy(AccessCallers.All[name], _all);
            var isSeen = _all.ToLookup(resource => policy.Sees(resource));
            await using var seen = await TestServer.OnSqliteAsync(Exporting(name));
            await AccessTwins.FillAsync(seen, Path.Combine(_folder, $"{name} in"), [.. isSeen[true]]);
            var parameters = _server.Services.GetRequiredService<FhirDefinitions>().SearchParameters;
            var random = new Random(AccessRuns.Seed + name.Length);
            var conditions = new AccessConditions(parameters, random);
            for (var i = 0; i < AccessRuns.Requests(6); i++)
            {
                await ExportsAreEqualAsync(name, Next(random, conditions), seen, [.. isSeen[false]]);
                asked++;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{asked} exports, {_differences.Count} differences");
        Assert.True(
            _differences.Count == 0,
            $"{_differences.Count} differences:\n{string.Join('\n', _differences.Take(30))}"
        );
    }

    private static string Next(Random random, AccessConditions conditions)
    {
        string Type() => AccessQueries.Types[random.Next(AccessQueries.Types.Length)];
        var path = random.Next(4) switch
        {
            0 => "Patient/$export",
            1 => $"Group/group-{(random.Next(2) == 0 ? "both-mine" : "half-mine")}/$export",
            _ => "$export",
        };
        var query = new List<string>();
        if (random.Next(2) == 0)
            query.Add($"_type={string.Join(',', new[] { Type(), Type(), "Observation" }.Distinct())}");
        if (random.Next(2) == 0)
        {
            var type = Type();
            query.Add($"_typeFilter={Uri.EscapeDataString($"{type}?{conditions.Next(type, depth: 0)}")}");
        }

        if (random.Next(4) == 0)
            query.Add("_elements=status,subject,code");
        if (random.Next(4) == 0)
            query.Add($"_since={(random.Next(4) == 0 ? "2099" : "2020")}-01-01T00:00:00Z");
        return query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";
    }

    private async Task ExportsAreEqualAsync(string caller, string path, TestServer seen, List<JsonObject> unseen)
    {
        var expected = await ExportAsync(seen, path, []);
        var answered = await ExportAsync(_server, path, [$"{AccessCallers.Header}: {caller}"]);
        if (expected.Status != answered.Status || !expected.Keys.SequenceEqual(answered.Keys))
            _differences.Add(
                $"{caller} {path}: {expected.Status} {string.Join(' ', expected.Keys)} expected, {answered.Status} {string.Join(' ', answered.Keys)} answered"
            );
        var traces = unseen.Where(u =>
            answered.Text.Contains(
                $"\"{AccessWorld.Mark(NaivePolicy.TypeOf(u), (string)u["id"]!)}\"",
                StringComparison.Ordinal
            )
        );
        foreach (var trace in traces)
            _differences.Add($"{caller} {path}: tells of {NaivePolicy.Name(trace)}");
    }

    /// <summary>Of what the test has stored; the work of the exports themselves is one more Task.</summary>
    private async Task<(int Status, IReadOnlyList<string> Keys, string Text)> ExportAsync(
        TestServer server,
        string path,
        string[] headers
    )
    {
        var begun = await server.GetAsync(path, [ExportKit.Async, .. headers]);
        if (begun.Status != 202)
            return (begun.Status, [], begun.Body);
        var manifest = await server.EndAsync(ExportKit.StatusOf(begun), headers);
        if (manifest.Status != 200)
            return (manifest.Status, [], manifest.Body);
        var exported = await server.ReadAsync(manifest);
        var known = _all.Select(NaivePolicy.Name).ToHashSet(StringComparer.Ordinal);
        return (
            200,
            [.. exported.Keys.Where(known.Contains)],
            string.Concat(exported.Resources.Select(resource => resource.GetRawText()))
        );
    }

    private string[] Exporting(string name) =>
        [$"--Exports:Folder={Path.Combine(_folder, name)}", "--Exports:MaxRunning=20"];
}
