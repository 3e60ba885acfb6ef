using System.Collections.Frozen;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Search;

/// <summary>The comparison prefixes. https://hl7.org/fhir/R4/search.html#prefix</summary>
internal static class Prefix
{
    private static readonly string[] Codes = [.. Enum.GetNames<SearchPrefix>().Select(name => name.ToLowerInvariant())];

    private static readonly FrozenDictionary<string, SearchPrefix> ByCode = Enum.GetValues<SearchPrefix>()
        .ToFrozenDictionary(prefix => Codes[(int)prefix], StringComparer.Ordinal);

    /// <summary>Empty for <c>eq</c>, which is what no prefix means.</summary>
    public static string Print(SearchPrefix prefix) => prefix == SearchPrefix.Eq ? "" : Codes[(int)prefix];

    /// <summary>False where the text starts with letters that are no prefix.</summary>
    public static bool TryTake(string text, out SearchPrefix prefix, out string rest)
    {
        prefix = SearchPrefix.Eq;
        rest = text;
        if (text.Length < 2 || !char.IsAsciiLetter(text[0]))
            return true;
        rest = text[2..];
        return ByCode.TryGetValue(text[..2], out prefix);
    }

    public static Failure Unknown(string name) =>
        Failure.Invalid(
            IssueCode.Value,
            $"'{name}' starts with an unknown prefix; use eq, ne, gt, lt, ge, le, sa, eb, ap or none."
        );
}
