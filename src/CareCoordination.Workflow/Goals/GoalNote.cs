using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Goals;

/// <summary>What the next reader of a goal should know, in the same version as what was decided: <c>Goal.note</c>.</summary>
public static class GoalNote
{
    /// <param name="goal">As it was before the decision.</param>
    /// <param name="note">Null: nothing is said.</param>
    public static Decision WithNote(this Decision decision, Snapshot goal, string? note, Agent by, DateTimeOffset now)
    {
        if (note is null)
            return decision;
        var decided = decision.Writes.FirstOrDefault(w => w.Key == goal.Key);
        var draft = new GoalDraft(decided is null ? goal : goal with { Utf8Json = decided.Utf8Json });
        draft.Edit.Note.Add(by.Note(note, now));
        var noted = new ResourceWrite(goal.Key, goal.Version, draft.ToUtf8Json());
        return decision with
        {
            Writes = [noted, .. decision.Writes.Where(w => w.Key != goal.Key)],
            ReliedOn = [.. decision.ReliedOn.Where(r => r.Key != goal.Key)],
        };
    }
}
