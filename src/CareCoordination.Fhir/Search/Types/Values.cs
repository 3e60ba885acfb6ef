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

internal static class Unsupported
{
    public static Failure Modifier(SearchParameter parameter, string modifier, params IEnumerable<string> offered) =>
        Failure.Invalid(
            IssueCode.NotSupported,
            $"Modifier ':{modifier}' is not offered for the {parameter.Type.ToString().ToLowerInvariant()} parameter '{parameter.Code}'; use {string.Join(", ", offered.Select(name => ':' + name))} or none."
        );
}
