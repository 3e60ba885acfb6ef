using System.Collections.Frozen;
using System.Collections.Immutable;

namespace CareCoordination.Workflow.Lifecycles;

/// <summary>The tables of all resource types whose status is guarded.</summary>
public static class LifecycleTables
{
    public static readonly ImmutableArray<Lifecycle> All =
    [
        CarePlanLifecycle.Table,
        GoalLifecycle.Table,
        TaskLifecycle.Table,
        ServiceRequestLifecycle.Table,
        RequestGroupLifecycle.Table,
        EpisodeOfCareLifecycle.Table,
        CareTeamLifecycle.Table,
        CommunicationLifecycle.Table,
        AppointmentLifecycle.Table,
    ];

    private static readonly FrozenDictionary<string, Lifecycle> ByType = All.ToFrozenDictionary(t => t.ResourceType);

    /// <summary>The table of a resource type; null where its status is not guarded.</summary>
    public static Lifecycle? For(string resourceType) => ByType.GetValueOrDefault(resourceType);
}
