using System.Collections.Frozen;
using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Search.Types;

/// <summary>What the values of one query are read against.</summary>
internal readonly record struct ValueContext(SearchParserOptions Options, FhirSchema Schema);

/// <summary>Alternatives: <c>a,b,c</c>. https://hl7.org/fhir/R4/search.html#combining</summary>
internal static class Values
{
    public static Result<ImmutableArray<T>> Parse<T>(string name, string text, Func<string, Result<T>> parse)
    {
        var pieces = QueryText.Split(text, ',');
        var values = ImmutableArray.CreateBuilder<T>(pieces.Count);
        foreach (var piece in pieces)
        {
            if (piece.Length == 0)
                return Failure.Invalid(
                    IssueCode.Value,
                    $"'{name}' has a comma without a value beside it; write alternatives as a,b and a comma within a value as '\\,'."
                );
            if (!parse(piece).TryGet(out var value, out var failure))
                return failure;
            values.Add(value);
        }

        return values.MoveToImmutable();
    }
}

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

internal static class Unsupported
{
    public static Failure Modifier(SearchParameter parameter, string modifier, params IEnumerable<string> offered) =>
        Failure.Invalid(
            IssueCode.NotSupported,
            $"Modifier ':{modifier}' is not offered for the {parameter.Type.ToString().ToLowerInvariant()} parameter '{parameter.Code}'; use {string.Join(", ", offered.Select(name => ':' + name))} or none."
        );
}
