using System.Collections.Immutable;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Application.Writes;

/// <summary>A resource as a commit writes it.</summary>
/// <param name="Version">The version it replaces; 0 where there never was one.</param>
/// <param name="Before">What it replaces, where that was read.</param>
/// <param name="After">Null where the commit deletes it.</param>
public sealed record WrittenVersion(ResourceKey Key, int Version, ResourceDocument? Before, ResourceDocument? After)
{
    /// <summary>Its id was never anybody's: nothing that is stored can name it.</summary>
    public bool IsNew { get; init; }

    /// <summary>What it was and what it will be.</summary>
    public IEnumerable<ResourceDocument> Documents => new[] { Before, After }.OfType<ResourceDocument>();

    public static WrittenVersion Of(ResourceWrite write) =>
        new(write.Key, write.DecidedFrom, null, ResourceDocument.Parse(write.Utf8Json).Value);
}

/// <summary>Reads what will be once a commit is stored: what it writes, over what is stored.</summary>
public sealed class WrittenVersions(CareReads reads, ImmutableArray<WrittenVersion> written)
{
    private readonly ImmutableDictionary<ResourceKey, WrittenVersion> _written = written
        .GroupBy(w => w.Key)
        .ToImmutableDictionary(w => w.Key, w => w.Last());

    public IEnumerable<WrittenVersion> All => _written.Values;

    /// <param name="matches">What the query asks for, of what the commit writes.</param>
    /// <param name="most">The first of what is stored; null: all.</param>
    public async Task<ImmutableArray<Snapshot>> SearchAsync(
        string type,
        string query,
        Func<ResourceDocument, bool> matches,
        CancellationToken cancellationToken,
        int? most = null
    ) =>
        Over(
            most is { } count
                ? await reads.FirstAsync(type, query, count, cancellationToken)
                : await reads.SearchAsync(type, query, cancellationToken),
            type,
            matches
        );

    /// <summary>The tasks that are part of these, directly or not.</summary>
    public async Task<ImmutableArray<Snapshot>> PartsOfAsync(
        string type,
        IEnumerable<Snapshot> tasks,
        Func<ResourceDocument, bool> matches,
        CancellationToken cancellationToken
    ) => Over(await reads.PartsOfAsync(tasks, cancellationToken), type, matches);

    public async Task<ImmutableArray<Snapshot>> ReadAllAsync(
        IEnumerable<string> references,
        CancellationToken cancellationToken
    )
    {
        var asked = references.ToHashSet(StringComparer.Ordinal);
        var here = _written.Values.Where(w => asked.Contains(w.Key.ToString())).ToArray();
        var stored = await reads.ReadAllAsync(
            asked.Except(here.Select(w => w.Key.ToString()), StringComparer.Ordinal),
            cancellationToken
        );
        return [.. stored, .. here.Where(w => w.After is not null).Select(Snapshot)];
    }

    private ImmutableArray<Snapshot> Over(
        ImmutableArray<Snapshot> stored,
        string type,
        Func<ResourceDocument, bool> matches
    ) =>
        [
            .. stored.Where(s => !_written.ContainsKey(s.Key)),
            .. _written
                .Values.Where(w => w.Key.Type == type && w.After is { } after && matches(after))
                .Select(Snapshot),
        ];

    private static Snapshot Snapshot(WrittenVersion written) => new(written.Key, written.Version, written.After!.Utf8);
}
