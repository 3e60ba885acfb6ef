using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Alarms;

/// <summary>
/// All rules that have a time. A resource has one alarm, at the earliest time that one of them names; when it rings the first rule
/// with something to do does it, and the write sets the alarm for the others.
/// </summary>
public static class AlarmRules
{
    public static readonly ImmutableArray<AlarmRule> All =
    [
        EscalateLate.Rule,
        ReferralAlarms.Rule,
        CancelReferral.Unconfirmed,
    ];

    public static IEnumerable<AlarmRule> For(string resourceType) => All.Where(r => r.ResourceType == resourceType);

    /// <summary>The earliest time by any of the policies: which one holds is known when it rings.</summary>
    public static DateTimeOffset? NextAt(
        string resourceType,
        ResourceDocument resource,
        ImmutableArray<CarePolicy> policies
    ) => For(resourceType).SelectMany(_ => policies, (rule, policy) => rule.NextAt(resource, policy)).Min();
}
