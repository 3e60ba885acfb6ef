using System.Collections.Immutable;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Application.Writes;

/// <summary>
/// What follows from a stay in hospital that clients write themselves, as an Encounter or as a document; null where nothing can.
/// </summary>
public delegate Task<Followed?> FollowStay(
    PlannedChange told,
    WrittenTogether together,
    DateTimeOffset now,
    CancellationToken cancellationToken
);

/// <summary>What is written besides what a client writes, in the same commit.</summary>
public sealed record Followed(Decision Decision)
{
    /// <summary>Patients who have died by what is told.</summary>
    public ImmutableArray<PatientDeath> Deaths { get; init; } = [];

    /// <summary>False where nothing that somebody else writes meanwhile could change it.</summary>
    public bool RestsOnAll { get; init; } = true;

    /// <summary>Why something does not follow that might have been expected; for the answer.</summary>
    public ImmutableArray<Issue> Notes { get; init; } = [];
}

/// <summary>What the caller should know of a resource that is written.</summary>
public readonly record struct WriteNote(ResourceKey About, Issue Issue);

/// <summary>A commit, and what the caller should know of what did not follow.</summary>
public sealed record CompletedWrites(Commit Commit, ImmutableArray<WriteNote> Notes);

/// <param name="At">The time of it, as far as it is told.</param>
public readonly record struct PatientDeath(ResourceKey Patient, FhirDateTime? At)
{
    /// <summary>As if somebody had written it into the record.</summary>
    public PlannedChange Of(StoredResource current) =>
        new(
            Patient,
            new IncomingResource(
                Patient.Type,
                Patient.Id,
                LivingPatient.Died(ResourceDocument.Parse(current.Utf8Json).Value, At),
                []
            ),
            current
        );
}

/// <summary>What one commit writes: what is told with something is read there, and not from what is stored.</summary>
public sealed class WrittenTogether(ImmutableArray<PlannedChange> changes)
{
    /// <summary>As it is written together; else as it is stored. Null where it is nowhere.</summary>
    public async Task<Snapshot?> ReadAsync(string reference, CareReads reads, CancellationToken cancellationToken)
    {
        foreach (var change in changes)
        {
            if (change.Key.ToString() == reference)
                return change.Resource is { } written
                    ? new Snapshot(change.Key, change.Current?.Version ?? 0, written.Document.Utf8)
                    : null;
        }

        return await reads.ReadAsync(reference, cancellationToken);
    }
}
