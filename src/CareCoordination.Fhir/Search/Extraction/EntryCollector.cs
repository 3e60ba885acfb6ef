using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.FhirPath.Evaluation;
using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Search.Extraction;

/// <summary>
/// Gathers the entries of one resource, no more than there is room for, and holds what its extraction needs in passing. One
/// thread uses it at a time.
/// </summary>
internal sealed class EntryCollector
{
    private EntryCollector? _first;
    private EntryCollector? _second;
    private EntryCount? _count;
    private ContainedResources? _contained;
    private JsonValue _lastReference;
    private ResourceKey _lastKey;
    private int _room = int.MaxValue;

    public IndexEntries Entries { get; private set; } = new();

    /// <summary>For expressions that are no paths; kept because a warm context evaluates without allocation.</summary>
    public EvaluationContext Context { get; } = new(new WorkBudget(WorkLimits.None));

    public FhirPathCollection Found { get; } = new();

    /// <summary>The parameter whose entries are added.</summary>
    public int Parameter { get; set; }

    /// <summary>The parameter whose value is the status; 0: none.</summary>
    public int Status { get; set; }

    /// <summary>There was an entry that found no room: what was gathered is not all.</summary>
    public bool IsFull { get; private set; }

    public ulong Presence
    {
        get => Entries.Presence;
        set => Entries.Presence = value;
    }

    /// <param name="room">How many entries there may be.</param>
    /// <param name="count">
    /// Where given, an entry that repeats another takes no room, and entries are counted by parameter. Without it repetitions
    /// take room too, which is quicker and seldom matters.
    /// </param>
    public void Start(int room, EntryCount? count)
    {
        Clear();
        (_room, _count, IsFull) = (room, count, false);
    }

    public void Add(TokenEntry entry)
    {
        if (Parameter == Status && Status != 0)
            Entries.Status = entry.Code.Key;
        if (HasRoom(entry))
            Entries.Tokens.Add(entry);
    }

    public void Add(StringEntry entry)
    {
        if (HasRoom(entry))
            Entries.Strings.Add(entry);
    }

    public void Add(DateEntry entry)
    {
        if (HasRoom(entry))
            Entries.Dates.Add(entry);
    }

    public void Add(NumberEntry entry)
    {
        if (HasRoom(entry))
            Entries.Numbers.Add(entry);
    }

    public void Add(QuantityEntry entry)
    {
        if (HasRoom(entry))
            Entries.Quantities.Add(entry);
    }

    public void Add(ReferenceEntry entry)
    {
        if (HasRoom(entry))
            Entries.References.Add(entry);
    }

    public void Add(UriEntry entry)
    {
        if (HasRoom(entry))
            Entries.Uris.Add(entry);
    }

    public void Add(CompositeEntry entry)
    {
        if (HasRoom(entry))
            Entries.Composites.Add(entry);
    }

    public void AddPatient(ResourceKey patient)
    {
        if (HasRoom(patient))
            Entries.Patients.Add(patient);
    }

    /// <summary>True where this many more may come; else it is full.</summary>
    public bool HasRoomFor(long entries)
    {
        if (entries <= _room)
            return true;
        _count?.Add(Parameter, entries);
        IsFull = true;
        return false;
    }

    /// <summary>Where the two parts of a composite are gathered before they are joined.</summary>
    public (EntryCollector First, EntryCollector Second) Parts
    {
        get
        {
            _first ??= new EntryCollector();
            _second ??= new EntryCollector();
            _first.Start(_room, _count is null ? null : new EntryCount());
            _second.Start(_room, _count is null ? null : new EntryCount());
            return (_first, _second);
        }
    }

    /// <summary>The types of the resources that the document contains, by their ids.</summary>
    public ContainedResources Contained(ResourceDocument document) =>
        _contained?.Document == document ? _contained : _contained = new ContainedResources(document);

    /// <summary>What references lead to, where that is what is looked for.</summary>
    public List<IncludeTarget> Targets { get; } = [];

    /// <summary>The resources that are part of the document and that a parameter leads to: what chains ask of them is indexed too.</summary>
    public List<Part> Within { get; } = [];

    /// <summary>Of a part only what it has itself is indexed, a chain goes on from it to what is no part.</summary>
    public bool IsWithin { get; set; }

    public void AddPart(int parameter, JsonValue resource, TypeDefinition type)
    {
        var part = new Part(parameter, resource, type);
        if (!IsWithin && !IsFull && !Within.Contains(part))
            Within.Add(part);
    }

    /// <summary>Hands over what was gathered.</summary>
    public IndexEntries Take()
    {
        var entries = Entries;
        Entries = new IndexEntries();
        Clear();
        _contained = null;
        // It waits in its thread for the next resource, and must not hold on to this one.
        Found.Clear();
        Context.Focus = default;
        return entries;
    }

    /// <summary>Several parameters read the same Reference one after the other; its key is made once.</summary>
    public bool TryGetKey(JsonValue reference, out ResourceKey key)
    {
        key = _lastKey;
        return _lastReference == reference;
    }

    public void KeepKey(JsonValue reference, ResourceKey key) => (_lastReference, _lastKey) = (reference, key);

    private bool HasRoom<T>(T entry)
        where T : struct, IEquatable<T>
    {
        if (_count is not null && !_count.IsNew(Parameter, entry))
            return false;
        if (_room == 0 || _count is { IsTired: true })
        {
            IsFull = true;
            return false;
        }

        _room--;
        return true;
    }

    private void Clear()
    {
        Entries.Clear();
        Within.Clear();
        Targets.Clear();
        _lastReference = default;
        _lastKey = default;
    }
}

/// <summary>A resource within another one, and the parameter that leads to it.</summary>
internal readonly record struct Part(int Parameter, JsonValue Resource, TypeDefinition Type);
