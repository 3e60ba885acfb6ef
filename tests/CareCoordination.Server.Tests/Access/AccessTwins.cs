using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CareCoordination.Access.Scopes;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Import;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Settings;
using CareCoordination.Server.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Access;

/// <summary>One request as a client sends it.</summary>
internal sealed record Asked(HttpMethod Method, string Path, string? Body = null, params string[] Headers)
{
    public override string ToString() =>
        $"{Method} {Path} {string.Join(' ', Headers)} {(Body is { Length: > 1500 } ? Body[..1500] : Body)}";
}

/// <summary>
/// A server with everything, and one with nothing but what a caller sees of it and what lets them see it. The same caller asks both the
/// same: what they are answered is the same, and what they make is the same, so that nothing that is unseen makes a difference to
/// anything. Besides, no answer has a trace of what is unseen.
/// </summary>
internal sealed partial class AccessTwins(TestServer whole, string caller, List<string> differences) : IAsyncDisposable
{
    /// <summary>What lets somebody see something, whether they see it themselves or not.</summary>
    private static readonly string[] Relating =
    [
        "PractitionerRole",
        "Person",
        "RelatedPerson",
        "CareTeam",
        "EpisodeOfCare",
        "Task",
    ];

    /// <summary>Whom one works for and with is there for what one does, whatever scopes leave of what is shown.</summary>
    private static readonly string[] Known = ["Patient", "Practitioner", "PractitionerRole", "Organization"];

    private static readonly JsonSerializerOptions AsWritten = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private TestServer? _seen;
    private UnseenTraces? _traces;

    public int Requests { get; private set; }

    /// <summary>What the caller does not see, as it is stored.</summary>
    public IReadOnlyList<JsonObject> Unseen { get; private set; } = [];

    public TestServer Seen => _seen!;

    public static readonly string[] Settings = ["--Limits:BatchConcurrency=1"];

    /// <summary>Everything that is there now.</summary>
    public static async Task<List<JsonObject>> AllAsync(TestServer server, IEnumerable<string> types)
    {
        var all = new List<JsonObject>();
        foreach (var type in types)
        {
            for (var next = $"{type}?_count=500"; next is not null; )
            {
                var page = (await server.GetAsync(next)).ShouldBe(200);
                all.AddRange(page.Resources.Select(found => JsonNode.Parse(found.GetRawText())!.AsObject()));
                next = page.Link("next");
            }
        }

        // What a server is itself the source of, every server has.
        all.RemoveAll(IsServed);
        return all;
    }

    /// <summary>Fills the other server.</summary>
    public async Task StartAsync(Caller who, List<JsonObject> all, string folder)
    {
        var policy = new NaivePolicy(who, all);
        var isSeen = all.ToLookup(resource => policy.Sees(resource));
        Unseen = [.. isSeen[false]];
        _traces = new UnseenTraces(isSeen[true], Unseen);
        _seen = await TestServer.OnSqliteAsync(TimeProvider.System, AccessCallers.AskedByHeader, Settings);
        await FillAsync(_seen, Path.Combine(folder, Guid.NewGuid().ToString("N")), Enough(who, [.. isSeen[true]], all));
    }

    /// <summary>
    /// With what lets the caller see it, where they do not see that: also what lets them see what their scopes leave out, of whom they may
    /// still write something.
    /// </summary>
    private List<JsonObject> Enough(Caller who, List<JsonObject> seen, List<JsonObject> all)
    {
        var wide = who.Scopes is { Resources: [var first, ..] }
            ? who with
            {
                Scopes = ScopeSet.Parse($"{first.Context.ToString().ToLowerInvariant()}/*.cruds"),
            }
            : who;
        var policy = new NaivePolicy(wide, all);
        var shown = all.FindAll(resource => policy.Sees(resource));
        // Who works where comes before what names their roles.
        var kept = new List<JsonObject>(seen);
        kept.AddRange(shown.Where(resource => Known.Contains(NaivePolicy.TypeOf(resource))).Except(seen));
        var count = Seeing(wide, kept, shown);
        foreach (var type in Relating)
        {
            foreach (var candidate in Unseen.Where(resource => NaivePolicy.TypeOf(resource) == type))
            {
                if (count == shown.Count)
                    break;
                var more = Seeing(wide, [.. kept, candidate], shown);
                if (more <= count && type != "PractitionerRole")
                    continue;
                kept.Add(candidate);
                count = more;
            }
        }

        if (count < shown.Count)
            differences.Add($"UNEXPLAINED: {caller} sees {shown.Count}, and {count} where nothing else is");
        return kept;
    }

    private static int Seeing(Caller who, List<JsonObject> all, List<JsonObject> seen)
    {
        var policy = new NaivePolicy(who, all);
        return seen.Count(resource => policy.Sees(resource));
    }

    /// <summary>Both are asked, and answer the same.</summary>
    /// <returns>What the whole server answers; null where the two differ, after which they are not the same any more.</returns>
    public async Task<Answer?> AskAsync(Asked asked)
    {
        Requests++;
        var answer = await SendAsync(whole, asked);
        var expected = await SendAsync(Seen, asked);
        var isSame = true;
        foreach (var trace in _traces!.In(asked.ToString() + asked.Body, answer).Distinct().Take(3))
        {
            differences.Add($"TRACE of {trace}: {caller} {asked}\n  {answer.Status} {Short(answer.Body)}");
            isSame = false;
        }

        // What they have written they know, and may read again.
        if (asked.Method != HttpMethod.Get && asked.Body is not null)
            _traces.Tell(asked.Body);
        var (told, wanted) = (Told(answer, whole), Told(expected, Seen));
        if (told == wanted)
            return isSame ? answer : null;
        var at = told.Zip(wanted).TakeWhile(pair => pair.First == pair.Second).Count();
        differences.Add($"DIFFERENT: {caller} {asked}\n  expected {Around(wanted, at)}\n  answered {Around(told, at)}");
        return null;
    }

