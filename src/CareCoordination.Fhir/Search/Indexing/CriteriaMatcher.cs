using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search.Types;

namespace CareCoordination.Fhir.Search.Indexing;

/// <summary>
/// Whether a resource that is not stored yet meets the criteria of a search, by the entries that its index would have. Answers as a
/// database does; what lies outside of the resource, as a chain, is not answered here.
/// </summary>
public static class CriteriaMatcher
{
    /// <summary>Why the criteria cannot be answered from a resource alone; null where they can.</summary>
    public static Failure? Unanswerable(SearchQuery query)
    {
        foreach (var criterion in query.Criteria)
        {
            var what = criterion switch
            {
                ChainCriterion => "Chains",
                HasCriterion => "Criteria with _has",
                CompositeCriterion => "Composite parameters",
                LastUpdatedCriterion => "Criteria on _lastUpdated",
                CompartmentCriterion => "Compartments",
                _ => null,
            };
            if (what is not null)
                return Failure.Invalid(
                    IssueCode.NotSupported,
                    $"{what} cannot be answered of what the same transaction writes; use criteria such as identifier=system|value."
                );
        }

        return null;
    }

    /// <summary>True where all criteria hold. Only for criteria that are not <see cref="Unanswerable"/>.</summary>
    public static bool Holds(SearchQuery query, ResourceKey key, IndexEntries entries)
    {
        if (key.Type != query.ResourceType)
            return false;
        foreach (var criterion in query.Criteria)
        {
            if (!Holds(criterion, key, entries))
                return false;
        }

        return true;
    }

    private static bool Holds(Criterion criterion, ResourceKey key, IndexEntries entries) =>
        criterion switch
        {
            IdCriterion id => id.Ids.Contains(key.Id),
            OtherThanCriterion others => !others.Ids.Contains(key.Id),
            MissingCriterion missing => (entries.Presence & (1UL << missing.Parameter.PresenceBit))
                == 0
                == missing.IsMissing,
            TokenCriterion token => token.Values.Any(v => Has(entries, token.Parameter, v)) != token.Not,
            StringCriterion text => text.Values.Any(v => Has(entries, text, v)),
            DateCriterion date => date.Values.Any(v =>
                entries.Dates.Exists(e => e.Parameter == date.Parameter.Id && Holds(v, e.Range))
            ),
            NumberCriterion number => number.Values.Any(v =>
                entries.Numbers.Exists(e => e.Parameter == number.Parameter.Id && Holds(v, e.Low, e.High))
            ),
            QuantityCriterion quantity => quantity.Values.Any(v => Has(entries, quantity.Parameter, v)),
            ReferenceCriterion reference => reference.Values.Any(v => Has(entries, reference.Parameter, v)),
            UriCriterion uri => uri.Values.Any(v => UriParameter.Lookups(uri.Parameter, v).Any(entries.Uris.Contains)),
            _ => throw new NotSupportedException($"{criterion.GetType().Name} is about more than the resource."),
        };

    private static bool Has(IndexEntries entries, SearchParameter parameter, TokenValue value)
    {
        foreach (var lookup in TokenParameter.Lookups(parameter, value))
        {
            if (
                entries.Tokens.Exists(e =>
                    e.Code == lookup.Code && (lookup.Systems.IsEmpty || lookup.Systems.Contains(e.System))
                )
            )
                return true;
        }

        return false;
    }

    private static bool Has(IndexEntries entries, StringCriterion criterion, string value)
    {
        var folded = StringParameter.Compared(criterion.Parameter, value);
        var (id, rest) = StringParameter.Numbers(criterion.Parameter);
        switch (criterion.Match)
        {
            case StringMatch.Exact:
                return entries.Strings.Contains(
                    new StringEntry(id, folded, StringParameter.ExactHash(criterion.Parameter, value))
                );
            case StringMatch.Contains:
                return entries.Strings.Exists(e =>
                    (e.Parameter == id || e.Parameter == rest) && e.Value.Contains(folded, StringComparison.Ordinal)
                );
            default:
                var pieces = StringParameter.Pieces(criterion.Parameter, value);
                return entries.Strings.Exists(e =>
                    e.Parameter == id
                    && e.Value.StartsWith(pieces[0], StringComparison.Ordinal)
                    && HasRest(entries, rest, e.Exact, pieces)
                );
        }
    }

    private static bool HasRest(IndexEntries entries, int rest, long exact, ImmutableArray<string> pieces)
    {
        for (var i = 1; i < pieces.Length; i++)
        {
            var (piece, place) = (pieces[i], StringParameter.ExactOfPiece(exact, i));
            if (
                !entries.Strings.Exists(e =>
                    e.Parameter == rest && e.Exact == place && e.Value.StartsWith(piece, StringComparison.Ordinal)
                )
            )
                return false;
        }

        return true;
    }

    private static bool Has(IndexEntries entries, SearchParameter parameter, QuantityValue value) =>
        entries.Quantities.Exists(e =>
            e.Parameter == parameter.Id
            && Holds(value.Number, e.Low, e.High)
            && (value.System is null || e.System == TokenParameter.SystemHash(value.System))
            && (value.Unit is null || e.Unit == QuantityParameter.UnitHash(value.Unit))
        );

    private static bool Has(IndexEntries entries, SearchParameter parameter, ReferenceValue value) =>
        value.Url is { } url
            ? entries.Uris.Contains(new UriEntry(parameter.Id, url))
            : value.Targets.Any(t => entries.References.Contains(new ReferenceEntry(parameter.Id, t)));

    /// <summary>https://hl7.org/fhir/R4/search.html#prefix</summary>
    private static bool Holds(DateValue value, DateRange range) =>
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

    /// <summary>https://hl7.org/fhir/R4/search.html#prefix; what orders takes the number as exact.</summary>
    private static bool Holds(NumberValue value, double low, double high) =>
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
}
