using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Transitions;

/// <summary>Two records are of one patient, whichever of them is known here.</summary>
public abstract class PatientMergeTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : PatientMergeTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : PatientMergeTests(shared);

    private readonly Hospital _old = new();
    private readonly Hospital _new = new();

    [Fact]
    public async Task The_care_of_the_one_that_is_replaced_goes_on_with_the_other()
    {
        (await Server.PostAsync("$submit-transition", _old.Discharge("2026-11-20T16:10:00Z"))).ShouldBe(200);
        var replaced = await OnlyAsync(_old.Person);
        var kept = (await Server.PostAsync("Patient", _new.Patient())).ShouldBe(201).Id;

        var merged = (await Server.PostAsync("$process-message", Merge("2026-11-21T10:00:00Z"))).ShouldBe(200);

        var was = (await Server.GetAsync($"Patient/{replaced}")).ShouldBe(200);
        Assert.Equal("False", was.Text("active"));
        Assert.Equal(
            ($"Patient/{kept}", "replaced-by"),
            (
                was.Json.GetProperty("link")[0].GetProperty("other").GetProperty("reference").GetString(),
                was.Json.GetProperty("link")[0].GetProperty("type").GetString()
            )
        );
        Assert.Equal(
            "active",
            Assert
                .Single((await Server.GetAsync($"CarePlan?subject=Patient/{kept}")).Resources)
                .GetProperty("status")
                .GetString()
        );
        Assert.Equal(
            11,
            (
                await Server.GetAsync($"Task?patient=Patient/{kept}&_count=50&code:not=submit-transition")
            ).Resources.Count(t => t.TryGetProperty("basedOn", out _))
        );
        Assert.Empty((await Server.GetAsync($"CarePlan?subject=Patient/{replaced}")).Ids);

        // What is told by the old number comes to the one that stays.
        _old.End = "2026-11-19T10:00:00Z";
        (await Server.PostAsync("$submit-transition", _old.Discharge("2026-11-22T16:10:00Z"))).ShouldBe(200);
        var plan = Assert.Single((await Server.GetAsync($"CarePlan?subject=Patient/{kept}")).Resources);
        Assert.Equal("2026-11-19", plan.GetProperty("period").GetProperty("start").GetString());
        // Again: the first answer.
        Assert.Equal(
            merged.Body,
            (await Server.PostAsync("$process-message", Merge("2026-11-21T10:00:00Z"))).ShouldBe(200).Body
        );
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task One_record_has_the_numbers_of_both_whichever_was_known(bool oldIsKnown, bool newIsKnown)
    {
        if (oldIsKnown)
            (await Server.PostAsync("Patient", _old.Patient())).ShouldBe(201);
        if (newIsKnown)
            (await Server.PostAsync("Patient", _new.Patient())).ShouldBe(201);

        (await Server.PostAsync("$submit-transition", Merge("2026-11-21T10:00:00Z"))).ShouldBe(200);

        Assert.Equal(await OnlyAsync(_old.Person), await OnlyAsync(_new.Person));
    }

    [Fact]
    public async Task A_merge_of_whom_nobody_can_tell_is_kept_and_changes_nothing()
    {
        foreach (var _ in (int[])[1, 2])
            (await Server.PostAsync("Patient", _old.Patient())).ShouldBe(201);
        (await Server.PostAsync("Patient", _new.Patient())).ShouldBe(201);

        (await Server.PostAsync("$submit-transition", Merge("2026-11-21T10:00:00Z"))).ShouldBe(202);

        Assert.False(
            (await Server.GetAsync($"Patient/{await OnlyAsync(_new.Person)}")).Json.TryGetProperty("link", out _)
        );
    }

    [Fact]
    public async Task A_merge_that_names_nobody_is_refused()
    {
        (
            await Server.PostAsync(
                "$submit-transition",
                Merge("2026-11-21T10:00:00Z").Replace("replaces", "seealso", StringComparison.Ordinal)
            )
        ).ShouldRefuse(
            422,
            "error required Patient.link: A merge has a Patient with a link of type replaces to another Patient of the message."
        );
    }

    private string Merge(string at)
    {
        var survivor = _new.Patient();
        survivor = survivor.Insert(
            survivor.Length - 1,
            ",\"link\":[{\"other\":{\"reference\":\"urn:uuid:5f0a4c1e-0000-4000-8000-000000000003\"},\"type\":\"replaces\"}]"
        );
        return $$$"""{"resourceType":"Bundle","id":"b-{{{_old.Visit}}}-m","type":"message","timestamp":"{{{at}}}","entry":[{"fullUrl":"urn:uuid:5f0a4c1e-0000-4000-8000-000000000001","resource":{"resourceType":"MessageHeader","id":"m-{{{_old.Visit}}}","eventCoding":{"system":"{{{Hospital.Own}}}","code":"merge"},"source":{"endpoint":"https://hospital.example/fhir"},"focus":[{"reference":"urn:uuid:5f0a4c1e-0000-4000-8000-000000000002"}]}},{"fullUrl":"urn:uuid:5f0a4c1e-0000-4000-8000-000000000002","resource":{{{survivor}}}},{"fullUrl":"urn:uuid:5f0a4c1e-0000-4000-8000-000000000003","resource":{{{_old.Patient()}}}}]}""";
    }

    private async Task<string> OnlyAsync(string number) =>
        Assert.Single(
            (await Server.GetAsync($"Patient?identifier=urn:hospital:mrn|{number}&active:not=false")).ShouldBe(200).Ids
        );
}
