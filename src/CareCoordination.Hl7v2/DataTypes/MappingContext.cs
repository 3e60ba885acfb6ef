using System.Text.Json.Nodes;
using CareCoordination.Hl7v2.Messages;
using CareCoordination.Hl7v2.Senders;

namespace CareCoordination.Hl7v2.DataTypes;

/// <summary>A message on its way into FHIR: what it says, who sends it, what has been made of it so far.</summary>
internal sealed class MappingContext
{
    private readonly List<SegmentView> _views = [];
    private readonly ILookup<string, SegmentView> _byName;
    private readonly List<(string Url, JsonObject Resource)> _entries = [];
    private readonly HashSet<string> _urls = new(StringComparer.Ordinal);

    public MappingContext(Hl7Message message, SenderProfile sender)
    {
        Message = message;
        Sender = sender;
        _views.AddRange(message.Segments.Select(s => new SegmentView(s)));
        _byName = _views.ToLookup(v => v.Name);
    }

    public Hl7Message Message { get; }

    public SenderProfile Sender { get; }

    public Notes Notes { get; } = new();

    public IReadOnlyList<(string Url, JsonObject Resource)> Entries => _entries;

    /// <summary>All segments, in their order.</summary>
    public IReadOnlyList<SegmentView> Views => _views;

    public IEnumerable<SegmentView> All(string segment) => _byName[segment];

    public SegmentView? First(string segment) => _byName[segment].FirstOrDefault();

    /// <summary>
    /// Adds a resource whose id is made from these names; returns what refers to it. One that is there already, as a doctor who has two parts,
    /// is not added again.
    /// </summary>
    public string Add(
        string type,
        ReadOnlySpan<string> key,
        params ReadOnlySpan<(string Name, JsonNode? Value)> properties
    )
    {
        var id = StableIds.Of([Sender.Id, type, .. key]);
        var url = "urn:uuid:" + id;
        if (!_urls.Add(url))
            return url;
        var resource = new JsonObject { ["resourceType"] = type, ["id"] = id };
        foreach (var (name, value) in properties)
        {
            if (value is not null)
                resource.Add(name, value);
        }

        _entries.Add((url, resource));
        return url;
    }

    /// <summary>Tells of components that say something and are not among those that the mapping of the data type reads.</summary>
    public void Leave(Hl7Value value, params ReadOnlySpan<int> known)
    {
        for (var part = 1; part <= value.Count; part++)
        {
            if (!known.Contains(part) && value[part].HasText)
                Notes.NotMapped(value[part].Place, "This component has no place in the FHIR message.");
        }
    }
}
