using System.Collections.Frozen;
using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.CarePlans;

/// <summary>
/// The resources of a plan, as read: what <c>goal</c> and <c>activity.reference</c> name, and the tasks that are part of those. What is
/// named but not here does not exist.
/// </summary>
public sealed class PlanMembers
{
    private readonly Dictionary<string, Snapshot> _all;
    private readonly FrozenSet<string> _elsewhere = [];

    public PlanMembers(IEnumerable<Snapshot> resources)
    {
        _all = resources.DistinctBy(r => r.Key).ToDictionary(r => r.Key.ToString());
        Goals = [.. Of(ResourceTypes.Goal).Select(s => new GoalDraft(s))];
        Tasks = [.. Of(ResourceTypes.Task).Select(s => new TaskDraft(s))];
        Requests = [.. Of(ResourceTypes.ServiceRequest).Select(s => new ServiceRequestDraft(s))];
        Following = [.. FollowingRequestDraft.Types.SelectMany(Of).Select(s => new FollowingRequestDraft(s))];
    }

    private PlanMembers(PlanMembers all, FrozenSet<string> elsewhere)
    {
        _all = all._all;
        Goals = [.. all.Goals.Where(g => !elsewhere.Contains(g.Reference))];
        Tasks =
        [
            .. all.Tasks.Where(t =>
                !elsewhere.Contains(t.Reference) && !t.Edit.PartOf.Targets().Any(elsewhere.Contains)
            ),
        ];
        Requests = [.. all.Requests.Where(r => !elsewhere.Contains(r.Reference))];
        Following = [.. all.Following.Where(r => !elsewhere.Contains(r.Reference))];
    }

    /// <summary>What other plans name that are not over: it goes on with them, whatever becomes of this one.</summary>
    public IEnumerable<Snapshot> OtherPlans
    {
        init =>
            _elsewhere = value
                .Select(o => new CarePlanDraft(o))
                .SelectMany(o => o.Goals.Concat(o.Activities))
                .ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>
    /// The members that no other plan has, of the plan's own patient: what rests and ends with the plan. The drafts are the same.
    /// </summary>
    internal PlanMembers OwnOf(CarePlanDraft plan)
    {
        var others = _all
            .Values.Where(member => RecordPatient.SubjectOf(member) is { } subject && subject != plan.Subject)
            .Select(member => member.Key.ToString())
            .Concat(_elsewhere)
            .ToFrozenSet(StringComparer.Ordinal);
        return others.Count == 0 ? this : new PlanMembers(this, others);
    }

    internal bool IsElsewhere(string reference) => _elsewhere.Contains(reference);

    public ImmutableArray<GoalDraft> Goals { get; }

    public ImmutableArray<TaskDraft> Tasks { get; }

    public ImmutableArray<ServiceRequestDraft> Requests { get; }

    /// <summary>Groups, messages to be sent, devices and diets: they begin, rest and end with the plan.</summary>
    public ImmutableArray<FollowingRequestDraft> Following { get; }

    internal IEnumerable<ResourceDraft> Drafts => [.. Goals, .. Tasks, .. Requests, .. Following];

    /// <summary>
    /// One issue for each goal or activity that vanished (<c>member-missing</c>) or is of another patient (<c>member-patient</c>), at its
    /// place in the plan. References to other servers are theirs to answer for.
    /// </summary>
    internal IEnumerable<Issue> Faults(CarePlanDraft plan)
    {
        for (var i = 0; i < plan.Edit.Goal.Count; i++)
        {
            if (Fault(plan.Edit.Goal[i], $"{CarePlanView.At.Goal}[{i}]", plan.Subject) is { } issue)
                yield return issue;
        }

        for (var i = 0; i < plan.Edit.Activity.Count; i++)
        {
            if (
                Fault(plan.Edit.Activity[i].Reference, $"{CarePlanView.At.Activity}[{i}].reference", plan.Subject) is
                { } issue
            )
                yield return issue;
        }
    }

    private Issue? Fault(ReferenceEditor reference, string at, string? patient)
    {
        if (
            reference.Target() is not { } target
            || LiteralReference.Parse(target, R4Definitions.Schema.IsResourceType).Kind != ReferenceKind.Relative
        )
            return null;
        if (!_all.TryGetValue(target, out var member))
            return RuleFailure.Issue(
                "member-missing",
                $"{target} does not exist; take it out of the plan with $revise.",
                at
            );
        return RecordPatient.SubjectOf(member) is { } other && other != patient
            ? RuleFailure.Issue(
                "member-patient",
                $"{target} belongs to another patient; a plan has members of its own patient only.",
                at
            )
            : null;
    }

    private IEnumerable<Snapshot> Of(string type) => _all.Values.Where(s => s.Key.Type == type);
}
