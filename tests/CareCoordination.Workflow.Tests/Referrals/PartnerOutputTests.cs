using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Referrals;

namespace CareCoordination.Workflow.Tests.Referrals;

/// <summary>What is taken over of a partner's outputs, and what its references become.</summary>
public sealed class PartnerOutputTests
{
    private const string There = "https://partner.example/fhir";
    private const string Here = "https://care.example.org/fhir";
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 15, 0, 0, TimeSpan.Zero);

    /// <summary>A reference of an output, and what is fetched for it.</summary>
    public static TheoryData<string, string?> References =>
        new()
        {
            { $"{There}/Procedure/7", "Procedure/7" },
            { $"{There}/Observation/a-b.C", "Observation/a-b.C" },
            // Not of a type that is fetched, not at the partner, not there as a resource, or ours already.
            { $"{There}/Patient/7", null },
            { $"{There}/DocumentReference/7", null },
            { "https://partner.example/fhir2/Procedure/7", null },
            { "https://elsewhere.example/fhir/Procedure/7", null },
            { $"{There}/Procedure?identifier=7", null },
            { $"{There}/Procedure/", null },
            { $"{There}/$everything", null },
            { "Procedure/7", null },
            { "#a", null },
            { "urn:uuid:2b2a1b6e-5b5c-4c8b-8f3a-0c0b7c2f9a01", null },
        };

    [Theory, MemberData(nameof(References))]
    public void Only_what_is_at_the_partner_and_of_a_wanted_type_is_fetched(string reference, string? fetched)
    {
        var wanted = PartnerOutputs.Wanted(Task(reference, reference), There + "/", ["Procedure", "Observation"]);

        Assert.Equal(fetched is null ? [] : [fetched], wanted.Select(w => w.Reference.ToString()));
        Assert.All(wanted, w => Assert.Equal(reference, w.Address));
    }

    [Fact]
    public void Nothing_is_fetched_where_no_type_is() =>
        Assert.Empty(PartnerOutputs.Wanted(Task($"{There}/Procedure/7"), There, []));

    /// <summary>References in the partner's resource, and what they are here.</summary>
    public static TheoryData<string, string> Names =>
        new()
        {
            { "Patient/their-patient", "Patient/p" },
            { $"{There}/Patient/their-patient", "Patient/p" },
            { "Task/their-task", "Task/t" },
            { "ServiceRequest/their-order", "ServiceRequest/r" },
            { $"{Here}/ServiceRequest/r", "ServiceRequest/r" },
            { $"{Here}/Practitioner/1", "Practitioner/1" },
            { "Practitioner/9", $"{There}/Practitioner/9" },
            { "Observation/o", "Observation/own-o" },
            { $"{There}/Observation/o", "Observation/own-o" },
            { "#contained", "#contained" },
            { "https://elsewhere.example/fhir/Device/1", "https://elsewhere.example/fhir/Device/1" },
        };

    [Theory, MemberData(nameof(Names))]
    public void References_lead_where_they_led(string reference, string expected)
    {
        var decision = Take(
            Report(extra: $$$"""{"note":[{"authorReference":{"reference":"{{{reference}}}"}}]}"""),
            ("Observation/o", """{"resourceType":"Observation","status":"final","id":"o"}""")
        );

        var taken = Written(decision, "Procedure/own-7");
        Assert.Equal(expected, (string?)taken["note"]![0]!["authorReference"]!["reference"]);
    }

    [Fact]
    public void What_is_taken_is_ours_and_says_where_it_is_from()
    {
        var decision = Take(
            Report(
                extra: """{"meta":{"versionId":"4","lastUpdated":"2026-01-01T00:00:00Z","profile":["http://p.example"]},"extension":[{"url":"http://e.example","valueDecimal":1.10}]}"""
            )
        );

        var taken = Written(decision, "Procedure/own-7");
        Assert.Equal("own-7", (string?)taken["id"]);
        Assert.Equal(
            $$"""{"profile":["http://p.example"],"source":"{{There}}/Procedure/7"}""",
            taken["meta"]!.ToJsonString()
        );
        Assert.Equal("Patient/p", (string?)taken["subject"]!["reference"]);
        Assert.Contains("1.10", taken["extension"]!.ToJsonString(), StringComparison.Ordinal);
        var task = Written(decision, "Task/t");
        Assert.Equal(
            $$"""{"reference":"Procedure/own-7","identifier":{"system":"urn:ietf:rfc:3986","value":"{{There}}/Procedure/7"} }""".Replace(
                " ",
                "",
                StringComparison.Ordinal
            ),
            task["output"]![0]!["valueReference"]!.ToJsonString()
        );
        Assert.Empty(decision.Outgoing);
        // Once it is ours there is nothing more to fetch.
        var after = new Snapshot(new("Task", "t"), 2, Encoding.UTF8.GetBytes(task.ToJsonString()));
        Assert.Empty(PartnerOutputs.Wanted(after, There, ["Procedure"]));
    }

    /// <summary>Whoever it is about, where it is not the Task's patient it is not taken.</summary>
    [Theory]
    [InlineData("""{"subject":{"reference":"Patient/somebody-else"}}""", false)]
    [InlineData("""{"subject":{"reference":"https://care.example.org/fhir/Patient/q"}}""", false)]
    [InlineData("""{"subject":{"display":"Somebody"}}""", false)]
    [InlineData("""{"subject":{"reference":"Group/their-patient"}}""", false)]
    [InlineData("""{"subject":{"reference":"https://care.example.org/fhir/Patient/p"}}""", true)]
    [InlineData("""{"subject":null}""", true)]
    public void What_is_about_another_patient_stays(string extra, bool isTaken)
    {
        var decision = Take(Report(extra));

        Assert.Equal(!isTaken, decision.IsEmpty);
    }

    [Fact]
    public void What_is_here_already_is_led_to_and_not_written_again()
    {
        var decision = PartnerOutputs.Take(
            Task($"{There}/Procedure/7"),
            Copy,
            There,
            Here,
            [Fetched("Procedure/7", Report("{}")) with { IsHere = true }],
            Now
        );

        Assert.Equal(["Task/t"], decision.Writes.Select(w => w.Key.ToString()));
    }

    private static readonly byte[] Copy =
        """{"resourceType":"Task","id":"their-task","status":"completed","intent":"order","for":{"reference":"Patient/their-patient"},"focus":{"reference":"ServiceRequest/their-order"}}"""u8.ToArray();

    private static Decision Take(string report, params (string Reference, string Json)[] others) =>
        PartnerOutputs.Take(
            Task([$"{There}/Procedure/7", .. others.Select(o => $"{There}/{o.Reference}")]),
            Copy,
            There,
            Here + "/",
            [Fetched("Procedure/7", report), .. others.Select(o => Fetched(o.Reference, o.Json))],
            Now
        );

    private static FetchedOutput Fetched(string reference, string json)
    {
        var parts = reference.Split('/');
        return new(
            new PartnerOutput($"{There}/{reference}", new ResourceKey(parts[0], parts[1])),
            Encoding.UTF8.GetBytes(json),
            new ResourceKey(parts[0], $"own-{parts[1]}"),
            IsHere: false
        );
    }

    private static string Report(string extra)
    {
        var report = JsonNode
            .Parse(
                """{"resourceType":"Procedure","id":"7","status":"completed","subject":{"reference":"Patient/their-patient"}}"""
            )!
            .AsObject();
        foreach (var (name, value) in JsonNode.Parse(extra)!.AsObject())
        {
            if (value is null)
                report.Remove(name);
            else
                report[name] = value.DeepClone();
        }

        return report.ToJsonString();
    }

    private static Snapshot Task(params string[] outputs)
    {
        var output = string.Join(
            ',',
            outputs.Select(o => $$$"""{"type":{"text":"Report"},"valueReference":{"reference":"{{{o}}}"}}""")
        );
        return new(
            new("Task", "t"),
            1,
            Encoding.UTF8.GetBytes(
                $$$"""{"resourceType":"Task","id":"t","status":"completed","intent":"order","basedOn":[{"reference":"ServiceRequest/r"}],"focus":{"reference":"ServiceRequest/r"},"for":{"reference":"Patient/p"},"output":[{{{output}}}]}"""
            )
        );
    }

    private static JsonNode Written(Decision decision, string reference) =>
        JsonNode.Parse(decision.Writes.Single(w => w.Key.ToString() == reference).Utf8Json.Span)!;
}
