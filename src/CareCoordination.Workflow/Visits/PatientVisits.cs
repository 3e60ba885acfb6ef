using System.Collections.Immutable;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Visits;

/// <summary>
/// What the appointments of a patient mean for the visits that plans have asked for. It is told from all of them as they are, so that neither
/// the order in which they come nor a repetition makes a difference.
/// </summary>
public static class PatientVisits
{
    /// <summary>What changes.</summary>
    public static ImmutableArray<TaskDraft> Decide(VisitFacts facts)
    {
        var changed = ImmutableArray.CreateBuilder<TaskDraft>();
        foreach (var visit in PlannedVisit.Of(facts).Where(v => v.IsTold))
        {
            VisitOutcome.Tell(visit, facts);
            VisitWork.Follow(visit, facts);
            foreach (var task in visit.Parts.Prepend(visit.Task).Concat(visit.Medications is { } m ? [m] : []))
            {
                if (!task.IsChanged)
                    continue;
                task.Touch(facts.Command.Now);
                changed.Add(task);
            }
        }

        return changed.ToImmutable();
    }
}
