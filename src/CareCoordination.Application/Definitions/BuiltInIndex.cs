using System.Collections.Concurrent;
using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Indexing;

namespace CareCoordination.Application.Definitions;

/// <summary>
/// The built-in resources as searches find them: each is written and indexed once for each address by which clients know this server,
/// because its canonical names that address.
/// </summary>
internal sealed class BuiltInIndex(IndexExtractor extractor)
{
    /// <summary>A server has few addresses; where a client makes many up, what is kept of them begins anew.</summary>
    private const int MaxKept = 64;

    private readonly ConcurrentDictionary<(string Type, string BaseUrl), ImmutableArray<Entry>> _kept = new();

    /// <summary>Those of a type, in the order of their ids.</summary>
    public ImmutableArray<Entry> Of(BuiltIns all, string type, string baseUrl)
    {
        if (_kept.TryGetValue((type, baseUrl), out var entries))
            return entries;
        if (_kept.Count >= MaxKept)
            _kept.Clear();
        return _kept.GetOrAdd((type, baseUrl), _ => [.. all.Of(type).Select(own => Index(own, baseUrl))]);
    }

    private Entry Index(BuiltIn own, string baseUrl)
    {
        var bytes = own.Write(baseUrl);
        return new Entry(own.Key, bytes, extractor.ExtractAll(own.Key, ResourceDocument.Parse(bytes).Value));
    }

    /// <summary>A built-in resource, and what searches find it by.</summary>
    public readonly record struct Entry(ResourceKey Key, byte[] Utf8Json, IndexEntries Index);
}
