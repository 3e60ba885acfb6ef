using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Commits;

/// <summary>
/// The resources that a group of commits touches: wanted ones, whose state has to be read under the lock, and remembered ones, of
/// which only the key is needed, or the answer to a question to their content, and read only where the memory does not hold any more.
/// </summary>
internal sealed class GroupKeys
{
    private const int InMemory = -1;
    private readonly Dictionary<ResourceKey, int> _places = [];
    private readonly List<long> _remembered = [];
    private readonly IndexSource _source;
    private readonly ResourceMemory _memory;

    public GroupKeys(IndexSource source, ResourceMemory memory, IReadOnlyList<PendingCommit> group)
    {
        (_source, _memory) = (source, memory);
        foreach (var pending in group)
        {
            if (pending.First is not { } commit)
                continue;
            foreach (var change in commit.Changes)
                Want(change.Key, needsBody: true);
            // What is decided again reads what it relied on.
            foreach (var precondition in commit.Preconditions)
            {
                if (KeyOf(precondition) is { } key && (pending.MustDecide || !IsRemembered(precondition)))
                    Want(key, needsBody: pending.MustDecide || precondition is ContentIs);
            }
        }

        foreach (var pending in group)
        {
            foreach (var precondition in pending.First?.Preconditions ?? [])
            {
                if (IsRemembered(precondition))
                    WantRemembered(KeyOf(precondition)!.Value);
            }

            foreach (var change in pending.First?.Changes ?? [])
            {
                foreach (var reference in ReferencesOf(change))
                    WantNumber(reference);
            }
        }
    }

    public List<WantedHead> Wanted { get; } = [];

    public List<ResourceKey> WantedKeys { get; } = [];

    public List<WantedHead> Remembered { get; } = [];

    public List<ResourceKey> RememberedKeys { get; } = [];

    /// <summary>The keys that are remembered, in the order of <see cref="RememberedKeys"/>.</summary>
    public IReadOnlyList<long> Surrogates => _remembered;

    /// <summary>The resource whose state decides whether the precondition holds.</summary>
    public static ResourceKey? KeyOf(Precondition precondition) =>
        precondition switch
        {
            VersionIs version => version.Key,
            VersionIsAny any => any.Key,
            NotPresent absent => absent.Key,
            ContentIs content => content.Key,
            _ => null,
        };

    /// <summary>The resources whose keys the rows of a change hold, beside its own.</summary>
    public static IEnumerable<ResourceKey> ReferencesOf(Change change)
    {
        foreach (var reference in ProjectionWriter.References(Projection(change)))
            yield return reference;
        if (IndexOf(change) is not { } index)
            yield break;
        foreach (var reference in index.References)
            yield return reference.Target;
        foreach (var patient in index.Patients)
            yield return patient;
    }

    private static ProjectionRows? Projection(Change change) =>
        change switch
        {
            PutResource put => put.Projection,
            Project keep => keep.Projection,
            IndexAnew anew => anew.Projection,
            _ => null,
        };

    private static IndexEntries? IndexOf(Change change) =>
        change switch
        {
            PutResource put => put.Index,
            IndexAnew anew => anew.Index,
            _ => null,
        };

    private void Want(ResourceKey key, bool needsBody)
    {
        if (_places.TryGetValue(key, out var place))
        {
            if (needsBody && !Wanted[place].NeedsBody)
                Wanted[place] = Wanted[place] with { NeedsBody = true };
            return;
        }

        _places.Add(key, Wanted.Count);
        Wanted.Add(new WantedHead(_source.TypeId(key.Type), key.Id, needsBody));
        WantedKeys.Add(key);
    }

    /// <summary>Where somebody else has written, the bytes are read to ask them.</summary>
    private void WantRemembered(ResourceKey key)
    {
        if (!_places.TryGetValue(key, out var place))
            Remember(key, needsBody: true);
        else if (place != InMemory)
            Want(key, needsBody: true);
    }

    private bool IsRemembered(Precondition precondition) =>
        precondition is ContentIs content && _memory.MetBy(content.Key) == content.Condition;

    private void WantNumber(ResourceKey key)
    {
        if (_places.ContainsKey(key))
            return;
        if (_memory.TryGet(key, out _))
            Remember(key, needsBody: false);
        else
            Want(key, needsBody: false);
    }

    /// <summary>After all changed ones, so that none of these is wanted later.</summary>
    private void Remember(ResourceKey key, bool needsBody)
    {
        _memory.TryGet(key, out var surrogate);
        _places.Add(key, InMemory);
        Remembered.Add(new WantedHead(_source.TypeId(key.Type), key.Id, needsBody));
        RememberedKeys.Add(key);
        _remembered.Add(surrogate);
    }
}
