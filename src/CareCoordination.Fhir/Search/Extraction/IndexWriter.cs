using CareCoordination.Fhir.FhirPath;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Fhir.Search.Extraction;

/// <summary>Gathers the entries of one resource, and holds what its extraction needs in passing. One thread uses it at a time.</summary>
internal sealed class IndexWriter
{
    private IndexWriter? _first;
    private IndexWriter? _second;
    private JsonValue _lastReference;
    private ResourceKey _lastKey;

    public IndexEntries Entries { get; private set; } = new();

    /// <summary>For expressions that are no paths; kept because a warm context evaluates without allocation.</summary>
    public EvaluationContext Context { get; } = new();

    public FhirPathCollection Found { get; } = new();

    public ulong Presence
    {
        get => Entries.Presence;
        set => Entries.Presence = value;
    }

    /// <summary>Where the two parts of a composite are gathered before they are joined.</summary>
    public (IndexWriter First, IndexWriter Second) Parts
    {
        get
        {
            _first ??= new IndexWriter();
            _second ??= new IndexWriter();
            _first.Clear();
            _second.Clear();
            return (_first, _second);
        }
    }

    /// <summary>Hands over what was gathered and starts anew.</summary>
    public IndexEntries Take()
    {
        var entries = Entries;
        Entries = new IndexEntries();
        _lastReference = default;
        _lastKey = default;
        return entries;
    }

    /// <summary>Several parameters read the same Reference one after the other; its key is made once.</summary>
    public bool TryGetKey(JsonValue reference, out ResourceKey key)
    {
        key = _lastKey;
        return _lastReference == reference;
    }

    public void KeepKey(JsonValue reference, ResourceKey key) => (_lastReference, _lastKey) = (reference, key);

    private void Clear()
    {
        Entries.Presence = 0;
        Entries.Tokens.Clear();
        Entries.Strings.Clear();
        Entries.Dates.Clear();
        Entries.Numbers.Clear();
        Entries.Quantities.Clear();
        Entries.References.Clear();
        Entries.Uris.Clear();
        _lastReference = default;
    }
}
