using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Engines;

namespace CareCoordination.Storage.Commits;

/// <summary>
/// The resources that a group of commits touches: wanted ones, whose state has to be read under the lock, and known ones, of
/// which only the key is needed and remembered.
/// </summary>
internal sealed class GroupKeys
{
    private readonly Dictionary<ResourceKey, int> _places = [];
    private readonly Dictionary<ResourceKey, long> _known = [];
    private readonly IndexSource _source;
    private readonly KeyCache _cache;

    public GroupKeys(IndexSource source, KeyCache cache, IReadOnlyList<PendingCommit> group)
    {
        (_source, _cache) = (source, cache);
        foreach (var pending in group)
        {
            if (pending.First is not { } commit)
                continue;
            foreach (var change in commit.Changes)
                Want(change.Key, needsBody: true);
            // What is decided again reads what it relied on.
            foreach (var precondition in commit.Preconditions)
            {
                if (KeyOf(precondition) is { } key)
                    Want(key, needsBody: pending.MustDecide);
            }
        }

        foreach (var pending in group)
        {
            foreach (var change in pending.First?.Changes ?? [])
            {
                foreach (var reference in ReferencesOf(change))
                    WantNumber(reference);
            }
        }
    }

    public List<WantedHead> Wanted { get; } = [];

    public List<ResourceKey> WantedKeys { get; } = [];

    public IEnumerable<KeyValuePair<ResourceKey, long>> Known => _known;

    /// <summary>The resource whose state decides whether the precondition holds.</summary>
    public static ResourceKey? KeyOf(Precondition precondition) =>
        precondition switch
        {
            VersionIs version => version.Key,
            VersionIsAny any => any.Key,
            NotPresent absent => absent.Key,
            _ => null,
        };

    /// <summary>The resources whose keys the rows of a change hold, beside its own.</summary>
    public static IEnumerable<ResourceKey> ReferencesOf(Change change)
    {
        foreach (var reference in KeptRowWriter.References(Kept(change)))
            yield return reference;
        if (change is not PutResource { Index: var index })
            yield break;
        foreach (var reference in index.References)
            yield return reference.Target;
        foreach (var patient in index.Patients)
            yield return patient;
    }

    private static KeptRows? Kept(Change change) =>
        change switch
        {
            PutResource put => put.Kept,
            KeepRows keep => keep.Kept,
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

    private void WantNumber(ResourceKey key)
    {
        if (_places.ContainsKey(key) || _known.ContainsKey(key))
            return;
        if (_cache.TryGet(key, out var number))
            _known.Add(key, number);
        else
            Want(key, needsBody: false);
    }
}
