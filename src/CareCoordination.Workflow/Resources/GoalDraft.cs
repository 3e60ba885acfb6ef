using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Lifecycles;

namespace CareCoordination.Workflow.Resources;

/// <summary>https://hl7.org/fhir/R4/goal.html</summary>
public sealed class GoalDraft : ResourceDraft
{
    public GoalDraft(Snapshot snapshot)
        : base(snapshot.Key, snapshot.Version)
    {
        Original = Parse(ResourceTypes.Goal, snapshot);
        Edit = new GoalEditor(GoalView.From(Original));
    }

    public GoalDraft(string id)
        : base(new(ResourceTypes.Goal, id), 0) => Edit = new GoalEditor { Id = id };

    public GoalEditor Edit { get; }

    public override string Status
    {
        get => Edit.LifecycleStatus ?? "";
        internal set => Edit.LifecycleStatus = value;
    }

    /// <summary>The code of <c>achievementStatus</c>; null where there is none of its own system.</summary>
    public string? Achievement
    {
        get => Edit.AchievementStatus.Coding.FirstOrDefault(c => c.System == GoalAchievementCodes.System)?.Code;
        internal set =>
            Edit.AchievementStatus = value is null
                ? new()
                : CodeableConceptEditor.Of(GoalAchievementCodes.System, value);
    }

    /// <summary>The plan that holds it; null where it is not on hold, or was held itself.</summary>
    public string? HeldBy => Edit.Extension.With(CareExtensions.HeldBy)?.ValueReference.Target();

    public string? Subject => Edit.Subject.Target();

    public bool IsTerminal => GoalLifecycle.Table.IsTerminal(Status) || Status == GoalStatusCodes.Completed;

    internal override ResourceEditor Editor => Edit;

    internal override ObjectListEditor<ExtensionEditor> Extensions => Edit.Extension;

    /// <summary>Changes the status on a day, with a reason, and forgets what held it: in R4 <c>Goal.statusReason</c> is a string.</summary>
    internal void Move(string status, DateOnly day, Reason? reason)
    {
        Held.Clear(this);
        Status = status;
        Edit.StatusDate = day;
        Edit.StatusReason = reason?.AsText;
    }
}
