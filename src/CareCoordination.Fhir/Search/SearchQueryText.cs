using System.Text;

namespace CareCoordination.Fhir.Search;

/// <summary>
/// Prints a <see cref="SearchQuery"/> as a query string that reads as the same query: names and values percent-encoded, the
/// characters that structure them (<c>: , $ / *</c>) left readable. https://hl7.org/fhir/R4/search.html#conformance
/// </summary>
internal static class SearchQueryText
{
    public static string Print(SearchQuery query)
    {
        var text = new StringBuilder();
        foreach (var criterion in query.Criteria)
        {
            if (Print(criterion) is { } pair)
                Append(text, pair.Name, pair.Value);
        }

        if (query.Sort.Length > 0)
            Append(text, "_sort", string.Join(',', query.Sort.Select(Print)));
        if (query.Count == 0)
        {
            Append(text, "_summary", "count");
            return text.ToString();
        }

        foreach (var include in query.Includes)
            Append(
                text,
                $"{(include.IsReverse ? "_revinclude" : "_include")}{(include.IsIterated ? ":iterate" : "")}",
                Print(include)
            );
        if (query.Total != TotalMode.None)
            Append(text, "_total", query.Total.ToString().ToLowerInvariant());
        if (query.Summary != SummaryMode.False)
            Append(text, "_summary", query.Summary.ToString().ToLowerInvariant());
        if (query.Elements.Length > 0)
            Append(text, "_elements", string.Join(',', query.Elements));
        Append(text, "_count", $"{query.Count}");
        return text.ToString();
    }

    /// <summary>Null for conditions that come from the URL's path or the client's rights rather than from its query.</summary>
    private static (string Name, string Value)? Print(Criterion criterion) =>
        criterion switch
        {
            IdCriterion id => ("_id", string.Join(',', id.Ids)),
            LastUpdatedCriterion date => ("_lastUpdated", string.Join(',', date.Values.Select(ValueText.Print))),
            TokenCriterion token => (
                token.Parameter.Code + (token.Not ? ":not" : ""),
                string.Join(',', token.Values.Select(ValueText.Print))
            ),
            StringCriterion text => (
                text.Parameter.Code + Modifier(text.Match),
                string.Join(',', text.Values.Select(QueryText.Escape))
            ),
            DateCriterion date => (date.Parameter.Code, string.Join(',', date.Values.Select(ValueText.Print))),
            NumberCriterion number => (number.Parameter.Code, string.Join(',', number.Values.Select(ValueText.Print))),
            QuantityCriterion quantity => (
                quantity.Parameter.Code,
                string.Join(',', quantity.Values.Select(ValueText.Print))
            ),
            ReferenceCriterion reference => (
                reference.Parameter.Code,
                string.Join(',', reference.Values.Select(value => QueryText.Escape(value.Text)))
            ),
            UriCriterion uri => (uri.Parameter.Code, string.Join(',', uri.Values.Select(QueryText.Escape))),
            CompositeCriterion composite => (
                composite.Parameter.Code,
                string.Join(',', composite.Values.Select(value => value.Text))
            ),
            MissingCriterion missing => ($"{missing.Parameter.Code}:missing", missing.IsMissing ? "true" : "false"),
            // Each type that a chain may lead to reads the value in its own way: what was asked is asked again.
            LinkedCriterion linked => (linked.Name, linked.Value),
            _ => null,
        };

    private static string Modifier(StringMatch match) =>
        match switch
        {
            StringMatch.Exact => ":exact",
            StringMatch.Contains => ":contains",
            _ => "",
        };

    private static string Print(SortKey key)
    {
        var code = key.By switch
        {
            SortBy.Id => "_id",
            SortBy.LastUpdated => "_lastUpdated",
            _ => key.Parameter!.Code,
        };
        return key.Descending ? $"-{code}" : code;
    }

    private static string Print(Include include) =>
        $"{include.SourceType}:{include.Parameter?.Code ?? "*"}{(include.TargetType is null ? "" : $":{include.TargetType}")}";

    private static void Append(StringBuilder text, string name, string value)
    {
        if (text.Length > 0)
            text.Append('&');
        Encode(text, name);
        text.Append('=');
        Encode(text, value);
    }

    private static void Encode(StringBuilder text, string value)
    {
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in value.EnumerateRunes())
        {
            if (
                rune.IsAscii
                && (
                    char.IsAsciiLetterOrDigit((char)rune.Value)
                    || "-._~:,$/*".Contains((char)rune.Value, StringComparison.Ordinal)
                )
            )
            {
                text.Append((char)rune.Value);
                continue;
            }

            var length = rune.EncodeToUtf8(utf8);
            foreach (var octet in utf8[..length])
                text.Append('%').Append(octet.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
