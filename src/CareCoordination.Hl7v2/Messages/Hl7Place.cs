using System.Globalization;
using System.Text;

namespace CareCoordination.Hl7v2.Messages;

/// <summary>
/// A place in a message as engineers write it: <c>PID-3.4</c>, <c>PID-3(2).4.1</c>, <c>DG1(2)-3</c>. Parts that are not named are 0.
/// </summary>
/// <param name="Segment">Name of the segment.</param>
/// <param name="Occurrence">Which of the segments with this name, from 1.</param>
/// <param name="Field">Number of the field, from 1; 0 for the segment itself.</param>
/// <param name="Repetition">Which repetition of the field, from 1; 0 for the first or all.</param>
/// <param name="Component">Number of the component, from 1; 0 for the repetition itself.</param>
/// <param name="Subcomponent">Number of the sub-component, from 1; 0 for the component itself.</param>
public readonly record struct Hl7Place(
    string Segment,
    int Occurrence = 1,
    int Field = 0,
    int Repetition = 0,
    int Component = 0,
    int Subcomponent = 0
)
{
    /// <summary>More than any message may have of anything.</summary>
    private const int Highest = 99_999;

    public static Hl7Place Parse(string text) =>
        TryParse(text, out var place) ? place : throw new FormatException($"'{text}' is no place in a message.");

    public static bool TryParse(string? text, out Hl7Place place)
    {
        place = default;
        if (text is null || text.Length < 3 || !SegmentName.IsValid(text.AsSpan(0, 3)))
            return false;
        var rest = text.AsSpan(3);
        if (!TakeOrdinal(ref rest, out var occurrence))
            return false;
        place = new Hl7Place(text[..3], occurrence);
        if (rest.IsEmpty)
            return true;
        if (!TakeNumber(ref rest, '-', out var field))
            return false;
        var isRepeated = !rest.IsEmpty && rest[0] == '(';
        if (!TakeOrdinal(ref rest, out var repetition))
            return false;
        place = place with { Field = field, Repetition = isRepeated ? repetition : 0 };
        return TakeParts(rest, ref place);
    }

    /// <summary>As ERL of an ERR segment has it: <c>PID^1^3^1^4</c>. HL7 v2.8, 2.A.28.</summary>
    public string ToErl(char separator)
    {
        int[] parts = [Occurrence, Field, Field > 0 ? Math.Max(1, Repetition) : 0, Component, Subcomponent];
        var used = Array.FindLastIndex(parts, p => p > 0) + 1;
        return string.Join(
            separator,
            parts.Take(used).Select(p => p.ToString(CultureInfo.InvariantCulture)).Prepend(Segment)
        );
    }

    public override string ToString()
    {
        var text = new StringBuilder(Segment);
        if (Occurrence > 1)
            text.Append(CultureInfo.InvariantCulture, $"({Occurrence})");
        if (Field > 0)
            text.Append(CultureInfo.InvariantCulture, $"-{Field}");
        if (Repetition > 1)
            text.Append(CultureInfo.InvariantCulture, $"({Repetition})");
        if (Component > 0)
            text.Append(CultureInfo.InvariantCulture, $".{Component}");
        if (Subcomponent > 0)
            text.Append(CultureInfo.InvariantCulture, $".{Subcomponent}");
        return text.ToString();
    }

    private static bool TakeParts(ReadOnlySpan<char> rest, ref Hl7Place place)
    {
        if (rest.IsEmpty)
            return true;
        if (!TakeNumber(ref rest, '.', out var component))
            return false;
        place = place with { Component = component };
        if (rest.IsEmpty)
            return true;
        if (!TakeNumber(ref rest, '.', out var subcomponent))
            return false;
        place = place with { Subcomponent = subcomponent };
        return rest.IsEmpty;
    }

    /// <summary>A number in parentheses where there is one, and 1 where there is none.</summary>
    private static bool TakeOrdinal(ref ReadOnlySpan<char> rest, out int ordinal)
    {
        ordinal = 1;
        if (rest.IsEmpty || rest[0] != '(')
            return true;
        if (!TakeNumber(ref rest, '(', out ordinal) || rest.IsEmpty || rest[0] != ')')
            return false;
        rest = rest[1..];
        return true;
    }

    private static bool TakeNumber(ref ReadOnlySpan<char> rest, char before, out int number)
    {
        number = 0;
        if (rest.IsEmpty || rest[0] != before)
            return false;
        var digits = rest[1..];
        var length = digits.IndexOfAnyExceptInRange('0', '9');
        digits = length < 0 ? digits : digits[..length];
        if (digits.Length is 0 or > 5)
            return false;
        number = int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        rest = rest[(1 + digits.Length)..];
        return number is >= 1 and <= Highest;
    }
}
