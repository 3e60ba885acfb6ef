namespace CareCoordination.Hl7v2.Messages;

/// <summary>A line of a message.</summary>
public sealed class Hl7Segment
{
    private readonly Reading _reading;

    /// <summary>The name, then the fields in their order.</summary>
    private readonly string[] _parts;

    internal Hl7Segment(string raw, int occurrence, Reading reading)
    {
        Raw = raw;
        Occurrence = occurrence;
        _reading = reading;
        _parts = raw.Split(reading.Delimiters.Field);
    }

    public string Raw { get; }

    public string Name => _parts[0];

    /// <summary>Which of the segments with this name, from 1.</summary>
    public int Occurrence { get; }

    public Hl7Place Place => new(Name, Occurrence);

    /// <summary>The highest number of a field.</summary>
    public int Count => IsHeader ? _parts.Length : _parts.Length - 1;

    /// <summary>The first repetition of a field, or an empty value where it has none.</summary>
    public Hl7Value this[int field] => Repetition(field, 1);

    /// <summary>The repetition of a field with this number, from 1, or an empty value where there are fewer.</summary>
    public Hl7Value Repetition(int field, int number)
    {
        var raw = RawOf(field);
        return IsSeparators(field)
            ? Value(number == 1 ? raw : "", field, number)
            : Value(Reading.Part(raw, _reading.Delimiters.Repetition, number).ToString(), field, number);
    }

    /// <summary>All repetitions of a field that say something, a wish to delete too.</summary>
    public IEnumerable<Hl7Value> Repetitions(int field)
    {
        var raw = RawOf(field);
        if (raw.Length == 0)
            yield break;
        if (IsSeparators(field) || _reading.Delimiters.Repetition is not { } separator)
        {
            yield return Value(raw, field, repetition: 1);
            yield break;
        }

        var number = 0;
        foreach (var repetition in raw.Split(separator))
        {
            number++;
            if (repetition.Length > 0)
                yield return Value(repetition, field, number);
        }
    }

    /// <summary>The field as written, all repetitions.</summary>
    public string RawOf(int field)
    {
        if (field < 1 || field > Count)
            return "";
        if (!IsHeader)
            return _parts[field];
        return field == 1 ? _reading.Delimiters.Field.ToString() : _parts[field - 1];
    }

    private bool IsHeader => Name == SegmentName.Header;

    /// <summary>MSH-1 and MSH-2 are the separators themselves, and nothing in them is one.</summary>
    private bool IsSeparators(int field) => IsHeader && field <= 2;

    private Hl7Value Value(string raw, int field, int repetition) =>
        new(raw, Place with { Field = field, Repetition = repetition }, IsSeparators(field) ? Literal : _reading);

    /// <summary>Nothing separates, nothing is escaped.</summary>
    private Reading Literal =>
        new(new Delimiters(_reading.Delimiters.Field, null, null, null, null, null), _reading.Characters);
}
