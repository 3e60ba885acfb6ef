using System.Text;

namespace SpecPack.Generation;

/// <summary>What things of FHIR are called in C#.</summary>
internal static class CSharpNames
{
    /// <summary><c>CarePlanActivityDetail</c> for <c>CarePlan.activity.detail</c>.</summary>
    public static string OfType(string name) => string.Concat(name.Split('.').Select(Capitalised));

    /// <summary><c>InProgress</c> for <c>in-progress</c>, <c>TextCql</c> for <c>text/cql</c>.</summary>
    public static string OfCode(string code, string display)
    {
        // Comparators are signs: LessThan says more than an escape of '<'.
        var words = Words(code.Any(char.IsAsciiLetterOrDigit) ? code : display);
        if (words is nameof(Equals) or "System")
            return $"{words}Code";
        return char.IsAsciiDigit(words[0]) ? $"V{words}" : words;
    }

    /// <summary><c>TaskStatusCodes</c> for <c>http://hl7.org/fhir/ValueSet/task-status</c>.</summary>
    public static string OfCodeSet(string url) => Words(url.LastSegment()) + "Codes";

    public static string Capitalised(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    private static string Words(string text)
    {
        var words = new StringBuilder();
        var atStart = true;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                // Digits on both sides would run together: 4.0.1 is not 401.
                if (words.Length > 0 && char.IsAsciiDigit(words[^1]))
                    words.Append('_');
                atStart = true;
                continue;
            }

            if (words.Length > 0 && words[^1] == '_' && !char.IsAsciiDigit(c))
                words.Length--;
            words.Append(atStart ? char.ToUpperInvariant(c) : c);
            atStart = false;
        }

        return words.ToString().TrimEnd('_');
    }
}
