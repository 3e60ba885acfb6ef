using System.Collections.Immutable;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Visits;

/// <summary>All that is known of the visits of one patient, as it will be once it is written.</summary>
/// <param name="Tasks">Those to visit, and to reconcile the medications by then.</param>
/// <param name="Parts">The tasks that are part of them.</param>
/// <param name="Appointments">Of the patient.</param>
/// <param name="Encounters">Those that name one of the appointments.</param>
/// <param name="Plans">Those that the tasks are based on.</param>
/// <param name="Policy">Of the organisation whose work the visits are.</param>
public sealed record VisitFacts(
    ImmutableArray<Snapshot> Tasks,
    ImmutableArray<Snapshot> Parts,
    ImmutableArray<Snapshot> Appointments,
    ImmutableArray<Snapshot> Encounters,
    ImmutableArray<Snapshot> Plans,
    CommandContext Command,
    CarePolicy Policy
)
{
    internal VisitRules Rules => Policy.RulesAt(Command.Now).Visits;
}
