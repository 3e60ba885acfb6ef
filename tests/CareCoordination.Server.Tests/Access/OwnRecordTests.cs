using CareCoordination.Server.Tests.Kit;
using CareCoordination.Server.Tests.Visits;

namespace CareCoordination.Server.Tests.Access;

/// <summary>
/// What follows from a write follows within the record of one patient: whoever may write of one, and names something of another, brings
/// about nothing there and is told nothing of it.
/// </summary>
public abstract class OwnRecordTests(SharedServer shared) : ServerTests(shared)
{
    private readonly string _own = Given.Id("p");
    private readonly string _other = Given.Id("q");

    public sealed class OnSqlite(SqliteServer shared) : OwnRecordTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : OwnRecordTests(shared);

    [Theory]
    [InlineData("hold", "reason")]
    [InlineData("revoke", "reason")]
    [InlineData("close", "unfinished")]
    public async Task A_plan_moves_no_member_of_another_patient(string command, string parameter)
    {
        await PatientsAsync();
        var (task, goal, own, sought) = (Given.Id("t"), Given.Id("g"), Given.Id("o"), Given.Id("s"));
        await PutAsync(
            "Goal",
            sought,
            $$"""{"lifecycleStatus":"accepted","description":{"text":"walk"},"subject":{"reference":"Patient/{{_own}}"} }"""
        );
        await PutAsync(
            "Goal",
            goal,
            $$"""{"lifecycleStatus":"active","description":{"text":"walk"},"subject":{"reference":"Patient/{{_other}}"} }"""
        );
        await TaskAsync(task, _other);
        await TaskAsync(own, _own);
        var plan = await PlanAsync(_own, own, sought);
        (await Server.PostAsync($"CarePlan/{plan}/$activate", """{"resourceType":"Parameters"}""")).ShouldBe(200);
        // Written into the plan while it is active, as no command would.
        var stored = (await Server.GetAsync($"CarePlan/{plan}")).ShouldBe(200).Body;
        (
            await Server.PutAsync(
                $"CarePlan/{plan}",
                stored
                    .Replace("\"goal\":[", $$""" "goal":[{"reference":"Goal/{{goal}}"},""", StringComparison.Ordinal)
                    .Replace(
                        "\"activity\":[",
                        $$""" "activity":[{"reference":{"reference":"Task/{{task}}"} },""",
                        StringComparison.Ordinal
                    )
            )
        ).ShouldBe(200);

        var said = parameter == "reason" ? "\"valueString\":\"Moved away\"" : "\"valueCode\":\"cancel\"";
        (
            await Server.PostAsync(
                $"CarePlan/{plan}/${command}",
                $$"""{"resourceType":"Parameters","parameter":[{"name":"{{parameter}}",{{said}} }]}"""
            )
        ).ShouldBe(200);

        Assert.Equal("1", await VersionAsync($"Task/{task}"));
        Assert.Equal("1", await VersionAsync($"Goal/{goal}"));
        Assert.NotEqual("1", await VersionAsync($"Task/{own}"));
    }

    [Theory]
    [InlineData("cancel")]
    [InlineData("hold")]
    [InlineData("PUT")]
    [InlineData("transaction")]
    public async Task A_task_takes_no_part_of_another_patient_along(string how)
    {
        await PatientsAsync();
        var (whole, part, foreign) = (Given.Id("t"), Given.Id("u"), Given.Id("v"));
        await TaskAsync(whole, _own);
        await TaskAsync(part, _own, $$""","partOf":[{"reference":"Task/{{whole}}"}]""");
        var ofWhole = $$""","partOf":[{"reference":"Task/{{whole}}"}]""";
        await TaskAsync(foreign, _other, ofWhole);

        if (how == "transaction")
            (
                await Server.PostAsync(
                    "",
                    Given.Transaction(
                        Given.Entry("PUT", $"Task/{whole}", Task(whole, _own, "cancelled")),
                        // Said again as it is.
                        Given.Entry("PUT", $"Task/{foreign}", Task(foreign, _other, "requested", ofWhole))
                    )
                )
            ).ShouldBe(200);
        else if (how == "PUT")
            (await Server.PutAsync($"Task/{whole}", Task(whole, _own, "cancelled"))).ShouldBe(200);
        else
            (
                await Server.PostAsync(
                    $"Task/{whole}/${how}",
                    """{"resourceType":"Parameters","parameter":[{"name":"reason","valueString":"Moved away"}]}"""
                )
            ).ShouldBe(200);

        Assert.Equal("2", await VersionAsync($"Task/{part}"));
        Assert.Equal("requested", await Server.StatusOfAsync($"Task/{foreign}"));
        if (how != "transaction")
            Assert.Equal("1", await VersionAsync($"Task/{foreign}"));
    }

