using System.Collections.Immutable;

namespace CareCoordination.Hl7v2.Messages;

/// <summary>A message of HL7 v2, read. Everything that came stays in it, also segments and fields that nobody knows.</summary>
public sealed class Hl7Message
{
    private readonly ILookup<string, Hl7Segment> _byName;

    internal Hl7Message(MessageHead head, ImmutableArray<Hl7Segment> segments)
    {
        Head = head;
        Segments = segments;
        _byName = segments.ToLookup(s => s.Name);
    }

    public MessageHead Head { get; }

    public ImmutableArray<Hl7Segment> Segments { get; }

    public IEnumerable<Hl7Segment> All(string name) => _byName[name];

    public Hl7Segment? First(string name) => _byName[name].FirstOrDefault();

    /// <summary>The value at a place, as <c>PID-3(2).4.1</c>; an empty one where there is nothing.</summary>
    public Hl7Value this[string place] => this[Hl7Place.Parse(place)];

    public Hl7Value this[Hl7Place place]
    {
        get
        {
            if (_byName[place.Segment].ElementAtOrDefault(place.Occurrence - 1) is not { } segment || place.Field == 0)
                return default;
            var value = segment.Repetition(place.Field, Math.Max(1, place.Repetition));
            if (place.Component > 0)
                value = value[place.Component];
            return place.Subcomponent > 0 ? value[place.Subcomponent] : value;
        }
    }

    /// <summary>The message as it came but for its ends of lines, which are what the standard asks for.</summary>
    public override string ToString() => string.Concat(Segments.Select(s => s.Raw + "\r"));
}
