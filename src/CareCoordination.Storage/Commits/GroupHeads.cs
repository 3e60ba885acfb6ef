using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Commits;

/// <summary>The resources that the commits of one transaction touch, as they are inside it.</summary>
internal sealed class GroupHeads
{
    private readonly Dictionary<ResourceKey, HeadState> _heads = [];
    private readonly IndexSource _source;
    private readonly KeyNumbers _numbers;
    private readonly ResourceMemory _memory;

    /// <param name="holdsMemory">The remembered keys are still those of the database; otherwise they were read with the rest.</param>
    public GroupHeads(
        IndexSource source,
        KeyNumbers numbers,
        ResourceMemory memory,
        GroupKeys keys,
        IEnumerable<FoundHead> found,
        bool holdsMemory
    )
    {
        (_source, _numbers, _memory) = (source, numbers, memory);
        AddRead(keys.WantedKeys, keys.Wanted);
        if (!holdsMemory)
            AddRead(keys.RememberedKeys, keys.Remembered);
        else
            for (var i = 0; i < keys.RememberedKeys.Count; i++)
                AddKnown(keys.RememberedKeys[i], keys.Surrogates[i]);
        foreach (var head in found)
        {
            var place = head.Wanted - keys.Wanted.Count;
            if (place < 0)
                Load(_heads[keys.WantedKeys[head.Wanted]], head, keys.Wanted[head.Wanted].NeedsBody);
            else
                Load(_heads[keys.RememberedKeys[place]], head, keys.Remembered[place].NeedsBody);
        }
    }

    public HeadState this[ResourceKey key] => _heads[key];

    public Dictionary<ResourceKey, HeadState>.ValueCollection All => _heads.Values;

    /// <summary>Those whose state, or whose bytes, are not known here.</summary>
    public List<ResourceKey> Unloaded(IEnumerable<ResourceKey> keys, bool withBody)
    {
        var unloaded = new List<ResourceKey>();
        foreach (var key in keys)
        {
            var isThere = _heads.TryGetValue(key, out var head) && (withBody ? head.HasBody : head.IsLoaded);
            if (!isThere && !unloaded.Contains(key))
                unloaded.Add(key);
        }

        return unloaded;
    }

    /// <summary>Those of which not even the key is known.</summary>
    public List<ResourceKey> Unnamed(IEnumerable<ResourceKey> keys) =>
        [.. keys.Where(key => !_heads.ContainsKey(key)).Distinct()];

    public void AddKnown(ResourceKey key, long surrogate)
    {
        if (_heads.ContainsKey(key))
            return;
        var head = New(key, SurrogateKey.TypeId(surrogate));
        (head.Key, head.IsStored) = (surrogate, true);
    }

    /// <summary>Adds what the database has of the resource; null: nothing.</summary>
    public void Add(ResourceKey key, FoundHead? found, bool withBody)
    {
        if (!_heads.TryGetValue(key, out var head))
            head = New(key, _source.TypeId(key.Type));
        if (found is { } stored)
            Load(head, stored, withBody);
        else
            (head.IsLoaded, head.HasBody) = (true, true);
    }

    /// <summary>The index entries of the stored bytes.</summary>
    public IndexEntries Extract(HeadState head) => _source.ExtractStored(head.ResourceKey, head.Body!);

    /// <summary>
    /// Targets of references that were removed from stored resources: known only once those were read, so their keys have to
    /// be looked up before index rows are made.
    /// </summary>
    public List<ResourceKey> UnknownTargets()
    {
        List<ResourceKey>? unknown = null;
        foreach (var head in _heads.Values)
        {
            if (!head.IsChanged || head.IndexedBody is null)
                continue;
            head.IndexedEntries ??= _source.ExtractStored(head.ResourceKey, head.IndexedBody);
            foreach (var reference in head.IndexedEntries.References)
                AddUnknown(reference.Target, ref unknown);
            foreach (var patient in head.IndexedEntries.Patients)
                AddUnknown(patient, ref unknown);
        }

        return unknown ?? [];
    }

    /// <summary>The key of a resource that a row refers to, which is given one where it has none.</summary>
    public long KeyOf(ResourceKey key)
    {
        var head = _heads[key];
        GiveKey(head);
        head.IsUsed = true;
        return head.Key;
    }

    public short TypeIdOf(string resourceType) => _source.TypeId(resourceType);

    public void GiveKey(HeadState head)
    {
        if (head.Key == 0)
            head.Key = SurrogateKey.Of(head.TypeId, _numbers.Next());
    }

    private void AddRead(List<ResourceKey> keys, List<WantedHead> wanted)
    {
        for (var i = 0; i < keys.Count; i++)
        {
            var head = New(keys[i], wanted[i].TypeId);
            (head.IsLoaded, head.HasBody) = (true, true);
        }
    }

    private HeadState New(ResourceKey key, short typeId)
    {
        var head = new HeadState(key, typeId) { Met = _memory.MetBy(key) };
        _heads.Add(key, head);
        return head;
    }

    private void AddUnknown(ResourceKey key, ref List<ResourceKey>? unknown)
    {
        if (!_heads.ContainsKey(key))
            (unknown ??= []).Add(key);
    }

    private static void Load(HeadState head, FoundHead found, bool withBody)
    {
        head.Key = found.Key;
        head.IsStored = true;
        head.Version = found.Version;
        head.IsDeleted = found.IsDeleted;
        head.LastUpdated = found.LastUpdated;
        head.Sequence = found.Sequence;
        (head.KnownPatient, head.Labels) = (found.Patient, found.Labels);
        head.Change = found.Change;
        head.Body = found.Body;
        head.IndexedBody = found.Body;
        head.MayHaveProjection = head.IsPresent;
        head.IsLoaded = true;
        head.HasBody = withBody;
    }
}
