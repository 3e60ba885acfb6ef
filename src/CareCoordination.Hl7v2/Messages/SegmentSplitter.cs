using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace CareCoordination.Hl7v2.Messages;

/// <summary>Takes the text of a message apart into segments, and counts their parts before anything is made of them.</summary>
internal sealed class SegmentSplitter(Reading reading, Hl7Limits limits)
{
    private readonly Dictionary<string, int> _seen = new(StringComparer.Ordinal);

    public bool TrySplit(string text, out ImmutableArray<Hl7Segment> segments, [NotNullWhen(false)] out Hl7Fault? fault)
    {
        var found = ImmutableArray.CreateBuilder<Hl7Segment>();
        segments = [];
        var rest = text.AsSpan();
        for (var number = 0; !rest.IsEmpty; )
        {
            var line = NextLine(ref rest);
            if (found.Count == 0)
                line = line.TrimStart(" \t");
            if (line.Trim(" \t").IsEmpty)
                continue;
            number++;
            if (Check(line, number) is { } wrong)
            {
                fault = wrong;
                return false;
            }

            found.Add(new Hl7Segment(line.ToString(), _seen[line[..3].ToString()], reading));
        }

        segments = found.DrainToImmutable();
        fault = null;
        return true;
    }

    /// <summary>Files of many messages are for transfers of files; here each message has its answer. docs/hl7v2.md</summary>
    public static Hl7Fault Batch(Hl7Place place) =>
        new(
            ErrorCode.UnsupportedMessageType,
            place,
            "Batches and files of messages are not taken: send each message by itself, so that each has its acknowledgement."
        );

    private static ReadOnlySpan<char> NextLine(ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOfAny('\r', '\n');
        var line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[(end + 1)..];
        return line;
    }

    private Hl7Fault? Check(ReadOnlySpan<char> line, int number)
    {
        var name = line[..Math.Min(3, line.Length)];
        var isSeparated = line.Length <= 3 || line[3] == reading.Delimiters.Field;
        if (!SegmentName.IsValid(name) || !isSeparated)
            return NoName(name, isSeparated, number);
        var occurrence = _seen[name.ToString()] = _seen.GetValueOrDefault(name.ToString()) + 1;
        var place = new Hl7Place(name.ToString(), occurrence);
        if (SegmentName.IsEnvelope(name))
            return Batch(place);
        if (name is SegmentName.Header && occurrence > 1)
            return new Hl7Fault(ErrorCode.SegmentSequence, place, "A second message begins here: send each by itself.");
        if (number > limits.MaxSegments)
            return TooMany(place, "The message", limits.MaxSegments, "segments");
        return Count(line, place);
    }

    private Hl7Fault NoName(ReadOnlySpan<char> name, bool isSeparated, int number)
    {
        var line = number.ToString(CultureInfo.InvariantCulture);
        return new Hl7Fault(
            ErrorCode.SegmentSequence,
            new Hl7Place(SegmentName.Header),
            isSeparated && SegmentName.IsInLowerCase(name)
                ? $"Segment {line} is called '{name}': the names of segments are written in upper case."
                : $"Segment {line} does not begin with a name of three letters and the separator '{reading.Delimiters.Field}'. "
                    + "A line break inside a field is written \\.br\\."
        );
    }

    private Hl7Fault? Count(ReadOnlySpan<char> line, Hl7Place place)
    {
        var (field, repetition, component) = (place.Segment == SegmentName.Header ? 1 : 0, 1, 1);
        foreach (var c in line)
        {
            if (c == reading.Delimiters.Field)
                (field, repetition, component) = (field + 1, 1, 1);
            else if (c == reading.Delimiters.Repetition)
                (repetition, component) = (repetition + 1, 1);
            else if (c == reading.Delimiters.Component || c == reading.Delimiters.Subcomponent)
                component++;
            if (field > limits.MaxFields)
                return TooMany(place, "The segment", limits.MaxFields, "fields");
            if (repetition > limits.MaxRepetitions)
                return TooMany(place with { Field = field }, "The field", limits.MaxRepetitions, "repetitions");
            if (component > limits.MaxComponents)
                return TooMany(place with { Field = field }, "The field", limits.MaxComponents, "components");
        }

        return null;
    }

    private static Hl7Fault TooMany(Hl7Place place, string what, int most, string parts) =>
        new(
            ErrorCode.ValueTooLong,
            place,
            $"{what} has more than {most.ToString(CultureInfo.InvariantCulture)} {parts}."
        );
}
