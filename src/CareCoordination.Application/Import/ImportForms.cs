using System.Collections.Concurrent;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;

namespace CareCoordination.Application.Import;

/// <summary>
/// What the files of one run call by the same name, where nothing says which server they are of: two forms of <c>Patient/1</c> in two files may
/// be two people, and are not made versions of one.
/// </summary>
internal sealed class ImportForms
{
    /// <summary>So many are remembered, that memory stays flat; of exports that are larger the server is to be named.</summary>
    private const int MaxKept = 500_000;

    private readonly ConcurrentDictionary<HashKey, (string File, HashKey Content)> _seen = new();
    private int _kept;

    /// <summary>The file that has the resource in another form; null where none was seen.</summary>
    public string? OtherFile(string file, ResourceKey key, ReadOnlySpan<byte> json)
    {
        var name = StableHash.Of(key.ToString(), 0);
        var content = StableHash.Of(json, 0);
        // Several workers may come with one name at once: only one of them is the first.
        var known = Volatile.Read(ref _kept) < MaxKept ? Remember(name, (file, content)) : Find(name);
        return known is { } other && other.File != file && other.Content != content ? other.File : null;
    }

    /// <summary>What was remembered of the name before; null where this is the first.</summary>
    private (string File, HashKey Content)? Remember(HashKey name, (string File, HashKey Content) form)
    {
        if (_seen.TryAdd(name, form))
        {
            Interlocked.Increment(ref _kept);
            return null;
        }

        return _seen[name];
    }

    private (string File, HashKey Content)? Find(HashKey name) => _seen.TryGetValue(name, out var known) ? known : null;
}
