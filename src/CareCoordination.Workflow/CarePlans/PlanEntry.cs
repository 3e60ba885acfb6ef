using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.CarePlans;

/// <summary>What a plan that becomes active has to know beyond itself and its members.</summary>
/// <param name="Consents">Those of the patient that may count, or the one that is named.</param>
/// <param name="OtherActive">Other active plans of the patient.</param>
/// <param name="AllowConcurrent">Two plans of one template side by side are meant.</param>
public sealed record ActivationContext(
    ImmutableArray<Snapshot> Consents,
    ImmutableArray<Snapshot> OtherActive,
    bool AllowConcurrent = false
)
{
    /// <summary>The active plans of the patient that are stored, this one included.</summary>
    public ImmutableArray<Snapshot> Stored { get; init; } = [];

    /// <summary>Null where the patient is not here.</summary>
    public Snapshot? Patient { get; init; }

    /// <summary>The caller says that the goals are agreed to: proposed ones are accepted with the activation.</summary>
    public bool AcceptGoals { get; init; }
}

/// <summary>
/// What holds of every active plan, however it became active: the patient lives, has agreed where the rules ask for that, and
/// has no other active plan of the template and category. <c>$activate</c>, <c>$resume</c>, <c>$reopen</c>, <c>$revise</c> and plain writes
/// ask here.
/// </summary>
public static class PlanEntry
{
    /// <summary>True where the rules ask for the patient's consent to plans of such categories.</summary>
    public static bool NeedsConsent(CarePlanDraft plan, CareRules rules) => PlanConsent.IsNeeded(plan, rules);

    /// <summary>422 <c>patient-deceased</c>, <c>consent-missing</c>; 409 <c>duplicate</c>; null where nothing stands in the way.</summary>
    internal static Failure? Check(
        CarePlanDraft plan,
        ActivationContext context,
        CareRules rules,
        CommandContext command
    ) =>
        Dead(context)
        ?? (NotAgreed(plan, context, rules, command) is { } issue ? new Failure(422, [issue]) : null)
        ?? Twin(plan, context);

    internal static Failure? Dead(ActivationContext context) =>
        context.Patient is { } patient
            ? LivingPatient.Check(ResourceDocument.Parse(patient.Utf8Json).Value, CarePlanView.At.Subject)
            : null;

    internal static Issue? NotAgreed(
        CarePlanDraft plan,
        ActivationContext context,
        CareRules rules,
        CommandContext command
    ) =>
        NeedsConsent(plan, rules) && !PlanConsent.Covers(plan, context.Consents, rules, command)
            ? RuleFailure.Issue(
                "consent-missing",
                "Plans of this category need an active Consent of the patient; record it first.",
                CarePlanView.At.Category
            )
            : null;

    /// <summary>Another active plan of the same template whose categories overlap.</summary>
    internal static Failure? Twin(CarePlanDraft plan, ActivationContext context) =>
        !context.AllowConcurrent && TwinOf(plan, context.OtherActive) is { } twin
            ? RuleFailure.Conflict(
                "duplicate",
                $"{twin} is an active plan of the same template and category; close it, or send 'allowConcurrent'.",
                CarePlanView.At.InstantiatesCanonical
            )
            : null;

    /// <summary>The decision holds only while the consents are as they are and no plan of the template came up.</summary>
    internal static Decision RelyOn(Decision decision, CarePlanDraft plan, ActivationContext context, CareRules rules)
    {
        if (NeedsConsent(plan, rules))
            decision = decision with
            {
                ReliedOn = decision.ReliedOn.AddRange(context.Consents.Select(c => new ReliedOn(c.Key, c.Version))),
            };
        decision = decision with { Living = PatientsOf(plan) };
        return context.AllowConcurrent ? decision : decision with { Finds = StillAlone(plan, context.OtherActive) };
    }

    /// <summary>Who has to live while the plan is active.</summary>
    internal static ImmutableArray<string> PatientsOf(CarePlanDraft plan) =>
        plan.Subject is { } subject ? [subject] : [];

    /// <summary>
    /// Two drafts of one template write nothing in common: what keeps them from becoming active at once is that no active plan of the
    /// template came up since.
    /// </summary>
    internal static ImmutableArray<StillFinds> StillAlone(CarePlanDraft plan, ImmutableArray<Snapshot> others)
    {
        var finds = ImmutableArray.CreateBuilder<StillFinds>();
        foreach (var template in plan.Edit.InstantiatesCanonical)
        {
            // Those of other categories may be there, one by this condition.
            var known = others.Where(o => new CarePlanDraft(o).Edit.InstantiatesCanonical.Contains(template)).ToArray();
            if (known.Length > 1)
                continue;
            var query =
                $"subject={Escaped(plan.Subject ?? "")}&status=active&instantiates-canonical={Escaped(template)}";
            finds.Add(new StillFinds(ResourceTypes.CarePlan, query, known is [var one] ? one.Key : null));
        }

        return finds.ToImmutable();
    }

    /// <summary>A value of a search: commas in it separate nothing.</summary>
    private static string Escaped(string value) =>
        Uri.EscapeDataString(value.Replace(",", "\\,", StringComparison.Ordinal));

    private static string? TwinOf(CarePlanDraft plan, ImmutableArray<Snapshot> others)
    {
        var templates = plan.Edit.InstantiatesCanonical.ToHashSet();
        if (templates.Count == 0)
            return null;
        var categories = PlanCategories.CodesOf(plan).ToHashSet();
        foreach (var other in others.Where(o => o.Key != plan.Key).Select(o => new CarePlanDraft(o)))
        {
            if (other.Status != RequestStatusCodes.Active || !other.Edit.InstantiatesCanonical.Any(templates.Contains))
                continue;
            var theirs = PlanCategories.CodesOf(other).ToHashSet();
            if (categories.Count == 0 || theirs.Count == 0 || theirs.Overlaps(categories))
                return other.Reference;
        }

        return null;
    }
}
