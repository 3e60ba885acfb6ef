using System.Globalization;
using System.Text;
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
    public static string Fold(string text)
    {
        var builder = new StringBuilder(Math.Min(text.Length, MaxLength) + 2);
        var blank = false;
        foreach (var c in text)
        {
            if (builder.Length >= MaxLength)
                break;
            if (char.IsWhiteSpace(c))
            {
                blank = builder.Length > 0;
                continue;
            }

            if (c > 127 && CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark)
                continue;
            if (blank)
                builder.Append(' ');
            blank = false;
            AppendFolded(builder, c);
        }

        return builder.ToString(0, Math.Min(builder.Length, MaxLength));
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

    private static void AppendFolded(StringBuilder builder, char c)
    {
        if (c < 128)
        {
            builder.Append(char.ToLowerInvariant(c));
            return;
        }

        c = char.ToLowerInvariant(c);
        switch (c)
        {
            case 'ß' or 'ẞ':
                builder.Append("ss");
                break;
            case 'æ':
                builder.Append("ae");
                break;
            case 'œ':
                builder.Append("oe");
                break;
            default:
                builder.Append(AccentTable.Base(c));
                break;
        }
    }
}
