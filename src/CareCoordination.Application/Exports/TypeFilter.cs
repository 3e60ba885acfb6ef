using System.Collections.Immutable;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Indexing;

namespace CareCoordination.Application.Exports;

/// <summary>One <c>_typeFilter</c>: https://hl7.org/fhir/uv/bulkdata/export.html#_typefilter-parameter</summary>
/// <param name="Names">The parameters, without their modifiers.</param>
internal sealed record TypeFilter(SearchQuery Query, ImmutableArray<string> Names)
{
    private const string At = "Parameters.parameter";

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
        return definitions.ParseSearch(type, query, isLenient: false, baseUrl).TryGet(out var parsed, out var failure)
            ? new TypeFilter(parsed.Query, [.. query.Select(p => p.Key.Split(':')[0])])
            : failure.Under($"_typeFilter '{type}'");
    }

    /// <summary>Why it is no filter of an export; null where it is one.</summary>
    /// <param name="results">The parameters that say how results are shown.</param>
    public static Failure? WhyNot(TypeFilter filter, ImmutableArray<string> results)
    {
        var type = filter.Query.ResourceType;
        if (filter.Names.FirstOrDefault(results.Contains) is { } shown)
            return Failure.Invalid(
                IssueCode.NotSupported,
                $"_typeFilter of {type} has {shown}: it says which resources are wanted, not how they are shown.",
                At
            );
        if (filter.Query.Criteria.IsEmpty)
            return Failure.Invalid(IssueCode.Incomplete, $"_typeFilter of {type} has no criterion.", At);
        // What has changed since the export began is judged by its bytes of then, of which nothing else is known any more.
        return CriteriaMatcher.Unanswerable(filter.Query) is null
            ? null
            : Failure.Invalid(
                IssueCode.NotSupported,
                $"_typeFilter of {type} has a chain, a composite parameter or _lastUpdated: use parameters of the resource itself, and _since and _until for when it changed.",
                At
            );
    }
}
