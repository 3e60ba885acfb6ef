using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Writes;

namespace CareCoordination.Workflow.Tests.Writes;

/// <summary>What a plain write that makes a plan active has to know.</summary>
public sealed class ArrivingPlanTests
{
    private const string Patient = "Patient/1";

    /// <summary>Where nothing but the patient's life is asked, nothing has to be read.</summary>
    [Theory]
    [InlineData("", Patient)]
    [InlineData(",\"category\":[{\"coding\":[{\"code\":\"tcm\"}]}]", Patient)]
    [InlineData(",\"category\":[{\"text\":\"ccm\"}]", Patient)]
    [InlineData(",\"category\":[{\"coding\":[{\"code\":\"tcm\"},{\"code\":\"ccm\"}]}]", null)]
    [InlineData(",\"category\":[{\"coding\":[{\"code\":\"tcm\"}]},{\"coding\":[{\"code\":\"ccm\"}]}]", null)]
    [InlineData(",\"instantiatesCanonical\":[\"http://a.example/p\"]", null)]
    [InlineData(",\"instantiatesUri\":[\"http://a.example/p\"]", Patient)]
    [InlineData(",\"goal\":[{\"reference\":\"Goal/1\"}]", null)]
    [InlineData(",\"goal\":[{\"display\":\"walk\"}]", Patient)]
    [InlineData(",\"activity\":[{\"detail\":{\"status\":\"not-started\"}}]", Patient)]
    [InlineData(
        ",\"activity\":[{\"detail\":{\"status\":\"not-started\"}},{\"reference\":{\"reference\":\"Task/1\"}}]",
        null
    )]
    public void Only_a_plan_without_members_template_and_consent_asks_for_the_patient_alone(
        string members,
        string? patient
    )
    {
        var plan = Plan(members);
        var rules = Rules();

        Assert.Equal(patient, ArrivingPlans.OnlyPatientOf(Write(null, plan), rules));
        // What was here before may begin with more than it says.
        Assert.Null(ArrivingPlans.OnlyPatientOf(Write(Plan(members), plan), rules));
        Assert.Null(ArrivingPlans.OnlyPatientOf(Write(null, plan) with { IsRevival = true }, rules));
    }

    [Theory]
    [InlineData("active", true)]
    [InlineData("draft", false)]
    [InlineData("on-hold", false)]
    [InlineData("completed", false)]
    [InlineData("unknown", false)]
    public void A_new_plan_arrives_where_it_is_active(string status, bool arrives) =>
        Assert.Equal(arrives, ArrivingPlans.Is(Write(null, Plan("", status))));

    private static CareRules Rules() => CareRules.Defaults with { ConsentCategories = ["ccm"] };

    private static RestWrite Write(ResourceDocument? before, ResourceDocument after) =>
        new(new ResourceKey("CarePlan", "1"), before is null ? 0 : 1, before, after);

    private static ResourceDocument Plan(string members, string status = "active") =>
        ResourceDocument
            .Parse(
                System.Text.Encoding.UTF8.GetBytes(
                    $$$"""{"resourceType":"CarePlan","id":"1","status":"{{{status}}}","intent":"plan","subject":{"reference":"{{{Patient}}}"}{{{members}}}}"""
                )
            )
            .Value;
}
