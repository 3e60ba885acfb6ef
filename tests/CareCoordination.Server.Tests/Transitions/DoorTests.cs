using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Transitions;

/// <summary>The same facts of a stay, told through each door: what follows is the same.</summary>
public abstract class DoorTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : DoorTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : DoorTests(shared);

    private static readonly string[] Doors =
    [
        "message",
        "submitted document",
        "posted document",
        "encounter",
        "transaction",
        "clinical document",
    ];

    /// <summary>What is told of a second stay, and what is then of the plan after the first one, of a new one, of the patient and of the work.</summary>
    private static readonly (string Event, string Expected)[] Events =
    [
        ("home", "revoked active lives"),
        ("against advice", "revoked active lives"),
        ("facility", "revoked active lives"),
        ("hospice", "active lives hospice"),
        ("died", "revoked dead bereavement"),
        ("goes on", "on-hold lives"),
        ("unknown disposition", "active lives"),
    ];

    public static TheoryData<string, string, string> Table()
    {
        var table = new TheoryData<string, string, string>();
        foreach (var door in Doors)
        {
            foreach (var (what, expected) in Events)
                table.Add(door, what, expected);
        }

        return table;
    }

    [Theory]
    [MemberData(nameof(Table))]
    public async Task What_follows_is_the_same_whichever_door_it_is_told_through(
        string door,
        string what,
        string expected
    )
    {
        var first = new Hospital { Start = Given.Days(-12), End = Given.Days(-9) };
        (await Server.PostAsync("$submit-transition", first.Discharge(Given.Days(-9)))).ShouldBe(200);
        var patient = await PatientAsync(first);

        await TellAsync(door, what, first, patient);

        Assert.Equal(expected, await StateAsync(patient));
    }

    [Theory]
    [InlineData("message")]
    [InlineData("submitted document")]
    [InlineData("posted document")]
    public async Task Who_is_told_of_for_the_first_time_may_have_died(string door)
    {
        var hospital = new Hospital { Start = Given.Days(-3), End = Given.Days(-1) };

        await TellAsync(door, "died", hospital, "");

        var patient = await PatientAsync(hospital);
        Assert.Equal("dead bereavement", await StateAsync(patient));
    }

    [Theory]
    [InlineData("EMER", -1)]
    [InlineData("IMP", -400)]
    [InlineData("HH", -1)]
    public async Task A_stay_that_starts_no_plan_may_end_with_a_death(string @class, int end)
    {
        var id = Given.Id("p");

        (
            await Server.PostAsync(
                "",
                Given.Transaction(
                    Given.Entry("POST", "Encounter", Encounter($"Patient/{id}", "died", @class, end)),
                    Given.Entry("PUT", $"Patient/{id}", Given.Patient(id))
                )
            )
        ).ShouldBe(200);

        Assert.StartsWith("dead", await StateAsync($"Patient/{id}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Why_a_posted_document_is_not_followed_is_said_in_the_answer()
    {
        var hospital = new Hospital { Start = Given.Days(-3), End = Given.Days(-1) };
        var document = hospital.Document(Given.Days(-1));

        Assert.Empty(await SaidAsync(document));
        Assert.StartsWith(
            "What it says was taken in before: Task/toc-",
            Assert.Single(await SaidAsync(document)),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "Stored, and not taken in as a transition of care: The document is neither a discharge summary",
            Assert.Single(await SaidAsync(document.Replace("18842-5", "11488-4", StringComparison.Ordinal))),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "Stored, and not taken in as a transition of care: The message has the id of one that said something else",
            Assert.Single(await SaidAsync(document.Replace("\"home\"", "\"snf\"", StringComparison.Ordinal))),
            StringComparison.Ordinal
        );
        var ahead = new Hospital { Start = Given.Days(-3), End = Given.Days(2) };
        Assert.StartsWith(
            "Stored, and not taken in as a transition of care: The stay ends in the future",
            Assert.Single(await SaidAsync(ahead.Document(Given.Days(-1)))),
            StringComparison.Ordinal
        );
        var unsure = new Hospital(person: hospital.Person)
        {
            BirthDate = "1950-01-01",
            Start = Given.Days(-3),
            End = Given.Days(-1),
        };
        Assert.StartsWith(
            "Kept for somebody to look at, as Task/toc-",
            Assert.Single(await SaidAsync(unsure.Document(Given.Days(-1)))),
            StringComparison.Ordinal
        );
    }

    /// <summary>The informational issues of the answer, as a transaction and a plain interaction give them alike.</summary>
    private async Task<string[]> SaidAsync(string document)
    {
        var answer = (
            await Server.SendAsync(HttpMethod.Post, "Bundle", document, "Prefer: return=OperationOutcome")
        ).ShouldBe(201);
        return
        [
            .. answer
                .Json.GetProperty("issue")
                .EnumerateArray()
                .Where(i => i.GetProperty("severity").GetString() == "information")
                .Select(i => i.TryGetProperty("diagnostics", out var said) ? said.GetString()! : "")
                .Where(s =>
                    s.Contains("taken in", StringComparison.Ordinal) || s.StartsWith("Kept", StringComparison.Ordinal)
                ),
        ];
    }

    private async Task TellAsync(string door, string what, Hospital first, string patient)
    {
        var hospital = new Hospital(person: first.Person)
        {
            Family = first.Family,
            Start = Given.Days(-3),
            End = Given.Days(-1),
            Disposition = DispositionOf(what),
        };
        var at = Given.Days(-1);
        switch (door)
        {
            case "message":
                var told = what == "goes on" ? hospital.Admit(at) : hospital.Discharge(at);
                Assert.InRange((await Server.PostAsync("$process-message", told)).Status, 200, 202);
                break;
            case "submitted document":
                Assert.InRange(
                    (await Server.PostAsync("$submit-transition", Document(hospital, what, at))).Status,
                    200,
                    202
                );
                break;
            case "posted document":
                (await Server.PostAsync("Bundle", Document(hospital, what, at))).ShouldBe(201);
                break;
            case "encounter":
                (await Server.PostAsync("Encounter", Encounter(patient, what))).ShouldBe(201);
                break;
            case "transaction":
                (
                    await Server.PostAsync(
                        "",
                        Given.Transaction(Given.Entry("POST", "Encounter", Encounter(patient, what)))
                    )
                ).ShouldBe(200);
                break;
            default:
                var cda = new ClinicalDocument
                {
                    Family = first.Family,
                    Start = Cda(-3),
                    End = Cda(-1),
                    Written = Cda(-1),
                    Disposition = what switch
                    {
                        "home" => "01",
                        "against advice" => "07",
                        "facility" => "03",
                        "hospice" => "50",
                        "died" => "20",
                        _ => "99",
                    },
                };
                var xml = cda
                    .Xml.Replace("Greta", "Ada", StringComparison.Ordinal)
                    .Replace("19430902", "19480317", StringComparison.Ordinal);
                if (what == "goes on")
                    xml = xml.Replace(
                        $"<high value=\"{cda.End}\"/></effectiveTime>\n      <discharge",
                        "</effectiveTime>\n      <discharge",
                        StringComparison.Ordinal
                    );
                var id = Given.Id("d");
                (
                    await Server.PutAsync($"DocumentReference/{id}", cda.Reference(id, patient.Split('/')[1], xml))
                ).ShouldBe(201);
                break;
        }
    }

    private static string? DispositionOf(string what) =>
        what switch
        {
            "home" => "home",
            "against advice" => "aadvice",
            "facility" => "snf",
            "hospice" => "hosp",
            "died" => "exp",
            "goes on" => null,
            _ => "somewhere",
        };

    private static string Document(Hospital hospital, string what, string at)
    {
        var document = hospital.Document(at);
        return what == "goes on"
            ? document
                .Replace("\"finished\"", "\"in-progress\"", StringComparison.Ordinal)
                .Replace($",\"end\":\"{hospital.End}\"", "", StringComparison.Ordinal)
            : document;
    }

    private static string Encounter(string patient, string what, string @class = "IMP", int end = -1)
    {
        var encounter = JsonNode.Parse(
            $$$"""{"resourceType":"Encounter","status":"{{{(what == "goes on" ? "in-progress" : "finished")}}}","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"{{{@class}}}"},"subject":{"reference":"{{{patient}}}"},"period":{"start":"{{{Given.Days(end - 2)}}}"}}"""
        )!;
        if (what == "goes on")
            return encounter.ToJsonString();
        encounter["period"]!["end"] = Given.Days(end);
        encounter["hospitalization"] = JsonNode.Parse(
            $$$"""{"dischargeDisposition":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/discharge-disposition","code":"{{{DispositionOf(what)}}}"}]}}"""
        );
        return encounter.ToJsonString();
    }

    private async Task<string> StateAsync(string patient)
    {
        var plans = (await Server.GetAsync($"CarePlan?subject={patient}"))
            .ShouldBe(200)
            .Resources.OrderBy(p => p.GetProperty("period").GetProperty("start").GetString(), StringComparer.Ordinal)
            .Select(p => p.GetProperty("status").GetString()!);
        var person = (await Server.GetAsync(patient)).ShouldBe(200).Json;
        var work = (await Server.GetAsync($"Task?patient={patient}&status=requested,ready&_count=100"))
            .Resources.Select(t => t.GetProperty("code").GetProperty("coding")[0].GetProperty("code").GetString()!)
            .Where(c => c is "hospice" or "bereavement");
        var isDead =
            person.TryGetProperty("deceasedDateTime", out _) || person.TryGetProperty("deceasedBoolean", out _);
        return string.Join(' ', plans.Append(isDead ? "dead" : "lives").Concat(work));
    }

    private static string Cda(int days) =>
        TimeProvider.System.GetUtcNow().AddDays(days).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)
        + "+0000";

    private async Task<string> PatientAsync(Hospital hospital) =>
        "Patient/"
        + Assert.Single((await Server.GetAsync($"Patient?identifier=urn:hospital:mrn|{hospital.Person}")).Ids);
}
