using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Search.Parsing;

/// <summary>The parameters that shape the result instead of selecting it. https://hl7.org/fhir/R4/search.html#return</summary>
internal static class ResultParameters
{
    /// <summary><c>_count</c>: a larger one than the limit is cut to it. https://hl7.org/fhir/R4/search.html#count</summary>
    public static Result<SearchQuery> Count(SearchQuery query, string value, SearchParserOptions options) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? query with
            {
                Count = Math.Min(count, options.MaxCount),
            }
            : Failure.Invalid(
                IssueCode.Value,
                $"'_count' is a whole number from 0 (only the total) to {options.MaxCount}."
            );

    /// <summary><c>_total</c>. https://hl7.org/fhir/R4/search.html#total</summary>
    public static Result<SearchQuery> Total(SearchQuery query, string value) =>
        value switch
        {
            "none" => query with { Total = TotalMode.None },
            "estimate" => query with { Total = TotalMode.Estimate },
            "accurate" => query with { Total = TotalMode.Accurate },
            _ => Failure.Invalid(IssueCode.Value, "'_total' is none, estimate or accurate."),
        };

    /// <summary><c>_summary</c>. https://hl7.org/fhir/R4/search.html#summary</summary>
    public static Result<SearchQuery> Summary(SearchQuery query, string value) =>
        value switch
        {
            "false" => query with { Summary = SummaryMode.False },
            "true" => query with { Summary = SummaryMode.True },
            "text" => query with { Summary = SummaryMode.Text },
            "data" => query with { Summary = SummaryMode.Data },
            "count" => query with { Summary = SummaryMode.Count },
            _ => Failure.Invalid(IssueCode.Value, "'_summary' is true, text, data, count or false."),
        };

    /// <summary><c>_elements</c>: top-level elements of the type. https://hl7.org/fhir/R4/search.html#elements</summary>
    public static Result<SearchQuery> Elements(SearchQuery query, string value, SearchParameterRegistry registry)
    {
        var type = registry.Schema[query.ResourceType];
        var names = value.Split(',', StringSplitOptions.TrimEntries);
        foreach (var name in names)
        {
            if (type.Element(name) is null && name != "resourceType")
                return Failure.Invalid(
                    IssueCode.Value,
                    $"'_elements' names '{CriterionParser.Shorten(name)}', which {type.Name} does not have. {Suggestion.Sentence(name, type.Elements.Select(element => element.Name))}"
                );
        }

        return query with
        {
            Elements = [.. names.Distinct(StringComparer.Ordinal)],
        };
    }

    /// <summary>
    /// <c>_sort=status,-date</c>, or the same in two parameters. A second key of one parameter orders nothing any more.
    /// https://hl7.org/fhir/R4/search.html#sort
    /// </summary>
    public static Result<SearchQuery> Sort(SearchQuery query, string value, SearchParameterRegistry registry)
    {
        var keys = query.Sort.ToBuilder();
        foreach (var piece in value.Split(',', StringSplitOptions.TrimEntries))
        {
            var descending = piece.StartsWith('-');
            var code = descending ? piece[1..] : piece;
            var key = code switch
            {
                "_id" => new SortKey(SortBy.Id, null, descending),
                "_lastUpdated" => new SortKey(SortBy.LastUpdated, null, descending),
                _ when registry.Find(query.ResourceType, code) is { IsSortable: true } parameter => new SortKey(
                    SortBy.Parameter,
                    parameter,
                    descending
                ),
                _ => null,
            };
            if (key is null)
                return NotSortable(query.ResourceType, code, registry);
            if (!keys.Any(other => other.By == key.By && other.Parameter == key.Parameter))
                keys.Add(key);
        }

        return query with
        {
            Sort = keys.ToImmutable(),
        };
    }

    private static Failure NotSortable(string resourceType, string code, SearchParameterRegistry registry)
    {
        var sortable = registry
            .Of(resourceType)
            .Where(parameter => parameter.IsSortable)
            .Select(parameter => parameter.Code);
        return Failure.Invalid(
            IssueCode.NotSupported,
            $"{resourceType} cannot be sorted by '{CriterionParser.Shorten(code)}'; sort by {string.Join(", ", sortable.Prepend("_lastUpdated").Prepend("_id"))}. References, and codes of any system, have no order."
        );
    }
}
