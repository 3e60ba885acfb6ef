using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Access.Relations;

/// <summary>That a party has to do with somebody, from <paramref name="Start"/> until before <paramref name="End"/>.</summary>
/// <param name="Of">A patient, or whom the party acts as; null where a resource names the party and is about nobody.</param>
public sealed record Relation(
    ResourceKey Party,
    RelationKind Kind,
    ResourceKey? Of,
    DateTimeOffset Start,
    DateTimeOffset End
);