    public Task<Answer> SendAsync(TestServer server, Asked asked) =>
        server.SendAsync(asked.Method, asked.Path, asked.Body, [$"{AccessCallers.Header}: {caller}", .. asked.Headers]);

    /// <summary>What is unseen is as it was, but for parts of tasks, which follow the task.</summary>
    public async Task NothingUnseenIsChangedAsync()
    {
        foreach (var resource in Unseen.Where(resource => resource["partOf"] is null))
        {
            var now = await whole.GetAsync(NaivePolicy.Name(resource), "Accept: application/fhir+json");
            if (
                now.Status == 200
                && (string?)now.Json.GetProperty("meta").GetProperty("versionId").GetString()
                    == (string?)resource["meta"]!["versionId"]
            )
                continue;
            differences.Add($"CHANGED: {caller} {NaivePolicy.Name(resource)}: {now.Status} {Short(now.Body)}");
        }
    }

    /// <summary>Without what two servers cannot have in common: addresses, times, ids and versions that a server gives, tokens of pages.</summary>
    private static string Told(Answer answer, TestServer server)
    {
        var headers = answer.HeaderLines.Where(line =>
            line.StartsWith("Location", StringComparison.Ordinal)
            || line.StartsWith("ETag", StringComparison.Ordinal)
            || line.StartsWith("Content-Location", StringComparison.Ordinal)
            || line.StartsWith("Content-Type", StringComparison.Ordinal)
            || line.StartsWith("Last-Modified", StringComparison.Ordinal)
        );
        var head = $"{answer.Status} {string.Join(' ', headers.Order(StringComparer.Ordinal))}";
        return $"{Common(head, server)} {Ordered(Common(answer.Body, server))}";
    }

    private static string Common(string text, TestServer server)
    {
        text = text.Replace(server.Root, "", StringComparison.Ordinal);
        text = Uuid().Replace(text, "<id>");
        text = Time().Replace(text, "<time>");
        text = HttpTime().Replace(text, "<time>");
        text = Version().Replace(text, "$1<v>");
        return PageToken().Replace(text, "_cursor=<token>");
    }

    /// <summary>What comes along with a page has no order.</summary>
    private static string Ordered(string body)
    {
        // Lists of a document begin with what was written last, which what is imported at once has not.
        if (body.Contains("\"type\":\"document\"", StringComparison.Ordinal))
            return string.Join(' ', Word().Matches(body).Select(word => word.Value).Order(StringComparer.Ordinal));
        if (!body.Contains("\"mode\":\"include\"", StringComparison.Ordinal) || !body.StartsWith('{'))
            return body;
        var bundle = JsonNode.Parse(body)!;
        Order(bundle);
        return bundle.ToJsonString();
    }

    private static void Order(JsonNode bundle)
    {
        if (bundle["entry"] is not JsonArray entries)
            return;
        foreach (var entry in entries)
        {
            if (entry!["resource"] is { } inner)
                Order(inner);
        }

        bundle["entry"] = new JsonArray([
            .. entries
                .Select((entry, at) => (Entry: entry!.DeepClone(), At: at))
                .OrderBy(e => (string?)e.Entry["search"]?["mode"] == "include" ? 1 : 0)
                .ThenBy(
                    e => (string?)e.Entry["search"]?["mode"] == "include" ? (string?)e.Entry["fullUrl"] : "",
                    StringComparer.Ordinal
                )
                .ThenBy(e => e.At)
                .Select(e => e.Entry),
        ]);
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uuid();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")]
    private static partial Regex Time();

    [GeneratedRegex(@"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT")]
    private static partial Regex HttpTime();

    [GeneratedRegex("(versionId\"?[:=] ?\"|versionId value=\"|W/\\\\?\"|_history/|at version )\\d+")]
    private static partial Regex Version();

    [GeneratedRegex(@"[\w./-]+")]
    private static partial Regex Word();

    [GeneratedRegex("_cursor=[^\"&]+")]
    private static partial Regex PageToken();

    private static string Short(string text) => text.Length > 600 ? text[..600] + "..." : text;

    private static string Around(string text, int at) =>
        $"{(text.Length > 3 ? text[..3] : text)} ...{text[Math.Max(0, at - 80)..Math.Min(text.Length, at + 220)]}";

    public static bool IsServed(JsonObject resource) =>
        NaivePolicy.TypeOf(resource) is "Questionnaire" or "Measure" or "Library" or "ViewDefinition"
        && (string)resource["id"]! != "q";

    /// <summary>Resources as they are, with their ids, into a server that is empty.</summary>
    public static async Task FillAsync(TestServer server, string folder, List<JsonObject> resources)
    {
        if (resources.Count == 0)
            return;
        Directory.CreateDirectory(folder);
        await File.WriteAllLinesAsync(
            Path.Combine(folder, "seen.ndjson"),
            resources.Select(resource => resource.ToJsonString(AsWritten))
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
            ImportFile.Find([folder]),
            Path.Combine(folder, "journal"),
            summary,
            TestContext.Current.CancellationToken
        );
        Assert.Empty(summary.Rejections);
    }

    public async ValueTask DisposeAsync()
    {
        if (_seen is not null)
            await _seen.DisposeAsync();
    }
}
