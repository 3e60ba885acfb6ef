using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Writes;

/// <summary>A plan that a plain write makes active, or active for something else.</summary>
/// <param name="Context">What the patient has; as it is once the commit is stored.</param>
/// <param name="Members">Its stored members, those that the commit writes left out: they are as their writer wants them.</param>
/// <param name="IsBeginning">It was not active before, so that its members begin with it.</param>
public sealed record ArrivingPlan(
    RestWrite Write,
    ActivationContext Context,
    ImmutableArray<Snapshot> Members,
    CareRules Rules,
    CommandContext Command,
    bool IsBeginning
)
{
    /// <summary>The commit writes the patient too: <see cref="ActivationContext.Patient"/> is who that leaves.</summary>
    public bool IsWithPatient { get; init; }

    /// <summary>The other active plans that are stored, this one and those that the commit writes included.</summary>
    public ImmutableArray<Snapshot> Stored { get; init; } = [];
}

/// <summary>
/// A plan becomes active without a command where it is created so, comes back from a deletion, leaves <c>unknown</c>, or is active
/// already and is made one of another patient, category or template. What stands in the way of <c>$activate</c> for the patient's sake
/// stands in the way of these, and what is ready to begin begins with the plan.
/// </summary>
/// <remarks>Goals are not asked for: plans of other systems come as they are, and tell theirs in words or not at all.</remarks>
public static class ArrivingPlans
{
    public static bool Is(RestWrite write)
    {
        if (write.IsDeletion || write.Key.Type != ResourceTypes.CarePlan)
            return false;
        var after = CarePlanView.From(write.After);
        return after.Status == RequestStatusCodes.Active
            && (IsBeginning(write) || IsOther(CarePlanView.From(write.Before!), after));
    }

    /// <summary>
    /// The patient of a new plan that has no members, no template and no category that asks for consent: that they live is all that is
    /// asked. Null where there is more.
    /// </summary>
    public static string? OnlyPatientOf(RestWrite write, CareRules rules)
    {
        if (write.Before is not null || write.IsRevival)
            return null;
        var plan = CarePlanView.From(write.After);
        return
            plan.InstantiatesCanonical.Any()
            || plan.Goal.Any(g => g.Target() is not null)
            || plan.Activity.Any(a => a.Reference.Target() is not null)
            || plan.Category.Any(c => c.Coding.Any(k => k.Code is { } code && rules.ConsentCategories.Contains(code)))
            ? null
            : plan.Subject.Target();
    }

    public static bool IsBeginning(RestWrite write) =>
        write.Before is null || write.IsRevival || CarePlanView.From(write.Before).Status != RequestStatusCodes.Active;

    /// <summary>422 <c>patient-deceased</c>, <c>consent-missing</c>; 409 <c>duplicate</c>: the sentences name the command to use.</summary>
    public static Failure? Check(ArrivingPlan arriving)
    {
        if (
            PlanEntry.Check(Draft(arriving.Write), arriving.Context, arriving.Rules, arriving.Command)
            is not { } failure
        )
            return null;
        return failure with
        {
            Issues =
            [
                .. failure.Issues.Select(i =>
                    i with
                    {
                        Diagnostics =
                            $"{i.Diagnostics} A plain write makes no plan active past that: write it as a draft, and begin it with $activate.",
                    }
                ),
            ],
        };
    }

    /// <summary>What begins with the plan.</summary>
    internal static IEnumerable<ResourceWrite> Follow(ArrivingPlan arriving)
    {
        if (!arriving.IsBeginning || arriving.Members.IsEmpty)
            return [];
        var members = new PlanMembers(arriving.Members);
        PlanSteps.Begin(members, arriving.Command);
        var plan = Draft(arriving.Write);
        return Drafts.Write("activate", plan, members.Drafts).Writes.Where(w => w.Key != plan.Key);
    }

    /// <summary>Who has to live, beside those that the commit writes itself.</summary>
    public static ImmutableArray<string> Living(ArrivingPlan arriving) =>
        arriving.IsWithPatient ? [] : PlanEntry.PatientsOf(Draft(arriving.Write));

    /// <summary>That no plan of the template came up meanwhile.</summary>
    public static ImmutableArray<StillFinds> Finds(ArrivingPlan arriving) =>
        PlanEntry.StillAlone(Draft(arriving.Write), arriving.Stored);

    private static bool IsOther(CarePlanView before, CarePlanView after) =>
        before.Subject.Reference != after.Subject.Reference
        || !before.InstantiatesCanonical.SequenceEqual(after.InstantiatesCanonical)
        || !Codes(before).SequenceEqual(Codes(after));

    private static IEnumerable<string?> Codes(CarePlanView plan) =>
        plan.Category.SelectMany(c => c.Coding).Select(c => $"{c.System}|{c.Code}").Order(StringComparer.Ordinal);

    private static CarePlanDraft Draft(RestWrite write) =>
        new(new Snapshot(write.Key, write.Version, write.After.Utf8));
}
