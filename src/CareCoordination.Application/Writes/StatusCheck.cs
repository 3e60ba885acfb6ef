using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Workflow.Lifecycles;

namespace CareCoordination.Application.Writes;

/// <summary>
/// Types whose status has a transition table: plain writes change it only as the commands could, so that the version that is
/// replaced has to be read first, and to be current still when the new one is stored. Creating in any status is allowed, because
/// records come from elsewhere as they are.
/// </summary>
public static class StatusCheck
{
    public static bool AppliesTo(string resourceType) => LifecycleTables.For(resourceType) is not null;

    /// <summary>
    /// True where an update has to know what it replaces: besides those with a table Observations, which may have been readings of another
    /// goal or of another patient.
    /// </summary>
    public static bool AppliesToUpdateOf(string resourceType) =>
        AppliesTo(resourceType) || resourceType is ResourceTypes.Observation;

    /// <summary>True where something may follow from a deletion, so that what is deleted has to be read first.</summary>
    public static bool AppliesToDeletionOf(string resourceType) =>
        AppliesTo(resourceType)
        || resourceType
            is ResourceTypes.Consent
                or ResourceTypes.Encounter
                or ResourceTypes.Observation
                or ResourceTypes.Patient
                or ResourceTypes.Procedure;

    /// <summary>Holds as long as what was read is current.</summary>
    public static VersionIs Unchanged(ResourceKey key, StoredResource? current) => new(key, current?.Version ?? 0);
}
