using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Transitions;

/// <summary>What cannot be taken in is refused with the element, or kept with the reason; nothing of it is half stored.</summary>
public abstract class TransitionRefusalTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : TransitionRefusalTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : TransitionRefusalTests(shared);

    public static TheoryData<string, string, int, string> Broken =>
        new()
        {
            { "\"focus\":", "\"focuss\":", 400, "MessageHeader" },
            { "\"resourceType\":\"Encounter\"", "\"resourceType\":\"Basic\",\"code\":{\"text\":\"x\"}", 400, "" },
            { ",\"timestamp\":\"2026-11-20T16:10:00Z\"", "", 422, "Bundle.timestamp" },
            { "notification-discharge", "notification-nonsense\"},\"definition\":\"x", 400, "" },
            {
                "\"source\":{\"endpoint\":\"https://hospital.example/fhir/$process-message\"}",
                "\"source\":{\"name\":\"x\"}",
                400,
                ""
            },
            { ",\"end\":\"2026-11-20T16:05:00Z\"", "", 422, "Encounter.period.end" },
            { "2026-11-20T16:05:00Z", "2999-11-20T16:05:00Z", 422, "Encounter.period.end" },
            { "\"status\":\"finished\"", "\"status\":\"over\"", 400, "resource.status" },
        };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task What_is_broken_is_refused_and_nothing_of_it_is_stored(
        string what,
        string by,
        int status,
        string element
    )
    {
        foreach (var door in (string[])["$submit-transition", "$process-message"])
        {
            var hospital = new Hospital();
            var message = hospital.Discharge("2026-11-20T16:10:00Z");
            Assert.Contains(what, message, StringComparison.Ordinal);

            var answer = await Server.PostAsync(door, message.Replace(what, by, StringComparison.Ordinal));

            Assert.True(answer.Status == status, answer.Body);
            Assert.Contains(element, answer.Body, StringComparison.Ordinal);
            await NothingIsThereAsync(hospital);
        }
    }

    [Fact]
    public async Task A_message_without_its_stay_is_refused()
    {
        var hospital = new Hospital();
        var message = hospital.Discharge("2026-11-20T16:10:00Z");
        var at = message.IndexOf("\"resourceType\":\"Encounter\"", StringComparison.Ordinal);
        var begin = message.LastIndexOf("{\"fullUrl\"", at, StringComparison.Ordinal);
        var end = message.IndexOf("{\"fullUrl\"", at, StringComparison.Ordinal);

        (await Server.PostAsync("$submit-transition", message.Remove(begin, end - begin))).ShouldRefuse(
            422,
            "error required Bundle.entry[0].resource.focus: The Encounter is missing: the stay that is told of has to be among the entries."
        );
        await NothingIsThereAsync(hospital);
    }

    [Fact]
    public async Task A_message_with_a_known_id_and_other_content_is_a_correction_only_where_it_is_later()
    {
        var hospital = new Hospital();
        (
            await Server.PostAsync(
                "$submit-transition",
                hospital.Message("notification-discharge", "2026-11-20T16:10:00Z", true, "h-" + hospital.Visit)
            )
        ).ShouldBe(200);
        hospital.End = "2026-11-19T08:00:00Z";
        (
            await Server.PostAsync(
                "$submit-transition",
                hospital.Message("notification-discharge", "2026-11-20T16:00:00Z", true, "h-" + hospital.Visit)
            )
        ).ShouldRefuse(
            409,
            "error conflict Bundle.timestamp: The message has the id of one that said something else and was not made earlier: give what is new an id of its own, or as a correction a later timestamp."
        );
        (
            await Server.PostAsync(
                "$submit-transition",
                hospital.Message("notification-discharge", "2026-11-20T16:20:00Z", true, "h-" + hospital.Visit)
            )
        ).ShouldBe(200);
    }

    [Fact]
    public async Task A_bundle_with_the_id_of_another_message_is_refused()
    {
        var hospital = new Hospital();
        (
            await Server.PostAsync(
                "$submit-transition",
                hospital.Message("notification-admit", "2026-11-16T10:00:00Z", bundle: "b-" + hospital.Visit)
            )
        ).ShouldBe(200);

        (
            await Server.PostAsync(
                "$submit-transition",
                hospital.Message("notification-transfer", "2026-11-17T10:00:00Z", bundle: "b-" + hospital.Visit)
            )
        ).ShouldRefuse(
            400,
            "error duplicate Bundle.id: The Bundle has the id of another message: give every Bundle an id of its own."
        );
    }

    [Fact]
    public async Task Two_patients_with_the_identifier_are_for_somebody_to_look_at()
    {
        var hospital = new Hospital();
        foreach (var _ in (int[])[1, 2])
            (await Server.PostAsync("Patient", hospital.Patient())).ShouldBe(201);

        var parked = (
            await Server.PostAsync("$submit-transition", hospital.Discharge("2026-11-20T16:10:00Z"))
        ).ShouldBe(202);

        Assert.Equal("on-hold", parked.Text("status"));
        Assert.Contains("Several Patients", parked.Body, StringComparison.Ordinal);
        Assert.Empty((await Server.GetAsync($"Encounter?identifier=urn:hospital:visit|{hospital.Visit}")).Resources);
        // What came is kept.
        var received = parked
            .Json.GetProperty("input")
            .EnumerateArray()
            .Single(i => i.TryGetProperty("valueReference", out _));
        (await Server.GetAsync(received.GetProperty("valueReference").GetProperty("reference").GetString()!)).ShouldBe(
            200
        );
    }

    [Fact]
    public async Task An_identifier_with_another_birth_date_is_for_somebody_to_look_at()
    {
        var hospital = new Hospital();
        (
            await Server.PostAsync(
                "Patient",
                hospital.Patient().Replace("1948-03-17", "1984-03-17", StringComparison.Ordinal)
            )
        ).ShouldBe(201);

        var parked = (await Server.PostAsync("$process-message", hospital.Discharge("2026-11-20T16:10:00Z"))).ShouldBe(
            202
        );

        Assert.Contains("not certain", parked.Body, StringComparison.Ordinal);
        Assert.Empty((await Server.GetAsync($"Encounter?identifier=urn:hospital:visit|{hospital.Visit}")).Resources);
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("99")]
    public async Task A_disposition_that_nobody_knows_is_for_somebody_to_look_at(string disposition)
    {
        var hospital = new Hospital { Disposition = disposition };

        var parked = (
            await Server.PostAsync("$submit-transition", hospital.Discharge("2026-11-20T16:10:00Z"))
        ).ShouldBe(202);

        Assert.Contains("dischargeDisposition", parked.Body, StringComparison.Ordinal);
        await NothingIsThereAsync(hospital);
    }

    /// <summary>The sender's <c>Practitioner/1</c> is not ours.</summary>
    [Fact]
    public async Task An_id_of_the_sender_is_never_taken_for_one_of_ours()
    {
        var id = Given.Id("doctor");
        (await Server.PutAsync($"Practitioner/{id}", Given.Practitioner(id))).ShouldBe(201);
        var hospital = new Hospital();
        var message = hospital
            .Discharge("2026-11-20T16:10:00Z")
            .Replace(
                "\"serviceProvider\":",
                $"\"participant\":[{{\"individual\":{{\"reference\":\"Practitioner/{id}\"}}}}],\"serviceProvider\":",
                StringComparison.Ordinal
            );

        (await Server.PostAsync("$submit-transition", message)).ShouldBe(200);

        var stay = Assert.Single(
            (await Server.GetAsync($"Encounter?identifier=urn:hospital:visit|{hospital.Visit}")).Resources
        );
        Assert.Equal(
            $"https://hospital.example/fhir/Practitioner/{id}",
            stay.GetProperty("participant")[0].GetProperty("individual").GetProperty("reference").GetString()
        );
    }

    [Fact]
    public async Task What_the_community_maintains_is_referred_to_and_not_overwritten()
    {
        var hospital = new Hospital();
        var npi = Given.Id("npi");
        var known = (
            await Server.PostAsync(
                "Practitioner",
                $$"""{"resourceType":"Practitioner","identifier":[{"system":"urn:npi","value":"{{npi}}"}],"name":[{"family":"Known"}]}"""
            )
        ).ShouldBe(201);
        hospital.More.Add(
            $$"""{"resourceType":"Practitioner","identifier":[{"system":"urn:npi","value":"{{npi}}"}],"name":[{"family":"Told"}]}"""
        );
        var message = hospital
            .Discharge("2026-11-20T16:10:00Z")
            .Replace(
                "\"serviceProvider\":",
                $"\"participant\":[{{\"individual\":{hospital.Reference("x0")}}}],\"serviceProvider\":",
                StringComparison.Ordinal
            );

        (await Server.PostAsync("$submit-transition", message)).ShouldBe(200);

        Assert.Equal("1", (await Server.GetAsync($"Practitioner/{known.Id}")).At("meta", "versionId"));
        var stay = Assert.Single(
            (await Server.GetAsync($"Encounter?identifier=urn:hospital:visit|{hospital.Visit}")).Resources
        );
        Assert.Equal(
            $"Practitioner/{known.Id}",
            stay.GetProperty("participant")[0].GetProperty("individual").GetProperty("reference").GetString()
        );
    }

    [Theory]
    [InlineData("message")]
    [InlineData("stored")]
    public async Task A_visit_number_of_somebody_else_is_for_somebody_to_look_at(string first)
    {
        var mine = new Hospital();
        var theirs = new Hospital(visit: mine.Visit);
        if (first == "message")
            (await Server.PostAsync("$submit-transition", theirs.Admit("2026-11-16T10:00:00Z"))).ShouldBe(200);
        else
        {
            var patient = (await Server.PostAsync("Patient", theirs.Patient())).ShouldBe(201).Id;
            (
                await Server.PostAsync(
                    "Encounter",
                    $$$"""{"resourceType":"Encounter","identifier":[{"system":"urn:hospital:visit","value":"{{{mine.Visit}}}"}],"status":"in-progress","class":{"code":"IMP"},"subject":{"reference":"Patient/{{{patient}}}"}}"""
                )
            ).ShouldBe(201);
        }

        var stay = $"Encounter?identifier=urn:hospital:visit|{mine.Visit}";
        var before = Assert.Single((await Server.GetAsync(stay)).Resources).GetRawText();

        var parked = (await Server.PostAsync("$submit-transition", mine.Discharge("2026-11-20T16:10:00Z"))).ShouldBe(
            202
        );

        Assert.Contains("another Patient", parked.Body, StringComparison.Ordinal);
        Assert.Equal(before, Assert.Single((await Server.GetAsync(stay)).Resources).GetRawText());
        Assert.Empty((await Server.GetAsync($"Patient?identifier=urn:hospital:mrn|{mine.Person}")).Ids);
    }

    [Fact]
    public async Task What_was_kept_is_decided_again_when_it_comes_again()
    {
        var hospital = new Hospital();
        var wrong = (
            await Server.PostAsync(
                "Patient",
                hospital.Patient().Replace("1948-03-17", "1984-03-17", StringComparison.Ordinal)
            )
        )
            .ShouldBe(201)
            .Id;
        var message = hospital.Discharge("2026-11-20T16:10:00Z");
        var parked = (await Server.PostAsync("$submit-transition", message)).ShouldBe(202);
        // As long as nobody has looked, the answer is the first one.
        Assert.Equal(parked.Body, (await Server.PostAsync("$submit-transition", message)).ShouldBe(202).Body);

        (
            await Server.PutAsync(
                $"Patient/{wrong}",
                hospital
                    .Patient()
                    .Replace(
                        "\"resourceType\":\"Patient\"",
                        $"\"resourceType\":\"Patient\",\"id\":\"{wrong}\"",
                        StringComparison.Ordinal
                    )
            )
        ).ShouldBe(200);
        var taken = (await Server.PostAsync("$submit-transition", message)).ShouldBe(200);

        Assert.Equal((parked.Id, "completed", "2"), (taken.Id, taken.Text("status"), taken.At("meta", "versionId")));
        Assert.Single((await Server.GetAsync($"CarePlan?subject=Patient/{wrong}&status=active")).Ids);
        Assert.Equal(taken.Body, (await Server.PostAsync("$submit-transition", message)).ShouldBe(200).Body);
    }

    /// <summary>The rules of Bundle ask what its first entry is: none breaks none of them.</summary>
    [Theory]
    [InlineData("$submit-transition", "message", 422)]
    [InlineData("$process-message", "message", 422)]
    [InlineData("Bundle", "message", 201)]
    [InlineData("$submit-transition", "document", 422)]
    [InlineData("$process-message", "document", 400)]
    [InlineData("Bundle", "document", 201)]
    [InlineData("$submit-transition", "collection", 422)]
    public async Task A_bundle_without_entries_tells_nothing(string door, string type, int status)
    {
        var empty =
            $$$"""{"resourceType":"Bundle","type":"{{{type}}}","identifier":{"system":"urn:hospital:document","value":"{{{Given.Id("empty")}}}"},"timestamp":"2026-11-20T16:10:00Z"}""";

        (await Server.PostAsync(door, empty)).ShouldBe(status);
    }

    private async Task NothingIsThereAsync(Hospital hospital)
    {
        Assert.Empty(
            (await Server.GetAsync($"Patient?identifier=urn:hospital:mrn|{hospital.Person}")).ShouldBe(200).Resources
        );
        Assert.Empty(
            (await Server.GetAsync($"Encounter?identifier=urn:hospital:visit|{hospital.Visit}")).ShouldBe(200).Resources
        );
    }
}
