using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.CarePlans;

/// <summary>What is open of a plan that ends goes on in another: by <c>$close</c>, <c>$revise</c> and <c>$reconcile</c> alike.</summary>
internal static class PlanHandOn
{
    /// <summary>
    /// Goals, tasks and requests that are not over, activities of types whose status is not ours to know, and those that stand in the
    /// plan itself (<c>activity.detail</c>), but for ones that the other plan has already.
    /// </summary>
    public static void To(CarePlanDraft plan, CarePlanDraft ended, PlanMembers members)
    {
        var named = ended.Goals.ToHashSet();
        foreach (var goal in members.Goals.Where(g => !g.IsTerminal && named.Contains(g.Reference)))
            plan.AddGoal(goal.Reference);
        var over = members.Drafts.Where(IsOver).Select(d => d.Reference).ToHashSet();
        foreach (var activity in ended.Activities.Where(a => !over.Contains(a) && !members.IsElsewhere(a)))
            plan.AddActivity(activity);
        foreach (var detail in Details(ended))
        {
            if (!Details(plan).Any(d => IsSame(d, detail)))
                plan.Edit.Activity.Add(new() { Detail = new(detail) });
        }
    }

    internal static bool IsOver(ResourceDraft draft) =>
        draft switch
        {
            GoalDraft goal => goal.IsTerminal,
            TaskDraft task => task.IsTerminal,
            ServiceRequestDraft request => !request.IsOpen,
            FollowingRequestDraft request => !request.IsOpen,
            _ => false,
        };

    /// <summary>The same thing to do, by a code or in the same words.</summary>
    public static bool IsSame(CarePlanActivityDetailView one, CarePlanActivityDetailView other) =>
        one.Element.Value.RawUtf8.SequenceEqual(other.Element.Value.RawUtf8)
        || PlanConflict.IsSame(one.Code, other.Code)
        || (!one.Code.Exists && !other.Code.Exists && PlanConflict.SameText(one.Description, other.Description));

    private static IEnumerable<CarePlanActivityDetailView> Details(CarePlanDraft plan)
    {
        if (plan.Original is not { } original)
            yield break;
        foreach (var activity in CarePlanView.From(original).Activity)
        {
            if (activity.Detail is { Exists: true } detail)
                yield return detail;
        }
    }
}
