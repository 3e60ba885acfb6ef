using System.Collections.Immutable;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Indexing;

namespace CareCoordination.Application.Exports;

/// <summary>One <c>_typeFilter</c>: https://hl7.org/fhir/uv/bulkdata/export.html#_typefilter-parameter</summary>
internal sealed record TypeFilter(SearchQuery Query)
{
    private const string At = "Parameters.parameter";

    /// <summary>How results are shown, which a filter says nothing of.</summary>
    private static readonly ImmutableArray<string> ResultParameters =
    [
        "_sort",
        "_count",
        "_include",
        "_revinclude",
        "_summary",
        "_total",
        "_elements",
        "_contained",
        "_containedType",
    ];

    public static Result<TypeFilter> Parse(string text, FhirDefinitions definitions, string baseUrl)
    {
        var question = text.IndexOf('?', StringComparison.Ordinal);
        var type = question < 0 ? text : text[..question];
        if (question < 0 || !definitions.Schema.IsResourceType(type))
            return Failure.Invalid(
                IssueCode.Value,
                "_typeFilter is a search of one type, as Observation?category=laboratory.",
                At
            );
        var query = QueryParameters.Parse(text.AsSpan(question));
        if (query.Select(p => p.Key.Split(':')[0]).FirstOrDefault(ResultParameters.Contains) is { } shown)
            return Failure.Invalid(
                IssueCode.NotSupported,
                $"_typeFilter of {type} has {shown}: it says which resources are wanted, not how they are shown.",
                At
            );
        return definitions.ParseSearch(type, query, isLenient: false, baseUrl).TryGet(out var parsed, out var failure)
            ? new TypeFilter(parsed.Query)
            : failure.Under($"_typeFilter '{type}'");
    }

    /// <summary>Why it is no filter of an export; null where it is one.</summary>
    public static Failure? WhyNot(TypeFilter filter)
    {
        var type = filter.Query.ResourceType;
        if (filter.Query.Criteria.IsEmpty)
            return Failure.Invalid(IssueCode.Incomplete, $"_typeFilter of {type} has no criterion.", At);
        // What has changed since the export began is judged by its bytes of then, of which nothing else is known any more.
        return CriteriaMatcher.Unanswerable(filter.Query) is null
            ? null
            : Failure.Invalid(
                IssueCode.NotSupported,
                $"_typeFilter of {type} has a chain, _has, a composite parameter or _lastUpdated: use parameters of the resource itself, and _since and _until for when it changed.",
                At
            );
    }
}
