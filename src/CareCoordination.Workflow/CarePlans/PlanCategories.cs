using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.CarePlans;

/// <summary>
/// The two categories that say "this is a plan of care": US Core 6.1 and 7 require <c>assess-plan</c>, US Core 9 has retired its code
/// system and shows the SNOMED code. A plan that carries both satisfies all.
/// </summary>
public static class PlanCategories
{
    public const string AssessPlanSystem = "http://hl7.org/fhir/us/core/CodeSystem/careplan-category";
    public const string AssessPlan = "assess-plan";
    public const string Snomed = "http://snomed.info/sct";
    public const string CarePlan = "734163000";

    internal static void Ensure(CarePlanDraft plan)
    {
        Ensure(plan, AssessPlanSystem, AssessPlan);
        Ensure(plan, Snomed, CarePlan);
    }

    /// <summary>The categories that tell plans apart, the two that all have left out.</summary>
    internal static IEnumerable<string> CodesOf(CarePlanDraft plan) =>
        plan
            .Edit.Category.SelectMany(c => c.Coding)
            .Select(c => c.Code)
            .OfType<string>()
            .Where(c => c is not (AssessPlan or CarePlan));

    private static void Ensure(CarePlanDraft plan, string system, string code)
    {
        if (!plan.Edit.Category.Any(c => c.Has(system, code)))
            plan.Edit.Category.Add(CodeableConceptEditor.Of(system, code));
    }
}
