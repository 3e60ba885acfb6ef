using System.Text;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Hospitals;

/// <summary>What is parked because nobody could tell who it is, is taken in at the word of an operator who names the Patient or corrects it.</summary>
public abstract class ParkedMessageTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : ParkedMessageTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : ParkedMessageTests(shared);

    /// <summary>A Patient who may be the one of the messages, without the number that the hospital has for her.</summary>
    private async Task<string> NeighbourAsync(Hospital hospital) =>
        "Patient/"
        + (
            await Server.PostAsync(
                "Patient",
                $$"""{"resourceType":"Patient","active":true,"identifier":[{"system":"urn:clinic","value":"{{hospital.Person}}"}],"name":[{"family":"{{hospital.Family}}","given":["Ada"]}],"gender":"female","birthDate":"{{hospital.BirthDate}}"}"""
            )
        )
            .ShouldBe(201)
            .Id;

    private async Task<string> ParkAsync(string message, string door = "$submit-transition")
    {
        var answer = (await Server.PostAsync(door, message)).ShouldBe(202);
        return door == "$submit-transition"
            ? answer.Id
            : answer
                .Resources.Single(r => r.GetProperty("resourceType").GetString() == "Task")
                .GetProperty("id")
                .GetString()!;
    }

    private Task<Answer> ReplayAsync(string id, params string[] more) =>
        Server.AskAsync("$replay-message", [Ask.Text("message", id), .. more]);

    private static Dictionary<string, string> Told(Answer answer) =>
        Assert.Single(RefusedMessageTests.Messages(answer.ShouldBe(200)));

    [Theory]
    [InlineData("$submit-transition")]
    [InlineData("$process-message")]
    public async Task A_named_Patient_has_the_stay_and_the_number_by_which_the_next_message_finds_it(string door)
    {
        var hospital = new Hospital();
        var patient = await NeighbourAsync(hospital);
        var id = await ParkAsync(hospital.Admit("2026-11-16T09:40:00Z"), door);

        var told = Told(
            await ReplayAsync(
                id,
                Ask.Reference("patient", patient),
                Ask.Reference("practitioner", "Practitioner/registrar")
            )
        );

        Assert.Equal(("taken", $"Task/{id}"), (told["state"], told["task"]));
        var stay = await StayAsync(hospital);
        Assert.Equal((patient, "in-progress"), (stay.Patient, stay.Status));
        var record = (await Server.GetAsync($"Task/{id}")).ShouldBe(200);
        Assert.Equal(
            ("completed", $"Taken in at the word of an operator, as of {patient}."),
            (record.Status(), record.Json.GetProperty("note")[0].GetProperty("text").GetString())
        );
        Assert.Contains(
            await Server.ProvenanceOfAsync($"Task/{id}", 2),
            p =>
                p.GetProperty("agent")[0].GetProperty("who").GetProperty("reference").GetString()
                == "Practitioner/registrar"
        );
        // The number is hers now: nobody is asked about the discharge.
        (await Server.PostAsync(door, hospital.Discharge("2026-11-20T16:10:00Z"))).ShouldBe(200);
        Assert.Equal((patient, "finished"), ((await StayAsync(hospital)).Patient, (await StayAsync(hospital)).Status));
        Assert.Single((await Server.GetAsync($"CarePlan?patient={patient}")).Resources);
        Assert.Single((await Server.GetAsync($"Patient?identifier=urn:hospital:mrn|{hospital.Person}")).Ids);
    }

    [Fact]
    public async Task What_is_taken_in_is_not_taken_in_twice_by_operators_or_the_hospital_at_once()
    {
        var hospital = new Hospital();
        var patient = await NeighbourAsync(hospital);
        var discharge = hospital.Discharge("2026-11-20T16:10:00Z");
        var id = await ParkAsync(discharge);

        var replaying = Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => ReplayAsync(id, Ask.Reference("patient", patient)))
        );
        var sending = Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => Server.PostAsync("$submit-transition", discharge))
        );
        var (replays, sent) = (await replaying, await sending);

        Assert.All(replays, r => Assert.Contains(r.Status, new[] { 200, 422 }));
        Assert.Contains(replays, r => r.Status == 200);
        // Those of the hospital that were first are parked as before.
        Assert.All(sent, s => Assert.Contains(s.Status, new[] { 200, 202 }));
        Assert.Equal(patient, (await StayAsync(hospital)).Patient);
        Assert.Single((await Server.GetAsync($"CarePlan?patient={patient}")).Resources);
        (await ReplayAsync(id)).ShouldBe(200);
        (await ReplayAsync(id, Ask.Reference("patient", patient))).ShouldRefuse(
            422,
            "error business-rule: The message is not parked any more: nothing was done."
        );
        Assert.Single((await Server.GetAsync($"CarePlan?patient={patient}")).Resources);
    }

    [Fact]
    public async Task A_message_that_is_corrected_has_a_record_of_its_own_and_the_first_one_ends()
    {
        var hospital = new Hospital();
        await NeighbourAsync(hospital);
        var message = hospital.Discharge("2026-11-20T16:10:00Z");
        var id = await ParkAsync(message);
        // It is somebody else: another birth date, and nothing else, not even a later time.
        var corrected = message.Replace("1948-03-17", "1951-01-02", StringComparison.Ordinal);

        var told = Told(
            await ReplayAsync(id, Ask.Value("content", "resource", corrected), Ask.Text("reason", "Ward round"))
        );

        Assert.NotEqual($"Task/{id}", told["task"]);
        Assert.Equal("cancelled", await Server.StatusOfAsync($"Task/{id}"));
        var born = (await Server.GetAsync((await StayAsync(hospital)).Patient)).ShouldBe(200);
        Assert.Equal("1951-01-02", born.Text("birthDate"));
        Assert.DoesNotContain(id, await ParkedAsync());
    }

    [Fact]
    public async Task What_is_still_uncertain_stays_parked_and_says_so()
    {
        var hospital = new Hospital();
        await NeighbourAsync(hospital);
        var id = await ParkAsync(hospital.Discharge("2026-11-20T16:10:00Z"));

        (await ReplayAsync(id)).ShouldRefuse(
            422,
            $"error business-rule Task.statusReason: It is parked as before, as Task/{id}: its statusReason says why. Name the Patient, or correct the message."
        );
        Assert.Contains(id, await ParkedAsync());
    }

    [Theory]
    [InlineData("Patient/nobody")]
    [InlineData("Practitioner/nobody")]
    public async Task Nobody_is_made_of_a_name_that_is_not_there(string patient)
    {
        var hospital = new Hospital();
        await NeighbourAsync(hospital);
        var id = await ParkAsync(hospital.Discharge("2026-11-20T16:10:00Z"));

        (
            await Server.PostAsync(
                "$replay-message",
                Ask.Parameters(Ask.Text("message", id), Ask.Reference("patient", patient))
            )
        ).ShouldBe(422);

        Assert.Contains(id, await ParkedAsync());
        Assert.Empty((await Server.GetAsync($"Encounter?identifier=urn:hospital:visit|{hospital.Visit}")).Resources);
    }

    [Fact]
    public async Task Once_the_cause_is_mended_it_is_taken_in_as_it_came()
    {
        var hospital = new Hospital();
        var patient = await NeighbourAsync(hospital);
        var id = await ParkAsync(hospital.Discharge("2026-11-20T16:10:00Z"));
        var known = (await Server.GetAsync(patient)).Body.Replace(
            "urn:clinic",
            "urn:hospital:mrn",
            StringComparison.Ordinal
        );
        (await Server.PutAsync(patient, known)).ShouldBe(200);

        Assert.Equal("taken", Told(await ReplayAsync(id))["state"]);
        Assert.Equal(patient, (await StayAsync(hospital)).Patient);
    }

    [Fact]
    public async Task One_of_two_with_the_same_number_is_named()
    {
        var hospital = new Hospital();
        var patients = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var patient = $"Patient/{Given.Id("twin")}";
            patients.Add(patient);
            (
                await Server.PutAsync(
                    patient,
                    $$"""{"resourceType":"Patient","id":"{{patient[8..]}}","identifier":[{"system":"urn:hospital:mrn","value":"{{hospital.Person}}"}]}"""
                )
            ).ShouldBe(201);
        }

        var id = await ParkAsync(hospital.Discharge("2026-11-20T16:10:00Z"));

        Assert.Equal("taken", Told(await ReplayAsync(id, Ask.Reference("patient", patients[1])))["state"]);
        Assert.Equal(patients[1], (await StayAsync(hospital)).Patient);
    }

    [Fact]
    public async Task A_death_is_told_of_the_Patient_who_is_named()
    {
        var hospital = new Hospital { Disposition = "exp" };
        var patient = await NeighbourAsync(hospital);
        var id = await ParkAsync(hospital.Discharge("2026-11-20T16:10:00Z"));

        Told(await ReplayAsync(id, Ask.Reference("patient", patient)));

        Assert.Equal("2026-11-20T16:05:00Z", (await Server.GetAsync(patient)).Text("deceasedDateTime"));
    }

    [Fact]
    public async Task What_is_discarded_is_cancelled_with_the_reason_and_is_not_taken_in()
    {
        var hospital = new Hospital();
        var patient = await NeighbourAsync(hospital);
        var id = await ParkAsync(hospital.Discharge("2026-11-20T16:10:00Z"));

        var told = Told(
            await Server.AskAsync(
                "$discard-message",
                Ask.Text("message", id),
                Ask.Text("reason", "Of their test system")
            )
        );

        Assert.Equal(("discarded", "Of their test system"), (told["state"], told["reason"]));
        Assert.Equal("cancelled", await Server.StatusOfAsync($"Task/{id}"));
        Assert.DoesNotContain(id, await ParkedAsync());
        (await ReplayAsync(id, Ask.Reference("patient", patient))).ShouldBe(422);
        Assert.Empty((await Server.GetAsync($"Encounter?identifier=urn:hospital:visit|{hospital.Visit}")).Resources);
    }

    [Fact]
    public async Task What_is_parked_is_listed_with_its_sender_and_its_reason_and_its_content_where_it_is_asked_for()
    {
        var hospital = new Hospital();
        await NeighbourAsync(hospital);
        var message = hospital.Discharge("2026-11-20T16:10:00Z");
        var id = await ParkAsync(message);

        var listed = Assert.Single(
            RefusedMessageTests.Messages(
                (
                    await Server.GetAsync(
                        "$transition-messages?state=parked&count=200&sender=https://hospital.example/fhir/$process-message"
                    )
                ).ShouldBe(200)
            ),
            m => m["id"] == id
        );
        var shown = Told(await Server.GetAsync($"$transition-messages?message={id}&content=true"));

        Assert.Equal(("parked", "https://hospital.example/fhir/$process-message"), (listed["state"], listed["sender"]));
        Assert.Contains("not certain", listed["reason"], StringComparison.Ordinal);
        Assert.DoesNotContain(hospital.Family, string.Concat(listed.Values), StringComparison.Ordinal);
        Assert.Contains(
            hospital.Family,
            Encoding.UTF8.GetString(Convert.FromBase64String(shown["content"])),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(
            RefusedMessageTests.Messages(await Server.GetAsync("$transition-messages?state=parked&sender=urn:else")),
            m => m["id"] == id
        );
    }

    private async Task<string[]> ParkedAsync() =>
        [
            .. RefusedMessageTests
                .Messages((await Server.GetAsync("$transition-messages?state=parked&count=200")).ShouldBe(200))
                .Select(m => m["id"]),
        ];

    private async Task<(string Patient, string Status)> StayAsync(Hospital hospital)
    {
        var stay = Assert.Single(
            (await Server.GetAsync($"Encounter?identifier=urn:hospital:visit|{hospital.Visit}")).ShouldBe(200).Resources
        );
        return (
            stay.GetProperty("subject").GetProperty("reference").GetString()!,
            stay.GetProperty("status").GetString()!
        );
    }
}
