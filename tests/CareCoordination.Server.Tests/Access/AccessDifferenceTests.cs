using System.Text.Json.Nodes;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Import;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Settings;
using CareCoordination.Rest.Http;
using CareCoordination.Server.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Access;

/// <summary>
/// Nothing leaks. What a caller is answered is what a server would answer that has nothing but what the caller may see: for each caller
/// there is such a server, filled with what the policy, read naively, lets through, and both are asked the same. Matches, what comes along,
/// totals and pages; for the past, where such a server has none, the whole history filtered by hand.
/// <c>CARE_ACCESS_REQUESTS</c> sets how many searches each caller makes.
/// </summary>
public abstract class AccessDifferenceTests : IAsyncLifetime
{
    public sealed class OnSqlite : AccessDifferenceTests
    {
        private protected override Task<TestServer> StartAsync() =>
            TestServer.OnSqliteAsync(TimeProvider.System, AccessCallers.AskedByHeader, []);
    }

    public sealed class OnPostgreSql : AccessDifferenceTests
    {
        private protected override async Task<TestServer> StartAsync()
        {
            var database = $"--ConnectionStrings:CareCoordination={TestKit.PostgreSqlCluster.Require().NewDatabase()}";
            const string Provider = "--Storage:Provider=PostgreSql";
            Assert.Equal(0, await Program.Main(["migrate", Provider, database]));
            return await TestServer.StartAsync([Provider, database], add: AccessCallers.AskedByHeader);
        }
    }

    private const int DefaultRequests = 40;

    private static int Requests =>
        int.TryParse(Environment.GetEnvironmentVariable("CARE_ACCESS_REQUESTS"), out var requests)
            ? requests
            : DefaultRequests;

    private readonly string _folder = Directory.CreateTempSubdirectory("care-access-").FullName;
    private TestServer _server = null!;

    private readonly List<string> _differences = [];

    /// <summary>Everything that is there now.</summary>
    private List<JsonObject> _all = [];

    private protected abstract Task<TestServer> StartAsync();

