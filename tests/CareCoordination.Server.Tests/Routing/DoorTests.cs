using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CareCoordination.Rest.Routing;
using CareCoordination.Server.Hosting;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Routing;

/// <summary>
/// One address means the same as a request and as an entry of a batch. Every row of the table, in every spelling that a path can have, is
/// asked of one server over HTTP and of another, which holds the same, in Bundles.
/// </summary>
public sealed partial class DoorTests
{
    /// <summary>What is written comes back without it in one and not in the other.</summary>
    private const string Whole = "Prefer: return=representation";

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "FOO"];

    /// <summary>What can be done to a path.</summary>
    private static readonly (string Name, Func<string, string> Spell)[] Spellings =
    [
        ("plain", p => p),
        ("slash at the end", p => $"{p}/"),
        ("two slashes at the end", p => $"{p}//"),
        ("double slash", p => p.Replace("/", "//", StringComparison.Ordinal)),
        ("encoded slash", p => p.Replace("/", "%2F", StringComparison.Ordinal)),
        ("first letters encoded", p => FirstOfSegment().Replace(p, m => Encoded(m.Value))),
        ("all encoded", p => Segment().Replace(p, m => string.Concat(m.Value.Select(c => Encoded($"{c}"))))),
        ("encoded in lower case", p => p.Replace("_", "%5f", StringComparison.Ordinal)),
        ("encoded twice", p => FirstOfSegment().Replace(p, m => "%25" + Encoded(m.Value)[1..])),
        ("no escape at all", p => p + "%zz"),
        ("half an escape", p => p + "%2"),
        ("upper case", p => p.ToUpperInvariant()),
        ("lower case", p => p.ToLowerInvariant()),
        ("one more segment", p => $"{p}/extra"),
        ("a dot before", p => $"./{p}"),
        ("dots before", p => $"x/../{p}"),
        ("encoded dots before", p => $"x/%2e%2E/{p}"),
        ("a dot after", p => $"{p}/."),
        (
            "dots within",
            p => p.Contains('/', StringComparison.Ordinal) ? p.Replace("/", "/y/../", StringComparison.Ordinal) : p
        ),
        ("three dots", p => $".../{p}"),
        ("space after", p => p + "%20"),
        ("plus after", p => p + "+"),
        ("unknown operation after", p => $"{p}/$nothing"),
        ("known operation after", p => $"{p}/$everything"),
        ("history after", p => $"{p}/_history"),
        ("semicolon", p => p + ";v=1"),
        ("very long", p => p + new string('x', 3000)),
        ("other letters", p => p + "%C3%A9"),
        ("no utf-8", p => p + "%ff"),
    ];

    private static readonly string[] Others =
    [
        "Nothing",
        "Nothing/1",
        "Nothing/$validate",
        "Nothing/1/2/3/4/5",
        "$nothing",
        "$",
        "$validate",
        "$everything",
        "Patient/$",
        "Patient/$nothing",
        "Patient/$claim",
        "Patient/$everything",
        "Patient/r1/$nothing",
        "Patient/r1/$claim",
        "Task/r1/$worklist",
        "Task/r1/$validate/$validate",
        "Patient/$validate/1",
        "Patient/r1/$validate/1",
        "_search",
        "_nothing",
        "_history/1",
        "metadata/1",
        "metadata/$nothing",
        "Patient/_search/1",
        "Patient/_nothing",
        "Patient/_history/1",
        "Patient/r1/Task",
        "Patient/r1/_search",
        "Patient/r1/_history/1/2",
        "Patient/r1/_history/$nothing",
        "Patient/-",
        "Patient/a_b",
        "Patient/.",
        "Patient/..",
        "Patient/...",
        "Patient/r1/..",
        "Patient?name=x",
        "Patient/?name=x",
        "Patient/r1?_summary=text",
        "Patient/r1?_nothing=1",
        "Patient/r1?",
        "Patient%3Fname=x",
        "Patient/r1%3F_summary=text",
        "Patient/r1%23",
    ];

    [Fact]
    public async Task Every_row_and_spelling_is_the_same_over_http_and_in_a_bundle()
    {
        await using var http = await SeededAsync();
        await using var bundles = await SeededAsync();
        var compared = new SortedDictionary<int, int>();
        var different = new List<string>();
        foreach (var (method, path) in Cases())
        {
            var body = Body(method, path);
            var direct = await http.SendAsync(
                new HttpMethod(method),
                path,
                body,
                "Accept: application/fhir+json",
                Whole
            );
            var (status, outcome) = await AsEntryAsync(bundles, method, path, body);
            compared[direct.Status] = compared.GetValueOrDefault(direct.Status) + 1;
            var shown = Shown(method == "HEAD" || direct.Body.Length == 0 ? null : direct.Json, http.Base);
            if (status != direct.Status || (method != "HEAD" && shown != outcome))
                different.Add($"{method} {path}\n  http:  {direct.Status} {shown}\n  entry: {status} {outcome}");
        }

        Assert.True(different.Count == 0, $"{different.Count} differ:\n{string.Join('\n', different.Take(40))}");
        // Nothing is compared where everything is refused for one reason.
        foreach (var status in (int[])[200, 201, 204, 400, 404, 405, 422])
            Assert.True(compared.GetValueOrDefault(status) > 5, string.Join(", ", compared));
    }

    private static IEnumerable<(string Method, string Path)> Cases()
    {
        var seen = new HashSet<(string, string)>();
        foreach (var row in Composition.Interactions.All)
        {
            foreach (var type in row.OnlyType is { } only ? [only] : (string[])["Patient", "Task"])
            {
                var path = row
                    .Template.Replace("{type}", type, StringComparison.Ordinal)
                    .Replace("{id}", "r1", StringComparison.Ordinal)
                    .Replace("{vid}", "1", StringComparison.Ordinal);
                // The base itself has no other spelling below itself.
                foreach (var (name, spell) in path.Length == 0 ? Spellings[..1] : Spellings)
                {
                    string[] methods = name == "plain" ? Methods : [row.Method, "GET", "DELETE"];
                    foreach (var method in methods)
                    {
                        // What is not to be an entry is told by a sentence of its own.
                        if (seen.Add((method, spell(path))) && !IsForHttpOnly(method, spell(path)))
                            yield return (method, spell(path));
                    }
                }
            }
        }

        foreach (var path in Others)
        {
            foreach (var method in Methods)
            {
                if (seen.Add((method, path)))
                    yield return (method, path);
            }
        }
    }

    /// <summary>Rows are no resource, which an entry could carry.</summary>
    private static readonly string[] OfRows =
    [
        .. Composition.Operations.All.Where(operation => operation.AnswersRows).Select(operation => operation.Code),
    ];

    private static bool IsForHttpOnly(string method, string path) =>
        (method is "GET" or "HEAD" or "POST" && Uri.UnescapeDataString(path).Split('/').Any(OfRows.Contains))
        || (
            method == "POST"
            && Uri.UnescapeDataString(path).Split('/', StringSplitOptions.RemoveEmptyEntries)
                is []
                    or ["."]
                    or [.., "_search"]
                    or [.., "_search", "."]
                    or [.., "$process-message"]
                    or [.., "$process-message", "."]
                    or ["x", ".."]
        );

    /// <summary>A resource where one is written; Parameters where an operation is asked; else nothing.</summary>
    private static string? Body(string method, string path)
    {
        if (method is not ("POST" or "PUT" or "PATCH") || path.Contains("$everything", StringComparison.Ordinal))
            return null;
        if (path.Contains("$validate", StringComparison.Ordinal) || !path.Contains('$', StringComparison.Ordinal))
            return path.Contains("Task", StringComparison.Ordinal)
                ? """{"resourceType":"Task","id":"r1","status":"draft","intent":"order"}"""
                : Given.Patient("r1");
        return null;
    }

    private static async Task<TestServer> SeededAsync()
    {
        var server = await TestServer.OnSqliteAsync();
        foreach (var row in Composition.Interactions.All)
        {
            var body = row.OnlyType switch
            {
                null or "Patient" => Given.Patient("r1"),
                "Task" => """{"resourceType":"Task","id":"r1","status":"draft","intent":"order"}""",
                "CarePlan" => Given.CarePlan("r1", "r1", "draft"),
                "Goal" =>
                    """{"resourceType":"Goal","id":"r1","lifecycleStatus":"proposed","description":{"text":"x"},"subject":{"reference":"Patient/r1"}}""",
                _ => null,
            };
            if (body is not null)
                Assert.InRange((await server.PutAsync($"{row.OnlyType ?? "Patient"}/r1", body)).Status, 200, 201);
        }

        return server;
    }

    private static async Task<(int Status, string Outcome)> AsEntryAsync(
        TestServer server,
        string method,
        string path,
        string? body
    )
    {
        var answer = (await server.PostAsync("", Given.Batch(Given.Entry(method, path, body)), Whole)).ShouldBe(200);
        var entry = Assert.Single(answer.Entries);
        var response = entry.GetProperty("response");
        var status = int.Parse(response.GetProperty("status").GetString()!.Split(' ')[0], CultureInfo.InvariantCulture);
        JsonElement? shown =
            response.TryGetProperty("outcome", out var outcome) ? outcome
            : entry.TryGetProperty("resource", out var resource) ? resource
            : null;
        return (status, Shown(shown, server.Base));
    }

    /// <summary>The type of what is answered; of an outcome the codes and sentences, without what each server gives by itself.</summary>
    private static string Shown(JsonElement? answer, string ownBase)
    {
        if (answer is not { } json)
            return "";
        if (json.GetProperty("resourceType").GetString() is not "OperationOutcome" and var type)
            return type!;
        var sentences = json.GetProperty("issue")
            .EnumerateArray()
            .Select(i => $"{i.GetProperty("code").GetString()}: {i.GetProperty("diagnostics").GetString()}");
        return Own().Replace(string.Join('|', sentences).Replace(ownBase, "[base]", StringComparison.Ordinal), "[own]");
    }

    private static string Encoded(string letter) => $"%{(int)letter[0]:X2}";

    [GeneratedRegex(@"(?<=^|/)[^/]")]
    private static partial Regex FirstOfSegment();

    [GeneratedRegex(@"[^/]+")]
    private static partial Regex Segment();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f-]{27}")]
    private static partial Regex Own();
}
