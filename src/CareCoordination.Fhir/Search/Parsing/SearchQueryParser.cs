using System.Collections.Frozen;
using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Search.Parsing;

/// <summary>
/// Reads the parameters of a search, names and values already URL-decoded. Every problem is reported, not only the first.
/// https://hl7.org/fhir/R4/search.html
/// </summary>
public sealed class SearchQueryParser(SearchParameterRegistry registry)
{
    /// <summary>Formatting, which the HTTP layer reads. https://hl7.org/fhir/R4/http.html#parameters</summary>
    private static readonly FrozenSet<string> NotOurs = FrozenSet.Create(StringComparer.Ordinal, "_format", "_pretty");

    private static readonly FrozenSet<string> Once = FrozenSet.Create(
        StringComparer.Ordinal,
        "_count",
        "_total",
        "_summary",
        "_elements"
    );

    /// <summary>
    /// The query, or 400 with an issue for each parameter that cannot be understood. With
    /// <see cref="SearchParserOptions.IsLenient"/> parameters, modifiers and targets that are not known or offered become
    /// warnings; a malformed value is refused in any case.
    /// </summary>
    public Result<ParsedSearch> Parse(
        string resourceType,
        IEnumerable<KeyValuePair<string, string>> parameters,
        SearchParserOptions options
    )
    {
        var cost = new QueryCost(options.Limits);
        var criteria = new CriterionParser(registry, options, cost);
        var query = new SearchQuery(resourceType, []) { Count = options.DefaultCount };
        var found = ImmutableArray.CreateBuilder<Criterion>();
        var errors = ImmutableArray.CreateBuilder<Issue>();
        var warnings = ImmutableArray.CreateBuilder<Issue>();
        HashSet<string>? seen = null;
        foreach (var (name, value) in parameters)
        {
            if (NotOurs.Contains(name))
                continue;
            if (cost.Count(name, value) is { } tooMany)
                return tooMany;
            Failure? failure;
            if (Once.Contains(name) && !(seen ??= new HashSet<string>(StringComparer.Ordinal)).Add(name))
                failure = Failure.Invalid(IssueCode.Value, $"'{name}' is given twice; give it once.");
            else if (Shape(query, name, value, options) is { } shaped)
                query = shaped.TryGet(out var next, out failure) ? next : query;
            else if (criteria.Parse(resourceType, name, value).TryGet(out var criterion, out failure))
            {
                if (cost.Count(criterion) is { } tooCostly)
                    return tooCostly;
                found.Add(criterion);
                if (CriterionParser.Doubt(criterion) is { } doubt)
                    warnings.Add(doubt);
            }

            if (failure is not null)
                Report(failure, options.IsLenient, errors, warnings);
        }

        if (query.Summary == SummaryMode.Text && !query.Includes.IsEmpty)
            errors.Add(
                Issue.Error(
                    IssueCode.Value,
                    "'_summary=text' shows narratives alone and cannot be asked for together with '_include' or '_revinclude'; leave one of them out."
                )
            );
        foreach (var include in query.Includes)
        {
            if (include.Parameter is { IsCanonical: true } canonical)
                warnings.Add(CriterionParser.NotFollowed(canonical));
        }

        if (errors.Count > 0)
            return Failure.Invalid(errors.ToImmutable());
        return new ParsedSearch(OnlyTotal(query with { Criteria = found.ToImmutable() }), warnings.ToImmutable());
    }

    /// <summary>The query changed by a parameter that shapes the result; null for any other parameter.</summary>
    private Result<SearchQuery>? Shape(SearchQuery query, string name, string value, SearchParserOptions options)
    {
        switch (name)
        {
            case "_count":
                return ResultParameters.Count(query, value, options);
            case "_total":
                return ResultParameters.Total(query, value);
            case "_summary":
                return ResultParameters.Summary(query, value);
            case "_elements":
                return ResultParameters.Elements(query, value, registry);
            case "_sort":
                return ResultParameters.Sort(query, value, registry);
            case var include when IncludeParser.Is(include):
                return IncludeParser
                    .Parse(query.ResourceType, name, value, registry)
                    .Then<SearchQuery>(include =>
                        query.Includes.Contains(include) ? query : query with { Includes = query.Includes.Add(include) }
                    );
        }

        var colon = name.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && name[..colon] is "_include" or "_revinclude")
            return Failure.Invalid(
                IssueCode.NotSupported,
                $"'{name[..colon]}' takes ':iterate' and no other modifier; leave ':{CriterionParser.Shorten(name[(colon + 1)..])}' out."
            );
        if (colon > 0 && name[..colon] is "_sort" || (colon > 0 && Once.Contains(name[..colon])))
            return Failure.Invalid(
                IssueCode.NotSupported,
                $"'{name[..colon]}' takes no modifier here; leave ':{CriterionParser.Shorten(name[(colon + 1)..])}' out."
            );
        return null;
    }

    /// <summary>Both ways to ask for the total alone mean the same.</summary>
    private static SearchQuery OnlyTotal(SearchQuery query) =>
        query.Summary == SummaryMode.Count || query.Count == 0
            ? query with
            {
                Summary = SummaryMode.Count,
                Count = 0,
                Total = TotalMode.Accurate,
            }
            : query;

    private static void Report(
        Failure failure,
        bool isLenient,
        ImmutableArray<Issue>.Builder errors,
        ImmutableArray<Issue>.Builder warnings
    )
    {
        foreach (var issue in failure.Issues)
        {
            if (isLenient && issue.Code == IssueCode.NotSupported)
                warnings.Add(
                    issue with
                    {
                        Severity = IssueSeverity.Warning,
                        Diagnostics = $"{issue.Diagnostics} It was left out of the search.",
                    }
                );
            else
                errors.Add(issue);
        }
    }
}
