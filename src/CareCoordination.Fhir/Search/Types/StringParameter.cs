using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Search.Types;

/// <summary>String search parameters. https://hl7.org/fhir/R4/search.html#string</summary>
public static partial class StringParameter
{
    // For the letters that the last one becomes.
    private const int Margin = 4;

    /// <summary>The last bits of a hash, in place of which the place of a row stands.</summary>
    public const int MostPieces = 0xFFFF;

    /// <summary>How much of a string a row holds.</summary>
    public const int MaxLength = 128;

    /// <summary>How long a beginning may be that is asked for.</summary>
    public const int MaxBeginning = 1024;

    /// <summary>How many beginnings that are longer than a row one parameter may have.</summary>
    public const int MostLong = 2;

    /// <summary>
    /// What <c>:contains</c> may look for. A longer string has further rows, each of which begins this much behind the one before: whatever
    /// is no longer than this lies in one of them as a whole.
    /// </summary>
    public const int MaxPart = MaxLength / 2;

    /// <summary>
    /// The form strings are compared in: small letters without accents and punctuation, runs of white space as one blank, cut to
    /// <see cref="MaxLength"/>. What is punctuation alone keeps it. Folding twice is folding once.
    /// </summary>
    public static string Fold(ReadOnlySpan<char> text)
    {
        Span<char> folded = stackalloc char[MaxLength + Margin];
        return Fold(text, folded);
    }

    /// <summary>The same, not cut.</summary>
    public static string FoldWhole(ReadOnlySpan<char> text)
    {
        // Each character becomes two at most, or three that were one, and a blank may come before.
        var folded = new char[(text.Length * 4) + Margin];
        return Fold(text, folded);
    }

    /// <summary>What <see cref="StringEntry.Value"/> is compared with.</summary>
    public static string Compared(SearchParameter parameter, string value) =>
        parameter.IsPhonetic ? Sound.Of(Fold(value)) : Fold(value);

    /// <summary>What the rows of a string begin with that begins with this value: the first row, and those behind it.</summary>
    public static ImmutableArray<string> Pieces(SearchParameter parameter, string value) =>
        value.Length <= MaxLength / 2 || parameter.IsPhonetic
            ? [Compared(parameter, value)]
            : [.. PiecesOf(FoldWhole(value)).Take((MaxBeginning / MaxPart) + 1)];

    /// <summary>What <see cref="StringEntry.Exact"/> of a row behind the first holds: which string it is of, and its place in it.</summary>
    public static long ExactOfPiece(long exact, int piece) => (exact | MostPieces) - piece;

    /// <summary>The rows of a folded string; each begins <see cref="MaxPart"/> behind the one before.</summary>
    internal static IEnumerable<string> PiecesOf(string whole)
    {
        yield return Cut(whole.AsSpan(0, Math.Min(MaxLength, whole.Length)));
        for (var start = MaxPart; start + MaxPart < whole.Length; start += MaxPart)
        {
            var from = char.IsLowSurrogate(whole[start]) ? start - 1 : start;
            yield return Cut(whole.AsSpan(from, Math.Min(MaxLength, whole.Length - from)));
        }
    }

    /// <summary>The numbers of the rows that hold all of a string.</summary>
    public static (int Beginning, int Further) Numbers(SearchParameter parameter) =>
        (parameter.Id, DerivedNumber.OfRest(parameter.Id));

    private static string Fold(ReadOnlySpan<char> text, Span<char> room)
    {
        var folded = Fold(text, room, keepsPunctuation: false);
        return folded.Length > 0 ? folded : Fold(text, room, keepsPunctuation: true);
    }

    private static string Fold(ReadOnlySpan<char> text, Span<char> folded, bool keepsPunctuation)
    {
        var most = folded.Length - Margin;
        var length = 0;
        var blank = false;
        foreach (var c in text)
        {
            if (length >= most)
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

        return Cut(folded[..Math.Min(length, most)]);
    }

    /// <summary>Without half a character at the end, which no database takes, and without blanks there.</summary>
    private static string Cut(ReadOnlySpan<char> folded)
    {
        if (!folded.IsEmpty && char.IsHighSurrogate(folded[^1]))
            folded = folded[..^1];
        return folded.TrimEnd(' ').ToString();
    }

    /// <summary>What <see cref="StringEntry.Exact"/> holds for this text.</summary>
    public static long ExactHash(SearchParameter parameter, string text) => StableHash.Of(text, parameter.Id).Key;

    internal static Result<Criterion> Parse(SearchParameter parameter, string? modifier, string text)
    {
        if (parameter.IsPhonetic && modifier is not null)
            return Unsupported.Modifier(parameter, modifier, "missing");
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
            .Parse(parameter.Code, text, piece => ParseValue(parameter, match, piece))
            .Then(values => Condition(parameter, match, values));
    }

    private static Result<Criterion> Condition(
        SearchParameter parameter,
        StringMatch match,
        ImmutableArray<string> values
    ) =>
        match == StringMatch.StartsWith
        && values.Length > MostLong
        && values.Any(value => Pieces(parameter, value).Length > 1)
            ? Failure.Invalid(
                IssueCode.TooCostly,
                $"'{parameter.Code}' has more than {MostLong} alternatives of which one has more than {MaxLength} characters; shorten it, or search by each."
            )
            : new StringCriterion(parameter, match, values);

    private static Result<string> ParseValue(SearchParameter parameter, StringMatch match, string piece)
    {
        if (!ParseValue(parameter.Code, piece, match).TryGet(out var value, out var failure))
            return failure;
        return parameter.IsPhonetic && Fold(value).Contains(' ', StringComparison.Ordinal)
            ? Failure.Invalid(
                IssueCode.Value,
                $"'{parameter.Code}' compares the sound of one word; give each in a parameter of its own, as {parameter.Code}=ann&{parameter.Code}=smith."
            )
            : value;
    }

    /// <summary>A part of a composite, whose rows hold the beginning alone.</summary>
    internal static Result<string> ParsePart(string name, string piece) =>
        ParseValue(name, piece, StringMatch.StartsWith)
            .Then<string>(value =>
                FoldWhole(value).Length <= MaxLength
                    ? value
                    : Failure.Invalid(
                        IssueCode.TooLong,
                        $"'{name}' compares {MaxLength} characters at most; give fewer."
                    )
            );

    private static Result<string> ParseValue(string name, string piece, StringMatch match)
    {
        var value = QueryText.Unescape(piece);
        var most = match == StringMatch.Contains ? MaxPart : MaxBeginning;
        // Most values are as short as that before they are folded.
        var folded = value.Length <= most / 2 ? Fold(value) : FoldWhole(value);
        if (folded.Length == 0)
            return Failure.Invalid(
                IssueCode.Value,
                $"'{name}' has nothing to compare with; give some letters or digits."
            );
        return folded.Length <= most || match == StringMatch.Exact
            ? value
            : Failure.Invalid(
                IssueCode.TooLong,
                $"'{name}{(match == StringMatch.Contains ? ":contains" : "")}' compares {most} characters at most; give fewer, or the whole text with {name}:exact."
            );
    }
}
