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

    public CriterionSql(SqlDialect dialect, IndexSource source)
    {
        (_dialect, _source) = (dialect, source);
        // A criterion that is part of what may be seen is about the resource alone: it has no chain.
        Access = new AccessSql(dialect, source, (sql, criterion) => WriteFilter(sql, criterion, null));
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
            ChainCriterion chain => Match(chain, visibility),
            _ => null,
        };

    /// <summary>Writes the criterion as a condition on the row <c>h</c> of <c>Resource</c>.</summary>
    /// <param name="visibility">Of what a chain finds.</param>
    public void WriteFilter(SqlBuilder sql, Criterion criterion, Visibility? visibility)
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
            case ChainCriterion chain:
                // What a chain finds is found once, not anew for each resource.
                sql.Add("""h."Key" IN (""");
                Match(chain, visibility).WriteKeys(sql);
                sql.Add($"{_dialect.SetEnd}");
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

    private IndexMatch Match(ChainCriterion chain, Visibility? visibility) =>
        new(
            FhirTables.ReferenceIndex,
            chain.Inner.Any(t =>
                Match(t.Criterion, null) is { Selectivity: not Selectivity.Many } || t.Criterion is IdCriterion
            )
                ? Selectivity.Some
                : Selectivity.Many,
            sql =>
            {
                sql.Add($"""x."Parameter" = {chain.Reference.Id} AND x."Target" IN (""");
                for (var i = 0; i < chain.Inner.Length; i++)
                    WriteTargets(sql.Add(i == 0 ? "" : " UNION ALL "), chain.Inner[i], visibility);
                sql.Add(")");
            }
        )
        {
            IsEmpty = chain.Reference.IsEmbedded && !chain.Parts.IsEmpty,
            Others =
            [
                .. chain.Parts.Select(part =>
                    (Action<SqlBuilder, bool>)(
                        (sql, distinct) => WriteOfPart(sql, chain.Reference, part, visibility, distinct)
                    )
                ),
            ],
        };

    /// <summary>Writes a select of the resources of which a part meets a condition.</summary>
    /// <param name="visibility">Of what the part refers to.</param>
    private void WriteOfPart(
        SqlBuilder sql,
        SearchParameter reference,
        Criterion criterion,
        Visibility? visibility,
        bool distinct
    )
    {
        if (criterion is not PartCriterion part)
        {
            if (Match(criterion, visibility) is { } match)
                match.WriteKeys(sql, distinct);
            else
                // A part is seen where the whole is.
                WriteTargets(sql, new ChainTarget(reference.ResourceType, criterion), null);
            return;
        }

        sql.Add($"""SELECT {new RawSql(distinct ? "DISTINCT " : "")}p."ResourceKey" FROM "TokenIndex" p """)
            .Add($"""WHERE p."Key" = {part.Parts.Key} AND p."Check" = {part.Parts.Check}""");
        if (part.Missing is { } missing)
        {
            var bit = unchecked((long)(1UL << missing.Parameter.PresenceBit));
            sql.Add($""" AND (p."System" & {bit}) {new RawSql(missing.IsMissing ? "=" : "<>")} 0""");
        }

        if (part.Not is { } not)
            TokenPredicate.Match(not).WriteProbe(sql.Add(" AND NOT "), """p."ResourceKey" """);
    }

    private void WriteTargets(SqlBuilder sql, ChainTarget target, Visibility? visibility)
    {
        var match = Match(target.Criterion, visibility);
        if (match is not null && visibility is null)
        {
            match.WriteKeys(sql);
            return;
        }

        sql.Add("""SELECT h."Key" FROM """);
        if (match is null)
            sql.Add("\"Resource\" h WHERE ");
        else
        {
            sql.Add("(SELECT h.* FROM (");
            match.WriteKeys(sql, distinct: true);
            sql.Add($""") k {_dialect.Join} "Resource" h ON h."Key" = k."ResourceKey" WHERE """);
        }

        sql.Add($"""h."TypeId" = {_source.TypeId(target.Type)} AND h."IsDeleted" = 0""");
        if (match is null)
            WriteFilter(sql.Add(" AND "), target.Criterion, visibility);
        else
            // As in a search: what is found is looked up before it is asked who sees it.
            sql.Add($"{_dialect.ProbeEnd}) h WHERE 1 = 1");
        Access.WriteOfType(sql, "h", target.Type, visibility);
    }
}
