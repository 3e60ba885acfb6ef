using System.Text.Json;
using System.Text.Json.Nodes;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Partners.Tests.Guides;

/// <summary>What BSeR, SDOH Clinical Care and Clinical Order Workflows show as examples is accepted.</summary>
public abstract class GuideExampleTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : GuideExampleTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : GuideExampleTests(shared);

    public static TheoryData<string> Guides => [.. GuideExamples.Guides];

    [Theory]
    [MemberData(nameof(Guides))]
    public async Task Every_example_is_stored_under_its_id_and_reads_back_as_sent(string guide)
    {
        var refused = new List<string>();
        foreach (var example in GuideExamples.Read(guide))
        {
            var answer = await Server.PutAsync($"{example.Type}/{example.Id}", example.Json, "Prefer: return=minimal");
            if (!IsStored(example))
            {
                answer.ShouldBe(404);
                continue;
            }

            if (answer.Status is not (200 or 201))
            {
                refused.Add(Why(example, answer));
                continue;
            }

            var read = (await Server.GetAsync($"{example.Type}/{example.Id}")).ShouldBe(200);
            Assert.True(SameContent(example.Json, read.Body), $"{example.File} reads back differently.");
        }

        Assert.Empty(refused);
    }

    [Theory]
    [MemberData(nameof(Guides))]
    public async Task Tasks_requests_and_bundles_are_created_by_POST(string guide)
    {
        var refused = new List<string>();
        foreach (var example in GuideExamples.Read(guide))
        {
            if (example.Type is not ("Task" or "ServiceRequest" or "Bundle"))
                continue;
            var answer = await Server.PostAsync(example.Type, example.Json, "Prefer: return=minimal");
            if (answer.Status != 201)
                refused.Add(Why(example, answer));
        }

        Assert.Empty(refused);
    }

    [Theory]
    [MemberData(nameof(Guides))]
    public async Task All_examples_of_a_guide_together_are_one_transaction(string guide)
    {
        GuideExample[] examples = [.. GuideExamples.Read(guide).Where(IsStored)];
        var entries = examples.Select(e =>
            Given.Entry("POST", e.Type, e.Json, $"http://example.org/fhir/{e.Type}/{e.Id}")
        );

        var answer = (await Server.PostAsync("", Given.Transaction([.. entries]))).ShouldBe(200);

        Assert.Equal(examples.Select(_ => "201"), answer.Entries.Select(Status));
        await AssertReferencesFollowAsync(examples, answer);
    }

    /// <summary>Queries of the guide that are no searches of R4, and why: each is answered 400, the others of its batch are not held up.</summary>
    private static readonly Dictionary<string, string> NotSearches = new(StringComparer.Ordinal)
    {
        ["/Consent?patient={{patient-id}}&_include=Consent:performer"] =
            "Consent.performer has no search parameter of that name; R4's is consentor",
        [
            "/Condition?patient={{patient-id}}&category=problem-list-item,health-concern&codein=https://vsac.nlm.nih.gov/valueset/2.16.840.1.113762.1.4.1032.9/expansion/Latest"
        ] = "there is no search parameter codein; code:in is meant",
    };

    [Fact]
    public async Task The_batch_queries_of_BSeR_are_answered_for_a_patient()
    {
        var patient = Given.Id("guide");
        (await Server.PutAsync($"Patient/{patient}", Given.Patient(patient))).ShouldBe(201);
        var unanswered = new HashSet<string>(StringComparer.Ordinal);
        foreach (var example in GuideExamples.Read("bser-2.0.0-ballot"))
        {
            if (example.Type != "Bundle" || (string?)JsonNode.Parse(example.Json)!["type"] != "batch")
                continue;
            var answer = (await Server.PostAsync("", ForPatient(example.Json, patient))).ShouldBe(200);
            var urls = JsonNode.Parse(example.Json)!["entry"]!.AsArray().Select(e => (string)e!["request"]!["url"]!);
            foreach (var (url, entry) in urls.Zip(answer.Entries))
            {
                if (Status(entry) != "200")
                {
                    unanswered.Add(url);
                    Assert.Equal("400", Status(entry));
                }
            }
        }

        Assert.Equal(NotSearches.Keys.Order(StringComparer.Ordinal), unanswered.Order(StringComparer.Ordinal));
    }

    /// <summary>A Task of the transaction refers to its request where that was stored.</summary>
    private async Task AssertReferencesFollowAsync(IReadOnlyList<GuideExample> examples, Answer answer)
    {
        var stored = examples
            .Zip(answer.Entries)
            .ToDictionary(
                p => $"{p.First.Type}/{p.First.Id}",
                p => string.Join('/', Location(p.Second).Split('/').TakeWhile(s => s != "_history").TakeLast(2)),
                StringComparer.Ordinal
            );
        foreach (var example in examples.Where(e => e.Type == "Task"))
        {
            var sent = (string?)JsonNode.Parse(example.Json)!["focus"]?["reference"];
            if (sent is null || !stored.TryGetValue(sent, out var expected))
                continue;
            var read = await Server.GetAsync(stored[$"{example.Type}/{example.Id}"]);
            Assert.Equal(expected, read.At("focus", "reference"));
        }
    }

    /// <summary>What goes with operations and messages is no resource of a server. https://hl7.org/fhir/R4/parameters.html</summary>
    private static bool IsStored(GuideExample example) => example.Type != "Parameters";

    private static string Status(JsonElement entry) =>
        entry.GetProperty("response").GetProperty("status").GetString()![..3];

    private static string Location(JsonElement entry) =>
        entry.GetProperty("response").GetProperty("location").GetString()!;

    /// <summary>The placeholders, in all the ways in which the guide writes them.</summary>
    private static string ForPatient(string batch, string patient) =>
        batch
            .Replace("{{patient-id}}", patient, StringComparison.Ordinal)
            .Replace("{{patient-id-baby}}", patient, StringComparison.Ordinal)
            .Replace("{{patient-id-mother}}", patient, StringComparison.Ordinal)
            .Replace("{PatientID}", patient, StringComparison.Ordinal);

    private static string Why(GuideExample example, Answer answer) =>
        $"{example.File}: {answer.Status} {string.Join("; ", answer.Issues)}";

    private static bool SameContent(string sent, string read) =>
        JsonNode.DeepEquals(WithoutVersion(sent), WithoutVersion(read));

    private static JsonNode WithoutVersion(string json)
    {
        var resource = JsonNode.Parse(json)!.AsObject();
        if (resource["meta"] is JsonObject meta)
        {
            meta.Remove("versionId");
            meta.Remove("lastUpdated");
            if (meta.Count == 0)
                resource.Remove("meta");
        }

        return resource;
    }
}
