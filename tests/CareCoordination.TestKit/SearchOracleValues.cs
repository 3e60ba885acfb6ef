using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Types;

namespace CareCoordination.TestKit;

/// <summary>Whether the entries of one resource meet one condition.</summary>
internal static class SearchOracleValues
{
    public static bool Holds(Criterion criterion, IndexEntries entries) =>
        criterion switch
        {
            TokenCriterion token => token.Values.Any(value => Has(entries, token.Parameter, value)) != token.Not,
            StringCriterion text => text.Values.Any(value => Has(entries, text, value)),
            DateCriterion date => date.Values.Any(value =>
                entries.Dates.Any(entry => entry.Parameter == date.Parameter.Id && Holds(value, entry.Range))
            ),
            NumberCriterion number => number.Values.Any(value =>
                entries.Numbers.Any(entry =>
                    entry.Parameter == number.Parameter.Id && Holds(value, entry.Low, entry.High)
                )
            ),
            QuantityCriterion quantity => quantity.Values.Any(value => Has(entries, quantity.Parameter, value)),
            ReferenceCriterion reference => reference.Values.Any(value => Has(entries, reference.Parameter, value)),
            UriCriterion uri => uri.Values.Any(value =>
                UriParameter.Lookups(uri.Parameter, value).Any(entries.Uris.Contains)
            ),
            CompositeCriterion composite => composite.Values.Any(value => Has(entries, composite.Parameter, value)),
            _ => throw new ArgumentException($"{criterion.GetType().Name} is not about entries.", nameof(criterion)),
        };

    /// <summary>https://hl7.org/fhir/R4/search.html#prefix, for ranges of which the end is outside.</summary>
    public static bool Holds(DateValue value, DateRange range) =>
        value.Prefix switch
        {
            SearchPrefix.Eq => value.Range.Contains(range),
            SearchPrefix.Ne => !value.Range.Contains(range),
            SearchPrefix.Gt => range.End > value.Range.End,
            SearchPrefix.Lt => range.Start < value.Range.Start,
            SearchPrefix.Ge => range.End > value.Range.End || value.Range.Contains(range),
            SearchPrefix.Le => range.Start < value.Range.Start || value.Range.Contains(range),
            SearchPrefix.Sa => range.Start >= value.Range.End,
            SearchPrefix.Eb => range.End <= value.Range.Start,
            _ => range.Overlaps(value.Range),
        };

    /// <summary>https://hl7.org/fhir/R4/search.html#prefix; order prefixes take the number as exact.</summary>
    public static bool Holds(NumberValue value, double low, double high) =>
        value.Prefix switch
        {
            SearchPrefix.Eq => low >= value.Low && high < value.High,
            SearchPrefix.Ne => !(low >= value.Low && high < value.High),
            SearchPrefix.Gt => high > value.Value,
            SearchPrefix.Lt => low < value.Value,
            SearchPrefix.Ge => high >= value.Value,
            SearchPrefix.Le => low <= value.Value,
            SearchPrefix.Sa => low > value.Value,
            SearchPrefix.Eb => high < value.Value,
            _ => low < value.High && high >= value.Low,
        };

    private static bool Has(IndexEntries entries, SearchParameter parameter, TokenValue value)
    {
        var lookups = TokenParameter.Lookups(parameter, value);
        return entries.Tokens.Exists(entry =>
            lookups.Any(lookup =>
                entry.Code == lookup.Code && (lookup.Systems.IsEmpty || lookup.Systems.Contains(entry.System))
            )
        );
    }

    private static bool Has(IndexEntries entries, StringCriterion criterion, string value)
    {
        var folded = StringParameter.Compared(criterion.Parameter, value);
        var (id, rest) = StringParameter.Numbers(criterion.Parameter);
        var exact = StringParameter.ExactHash(criterion.Parameter, value);
        return entries.Strings.Exists(entry =>
            (entry.Parameter == id || (entry.Parameter == rest && criterion.Match == StringMatch.Contains))
            && criterion.Match switch
            {
                StringMatch.Exact => entry.Value == folded && entry.Exact == exact,
                StringMatch.Contains => entry.Value.Contains(folded, StringComparison.Ordinal),
                _ => StringParameter
                    .Pieces(criterion.Parameter, value)
                    .Select(
                        (piece, place) =>
                            place == 0
                                ? entry.Value.StartsWith(piece, StringComparison.Ordinal)
                                : entries.Strings.Exists(other =>
                                    other.Parameter == rest
                                    && other.Exact == StringParameter.ExactOfPiece(entry.Exact, place)
                                    && other.Value.StartsWith(piece, StringComparison.Ordinal)
                                )
                    )
                    .All(holds => holds),
            }
        );
    }

    private static bool Has(IndexEntries entries, SearchParameter parameter, QuantityValue value) =>
        entries.Quantities.Exists(entry =>
            entry.Parameter == parameter.Id && Holds(value, entry.Low, entry.High, entry.System, entry.Unit)
        );

    private static bool Holds(QuantityValue value, double low, double high, long system, long unit) =>
        Holds(value.Number, low, high)
        && (value.System is null || system == TokenParameter.SystemHash(value.System))
        && (value.Unit is null || unit == QuantityParameter.UnitHash(value.Unit));

    private static bool Has(IndexEntries entries, SearchParameter parameter, ReferenceValue value) =>
        value.Url is { } url
            ? entries.Uris.Contains(new UriEntry(parameter.Id, url))
            : value.Targets.Any(target => entries.References.Contains(new ReferenceEntry(parameter.Id, target)));

    private static bool Has(IndexEntries entries, SearchParameter parameter, CompositeValue value)
    {
        var first = CompositeParameter.FirstLookups(parameter, value);
        return entries.Composites.Exists(entry =>
            first.Any(lookup =>
                entry.First == lookup.Code && (lookup.Systems.IsEmpty || lookup.Systems.Contains(entry.FirstSystem))
            )
            && (
                value.Parts is [_, NumberValue start, NumberValue end]
                    ? Holds(start, entry.Low, entry.Low) && Holds(end, entry.High, entry.High)
                    : HoldsSecond(parameter, value.Parts[1], entry)
            )
        );
    }

    private static bool HoldsSecond(SearchParameter parameter, object part, CompositeEntry entry) =>
        part switch
        {
            TokenValue token => CompositeParameter.SecondLookup(parameter, token) is var lookup
                && entry.SecondCode == lookup.Code.Key
                && (lookup.Systems.IsEmpty || lookup.Systems.Contains(entry.SecondSystem)),
            QuantityValue quantity => Holds(quantity, entry.Low, entry.High, entry.SecondSystem, entry.SecondCode),
            DateValue date => Holds(
                date with
                {
                    Range = Rounded(date.Range),
                },
                new DateRange((long)entry.Low, (long)entry.High)
            ),
            NumberValue number => Holds(number, entry.Low, entry.High),
            _ => entry.Text.StartsWith(StringParameter.Fold((string)part), StringComparison.Ordinal),
        };

    /// <summary>Composite rows hold ticks as doubles, exact to the second and near to it below.</summary>
    private static DateRange Rounded(DateRange range) => new((long)(double)range.Start, (long)(double)range.End);
}
