using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Hl7v2.DataTypes;

/// <summary>A segment that remembers which of its fields were read, so that what was not can be told.</summary>
internal sealed class SegmentView(Hl7Segment segment)
{
    private readonly HashSet<int> _read = [];

    public string Name => segment.Name;

    public int Occurrence => segment.Occurrence;

    public Hl7Place Place => segment.Place;

    /// <summary>The first repetition of a field.</summary>
    public Hl7Value this[int field]
    {
        get
        {
            _read.Add(field);
            return segment[field];
        }
    }

    /// <summary>The repetitions of a field that hold something to read.</summary>
    public IEnumerable<Hl7Value> All(int field)
    {
        _read.Add(field);
        return segment.Repetitions(field).Where(r => r.HasText);
    }

    /// <summary>The first repetition; a second one that says something is told of as left out.</summary>
    public Hl7Value Only(int field, Notes notes)
    {
        foreach (var more in segment.Repetitions(field).Where(r => r.HasText && r.Place.Repetition > 1))
            notes.NotMapped(more.Place, "Only the first repetition has a place.");
        return this[field];
    }

    /// <summary>Says that these fields have been dealt with elsewhere, or say nothing of the patient: numbers of sets, separators.</summary>
    public void Skip(params ReadOnlySpan<int> fields)
    {
        foreach (var field in fields)
            _read.Add(field);
    }

    /// <summary>Tells of every field that says something and was not read, and of those that shall be deleted.</summary>
    public void TellOfTheRest(Notes notes)
    {
        for (var field = 1; field <= segment.Count; field++)
        {
            var repetitions = segment.Repetitions(field).ToList();
            var place = segment.Place with { Field = field };
            if (repetitions.Exists(r => r.IsDelete))
                notes.Add(NoteKind.Delete, place, "The sender wants this deleted, which a FHIR message cannot say.");
            if (!_read.Contains(field) && repetitions.Exists(r => r.HasText))
                notes.NotMapped(place, "This field has no place in the FHIR message.");
        }
    }
}
