using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Connectors.Payloads;

/// <summary>The resources that travel with a referral, by what refers to them. A view that does not exist stands for one that stays here.</summary>
internal sealed class Supporting(ImmutableArray<Snapshot> snapshots)
{
    private readonly Dictionary<ResourceKey, ResourceDocument> _documents = snapshots.ToDictionary(
        s => s.Key,
        OutgoingResource.Parse
    );

    public PatientView Patient(ReferenceView reference) =>
        Find(reference, ResourceTypes.Patient) is { } document ? PatientView.From(document) : default;

    public CoverageView Coverage(ReferenceView reference) =>
        Find(reference, ResourceTypes.Coverage) is { } document ? CoverageView.From(document) : default;

    public ConditionView Condition(ReferenceView reference) =>
        Find(reference, ResourceTypes.Condition) is { } document ? ConditionView.From(document) : default;

    /// <summary>The person, directly or by a role.</summary>
    public PractitionerView Practitioner(ReferenceView reference) =>
        Role(reference) is { Exists: true } role ? Practitioner(role.Practitioner)
        : Find(reference, ResourceTypes.Practitioner) is { } document ? PractitionerView.From(document)
        : default;

    /// <summary>The organisation, directly or by a role.</summary>
    public OrganizationView Organization(ReferenceView reference) =>
        Role(reference) is { Exists: true } role ? Organization(role.Organization)
        : Find(reference, ResourceTypes.Organization) is { } document ? OrganizationView.From(document)
        : default;

    private PractitionerRoleView Role(ReferenceView reference) =>
        Find(reference, ResourceTypes.PractitionerRole) is { } document ? PractitionerRoleView.From(document) : default;

    private ResourceDocument? Find(ReferenceView reference, string type) =>
        reference.Key is { } key && key.Type == type ? _documents.GetValueOrDefault(key) : null;
}
