using System.Text.Json.Nodes;

namespace CareCoordination.SampleData;

/// <summary>
/// One patient while the record grows: who it is about, who cares, what has been written so far. The chapters
/// (<see cref="Demographics"/>, <see cref="ClinicalHistory"/>, <see cref="CarePlanning"/>, <see cref="Referrals"/>,
/// <see cref="Coordination"/>) add to it in turn.
/// </summary>
internal sealed class PatientRecord
{
    private readonly ReferenceStyle _style;
    private readonly List<JsonObject> _resources = new(40);

    public PatientRecord(SampleOptions options, CareNetwork network, int index, ReferenceStyle style)
    {
        _style = style;
        Random = new SampleRandom(options.Seed, (ulong)index);
        AsOf = options.AsOf;
        Network = network;
        Index = index;
        Site = network.Sites[index % network.Sites.Count];
        Programmes = [.. PickProgrammes()];
        Demographics.Write(this);
        ClinicalHistory.Write(this);
        CarePlanning.Write(this);
        Referrals.Write(this);
        Coordination.Write(this);
    }

    public SampleRandom Random { get; }

    public DateOnly AsOf { get; }

    public CareNetwork Network { get; }

    public int Index { get; }

    public Site Site { get; }

    public IReadOnlyList<Programme> Programmes { get; }

    public IReadOnlyList<JsonObject> Resources => _resources;

    public JsonObject Patient => _resources[0];

    /// <summary>The id of the condition of each programme, in the order of <see cref="Programmes"/>.</summary>
    public List<string> Conditions { get; } = [];

    /// <summary>Adds a resource and gives it an id.</summary>
    public string Add(string type, JsonObject content)
    {
        var id = Random.Uuid();
        content.Insert(0, "resourceType", type);
        content.Insert(1, "id", id);
        _resources.Add(content);
        return id;
    }

    /// <summary>A reference to a resource of this record.</summary>
    public JsonObject To(string type, string id) =>
        new() { ["reference"] = _style == ReferenceStyle.Transaction ? $"urn:uuid:{id}" : $"{type}/{id}" };

    /// <summary>A reference to someone whom many records share.</summary>
    public JsonObject To(Party party) =>
        new()
        {
            ["reference"] =
                _style == ReferenceStyle.Transaction
                    ? $"{party.Type}?identifier={party.IdentifierSystem}|{party.Identifier}"
                    : $"{party.Type}/{party.Id}",
            ["display"] = party.Name,
        };

    public JsonObject ToPatient() => To("Patient", (string)Patient["id"]!);

    private IEnumerable<Programme> PickProgrammes()
    {
        var first = Random.Below(SampleData.Programmes.All.Count);
        var count =
            Random.Chance(55) ? 1
            : Random.Chance(70) ? 2
            : 3;
        return Enumerable
            .Range(0, count)
            .Select(i => SampleData.Programmes.All[(first + (i * 2)) % SampleData.Programmes.All.Count]);
    }
}
