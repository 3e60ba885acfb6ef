using System.Globalization;
using System.Text.Json.Nodes;
using CareCoordination.Application.Definitions;
using CareCoordination.Rest.Http;
using CareCoordination.Server.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Access;

/// <summary>
/// Nothing leaks. What a caller is answered is what a server would answer that has nothing but what the caller may see: for each caller
/// there is such a server, filled with what the policy, read naively, lets through, and both are asked the same. Matches, what comes along,
/// totals and pages; for the past, where such a server has none, the whole history filtered by hand.
/// <c>CARE_ACCESS_REQUESTS</c> sets how many searches each caller makes, <c>CARE_ACCESS_SEED</c> which.
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

    private readonly string _folder = Directory.CreateTempSubdirectory("care-access-").FullName;
    private TestServer _server = null!;

    /// <summary>Of the histories, those of types alone.</summary>
    private const int Types = 3;

    private readonly List<string> _differences = [];
    private int _asked;
    private int _found;

    /// <summary>What of the grammar leads from one resource to another, and how many searches with it were asked and found something.</summary>
    private readonly Dictionary<string, (int Asked, int Found)> _linked = [];

    /// <summary>Of what the caller who is asked for does not see.</summary>
    private UnseenTraces _traces = new([], []);

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
        _all.RemoveAll(AccessTwins.IsServed);
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
            var visible = _all.ToLookup(resource => policy.Sees(resource));
            _traces = new UnseenTraces(visible[true], visible[false]);
            await AccessTwins.FillAsync(seen, Folder(name), [.. visible[true]]);
            await ReadsAreEqualAsync(name, policy);
            await HistoriesAreEqualAsync(name, policy);
            foreach (var query in Fixed)
                await SearchesAreEqualAsync(name, query, seen);
            var definitions = _server.Services.GetRequiredService<FhirDefinitions>();
            var queries = new AccessQueries(definitions.SearchParameters, AccessRuns.Seed + name.Length);
            for (var i = 0; i < AccessRuns.Requests(28); i++)
                await SearchesAreEqualAsync(name, queries.Next(), seen);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{_asked} searches, {_found} found something");
        foreach (var (what, (asked, found)) in _linked)
            TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {asked} searches, {found} found something");
        foreach (var what in (string[])["_has", "_has at the end of a chain", "_has of _has", "chains", ":iterate"])
            Assert.True(_linked.GetValueOrDefault(what).Found > 0, $"No search with {what} found anything.");
        // Of what finds nothing nothing is compared; many callers see nothing of most types.
        Assert.InRange(_found, _asked / 5, _asked);
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
        "Task?patient.organization.name=north&_count=5&_total=accurate",
        "Observation?encounter:Encounter.subject:Patient.birthdate=ge1900&_total=accurate",
        "Observation?encounter.based-on:ServiceRequest.patient._has:Observation:subject:code=1&_total=accurate",
        "Patient?_has:Observation:subject:code=1&_total=accurate&_count=2",
        "Patient?_has:Condition:patient:code=F10.20,B20&_sort=-birthdate&_total=accurate&_count=2",
        "Patient?_has:Task:patient:_has:Task:part-of:status=requested&_total=accurate",
        "Organization?_has:Patient:organization:_has:EpisodeOfCare:patient:status=active&_total=accurate",
        "Practitioner?_has:EpisodeOfCare:care-manager:patient.family=Rivera&_total=accurate&_count=2",
        "Observation?patient._has:EpisodeOfCare:patient:status=active&_total=accurate&_count=4",
        "ServiceRequest?_has:Task:focus:status=requested&_count=2&_total=accurate",
        "Patient?_count=2&_include:iterate=Patient:general-practitioner&_revinclude:iterate=EpisodeOfCare:patient&_include:iterate=EpisodeOfCare:*",
        "Organization?_count=2&_revinclude:iterate=Patient:organization&_revinclude:iterate=Observation:subject",
        "Task?_count=3&_include:iterate=Task:*&_revinclude:iterate=Task:part-of",
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
            var answer = await AskAsync(NaivePolicy.Name(resource), name);
            var expected = policy.Sees(resource);
            Agree(
                expected ? answer.Status == 200 : answer.Status is 404 or 403,
                $"{name} GET {NaivePolicy.Name(resource)}: {answer.Status}, and the policy says {expected}"
            );
            if (_all.IndexOf(resource) % 7 == name.Length % 7)
                await ConditionsAreEqualAsync(name, resource, expected);
        }

        var (never, gone) = (
            await AskAsync("Observation/never-was", name),
            await AskAsync("Observation/gone-12", name)
        );
        Agree(
            gone.Status == (policy.Sees(Deleted("Observation/gone-12"), isPast: true) ? 410 : never.Status),
            $"{name}: {gone.Status} of what is gone, {never.Status} of what never was"
        );
    }

    /// <summary>That one has a copy is no way to find out whether there is one.</summary>
    private async Task ConditionsAreEqualAsync(string name, JsonObject resource, bool isSeen)
    {
        var path = NaivePolicy.Name(resource);
        foreach (
            var condition in (string[])
                [
                    $"If-None-Match: W/\"{(string)resource["meta"]!["versionId"]!}\"",
                    "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT",
                ]
        )
        {
            var answer = await _server.SendAsync(HttpMethod.Head, path, (string?)null, Header(name), condition);
            Agree(
                isSeen ? answer.Status is 304 or 200 : answer.Status is 404 or 403,
                $"{name} HEAD {path} {condition}: {answer.Status}, and the policy says {isSeen}"
            );
            Agree(isSeen || answer.ETag is null, $"{name} HEAD {path} {condition}: {answer.ETag}");
        }
    }

    /// <summary>Histories of the server, of types and of resources, since or at a moment, page by page; and versions one by one.</summary>
    private async Task HistoriesAreEqualAsync(string name, NaivePolicy policy)
    {
        // In the ordinary run the whole past is a matter of some callers, and the types are one of all.
        var isWhole = AccessRuns.IsLong || name.Length % 4 == 0;
        foreach (var (query, all) in (await PastAsync()).Take(isWhole ? int.MaxValue : Types))
        {
            var expected = all.FindAll(version => policy.Sees(version.Resource, isPast: true)).ConvertAll(v => v.Name);
            var answered = await VersionsAsync(query, name, TracesOf(policy, all));
            var what = $"{name} {query}: {answered.Status}";
            if (answered.Status is 403 or 404)
            {
                Agree(expected.Count == 0, $"{what}, and {string.Join(' ', expected)} expected");
                continue;
            }

            Agree(
                expected.SequenceEqual(answered.Versions.Select(v => v.Name)),
                $"{what}: {string.Join(' ', expected)} expected, {string.Join(' ', answered.Versions.Select(v => v.Name))} answered"
            );
            Agree(
                answered.Total is not { } total || total == expected.Count,
                $"{what}: a total of {answered.Total}, and {expected.Count} expected"
            );
            Agree(
                answered.Pages.SkipLast(1).All(page => page == answered.Pages[0]),
                $"{what}: pages of {string.Join(',', answered.Pages)}"
            );
        }

        if (!isWhole)
            return;
        foreach (var (version, resource) in (await PastAsync())[0].Versions)
            await VersionIsEqualAsync(name, policy, version, resource);
    }

    /// <summary>What is a task of one's own now, or is meant by the query of a scope, may be shown as the version that it is.</summary>
    private async Task VersionIsEqualAsync(string name, NaivePolicy policy, string version, JsonObject resource)
    {
        var (url, number) = (version.Split("/W/")[0], version.Split('"')[1]);
        var isPast = policy.Sees(resource, isPast: true);
        var answer = await AskAsync($"{url}/_history/{number}", name, new UnseenTraces(isPast ? [resource] : [], []));
        Agree(
            isPast ? answer.Status is 200 or 410 : answer.Status is 404 or 403 || policy.Sees(resource),
            $"{name} {version}: {answer.Status}, and the policy says {isPast}"
        );
    }

    private List<(string Query, List<(string Name, JsonObject Resource)> Versions)>? _past;

    /// <summary>What the whole past is, which does not change while it is asked for.</summary>
    private async Task<List<(string Query, List<(string Name, JsonObject Resource)> Versions)>> PastAsync()
    {
        if (_past is not null)
            return _past;
        var moved = (await _server.GetAsync("Observation/moved/_history")).ShouldBe(200);
        var moments = moved
            .Resources.Select(r => r.GetProperty("meta").GetProperty("lastUpdated").GetString()!)
            .Select(Uri.EscapeDataString)
            .ToArray();
        _past = [];
        foreach (
            var query in (string[])
                [
                    "Observation/_history?_count=7",
                    "Patient/_history?_count=7",
                    "Task/_history?_count=7",
                    "_history?_count=60",
                    .. moments.Select(moment => $"_history?_count=5&_since={moment}"),
                    .. moments.Select(moment => $"Observation/_history?_count=3&_at={moment}"),
                    $"_history?_count=30&_at={moments[^1]}",
                    "Observation/moved/_history?_count=1",
                    "Observation/left/_history",
                    "Observation/unlabelled/_history",
                    "Observation/gone-12/_history",
                    "Observation/p12-a/_history",
                    "Patient/p12/_history",
                    "Task/theirs/_history",
                ]
        )
            _past.Add((query, (await VersionsAsync(query.Replace("_count=1", "_count=2"), null)).Versions));
        return _past;
    }

    private async Task SearchesAreEqualAsync(string name, string query, TestServer seen)
    {
        var expected = await PagesAsync(seen, query, null);
        var answered = await PagesAsync(_server, query, name);
        var what = $"{name} {query}";
        _asked++;
        if (expected.Matches.Count > 0)
            _found++;
        foreach (var link in Linked(query))
        {
            var (asked, found) = _linked.GetValueOrDefault(link);
            var isFound = link == ":iterate" ? expected.Included.Count > 0 : expected.Matches.Count > 0;
            _linked[link] = (asked + 1, found + (isFound ? 1 : 0));
        }

        if (answered.Status == 403 || (answered.Status == 404 && expected.Status == 404))
        {
            // What every server has is there for whoever may ask for its type.
            Agree(
                expected.Matches.TrueForAll(AccessTwins.IsServed),
                $"{what}: 403, and {Names(expected.Matches)} expected"
            );
            return;
        }

        Agree(expected.Status == answered.Status, $"{what}: {expected.Status} expected, {answered.Status} answered");
        Agree(
            Listed(query, expected.Matches) == Listed(query, answered.Matches),
            $"{what}:\n{Listed(query, expected.Matches)} expected,\n{Listed(query, answered.Matches)} answered"
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

    private static IEnumerable<string> Linked(string query)
    {
        foreach (
            var name in query[(query.IndexOf('?', StringComparison.Ordinal) + 1)..]
                .Split('&')
                .Select(p => p.Split('=')[0])
        )
        {
            if (name.StartsWith("_has:", StringComparison.Ordinal))
                yield return name.IndexOf("_has:", 5, StringComparison.Ordinal) > 0 ? "_has of _has" : "_has";
            else if (name.Contains("._has:", StringComparison.Ordinal))
                yield return "_has at the end of a chain";
            else if (name.Count(letter => letter == '.') > 1)
                yield return "chains";
            else if (name.EndsWith(":iterate", StringComparison.Ordinal))
                yield return ":iterate";
        }
    }

    private void Agree(bool isSo, string difference)
    {
        if (!isSo)
            _differences.Add(difference);
    }

    private async Task<Found> PagesAsync(TestServer server, string query, string? caller)
    {
        var found = new Found();
        for (var next = query; next is not null; )
        {
            var answer = caller is null ? await server.GetAsync(next) : await AskAsync(next, caller);
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

    private sealed record Past(int Status, List<(string Name, JsonObject Resource)> Versions)
    {
        public int? Total { get; init; }

        public List<int> Pages { get; init; } = [];
    }

    private async Task<Past> VersionsAsync(string query, string? caller, UnseenTraces? traces = null)
    {
        var versions = new List<(string, JsonObject)>();
        var pages = new List<int>();
        int? total = null;
        for (var next = query; next is not null; )
        {
            var answer = caller is null ? await _server.GetAsync(next) : await AskAsync(next, caller, traces);
            if (answer.Status != 200)
                return new Past(answer.Status, versions);
            total ??= answer.Text("total") is { } counted ? int.Parse(counted, CultureInfo.InvariantCulture) : null;
            pages.Add(answer.Entries.Count());
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

        return new Past(200, versions) { Total = total, Pages = pages };
    }

    /// <summary>Of what the caller never saw a version of.</summary>
    private UnseenTraces TracesOf(NaivePolicy policy, List<(string Name, JsonObject Resource)> versions)
    {
        var seen = versions.FindAll(version => policy.Sees(version.Resource, isPast: true)).ConvertAll(v => v.Resource);
        seen.AddRange(_all.Where(resource => policy.Sees(resource)));
        var names = seen.ConvertAll(NaivePolicy.Name).ToHashSet(StringComparer.Ordinal);
        return new UnseenTraces(seen, _all.Where(resource => !names.Contains(NaivePolicy.Name(resource))));
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

    /// <summary>In their order, but for that of when they were written, which is another where they were brought in later.</summary>
    private static string Listed(string query, IEnumerable<JsonObject> matches) =>
        query.Contains("_lastUpdated", StringComparison.Ordinal)
            ? Names(matches)
            : string.Join(' ', matches.Select(NaivePolicy.Name));

    private string Folder(string name) =>
        Path.Combine(_folder, name.Replace(' ', '-').Replace(",", "", StringComparison.Ordinal));

    /// <summary>Of everything, by a caller, whose answer has no trace of what they do not see.</summary>
    private async Task<Answer> AskAsync(string path, string caller, UnseenTraces? traces = null)
    {
        var answer = await _server.GetAsync(path, Header(caller));
        var found = (traces ?? _traces).In(path, answer);
        Agree(found.Count == 0, $"{caller} {path}: {answer.Status} tells of {string.Join(' ', found.Distinct())}");
        return answer;
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