    public async ValueTask InitializeAsync()
    {
        _server = await StartAsync();
        await AccessWorld.StoreAsync(_server);
        foreach (var type in AccessQueries.Types)
            _all.AddRange((await PagesAsync(_server, $"{type}?_count=200", null)).Matches);
        // What a server is itself the source of, every server has.
        _all.RemoveAll(IsServed);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_caller_is_answered_as_if_nothing_else_were_there()
    {
        foreach (var (name, caller) in AccessCallers.All.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            var policy = new NaivePolicy(caller, _all);
            await using var seen = await TestServer.OnSqliteAsync();
            await FillAsync(seen, name, _all.FindAll(resource => policy.Sees(resource)));
            await ReadsAreEqualAsync(name, policy);
            await HistoriesAreEqualAsync(name, policy);
            foreach (var query in Fixed)
                await SearchesAreEqualAsync(name, query, seen);
            var definitions = _server.Services.GetRequiredService<FhirDefinitions>();
            var queries = new AccessQueries(definitions.SearchParameters, name.Length);
            for (var i = 0; i < Requests; i++)
                await SearchesAreEqualAsync(name, queries.Next(), seen);
        }

        Assert.True(
            _differences.Count == 0,
            $"{_differences.Count} differences:\n{string.Join('\n', _differences.Take(30))}"
        );
    }

    /// <summary>Doors beside the searches of a type.</summary>
    private static readonly string[] Fixed =
    [
        "Patient/p1/$everything?_count=5",
        "Patient/p2/$everything?_count=100",
        "Patient/p12/$everything?_count=100",
        "Patient/p1/Observation?_count=3",
        "Patient/p12/Observation?_count=3&_total=accurate",
        "Patient/p1/*?_count=200",
        "?_type=Patient,Observation,Task&_count=50",
        "Observation?subject:Patient.family=Rivera&_total=accurate&_count=2",
        "Observation?subject:Patient.general-practitioner:Practitioner.name=gp&_count=5",
        "Task?patient.family=Okafor&_count=5&_total=accurate",
        "Patient?_sort=-birthdate&_count=2&_total=accurate",
        "Patient?_count=3&_revinclude=Observation:subject&_revinclude=Task:patient",
        "Appointment?_include=Appointment:actor&_count=5",
        "EpisodeOfCare?_include=EpisodeOfCare:patient&_include=EpisodeOfCare:care-manager&_count=20",
        "Observation?_summary=count",
        "Patient?_count=0",
        "Observation?_sort=-_lastUpdated&code=1&_count=4&_total=accurate",
        "Task?status=requested&_sort=-_lastUpdated&_count=2",
    ];

    private async Task ReadsAreEqualAsync(string name, NaivePolicy policy)
    {
        foreach (var resource in _all)
        {
            var answer = await _server.GetAsync(NaivePolicy.Name(resource), Header(name));
            var expected = policy.Sees(resource);
            Agree(
                expected ? answer.Status == 200 : answer.Status is 404 or 403,
                $"{name} GET {NaivePolicy.Name(resource)}: {answer.Status}, and the policy says {expected}"
            );
        }

        var (never, gone) = (
            await _server.GetAsync("Observation/never-was", Header(name)),
            await _server.GetAsync("Observation/gone-12", Header(name))
        );
        Agree(
            gone.Status == (policy.Sees(Deleted("Observation/gone-12"), isPast: true) ? 410 : never.Status),
            $"{name}: {gone.Status} of what is gone, {never.Status} of what never was"
        );
    }

    /// <summary>The history of a type, page by page, and of single resources.</summary>
    private async Task HistoriesAreEqualAsync(string name, NaivePolicy policy)
    {
        foreach (var type in (string[])["Observation", "Patient", "Task"])
        {
            var all = await VersionsAsync($"{type}/_history?_count=50", null);
            var expected = all
                .Versions.Where(version => policy.Sees(version.Resource, isPast: true))
                .Select(version => version.Name)
                .ToList();
            var answered = await VersionsAsync($"{type}/_history?_count=7", name);
            Agree(
                answered.Status == 403
                    ? expected.Count == 0
                    : expected.SequenceEqual(answered.Versions.Select(v => v.Name)),
                $"{name} {type}/_history: {string.Join(' ', expected)} expected, {answered.Status} {string.Join(' ', answered.Versions.Select(v => v.Name))} answered"
            );
        }
    }

    private async Task SearchesAreEqualAsync(string name, string query, TestServer seen)
    {
        var expected = await PagesAsync(seen, query, null);
        var answered = await PagesAsync(_server, query, name);
        var what = $"{name} {query}";
        if (answered.Status == 403 || (answered.Status == 404 && expected.Status == 404))
        {
            // What every server has is there for whoever may ask for its type.
            Agree(expected.Matches.TrueForAll(IsServed), $"{what}: 403, and {Names(expected.Matches)} expected");
            return;
        }

        Agree(expected.Status == answered.Status, $"{what}: {expected.Status} expected, {answered.Status} answered");
        Agree(
            Names(expected.Matches) == Names(answered.Matches),
            $"{what}:\n{Names(expected.Matches)} expected,\n{Names(answered.Matches)} answered"
        );
        Agree(
            Names(expected.Included) == Names(answered.Included),
            $"{what}: included\n{Names(expected.Included)} expected,\n{Names(answered.Included)} answered"
        );
        Agree(expected.Total == answered.Total, $"{what}: total {expected.Total} expected, {answered.Total} answered");
        Agree(
            expected.Pages.SequenceEqual(answered.Pages),
            $"{what}: pages of {string.Join(',', expected.Pages)} expected, {string.Join(',', answered.Pages)} answered"
        );
    }

    private static bool IsServed(JsonObject resource) =>
        NaivePolicy.TypeOf(resource) == "Questionnaire" && (string)resource["id"]! != "q";

    private void Agree(bool isSo, string difference)
    {
        if (!isSo)
            _differences.Add(difference);
    }

    private static async Task<Found> PagesAsync(TestServer server, string query, string? caller)
    {
        var found = new Found();
        for (var next = query; next is not null; )
        {
            var answer = await server.GetAsync(next, caller is null ? [] : [Header(caller)]);
            found.Status = answer.Status;
            if (answer.Status != 200)
                return found;
            found.Total ??= (string?)answer.Text("total");
            var entries = answer.Entries.ToList();
            var matches = entries.Where(e => ModeOf(e) == "match").ToList();
            found.Pages.Add(matches.Count);
            found.Matches.AddRange(matches.Select(Resource));
            found.Included.AddRange(entries.Where(e => ModeOf(e) == "include").Select(Resource));
            next = answer.Link("next");
        }

        return found;
    }

    private static string ModeOf(System.Text.Json.JsonElement entry) =>
        entry.TryGetProperty("search", out var search) ? search.GetProperty("mode").GetString()! : "match";

    private async Task<(int Status, List<(string Name, JsonObject Resource)> Versions)> VersionsAsync(
        string query,
        string? caller
    )
    {
        var versions = new List<(string, JsonObject)>();
        for (var next = query; next is not null; )
        {
            var answer = await _server.GetAsync(next, caller is null ? [] : [Header(caller)]);
            if (answer.Status != 200)
                return (answer.Status, versions);
            foreach (var entry in answer.Entries)
            {
                var etag = entry.GetProperty("response").GetProperty("etag").GetString();
                var url = entry.GetProperty("fullUrl").GetString()!.Split("/fhir/")[1];
                versions.Add(
                    ($"{url}/{etag}", entry.TryGetProperty("resource", out _) ? Resource(entry) : Deleted(url))
                );
            }

            next = answer.Link("next");
        }

        return (200, versions);
    }

    /// <summary>A deletion is seen by whoever saw what was deleted.</summary>
    private static JsonObject Deleted(string url) =>
        new()
        {
            ["resourceType"] = url.Split('/')[0],
            ["id"] = url.Split('/')[1],
            ["subject"] = new JsonObject
            {
                ["reference"] = url.EndsWith("gone-1", StringComparison.Ordinal) ? "Patient/p1" : "Patient/p12",
            },
        };

    private static JsonObject Resource(System.Text.Json.JsonElement entry) =>
        JsonNode.Parse(entry.GetProperty("resource").GetRawText())!.AsObject();

    private static string Names(IEnumerable<JsonObject> resources) =>
        string.Join(
            ' ',
            resources.Select(NaivePolicy.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        );

    private async Task FillAsync(TestServer server, string name, List<JsonObject> resources)
    {
        if (resources.Count == 0)
            return;
        var folder = Directory.CreateDirectory(Path.Combine(_folder, name.Replace(' ', '-').Replace(",", "")));
        await File.WriteAllLinesAsync(
            Path.Combine(folder.FullName, "seen.ndjson"),
            resources.Select(resource => resource.ToJsonString())
        );
        await using var session = server.Services.GetRequiredService<CareSessions>().Open(Caller.Import);
        var definitions = session.Get<FhirDefinitions>();
        var summary = new ImportSummary();
        var importer = new Importer(
            session.Session,
            definitions,
            session.Get<LimitsOptions>(),
            new ImportHomes(null, "https://own.example/fhir", definitions.Schema.IsResourceType)
        );
        await importer.RunAsync(
            ImportFile.Find([folder.FullName]),
            Path.Combine(folder.FullName, "journal"),
            summary,
            TestContext.Current.CancellationToken
        );
        Assert.Empty(summary.Rejections);
    }

    private static string Header(string caller) => $"{AccessCallers.Header}: {caller}";

    private sealed class Found
    {
        public int Status { get; set; }

        public string? Total { get; set; }

        public List<JsonObject> Matches { get; } = [];

        public List<JsonObject> Included { get; } = [];

        public List<int> Pages { get; } = [];
    }
}
