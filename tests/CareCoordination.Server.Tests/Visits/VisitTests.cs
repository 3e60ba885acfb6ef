using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Visits;

/// <summary>The visit after a discharge, as its appointments tell it.</summary>
public abstract class VisitTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : VisitTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : VisitTests(shared);

    private readonly string _id = Given.Id("a");
    private readonly string _other = Given.Id("b");

    [Theory]
    [InlineData("put")]
    [InlineData("post")]
    [InlineData("patch")]
    [InlineData("batch")]
    [InlineData("transaction")]
    [InlineData("conditional")]
    [InlineData("message")]
    public async Task An_appointment_books_the_visit_through_every_door(string door)
    {
        var clinic = await Clinic.AfterDischargeAsync(Server);
        var booked = clinic.Appointment(_id, "booked", 5);
        switch (door)
        {
            case "put":
                (await Server.PutAsync($"Appointment/{_id}", booked)).ShouldBe(201);
                break;
            case "post":
                (await Server.PostAsync("Appointment", booked)).ShouldBe(201);
                break;
            case "patch":
                (await clinic.PutAsync(_id, "proposed", 5)).ShouldBe(201);
                Assert.EndsWith(" proposed", await clinic.StateAsync(), StringComparison.Ordinal);
                (
                    await Server.PatchAsync(
                        $"Appointment/{_id}",
                        """[{"op":"replace","path":"/status","value":"booked"}]"""
                    )
                ).ShouldBe(200);
                break;
            case "batch":
                (await Server.PostAsync("", Given.Batch(Given.Entry("PUT", $"Appointment/{_id}", booked)))).ShouldBe(
                    200
                );
                break;
            case "transaction":
                (
                    await Server.PostAsync("", Given.Transaction(Given.Entry("PUT", $"Appointment/{_id}", booked)))
                ).ShouldBe(200);
                break;
            case "conditional":
                (
                    await Server.PutAsync(
                        $"Appointment?identifier=urn:clinic|{_id}",
                        booked
                            .Replace($"\"id\":\"{_id}\",", "", StringComparison.Ordinal)
                            .Replace(
                                "\"start\"",
                                $$"""
                                "identifier":[{"system":"urn:clinic","value":"{{_id}}"}],"start"
                                """,
                                StringComparison.Ordinal
                            )
                    )
                ).ShouldBe(201);
                break;
            default:
                // Its references to what is not in the message are the hospital's own: it names nothing here.
                clinic.Hospital.More.Add(
                    clinic
                        .Appointment(_id, "booked", 5, "")
                        .Replace(
                            $"{{\"reference\":\"{clinic.Patient}\"}}",
                            clinic.Hospital.Reference("p"),
                            StringComparison.Ordinal
                        )
                );
                (
                    await Server.PostAsync("$process-message", clinic.Hospital.Update(clinic.In(0), isOver: true))
                ).ShouldBe(200);
                break;
        }

        Assert.Equal("requested booked", await clinic.StateAsync());
        var clock = await clinic.ClockAsync();
        Assert.Equal(("running", "booked"), (clock["state"], clock["visit"]));
        Assert.Equal(
            DateTimeOffset.Parse(clinic.In(5), System.Globalization.CultureInfo.InvariantCulture),
            DateTimeOffset.Parse(clock["start"], System.Globalization.CultureInfo.InvariantCulture)
        );
        Assert.StartsWith("Appointment/", clock["appointment"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_visit_is_linked_by_its_task_its_plan_its_request_or_by_being_the_only_one()
    {
        var clinic = await Clinic.AfterDischargeAsync(Server);
        (
            await clinic.PutAsync(
                _id,
                "booked",
                5,
                $$"""
                "supportingInformation":[{"reference":"{{clinic.Plan}}"}],
                """
            )
        ).ShouldBe(201);
        Assert.Equal("requested booked", await clinic.StateAsync());

        var alone = await Clinic.AfterDischargeAsync(Server);
        (await alone.PutAsync(_other, "booked", 5, "")).ShouldBe(201);
        Assert.Equal("requested booked", await alone.StateAsync());
        // One that the visit has taken stays the visit's.
        (await alone.PutAsync(_other, "noshow", 5, "")).ShouldBe(200);
        Assert.Equal("requested missed", await alone.StateAsync());

        var asked = await Clinic.AfterDischargeAsync(Server);
        var request = (
            await Server.PostAsync(
                "ServiceRequest",
                $$$"""{"resourceType":"ServiceRequest","status":"active","intent":"order","subject":{"reference":"{{{asked.Patient}}}"}}"""
            )
        )
            .ShouldBe(201)
            .Id;
        (
            await Server.PatchAsync(
                asked.Visit,
                $$$"""[{"op":"add","path":"/focus","value":{"reference":"ServiceRequest/{{{request}}}"}}]"""
            )
        ).ShouldBe(200);
        (
            await asked.PutAsync(
                Given.Id("c"),
                "booked",
                5,
                $$"""
                "basedOn":[{"reference":"ServiceRequest/{{request}}"}],
                """
            )
        ).ShouldBe(201);
        Assert.Equal("requested booked", await asked.StateAsync());
    }

    [Theory]
    [InlineData("another kind", 5)]
    [InlineData("outside the plan", 45)]
    [InlineData("for something else", 5)]
    [InlineData("of somebody else", 5)]
    public async Task An_appointment_that_is_not_the_visits_leaves_it_alone(string what, int days)
    {
        var clinic = await Clinic.AfterDischargeAsync(Server);
        var links = what switch
        {
            "another kind" => """
                "appointmentType":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0276","code":"EMERGENCY"}]},
                """,
            "for something else" => """
                "basedOn":[{"reference":"ServiceRequest/other"}],
                """,
            _ => "",
        };
        var appointment = clinic.Appointment(_id, "booked", days, links);
        if (what == "of somebody else")
        {
            var other = Given.Id("p");
            (await Server.PutAsync($"Patient/{other}", Given.Patient(other))).ShouldBe(201);
            appointment = clinic
                .Appointment(_id, "booked", days)
                .Replace(clinic.Patient, $"Patient/{other}", StringComparison.Ordinal);
        }

        (await Server.PutAsync($"Appointment/{_id}", appointment)).ShouldBe(201);

        Assert.Equal("requested -", await clinic.StateAsync());
        Assert.DoesNotContain("visit", (await clinic.ClockAsync()).Keys.Except(["name"]));
    }

    [Fact]
    public async Task Two_appointments_that_name_nothing_are_not_both_the_visit()
    {
        var clinic = await Clinic.AfterDischargeAsync(Server);
        (await clinic.PutAsync(_id, "booked", 5, "")).ShouldBe(201);
        (await clinic.PutAsync(_other, "booked", 3, "")).ShouldBe(201);

        Assert.Equal($"Appointment/{_id}", (await clinic.ClockAsync())["appointment"]);
    }

    [Fact]
    public async Task A_visit_that_is_booked_too_late_says_so()
    {
        var clinic = await Clinic.AfterDischargeAsync(Server);
        (await clinic.PutAsync(_id, "booked", 20)).ShouldBe(201);

        Assert.Equal("requested booked-late", await clinic.StateAsync());
        Assert.Equal("booked-late", (await clinic.ClockAsync())["visit"]);
        var listed = (await Server.GetAsync($"Task/$worklist?patient={clinic.Patient}&code=visit")).ShouldBe(200);
        Assert.EndsWith(
            "after the day by which it is due",
            Assert.Single(listed.Resources).GetProperty("businessStatus").GetProperty("text").GetString(),
            StringComparison.Ordinal
        );

        (await clinic.PutAsync(_id, "booked", 4)).ShouldBe(200);
        Assert.Equal("requested booked", await clinic.StateAsync());
    }

    [Theory]
    [InlineData("appointment")]
    [InlineData("encounter")]
    public async Task A_visit_that_was_kept_is_done_on_the_day_it_was(string by)
    {
        var clinic = await Clinic.AfterDischargeAsync(Server, days: 5);
        (await clinic.PutAsync(_id, "booked", -1)).ShouldBe(201);
        if (by == "appointment")
            (await clinic.PutAsync(_id, "fulfilled", -1)).ShouldBe(200);
        else
            (
                await Server.PutAsync(
                    $"Encounter/{_other}",
                    $$$"""{"resourceType":"Encounter","id":"{{{_other}}}","status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},"subject":{"reference":"{{{clinic.Patient}}}"},"appointment":[{"reference":"Appointment/{{{_id}}}"}],"period":{"start":"{{{clinic.In(-1)}}}","end":"{{{clinic.In(-0.9)}}}"}}"""
                )
            ).ShouldBe(201);

        Assert.Equal("completed kept", await clinic.StateAsync());
        var clock = await clinic.ClockAsync();
        Assert.Equal(("met", "kept"), (clock["state"], clock["visit"]));
        Assert.Equal(
            DateTimeOffset.Parse(clinic.In(-1), System.Globalization.CultureInfo.InvariantCulture),
            DateTimeOffset.Parse(clock["met"], System.Globalization.CultureInfo.InvariantCulture)
        );
        Assert.Empty(await clinic.ReschedulesAsync());

        if (by == "appointment")
            return;
        (await Server.DeleteAsync($"Encounter/{_other}")).ShouldBe(204);
        Assert.Equal("requested booked", await clinic.StateAsync());
    }

    [Theory]
    [InlineData("noshow", "missed", 1)]
    [InlineData("cancelled", "called-off", 0)]
    public async Task A_visit_that_is_lost_is_made_anew_once_and_its_clock_goes_on(
        string status,
        string state,
        int noShows
    )
    {
        var clinic = await Clinic.AfterDischargeAsync(Server);
        (await clinic.PutAsync(_id, "booked", 2)).ShouldBe(201);
        for (var times = 0; times < 3; times++)
            Assert.InRange((await clinic.PutAsync(_id, status, 2)).Status, 200, 200);

        Assert.Equal($"requested {state}", await clinic.StateAsync());
        var again = Assert.Single(await clinic.ReschedulesAsync());
        Assert.Equal($"Appointment/{_id}", again.GetProperty("focus").GetProperty("reference").GetString());
        Assert.Equal(clinic.Visit, again.GetProperty("partOf")[0].GetProperty("reference").GetString());
        Assert.True(again.GetProperty("restriction").GetProperty("period").TryGetProperty("end", out _));
        Assert.Equal(
            status == "noshow",
            again
                .GetProperty("description")
                .GetString()!
                .StartsWith("The patient did not come", StringComparison.Ordinal)
        );
        var clock = await clinic.ClockAsync();
        Assert.Equal("running", clock["state"]);
        Assert.Equal(noShows > 0 ? "1" : null, clock.GetValueOrDefault("noShows"));
        // Shown to whoever works: the visit itself and what to do about it.
        Assert.Contains(
            Clinic.IdOf(again),
            (await Server.GetAsync($"Task/$worklist?patient={clinic.Patient}&_count=50")).ShouldBe(200).Ids
        );

        (await clinic.PutAsync(_other, "booked", 6)).ShouldBe(201);

        Assert.Equal("requested booked", await clinic.StateAsync());
        Assert.Empty(await clinic.ReschedulesAsync());
        Assert.Equal(
            "completed",
            Assert.Single(await clinic.TasksAsync("reschedule")).GetProperty("status").GetString()
        );
        Assert.Equal($"Appointment/{_other}", (await clinic.ClockAsync())["appointment"]);
    }

    [Fact]
    public async Task A_new_appointment_that_comes_before_the_old_one_is_called_off_leaves_nothing_to_do()
    {
        var clinic = await Clinic.AfterDischargeAsync(Server);
        (await clinic.PutAsync(_id, "booked", 2)).ShouldBe(201);
        (await clinic.PutAsync(_other, "booked", 6)).ShouldBe(201);
        (await clinic.PutAsync(_id, "cancelled", 2)).ShouldBe(200);

        Assert.Equal("requested booked", await clinic.StateAsync());
        Assert.Empty(await clinic.TasksAsync("reschedule"));
    }

    [Fact]
    public async Task One_that_is_moved_and_one_that_is_exchanged_in_a_transaction_need_nobody()
    {
        var clinic = await Clinic.AfterDischargeAsync(Server);
        (await clinic.PutAsync(_id, "booked", 2)).ShouldBe(201);
        (await clinic.PutAsync(_id, "booked", 3)).ShouldBe(200);
        Assert.Empty(await clinic.TasksAsync("reschedule"));
        Assert.StartsWith(clinic.In(3)[..10], (await clinic.ClockAsync())["start"], StringComparison.Ordinal);

        (
            await Server.PostAsync(
                "",
                Given.Transaction(
                    Given.Entry("PUT", $"Appointment/{_id}", clinic.Appointment(_id, "cancelled", 3)),
                    Given.Entry("PUT", $"Appointment/{_other}", clinic.Appointment(_other, "booked", 4))
                )
            )
        ).ShouldBe(200);

        Assert.Equal("requested booked", await clinic.StateAsync());
        Assert.Empty(await clinic.TasksAsync("reschedule"));
    }

    [Fact]
    public async Task The_second_time_that_a_patient_does_not_come_a_lead_is_told()
    {
        var clinic = await Clinic.AfterDischargeAsync(Server, days: 3);
        (await clinic.PutAsync(_id, "noshow", -2)).ShouldBe(201);
        Assert.Empty(await clinic.TasksAsync("escalate"));
        (await clinic.PutAsync(_other, "noshow", -1)).ShouldBe(201);
        (await clinic.PutAsync(_other, "noshow", -1)).ShouldBe(200);

        var lead = Assert.Single(await clinic.TasksAsync("escalate"));
        Assert.Equal("requested", lead.GetProperty("status").GetString());
        Assert.Equal("2", (await clinic.ClockAsync())["noShows"]);
        Assert.Single(await clinic.ReschedulesAsync());

        (await clinic.PutAsync(_other, "entered-in-error", -1)).ShouldBe(200);

        Assert.Equal("cancelled", Assert.Single(await clinic.TasksAsync("escalate")).GetProperty("status").GetString());
        Assert.Equal("1", (await clinic.ClockAsync())["noShows"]);
        Assert.Equal(
            $"Appointment/{_id}",
            Assert.Single(await clinic.ReschedulesAsync()).GetProperty("focus").GetProperty("reference").GetString()
        );
    }

    [Theory]
    [InlineData("booked")]
    [InlineData("noshow")]
    [InlineData("fulfilled")]
    [InlineData("cancelled")]
    public async Task What_was_entered_in_error_or_deleted_takes_back_what_followed(string status)
    {
        foreach (var isDeleted in (bool[])[false, true])
        {
            var id = Given.Id("a");
            var clinic = await Clinic.AfterDischargeAsync(Server, days: 5);
            (await clinic.PutAsync(id, status, -1)).ShouldBe(201);
            Assert.NotEqual("requested -", await clinic.StateAsync());
            if (isDeleted)
                (await Server.DeleteAsync($"Appointment/{id}")).ShouldBe(204);
            else
                (await clinic.PutAsync(id, "entered-in-error", -1)).ShouldBe(200);

            Assert.Equal("requested -", await clinic.StateAsync());
            Assert.Empty(await clinic.ReschedulesAsync());
            Assert.Equal("running", (await clinic.ClockAsync())["state"]);
            var task = (await Server.GetAsync(clinic.Visit)).ShouldBe(200);
            Assert.Null(task.Text("output"));
            Assert.Null(task.Text("executionPeriod"));
            Assert.DoesNotContain("no-shows", task.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_appointment_that_was_made_before_the_plan_books_its_visit()
    {
        var hospital = new Hospital();
        var before = new Clinic(Server, TimeProvider.System.GetUtcNow());
        hospital.Start = before.In(-4);
        hospital.End = before.In(-1);
        (await Server.PostAsync("$submit-transition", hospital.Admit(before.In(-4)))).ShouldBe(200);
        var patient = Assert.Single(
            (await Server.GetAsync($"Patient?identifier=urn:hospital:mrn|{hospital.Person}")).Ids
        );
        (
            await Server.PutAsync(
                $"Appointment/{_id}",
                $$$"""{"resourceType":"Appointment","id":"{{{_id}}}","status":"booked","start":"{{{before.In(4)}}}","end":"{{{before.In(4.1)}}}","participant":[{"actor":{"reference":"Patient/{{{patient}}}"},"status":"accepted"}]}"""
            )
        ).ShouldBe(201);

        (await Server.PostAsync("$submit-transition", hospital.Discharge(before.In(0)))).ShouldBe(200);

        var visit = Assert.Single(
            (await Server.GetAsync($"Task?patient=Patient/{patient}&_count=50")).Resources,
            t => Clinic.CodeOf(t) == "visit"
        );
        Assert.Equal("booked", Clinic.StateOf(visit));
        // Medications are reconciled by the day of the visit.
        var medications = Assert.Single(
            (await Server.GetAsync($"Task?patient=Patient/{patient}&_count=50")).Resources,
            t => Clinic.CodeOf(t) == "medications"
        );
        Assert.StartsWith(before.In(4)[..10], Clinic.DueOf(medications), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_visit_that_somebody_has_done_takes_what_serves_it_along()
    {
        var clinic = await Clinic.AfterDischargeAsync(Server);
        (await clinic.PutAsync(_id, "noshow", 0)).ShouldBe(201);
        var nurse = $"Practitioner/{Given.Id("nurse")}";
        (await Server.AskAsync($"{clinic.Visit}/$claim", Ask.Reference("practitioner", nurse))).ShouldBe(200);
        (await Server.AskAsync($"{clinic.Visit}/$accept")).ShouldBe(200);
        (await Server.AskAsync($"{clinic.Visit}/$start")).ShouldBe(200);
        (await Server.AskAsync($"{clinic.Visit}/$complete")).ShouldBe(200);

        Assert.Empty(await clinic.ReschedulesAsync());
        (await clinic.PutAsync(_other, "cancelled", 3)).ShouldBe(201);
        Assert.Equal("completed missed", await clinic.StateAsync());
        Assert.Empty(await clinic.ReschedulesAsync());
    }

    [Fact]
    public async Task What_is_lost_while_the_patient_is_in_hospital_again_waits_with_the_plan()
    {
        var clinic = await Clinic.AfterDischargeAsync(Server, days: 2);
        (await clinic.PutAsync(_id, "booked", 2)).ShouldBe(201);
        var again = new Hospital(person: clinic.Hospital.Person)
        {
            Family = clinic.Hospital.Family,
            Start = clinic.In(-0.5),
        };
        (await Server.PostAsync("$submit-transition", again.Admit(clinic.In(-0.4)))).ShouldBe(200);
        Assert.Equal("on-hold booked", await clinic.StateAsync());

        (await clinic.PutAsync(_id, "cancelled", 2)).ShouldBe(200);
        Assert.Equal("on-hold", Assert.Single(await clinic.TasksAsync("reschedule")).GetProperty("status").GetString());

        (await Server.PostAsync("$submit-transition", again.CancelAdmit(clinic.In(-0.3)))).ShouldBe(200);
        Assert.Equal("requested called-off", await clinic.StateAsync());
        Assert.Equal(
            "requested",
            Assert.Single(await clinic.TasksAsync("reschedule")).GetProperty("status").GetString()
        );
    }

    [Theory]
    [InlineData("booked", 4, "booked")]
    [InlineData("fulfilled", -1, "kept")]
    [InlineData("noshow", -1, "missed")]
    public async Task A_merge_of_records_takes_the_visit_and_its_appointments_along(
        string status,
        int days,
        string state
    )
    {
        var clinic = await Clinic.AfterDischargeAsync(Server, days: 3);
        // One that names nothing: only the patient and the task tell that they belong together.
        (await clinic.PutAsync(_id, status, days, "")).ShouldBe(201);
        var stays = new Hospital();
        var kept = (await Server.PostAsync("Patient", stays.Patient())).ShouldBe(201).Id;
        var survivor = stays
            .Patient()
            .Replace(
                "\"gender\"",
                """
                "link":[{"other":{"reference":"urn:uuid:5f0a4c1e-0000-4000-8000-000000000003"},"type":"replaces"}],"gender"
                """,
                StringComparison.Ordinal
            );
        (
            await Server.PostAsync(
                "$process-message",
                $$$"""{"resourceType":"Bundle","id":"b-{{{stays.Visit}}}","type":"message","timestamp":"{{{clinic.In(0)}}}","entry":[{"fullUrl":"urn:uuid:5f0a4c1e-0000-4000-8000-000000000001","resource":{"resourceType":"MessageHeader","id":"m-{{{stays.Visit}}}","eventCoding":{"system":"{{{Hospital.Own}}}","code":"merge"},"source":{"endpoint":"https://hospital.example/fhir"},"focus":[{"reference":"urn:uuid:5f0a4c1e-0000-4000-8000-000000000002"}]}},{"fullUrl":"urn:uuid:5f0a4c1e-0000-4000-8000-000000000002","resource":{{{survivor}}}},{"fullUrl":"urn:uuid:5f0a4c1e-0000-4000-8000-000000000003","resource":{{{clinic.Hospital.Patient()}}}}]}"""
            )
        ).ShouldBe(200);

        Assert.EndsWith($" {state}", await clinic.StateAsync(), StringComparison.Ordinal);
        Assert.Equal([_id], (await Server.GetAsync($"Appointment?patient=Patient/{kept}")).ShouldBe(200).Ids);
        var open = (await Server.GetAsync($"Task?patient=Patient/{kept}&_count=100")).Resources.Count(t =>
            Clinic.CodeOf(t) == "reschedule"
        );
        Assert.Equal(status == "noshow" ? 1 : 0, open);
    }

    /// <summary>Somebody with a machine to go to three times a week for a year: the visit is found among them.</summary>
    [Fact]
    public async Task A_visit_is_found_among_very_many_appointments()
    {
        var clinic = await Clinic.AfterDischargeAsync(Server);
        const string ForDialysis = """
            "basedOn":[{"reference":"ServiceRequest/dialysis"}],
            """;
        (
            await Server.PostAsync(
                "",
                Given.Batch([
                    .. Enumerable
                        .Range(0, 260)
                        .Select(n =>
                        {
                            var id = Given.Id("d");
                            return Given.Entry(
                                "PUT",
                                $"Appointment/{id}",
                                clinic.Appointment(id, "booked", 40 + n, ForDialysis)
                            );
                        }),
                ])
            )
        ).ShouldBe(200);
        Assert.Equal("requested -", await clinic.StateAsync());

        (await clinic.PutAsync(_id, "booked", 5)).ShouldBe(201);
        (await clinic.PutAsync(_other, "booked", 300, ForDialysis)).ShouldBe(201);

        Assert.Equal("requested booked", await clinic.StateAsync());
        Assert.Equal($"Appointment/{_id}", (await clinic.ClockAsync())["appointment"]);
    }

    [Fact]
    public async Task After_a_readmission_an_appointment_that_is_still_to_come_is_of_the_plan_that_follows()
    {
        var clinic = await Clinic.AfterDischargeAsync(Server, days: 4);
        (await clinic.PutAsync(_other, "noshow", -2)).ShouldBe(201);
        (await clinic.PutAsync(_id, "booked", 5)).ShouldBe(201);
        var again = new Hospital(person: clinic.Hospital.Person)
        {
            Family = clinic.Hospital.Family,
            Start = clinic.In(-1.5),
            End = clinic.In(-0.5),
        };
        (await Server.PostAsync("$submit-transition", again.Discharge(clinic.In(-0.4)))).ShouldBe(200);

        var visits = await clinic.TasksAsync("visit");
        Assert.Equal(2, visits.Length);
        var next = Assert.Single(visits, v => $"Task/{Clinic.IdOf(v)}" != clinic.Visit);
        Assert.Equal("booked", Clinic.StateOf(next));
        // Who did not come before was asked to another visit.
        Assert.DoesNotContain("no-shows", next.GetRawText(), StringComparison.Ordinal);
        Assert.Empty(await clinic.ReschedulesAsync());

        (await clinic.PutAsync(_id, "noshow", 5)).ShouldBe(200);
        Assert.Equal(
            $"Task/{Clinic.IdOf(next)}",
            Assert.Single(await clinic.ReschedulesAsync()).GetProperty("partOf")[0].GetProperty("reference").GetString()
        );
    }

    /// <summary>A visit that somebody plans without a discharge, and takes away: by each way in which it is nobody's any more.</summary>
    [Theory]
    [InlineData("deleted")]
    [InlineData("another patient")]
    [InlineData("another code")]
    [InlineData("entered-in-error")]
    public async Task The_only_visit_of_a_patient_may_be_taken_away(string how)
    {
        var (patient, other, task) = (Given.Id("p"), Given.Id("p"), Given.Id("t"));
        foreach (var id in (string[])[patient, other])
            (await Server.PutAsync($"Patient/{id}", Given.Patient(id))).ShouldBe(201);
        (await Server.PutAsync($"Task/{task}", Visit("requested", patient))).ShouldBe(201);
        (await Server.PutAsync($"Appointment/{_id}", Booked())).ShouldBe(201);
        Assert.Equal("booked", Clinic.StateOf((await Server.GetAsync($"Task/{task}")).ShouldBe(200).Json));
        var answer = how switch
        {
            "deleted" => await Server.DeleteAsync($"Task/{task}"),
            "another patient" => await Server.PutAsync($"Task/{task}", Visit("requested", other)),
            "another code" => await Server.PutAsync($"Task/{task}", Visit("requested", patient, "papers")),
            _ => await Server.PutAsync($"Task/{task}", Visit("entered-in-error", patient)),
        };
        Assert.InRange(answer.Status, 200, 204);

        (
            await Server.PutAsync($"Appointment/{_id}", Booked().Replace("booked", "noshow", StringComparison.Ordinal))
        ).ShouldBe(200);
        Assert.Empty(
            (await Server.GetAsync($"Task?patient=Patient/{patient}")).Resources.Where(t =>
                Clinic.CodeOf(t) == "reschedule"
            )
        );

        string Booked() =>
            $$$"""{"resourceType":"Appointment","id":"{{{_id}}}","status":"booked","start":"2026-12-01T10:00:00Z","end":"2026-12-01T10:30:00Z","supportingInformation":[{"reference":"Task/{{{task}}}"}],"participant":[{"actor":{"reference":"Patient/{{{patient}}}"},"status":"accepted"}]}""";

        string Visit(string status, string of, string code = "visit") =>
            $$$"""{"resourceType":"Task","id":"{{{task}}}","status":"{{{status}}}","intent":"order","code":{"coding":[{"system":"https://carecoordination.example/fhir/CodeSystem/transition-work","code":"{{{code}}}"}]},"for":{"reference":"Patient/{{{of}}}"}}""";
    }

    [Fact]
    public async Task Many_who_write_one_appointment_at_once_make_nothing_twice()
    {
        var clinic = await Clinic.AfterDischargeAsync(Server);
        var ids = Enumerable.Range(0, 8).Select(_ => Given.Id("a")).ToArray();
        var answers = await Task.WhenAll(ids.Concat(ids).Select(id => clinic.PutAsync(id, "noshow", 1)));

        Assert.All(answers, a => Assert.InRange(a.Status, 200, 201));
        Assert.Equal("8", (await clinic.ClockAsync())["noShows"]);
        Assert.Single(await clinic.ReschedulesAsync());
        Assert.Single(await clinic.TasksAsync("escalate", "requested"));
    }
}
