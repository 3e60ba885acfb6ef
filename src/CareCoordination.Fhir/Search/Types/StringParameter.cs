using System.Globalization;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Search.Types;

/// <summary>String search parameters. https://hl7.org/fhir/R4/search.html#string</summary>
public static partial class StringParameter
{
    /// <summary>How much of a string is kept for comparison.</summary>
    public const int MaxLength = 128;

    /// <summary>
    /// The form strings are compared in: small letters without accents, runs of white space as one blank, cut to
    /// <see cref="MaxLength"/>.
    /// </summary>
    public static string Fold(ReadOnlySpan<char> text)
    {
        Span<char> folded = stackalloc char[MaxLength + 2];
        var length = 0;
        var blank = false;
        foreach (var c in text)
        {
            if (length >= MaxLength)
                break;
            if (char.IsWhiteSpace(c))
            {
                blank = length > 0;
                continue;
            }

            if (c > 127 && CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark)
                continue;
            if (blank)
                folded[length++] = ' ';
            blank = false;
            length += Fold(c, folded[length..]);
        }

        length = Math.Min(length, MaxLength);
        // Half a character is no text that a database takes.
        if (length == MaxLength && char.IsHighSurrogate(folded[length - 1]))
            length--;
        return folded[..length].ToString();
    }

    /// <summary>What <see cref="StringEntry.Exact"/> holds for this text.</summary>
    public static long ExactHash(SearchParameter parameter, string text) => StableHash.Of(text, parameter.Id).Key;

    internal static Result<Criterion> Parse(SearchParameter parameter, string? modifier, string text)
    {
        StringMatch match;
        switch (modifier)
        {
            case null:
                match = StringMatch.StartsWith;
                break;
            case "exact":
                match = StringMatch.Exact;
                break;
            case "contains":
                match = StringMatch.Contains;
                break;
            default:
                return Unsupported.Modifier(parameter, modifier, "contains", "exact", "missing");
        }

        return Values
            .Parse(parameter.Code, text, piece => ParseValue(parameter.Code, piece))
            .Then<Criterion>(values => new StringCriterion(parameter, match, values));
    }

    internal static Result<string> ParseValue(string name, string piece)
    {
        var value = QueryText.Unescape(piece);
        return Fold(value).Length > 0
            ? value
            : Failure.Invalid(IssueCode.Value, $"'{name}' has nothing to compare with; give some letters or digits.");
    }

    /// <summary>How many characters a folded one became.</summary>
    private static int Fold(char c, Span<char> folded)
    {
        c = SmallLetters.Of(c);
        folded[0] = AccentTable.Base(c);
        if (c is not ('ß' or 'æ' or 'œ') || folded.Length < 2)
            return 1;
        (folded[0], folded[1]) = c switch
        {
            'ß' => ('s', 's'),
            'æ' => ('a', 'e'),
            _ => ('o', 'e'),
        };
        return 2;
    }
}
