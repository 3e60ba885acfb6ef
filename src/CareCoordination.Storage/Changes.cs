using System.Collections.Immutable;

namespace CareCoordination.Storage;

/// <summary>Versions in the order they happened, for whoever keeps a copy of what is stored.</summary>
/// <param name="After">Only changes behind this sequence.</param>
/// <param name="Count">At most so many; fewer where they are large.</param>
public sealed record ChangesQuery(long After, int Count);

/// <summary>A version, and what tells who may see it.</summary>
/// <param name="Labels">Bits of <c>IndexEntries.Labels</c>; all of them where it was written before they were kept.</param>
/// <param name="Patients">The ids of all patients whom it is about; of a deletion those whom the version before was about.</param>
public sealed record StoredChange(StoredResource Resource, long Labels, ImmutableArray<string> Patients);

/// <param name="Changes">Deletions included, the oldest first.</param>
/// <param name="Last">The sequence of the last change that is committed: less than what was asked for where the database went back.</param>
public sealed record ChangesPage(ImmutableArray<StoredChange> Changes, long Last);
