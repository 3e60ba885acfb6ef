using System.Text.Json.Nodes;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Validation;
using CareCoordination.Hl7v2.DataTypes;
using CareCoordination.Hl7v2.Mapping;
using CareCoordination.Hl7v2.Messages;
using CareCoordination.Hl7v2.Senders;
using CareCoordination.Hl7v2.Tests.Messages;

namespace CareCoordination.Hl7v2.Tests.Mapping;

/// <summary>An admission as the tests change it: fields by their places, segments behind it.</summary>
internal sealed class Adt
{
    private readonly Dictionary<string, SortedDictionary<int, string>> _segments = new(StringComparer.Ordinal)
    {
        ["MSH"] = new()
        {
            [2] = "^~\\&",
            [3] = "EPICADT",
            [4] = "NORTH",
            [7] = "20260302081512",
            [9] = "ADT^A01^ADT_A01",
            [10] = "1",
            [11] = "P",
            [12] = "2.5.1",
        },
        ["EVN"] = new() { [2] = "20260302081512" },
        ["PID"] = new() { [3] = "700001^^^NMRN^MR", [5] = "Abbot^Lena" },
        ["PV1"] = new() { [2] = "I", [19] = "8800001^^^NCSN^VN" },
    };

    private readonly List<string> _more = [];

    public Adt(string trigger = "A01") => _segments["MSH"][9] = $"ADT^{trigger}";

    /// <summary>Puts a value at a field, as <c>PID-3</c>; a segment that is not there yet stands behind the others.</summary>
    public Adt With(string place, string value)
    {
        var parsed = Hl7Place.Parse(place);
        if (!_segments.TryGetValue(parsed.Segment, out var fields))
            _segments[parsed.Segment] = fields = [];
        fields[parsed.Field] = value;
        return this;
    }

    public Adt Without(string segment)
    {
        _segments.Remove(segment);
        return this;
    }

    public Adt And(params string[] segments)
    {
        _more.AddRange(segments);
        return this;
    }

    public override string ToString() => string.Concat(_segments.Select(Line).Concat(_more).Select(l => l + "\r"));

    public AdtMapping Map(SenderProfile? sender = null) =>
        AdtMapper.Map(Text.Message(ToString()), sender ?? Samples.Sender("north"));

    /// <summary>The faults as text.</summary>
    public string[] Faults()
    {
        var mapping = Map();
        Assert.Null(mapping.Bundle);
        return [.. mapping.Faults.Select(f => $"{(int)f.Code} {f.Place}")];
    }

    public Hl7Note[] Notes(SenderProfile? sender = null) => [.. Map(sender).Notes];

    /// <summary>The one resource of a type, in a message that is valid FHIR.</summary>
    public JsonObject Resource(string type, SenderProfile? sender = null) => Assert.Single(Resources(type, sender));

    public List<JsonObject> Resources(string type, SenderProfile? sender = null)
    {
        var mapping = Map(sender);
        Assert.Empty(mapping.Faults);
        Assert.Empty(
            new Validator(R4Definitions.Schema)
                .Validate(ResourceDocument.Parse(mapping.Bundle).Value)
                .Where(i => i.IsError)
                .Select(i => $"{i.Expression}: {i.Diagnostics}")
        );
        return
        [
            .. JsonNode.Parse(mapping.Bundle!)!["entry"]!
                .AsArray()
                .Select(e => e!["resource"]!.AsObject())
                .Where(r => (string?)r["resourceType"] == type),
        ];
    }

    private static string Line(KeyValuePair<string, SortedDictionary<int, string>> segment)
    {
        var first = segment.Key == "MSH" ? 2 : 1;
        var fields = Enumerable
            .Range(first, segment.Value.Keys.Max() - first + 1)
            .Select(n => segment.Value.GetValueOrDefault(n, ""));
        return segment.Key + "|" + string.Join('|', fields);
    }
}
