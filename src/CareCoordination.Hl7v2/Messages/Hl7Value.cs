namespace CareCoordination.Hl7v2.Messages;

/// <summary>A repetition of a field, a component or a sub-component: what stands between two separators, with the place where it does.</summary>
public readonly struct Hl7Value
{
    /// <summary>Two quotation marks: what is there shall be deleted, unlike an empty value, which says nothing. HL7 v2.8, 2.5.3.</summary>
    public const string Delete = "\"\"";

    private readonly Reading _reading;

    internal Hl7Value(string raw, Hl7Place place, Reading reading)
    {
        Raw = raw;
        Place = place;
        _reading = reading;
    }

    /// <summary>As written, with separators and escapes.</summary>
    public string Raw { get; }

    public Hl7Place Place { get; }

    public bool IsEmpty => string.IsNullOrEmpty(Raw);

    /// <summary>True where the sender says that there is no value any more.</summary>
    public bool IsDelete => Raw == Delete;

    /// <summary>True where there is a value to read: neither empty nor to be deleted nor separators alone.</summary>
    public bool HasText => Text.Length > 0 || (!IsDelete && !IsEmpty && Raw.AsSpan().ContainsAnyExcept(Separators));

    /// <summary>
    /// The value as text: of one with parts the first part, as the standard asks of those who know fewer parts (HL7 v2.8, 2.8.2). Empty where
    /// it is to be deleted.
    /// </summary>
    public string Text
    {
        get
        {
            if (IsEmpty)
                return "";
            var first = Raw.AsSpan();
            if (Place.Component == 0)
                first = Reading.Part(first, _reading.Delimiters.Component, 1);
            if (Place.Subcomponent == 0)
                first = Reading.Part(first, _reading.Delimiters.Subcomponent, 1);
            return first is Delete ? "" : Decode(first);
        }
    }

    /// <summary>All of it as text, separators of parts too: what free text is that nobody escaped.</summary>
    public string Whole => IsEmpty || IsDelete ? "" : Decode(Raw);

    /// <summary>The component with this number, from 1, of a repetition; the sub-component of a component.</summary>
    public Hl7Value this[int number]
    {
        get
        {
            if (_reading is null)
                return default;
            var isComponent = Place.Component == 0;
            var separator = isComponent ? _reading.Delimiters.Component : _reading.Delimiters.Subcomponent;
            return new Hl7Value(
                Reading.Part(Raw, Place.Subcomponent == 0 ? separator : null, number).ToString(),
                isComponent ? Place with { Component = number } : Place with { Subcomponent = number },
                _reading
            );
        }
    }

    /// <summary>How many parts the next separator makes of it.</summary>
    public int Count
    {
        get
        {
            if (IsEmpty)
                return 0;
            var separator =
                Place.Component == 0 ? _reading.Delimiters.Component
                : Place.Subcomponent == 0 ? _reading.Delimiters.Subcomponent
                : null;
            return separator is { } c ? Raw.AsSpan().Count(c) + 1 : 1;
        }
    }

    public override string ToString() => Text;

    private ReadOnlySpan<char> Separators =>
        new[]
        {
            _reading.Delimiters.Component ?? _reading.Delimiters.Field,
            _reading.Delimiters.Subcomponent ?? _reading.Delimiters.Field,
        };

    private string Decode(ReadOnlySpan<char> raw) =>
        Escapes.Decode(raw.ToString(), _reading.Delimiters, _reading.Characters);
}
