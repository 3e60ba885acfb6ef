using System.Collections.Immutable;
using CareCoordination.Access.Scopes;
using CareCoordination.Application.Access;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;

namespace CareCoordination.Application.Exports;

/// <summary>Whom an export is about, by what whoever asked may see now: asked when it begins, and in each of its steps.</summary>
internal sealed class ExportScopes(ReadGate gate, TimeProvider time)
{
    /// <summary>The Group as it is; or that it is not there, or not to be seen.</summary>
    public async Task<Result<StoredResource>> GroupAsync(
        ResourceKey group,
        AccessRights rights,
        CancellationToken cancellationToken
    ) =>
        await SeenAsync(group, rights, cancellationToken) is { IsDeleted: false } found
            ? found
            : Failure.NotFound($"There is no {group} that you may see, or it was deleted.");

    /// <summary>Those whose data is exported and nobody else's; null: whoever it is about.</summary>
    public async Task<Result<Cohort>> PatientsAsync(
        ExportPlan plan,
        AccessRights rights,
        CancellationToken cancellationToken
    )
    {
        ImmutableArray<ResourceKey>? members = null;
        if (plan.Group is { } id)
        {
            var key = new ResourceKey(ResourceTypes.Group, id);
            if (!(await GroupAsync(key, rights, cancellationToken)).TryGet(out _, out var gone))
                return gone;
            // Who they were when the export was asked for.
            if (await gate.ReadVersionAsync(key, plan.GroupVersion, cancellationToken) is not { } version)
                return Failure.NotFound($"There is no version {plan.GroupVersion} of {key} any more.");
            members = Members(version, plan.TransactionTime);
        }

        if (plan.Request.Patients.IsEmpty)
            return new Cohort(members);
        var patients = plan.Request.Patients.Select(KeyOf).ToImmutableArray();
        foreach (var patient in patients)
        {
            if (members is { } known && !known.Contains(patient))
                return Failure.NotFound($"{patient} is no member of Group/{plan.Group}.");
            if (await SeenAsync(patient, rights, cancellationToken) is not { IsDeleted: false })
                return Failure.NotFound($"There is no {patient} whom you may see.");
        }

        return new Cohort(patients);
    }

    private Task<StoredResource?> SeenAsync(
        ResourceKey key,
        AccessRights rights,
        CancellationToken cancellationToken
    ) =>
        rights.Visible(ScopeRights.Search)?.At(time.GetUtcNow()) is { } visible
            ? gate.ReadAsync(key, visible, cancellationToken)
            : gate.ReadAsync(key, cancellationToken);

    /// <summary>Patients who are members then. Members that are groups themselves are not looked into.</summary>
    private static ImmutableArray<ResourceKey> Members(StoredResource group, DateTimeOffset at) =>
        [
            .. GroupView
                .From(ResourceDocument.Parse(group.Utf8Json).Value)
                .Member.Where(member =>
                    member.Inactive != true && !(member.Period.End is { } end && end.ToRange().End <= at.UtcTicks)
                )
                .Select(member => member.Entity.Reference)
                .Where(reference => reference is not null && IsPatient(reference))
                .Select(reference => KeyOf(reference!))
                .Distinct(),
        ];

    private static bool IsPatient(string reference) =>
        reference.Split('/') is [ResourceTypes.Patient, var id] && FhirId.IsValid(id);

    private static ResourceKey KeyOf(string reference) => new(ResourceTypes.Patient, reference.Split('/')[1]);
}

/// <param name="Patients">Null: whoever it is about.</param>
internal readonly record struct Cohort(ImmutableArray<ResourceKey>? Patients);
