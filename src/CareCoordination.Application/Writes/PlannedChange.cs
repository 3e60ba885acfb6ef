using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage;

namespace CareCoordination.Application.Writes;

/// <summary>One change that a client asks for itself.</summary>
/// <param name="Resource">What is to be stored; null for a deletion.</param>
/// <param name="Current">
/// What was read, where the status is guarded: the commit has to rely on its version. Null where there never was one.
/// </param>
public sealed record PlannedChange(ResourceKey Key, IncomingResource? Resource, StoredResource? Current = null)
{
    /// <summary>This server gives the id: nothing that is stored can be about the resource.</summary>
    public bool IsNew { get; init; }

    /// <summary>The entry of a transaction that asks for it; null: the interaction as a whole does.</summary>
    public FhirInteraction? Asked { get; init; }

    /// <summary>Which entry that is, from 1.</summary>
    public int Entry { get; init; }

    /// <summary>Turns a refusal into one that names the entry of the Bundle that asks for the change.</summary>
    public Func<Failure, Failure> Locate { get; init; } = failure => failure;
}
