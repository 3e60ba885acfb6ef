using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage;
using CareCoordination.Workflow.Lifecycles;

namespace CareCoordination.Server.Interactions;

/// <summary>
/// The step from a stored version to the next one, where the type has a transition table: plain writes change a status only as
/// the commands could. Creating in any status is allowed, because records come from elsewhere as they are.
/// </summary>
/// <param name="Unchanged">Holds as long as the version that was checked is current.</param>
/// <param name="Refusal">Null where the step is legal.</param>
internal sealed record StatusCheck(VersionIs Unchanged, Failure? Refusal)
{
    public static bool AppliesTo(string resourceType) => LifecycleTables.For(resourceType) is not null;

    public static StatusCheck Of(ResourceKey key, StoredResource? current, ResourceDocument next)
    {
        var unchanged = new VersionIs(key, current?.Version ?? 0);
        return
            current is { IsDeleted: false } stored
            && ResourceDocument.Parse(stored.Utf8Json).TryGet(out var before, out _)
            ? new StatusCheck(unchanged, StatusGuard.Check(before, next))
            : new StatusCheck(unchanged, null);
    }
}
