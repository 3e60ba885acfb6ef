using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Fhir.Search.Types;

/// <summary>Reference search parameters. https://hl7.org/fhir/R4/search.html#reference</summary>
public static partial class ReferenceParameter
{
    internal static Result<Criterion> Parse(
        SearchParameter parameter,
        string? modifier,
        string text,
        ValueContext context
    )
    {
        if (modifier == "identifier" && parameter.HasIdentifiers)
            return TokenParameter.Parse(Identifiers(parameter), null, text);
        if (modifier is not null && !context.Schema.IsResourceType(modifier))
            return Unsupported.Modifier(
                parameter,
                modifier,
                [
                    "missing",
                    .. parameter.HasIdentifiers ? ["identifier"] : Array.Empty<string>(),
                    .. TargetTypes(parameter, context).Take(8),
                ]
            );
        return Values
            .Parse(parameter.Code, text, piece => ParseValue(parameter, modifier, QueryText.Unescape(piece), context))
            .Then<Criterion>(values => new ReferenceCriterion(parameter, values));
    }

    internal static Result<ReferenceValue> ParseValue(
        SearchParameter parameter,
        string? type,
        string text,
        ValueContext context
    )
    {
        var local = WithoutBase(text, context.Options.BaseUrl);
        if (FhirId.IsValid(local))
        {
            var types = type is null ? TargetTypes(parameter, context) : [type];
            return new ReferenceValue(
                [.. types.Select(target => new ResourceKey(target, local))],
                null,
                type is null ? local : $"{type}/{local}"
            );
        }

        var reference = LiteralReference.Parse(local, context.Schema.IsResourceType);
        if (reference.Kind == ReferenceKind.Relative)
        {
            if (type is not null && type != reference.Type)
                return Failure.Invalid(
                    IssueCode.Value,
                    $"'{parameter.Code}:{type}' is given a {reference.Type}; name one type only."
                );
            return reference.Version is null
                ? new ReferenceValue([reference.Key], null, reference.Key.ToString())
                : new ReferenceValue([], local, local);
        }

        return local.Contains(':', StringComparison.Ordinal)
            ? new ReferenceValue([], local, local)
            : Failure.Invalid(
                IssueCode.Value,
                $"'{parameter.Code}' is not a reference; use an id, Type/id such as {TargetTypes(parameter, context)[0]}/123, or a URL."
            );
    }

    /// <summary><c>subject:identifier</c>: what the references hold, not what they lead to.</summary>
    private static SearchParameter Identifiers(SearchParameter parameter) =>
        parameter with
        {
            Id = DerivedNumber.OfIdentifier(parameter.Id),
            Code = $"{parameter.Code}:identifier",
            Type = SearchParameterType.Token,
        };

    /// <summary>The types a parameter may mean; all where its definition names none.</summary>
    internal static ImmutableArray<string> TargetTypes(SearchParameter parameter, ValueContext context) =>
        parameter.Targets.IsEmpty ? [.. context.Schema.Resources.Select(type => type.Name)] : parameter.Targets;

    private static string WithoutBase(string text, string baseUrl) =>
        text.Length > baseUrl.Length + 1
        && text[baseUrl.Length] == '/'
        && text.StartsWith(baseUrl, StringComparison.Ordinal)
            ? text[(baseUrl.Length + 1)..]
            : text;
}