    /// <summary>A group's task is in no patient's record, as one of nobody: by whichever door it ends, its parts end with it.</summary>
    [Theory]
    [InlineData("PUT")]
    [InlineData("transaction")]
    public async Task A_task_of_a_group_takes_its_parts_along(string how)
    {
        await PatientsAsync();
        var (whole, part, group) = (Given.Id("t"), Given.Id("u"), Given.Id("g"));
        (
            await Server.PutAsync(
                $"Group/{group}",
                $$"""{"resourceType":"Group","id":"{{group}}","type":"person","actual":true}"""
            )
        ).ShouldBe(201);
        var ofWhole = $$""","partOf":[{"reference":"Task/{{whole}}"}]""";
        string Whole(string status) =>
            $$"""{"resourceType":"Task","id":"{{whole}}","status":"{{status}}","intent":"order","for":{"reference":"Group/{{group}}"} }""";
        (await Server.PutAsync($"Task/{whole}", Whole("requested"))).ShouldBe(201);
        await TaskAsync(part, _own, ofWhole);

        var ended =
            how == "PUT"
                ? await Server.PutAsync($"Task/{whole}", Whole("cancelled"))
                : await Server.PostAsync(
                    "",
                    Given.Transaction(
                        Given.Entry("PUT", $"Task/{whole}", Whole("cancelled")),
                        Given.Entry("PUT", $"Task/{part}", Task(part, _own, "requested", ofWhole))
                    )
                );

        ended.ShouldBe(200);
        Assert.Equal("cancelled", await Server.StatusOfAsync($"Task/{part}"));
    }

    [Fact]
    public async Task A_task_that_ends_is_told_to_no_plan_of_another_patient()
    {
        await PatientsAsync();
        var task = Given.Id("t");
        await TaskAsync(task, _other);
        var plan = await PlanAsync(_own, task);

        (
            await Server.PostAsync(
                $"Task/{task}/$cancel",
                """{"resourceType":"Parameters","parameter":[{"name":"reason","valueString":"Moved away"}]}"""
            )
        ).ShouldBe(200);

        Assert.Equal("1", await VersionAsync($"CarePlan/{plan}"));
    }

    [Fact]
    public async Task A_referral_that_is_answered_moves_no_request_of_another_patient()
    {
        await PatientsAsync();
        var (request, task) = (Given.Id("r"), Given.Id("t"));
        await PutAsync(
            "ServiceRequest",
            request,
            $$"""{"status":"active","intent":"order","code":{"text":"ride"},"subject":{"reference":"Patient/{{_other}}"} }"""
        );
        var focus =
            $$""","focus":{"reference":"ServiceRequest/{{request}}"},"owner":{"reference":"Organization/lab"}""";
        await TaskAsync(task, _own, focus);

        foreach (var status in (string[])["accepted", "in-progress", "completed"])
            (await Server.PutAsync($"Task/{task}", Task(task, _own, status, focus))).ShouldBe(200);

        Assert.Equal("1", await VersionAsync($"ServiceRequest/{request}"));
    }

