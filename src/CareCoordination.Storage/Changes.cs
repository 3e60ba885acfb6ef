using System.Collections.Frozen;
using System.Collections.Immutable;

namespace CareCoordination.Storage;

/// <summary>Versions in the order they happened, for whoever keeps a copy of what is stored.</summary>
/// <param name="After">Only changes behind this sequence.</param>
/// <param name="Count">At most so many; fewer where they are large.</param>
public sealed record ChangesQuery(long After, int Count);

/// <param name="Changes">Deletions included, the oldest first.</param>
/// <param name="Last">The sequence of the last change that is committed: less than what was asked for where the database went back.</param>
public sealed record ChangesPage(ImmutableArray<StoredResource> Changes, long Last)
{
    /// <summary>The labels of those versions that have some, by their sequence: bits of <c>IndexEntries.Labels</c>.</summary>
    public FrozenDictionary<long, long> Labels { get; init; } = FrozenDictionary<long, long>.Empty;
}
