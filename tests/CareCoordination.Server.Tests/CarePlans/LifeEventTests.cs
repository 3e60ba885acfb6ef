using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.CarePlans;

/// <summary>The dead, the discharged and the deleted keep no care: all of it ends with the write that says so.</summary>
public abstract class LifeEventTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : LifeEventTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : LifeEventTests(shared);

    private readonly string _id = Given.Id();

    public static TheoryData<string, string> Events =>
        new()
        {
            { "dies", "The patient has died." },
            { "dies, by patch", "The patient has died." },
            { "dies, in a transaction", "The patient has died." },
            { "is discharged", "The episode of care has ended." },
            { "is deleted", "The record of the patient was deleted." },
        };

    [Theory, MemberData(nameof(Events))]
    public async Task Care_ends_with_a_patient_who(string what, string why)
    {
        await EnrolAsync();

        await HappenAsync(what);

        Assert.Equal("revoked", await Server.StatusOfAsync($"CarePlan/{_id}"));
        Assert.Equal("cancelled", await Server.StatusOfAsync($"Goal/{_id}"));
        Assert.Equal("cancelled", await Server.StatusOfAsync($"Task/{_id}"));
        Assert.Equal("cancelled", await Server.StatusOfAsync($"Appointment/{_id}"));
        Assert.Equal("finished", await Server.StatusOfAsync($"EpisodeOfCare/{_id}"));
        Assert.Equal("completed", await Server.StatusOfAsync($"Task/{_id}-done"));
        Assert.Contains(why, (await Server.GetAsync($"Task/{_id}")).Body, StringComparison.Ordinal);
        Assert.Contains(why, (await Server.GetAsync($"CarePlan/{_id}")).Body, StringComparison.Ordinal);
        Assert.Single(await Server.ProvenanceOfAsync($"CarePlan/{_id}", 2));
        Assert.Empty((await Server.GetAsync($"Task/$worklist?patient=Patient/{_id}")).ShouldBe(200).Entries);
        var told = Assert.Single(
            (await Server.GetAsync($"Communication?recipient=PractitionerRole/{_id}")).ShouldBe(200).Resources
        );
        Assert.Contains(why, told.ToString(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Events))]
    public async Task It_ends_once(string what, string why)
    {
        await EnrolAsync();
        await HappenAsync(what);
        await HappenAsync(what);

        Assert.Equal((why, "W/\"2\""), (why, (await Server.GetAsync($"CarePlan/{_id}")).ETag));
        Assert.Single(
            (await Server.GetAsync($"Communication?recipient=PractitionerRole/{_id}")).ShouldBe(200).Resources
        );
    }

    [Fact]
    public async Task Who_is_enrolled_elsewhere_goes_on_there()
    {
        await EnrolAsync();
        (await Server.PutAsync($"EpisodeOfCare/{_id}-2", Episode($"{_id}-2", "active"))).ShouldBe(201);

        await HappenAsync("is discharged");
        Assert.Equal("active", await Server.StatusOfAsync($"CarePlan/{_id}"));

        (await Server.PutAsync($"EpisodeOfCare/{_id}-2", Episode($"{_id}-2", "cancelled"))).ShouldBe(200);
        Assert.Equal("revoked", await Server.StatusOfAsync($"CarePlan/{_id}"));
    }

    [Fact]
    public async Task Somebody_else_keeps_their_care()
    {
        await EnrolAsync();
        var other = Given.Id();
        await Server.PutAsync($"Patient/{other}", Given.Patient(other));
        await Server.PutAsync($"CarePlan/{other}", Given.CarePlan(other, other));

        await HappenAsync("dies");

        Assert.Equal("active", await Server.StatusOfAsync($"CarePlan/{other}"));
    }

    [Fact]
    public async Task What_is_written_of_the_living_ends_nothing()
    {
        await EnrolAsync();

        (
            await Server.PutAsync(
                $"Patient/{_id}",
                $$"""{"resourceType":"Patient","id":"{{_id}}","deceasedBoolean":false}"""
            )
        ).ShouldBe(200);

        Assert.Equal("active", await Server.StatusOfAsync($"CarePlan/{_id}"));
    }

    private async Task HappenAsync(string what)
    {
        var dead = $$"""{"resourceType":"Patient","id":"{{_id}}","deceasedDateTime":"2026-11-01"}""";
        var answer = what switch
        {
            "dies" => await Server.PutAsync($"Patient/{_id}", dead),
            "dies, by patch" => await Server.PatchAsync(
                $"Patient/{_id}",
                """[{"op":"add","path":"/deceasedBoolean","value":true}]"""
            ),
            "dies, in a transaction" => await Server.PostAsync(
                "",
                Given.Transaction(Given.Entry("PUT", $"Patient/{_id}", dead))
            ),
            "is discharged" => await Server.PutAsync($"EpisodeOfCare/{_id}", Episode(_id, "finished")),
            _ => await Server.DeleteAsync($"Patient/{_id}"),
        };
        Assert.InRange(answer.Status, 200, 204);
    }

    private async Task EnrolAsync()
    {
        var patient = $$"""{"reference":"Patient/{{_id}}"}""";
        (string Path, string Json)[] resources =
        [
            ($"Patient/{_id}", Given.Patient(_id)),
            ($"EpisodeOfCare/{_id}", Episode(_id, "active")),
            (
                $"Goal/{_id}",
                $$$"""{"resourceType":"Goal","id":"{{{_id}}}","lifecycleStatus":"active","description":{"text":"Home"},"subject":{{{patient}}} }"""
            ),
            (
                $"Task/{_id}",
                $$$"""{"resourceType":"Task","id":"{{{_id}}}","status":"in-progress","intent":"order","for":{{{patient}}} }"""
            ),
            (
                $"Task/{_id}-done",
                $$$"""{"resourceType":"Task","id":"{{{_id}}}-done","status":"completed","intent":"order","for":{{{patient}}} }"""
            ),
            (
                $"Appointment/{_id}",
                $$$"""{"resourceType":"Appointment","id":"{{{_id}}}","status":"booked","start":"2027-01-01T10:00:00Z","end":"2027-01-01T10:30:00Z","participant":[{"actor":{{{patient}}},"status":"accepted"}]}"""
            ),
            (
                $"CarePlan/{_id}",
                $$$"""{"resourceType":"CarePlan","id":"{{{_id}}}","status":"active","intent":"plan","subject":{{{patient}}},"goal":[{"reference":"Goal/{{{_id}}}"}],"activity":[{"reference":{"reference":"Task/{{{_id}}}"} }]}"""
            ),
        ];
        foreach (var (path, json) in resources)
            (await Server.PutAsync(path, json)).ShouldBe(201);
    }

    private string Episode(string id, string status) =>
        $$$"""{"resourceType":"EpisodeOfCare","id":"{{{id}}}","status":"{{{status}}}","patient":{"reference":"Patient/{{{_id}}}"},"careManager":{"reference":"PractitionerRole/{{{_id}}}"}}""";
}
