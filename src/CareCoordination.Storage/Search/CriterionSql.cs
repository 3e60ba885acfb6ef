using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Search.Matching;
using CareCoordination.Storage.Search.Predicates;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search;

/// <summary>Each kind of criterion as SQL: as rows of an index table where it has such, and as a condition on a resource.</summary>
internal sealed class CriterionSql
{
    private readonly SqlDialect _dialect;
    private readonly IndexSource _source;
    private readonly LinkSql _links;

    public CriterionSql(SqlDialect dialect, IndexSource source)
    {
        (_dialect, _source) = (dialect, source);
        // A criterion that is part of what may be seen is about the resource alone: it has no chain.
        Access = new AccessSql(dialect, source, (sql, criterion) => WriteFilter(sql, criterion, null));
        _links = new LinkSql(dialect, source, this);
    }

    /// <summary>What may be seen.</summary>
    public AccessSql Access { get; }

    /// <summary>The criterion as index rows; null where it is about the resource itself, or about what is not there.</summary>
    public IndexMatch? Match(Criterion criterion, Visibility? visibility) =>
        criterion switch
        {
            TokenCriterion { Not: false } token => TokenPredicate.Match(token),
            StringCriterion text => StringPredicate.Match(text, _dialect),
            DateCriterion date => DatePredicate.Match(date),
            NumberCriterion number => NumberPredicate.Match(number),
            QuantityCriterion quantity => QuantityPredicate.Match(quantity),
            CompositeCriterion composite => CompositePredicate.Match(composite, _dialect),
            UriCriterion uri => UriPredicate.Match(uri.Parameter, uri.Values),
            ReferenceCriterion reference => Match(reference),
            CompartmentCriterion compartment => ReferencePredicate.Compartment(_source, compartment),
            LinkedCriterion linked => _links.Match(linked, visibility),
            _ => null,
        };

    /// <summary><see cref="LinkSql.Leaf"/></summary>
    public IndexMatch? Leaf(HasCriterion has) => _links.Leaf(has);

    /// <summary>Writes the criterion as a condition on the row <c>h</c> of <c>Resource</c>.</summary>
    /// <param name="visibility">Of what a chain finds, in either direction.</param>
    /// <param name="isOfFew">Few rows are asked about.</param>
    public void WriteFilter(SqlBuilder sql, Criterion criterion, Visibility? visibility, bool isOfFew = false)
    {
        switch (criterion)
        {
            case IdCriterion id:
                _dialect.AnyOf(sql, "h.\"Id\"", id.Ids);
                break;
            case OtherThanCriterion others:
                sql.Add("NOT (");
                _dialect.AnyOf(sql, "h.\"Id\"", others.Ids);
                sql.Add(")");
                break;
            case LastUpdatedCriterion updated:
                DatePredicate.WriteLastUpdated(sql, updated.Values);
                break;
            case MissingCriterion missing:
                var bit = unchecked((long)(1UL << missing.Parameter.PresenceBit));
                sql.Add($"""(h."Presence" & {bit}) {new RawSql(missing.IsMissing ? "=" : "<>")} 0""");
                break;
            case TokenCriterion { Not: true } not:
                sql.Add("NOT ");
                TokenPredicate.Match(not).WriteProbe(sql, """h."Key" """);
                break;
            case TokenCriterion status when StatusPredicate.Numbers(status) is { IsEmpty: false } numbers:
                StatusPredicate.Write(sql, numbers);
                break;
            case ReferenceCriterion reference when Match(reference) is null:
                WriteMixed(sql, reference);
                break;
            case LinkedCriterion linked:
                _links.WriteFilter(sql, linked, visibility, isOfFew);
                break;
            default:
                var match =
                    Match(criterion, visibility)
                    ?? throw new NotSupportedException($"{criterion.GetType().Name} cannot be searched for.");
                match.WriteProbe(sql, """h."Key" """);
                break;
        }
    }

    private IndexMatch? Match(ReferenceCriterion criterion)
    {
        var urls = criterion.Values.Where(v => v.Url is not null).Select(v => v.Url!).ToList();
        if (urls.Count == criterion.Values.Length)
            return UriPredicate.Match(criterion.Parameter, urls);
        return urls.Count == 0
            ? ReferencePredicate.Local(
                _source,
                criterion.Parameter.Id,
                [.. criterion.Values.SelectMany(v => v.Targets)]
            )
            : null;
    }

    /// <summary>Local resources or addresses elsewhere: they are in two tables.</summary>
    private void WriteMixed(SqlBuilder sql, ReferenceCriterion criterion)
    {
        sql.Add("(");
        ReferencePredicate
            .Local(_source, criterion.Parameter.Id, [.. criterion.Values.SelectMany(v => v.Targets)])
            .WriteProbe(sql, """h."Key" """);
        sql.Add(" OR ");
        UriPredicate
            .Match(criterion.Parameter, [.. criterion.Values.Where(v => v.Url is not null).Select(v => v.Url!)])
            .WriteProbe(sql, """h."Key" """);
        sql.Add(")");
    }
}
