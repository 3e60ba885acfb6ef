using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Storage.Commits;

/// <summary>Surrogate keys of resources, which never change once they are stored. Used by the committer alone.</summary>
internal sealed class KeyCache
{
    private const int MaxKeys = 100_000;
    private readonly Dictionary<ResourceKey, long> _keys = [];

    public bool TryGet(ResourceKey key, out long surrogate) => _keys.TryGetValue(key, out surrogate);

    public void Remember(ResourceKey key, long surrogate)
    {
        // Starting over is cheaper than keeping an order of use, and the next commits fill it with what they use.
        if (_keys.Count >= MaxKeys)
            _keys.Clear();
        _keys.TryAdd(key, surrogate);
    }
}
