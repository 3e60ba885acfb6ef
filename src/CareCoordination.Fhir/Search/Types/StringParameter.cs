using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Search.Types;

/// <summary>String search parameters. https://hl7.org/fhir/R4/search.html#string</summary>
public static partial class StringParameter
{
    /// <summary>How much of a string is kept for comparison.</summary>
    public const int MaxLength = 128;

    /// <summary>
    /// The form strings are compared in: small letters without accents and punctuation, runs of white space as one blank, cut to
    /// <see cref="MaxLength"/>. What is punctuation alone keeps it. Folding twice is folding once.
    /// </summary>
    public static string Fold(ReadOnlySpan<char> text)
    {
        var folded = Fold(text, keepsPunctuation: false);
        return folded.Length > 0 ? folded : Fold(text, keepsPunctuation: true);
    }

    private static string Fold(ReadOnlySpan<char> text, bool keepsPunctuation)
    {
        Span<char> folded = stackalloc char[MaxLength + 4];
        var length = 0;
        var blank = false;
        foreach (var c in text)
        {
            if (length >= MaxLength)
                break;
            switch (LetterFolding.KindOf(c))
            {
                case LetterKind.Blank:
                case LetterKind.Separator when !keepsPunctuation:
                    blank = length > 0;
                    continue;
                case LetterKind.Punctuation when !keepsPunctuation:
                    continue;
                case LetterKind.VoiceMark when length > 0 && !blank:
                    folded[length - 1] = LetterFolding.Voiced(folded[length - 1], c);
                    continue;
                case LetterKind.Mark or LetterKind.VoiceMark when !keepsPunctuation:
                    continue;
            }

            if (blank)
                folded[length++] = ' ';
            blank = false;
            length += LetterFolding.Fold(c, folded[length..]);
        }

        length = Math.Min(length, MaxLength);
        // Half a character is no text that a database takes.
        if (length == MaxLength && char.IsHighSurrogate(folded[length - 1]))
            length--;
        return folded[..length].TrimEnd(' ').ToString();
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
}