    [Fact]
    public async Task A_ride_is_to_an_appointment_of_its_own_patient()
    {
        var (clinic, other) = (await Clinic.AfterDischargeAsync(Server), await Clinic.AfterDischargeAsync(Server));
        var (appointment, ride) = (Given.Id("a"), Given.Id("r"));
        (await other.PutAsync(appointment, "booked", 12)).ShouldBe(201);

        await PutAsync(
            "ServiceRequest",
            ride,
            $$"""
            {"status":"active","intent":"order","code":{"text":"A ride"},"subject":{"reference":"{{clinic.Patient}}"},
             "category":[{"coding":[{"system":"https://carecoordination.example/fhir/CodeSystem/request-category","code":"transport"}]}],
             "supportingInfo":[{"reference":"Appointment/{{appointment}}"}]}
            """
        );

        Assert.Empty(await clinic.TasksAsync("confirm-transport"));
        Assert.Empty(await other.TasksAsync("confirm-transport"));
    }

    [Fact]
    public async Task A_visit_is_kept_by_an_encounter_of_its_own_patient()
    {
        var (clinic, other) = (
            await Clinic.AfterDischargeAsync(Server, days: 3),
            await Clinic.AfterDischargeAsync(Server)
        );
        var appointment = Given.Id("a");
        (await clinic.PutAsync(appointment, "booked", -1)).ShouldBe(201);
        var before = await clinic.StateAsync();

        await EncounterAsync(other.Patient, appointment, clinic);
        // What makes the server look at the visits of the patient again.
        (await clinic.PutAsync(appointment, "booked", -0.9)).ShouldBe(200);
        Assert.Equal(before, await clinic.StateAsync());

        await EncounterAsync(clinic.Patient, appointment, clinic);
        Assert.NotEqual(before, await clinic.StateAsync());
    }

    private Task EncounterAsync(string patient, string appointment, Clinic at) =>
        PutAsync(
            "Encounter",
            Given.Id("e"),
            $$"""
            {"status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},
             "subject":{"reference":"{{patient}}"},"appointment":[{"reference":"Appointment/{{appointment}}"}],
             "period":{"start":"{{at.In(-1)}}","end":"{{at.In(-0.9)}}"} }
            """
        );

    private async Task PatientsAsync()
    {
        foreach (var id in (string[])[_own, _other])
            await PutAsync("Patient", id, """{"name":[{"family":"Rivera"}]}""");
    }

    private Task TaskAsync(string id, string patient, string more = "") =>
        PutAsync("Task", id, Task(id, patient, "requested", more));

    private static string Task(string id, string patient, string status, string more = "") =>
        $$"""
            {"resourceType":"Task","id":"{{id}}","status":"{{status}}","intent":"order","code":{"text":"call"},
             "for":{"reference":"Patient/{{patient}}"}{{more}} }
            """;

    private async Task<string> PlanAsync(string patient, string task, string? goal = null)
    {
        var plan = Given.Id("c");
        var goals = goal is null
            ? ""
            : $$"""
                "goal":[{"reference":"Goal/{{goal}}"}],
                """;
        await PutAsync(
            "CarePlan",
            plan,
            $$"""
            {"status":"draft","intent":"plan","title":"plan","subject":{"reference":"Patient/{{patient}}"},{{goals}}
             "activity":[{"reference":{"reference":"Task/{{task}}"} }]}
            """
        );
        return plan;
    }

    private async Task<string?> VersionAsync(string name) =>
        (await Server.GetAsync(name)).ShouldBe(200).Json.GetProperty("meta").GetProperty("versionId").GetString();

    private async Task PutAsync(string type, string id, string elements)
    {
        var body = elements.Contains("\"resourceType\"", StringComparison.Ordinal)
            ? elements
            : $$"""{"resourceType":"{{type}}","id":"{{id}}",{{elements.TrimStart()[1..]}}""";
        var answer = await Server.PutAsync($"{type}/{id}", body);
        Assert.True(answer.Status == 201, answer.Body);
    }
}
