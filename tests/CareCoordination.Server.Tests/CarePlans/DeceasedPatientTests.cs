using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.CarePlans;

/// <summary>Nobody begins care for the dead.</summary>
public abstract class DeceasedPatientTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : DeceasedPatientTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : DeceasedPatientTests(shared);

    public static TheoryData<string, bool> Deaths =>
        new()
        {
            { "\"deceasedBoolean\":true", true },
            { "\"deceasedDateTime\":\"2026-10-01\"", true },
            { "\"deceasedDateTime\":\"2026\"", true },
            { "\"deceasedBoolean\":false", false },
            { "\"active\":true", false },
        };

    [Theory, MemberData(nameof(Deaths))]
    public async Task A_definition_is_applied_to_the_living_only(string state, bool isDead)
    {
        var (patient, id) = (await PatientAsync(state), Given.Id());
        await Server.PutAsync(
            $"PlanDefinition/{id}",
            $$$"""{"resourceType":"PlanDefinition","id":"{{{id}}}","status":"active","goal":[{"description":{"text":"Home"}}],"action":[{"title":"Call","participant":[{"type":"practitioner"}]}]}"""
        );

        var applied = await Server.AskAsync($"PlanDefinition/{id}/$apply", Ask.Text("subject", patient));
        var shown = await Server.AskAsync(
            $"PlanDefinition/{id}/$apply",
            Ask.Text("subject", patient),
            Ask.Value("persist", "valueBoolean", "false")
        );

        Expect(isDead, applied, "Parameters.parameter");
        Expect(isDead, shown, "Parameters.parameter");
        var plans = (await Server.GetAsync($"CarePlan?subject={patient}")).ShouldBe(200).Resources.Count();
        Assert.Equal(isDead ? 0 : 1, plans);
    }

    [Theory, MemberData(nameof(Deaths))]
    public async Task A_plan_begins_for_the_living_only(string state, bool isDead)
    {
        var (patient, id) = (await PatientAsync(state), Given.Id());
        await Server.PutAsync(
            $"Goal/{id}",
            $$$"""{"resourceType":"Goal","id":"{{{id}}}","lifecycleStatus":"accepted","description":{"text":"Home"},"subject":{"reference":"{{{patient}}}"}}"""
        );
        await Server.PutAsync(
            $"CarePlan/{id}",
            $$$"""{"resourceType":"CarePlan","id":"{{{id}}}","status":"draft","intent":"plan","subject":{"reference":"{{{patient}}}"},"goal":[{"reference":"Goal/{{{id}}}"}]}"""
        );

        Expect(isDead, await Server.AskAsync($"CarePlan/{id}/$activate"), "CarePlan.subject");

        Assert.Equal(isDead ? "draft" : "active", await Server.StatusOfAsync($"CarePlan/{id}"));
    }

    private static void Expect(bool isDead, Answer answer, string at)
    {
        if (isDead)
            answer.ShouldRefuse(
                422,
                $"error business-rule {at}: The patient has died: no care begins. Correct Patient.deceased[x] where that is wrong."
            );
        else
            answer.ShouldBe(200);
    }

    private async Task<string> PatientAsync(string state)
    {
        var id = Given.Id();
        (await Server.PutAsync($"Patient/{id}", $$"""{"resourceType":"Patient","id":"{{id}}",{{state}}}""")).ShouldBe(
            201
        );
        return $"Patient/{id}";
    }
}
