using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Timers;

/// <summary>
/// All rules that have a time. A resource has one timer, set to the earliest time that one of them names; when it fires, the first rule
/// with something to do does it, and that write sets the timer for the others.
/// </summary>
public static class TimerRules
{
    public static readonly ImmutableArray<TimerRule> All =
    [
        EscalateLate.Rule,
        PatientFollowUp.Rule,
        ReferralLateness.Rule,
        UnconfirmedCancellation.Rule,
        EndOfProgram.Rule,
    ];

    public static IEnumerable<TimerRule> For(string resourceType) => All.Where(r => r.ResourceType == resourceType);

    /// <summary>The earliest time by any of the policies: which one holds is known when it rings.</summary>
    public static DateTimeOffset? NextAt(
        string resourceType,
        ResourceDocument resource,
        ImmutableArray<CarePolicy> policies
    ) => For(resourceType).SelectMany(_ => policies, (rule, policy) => rule.NextAt(resource, policy)).Min();
}
