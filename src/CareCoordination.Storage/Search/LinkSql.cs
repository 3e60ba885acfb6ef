using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Search.Matching;
using CareCoordination.Storage.Search.Predicates;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search;

/// <summary>
/// Conditions on other resources than the one that is searched: what it refers to, and what refers to it. Each resource on the way is one
/// that whoever asks may see. https://hl7.org/fhir/R4/search.html#chaining, https://hl7.org/fhir/R4/search.html#has
/// </summary>
internal sealed class LinkSql(SqlDialect dialect, IndexSource source, CriterionSql criteria)
{
    /// <summary>The keys of what meets the condition.</summary>
    public IndexMatch Match(LinkedCriterion linked, Visibility? visibility) =>
        linked is HasCriterion has ? Match(has, visibility) : Match((ChainCriterion)linked, visibility);

    /// <summary>Writes the criterion as a condition on the row <c>h</c> of <c>Resource</c>.</summary>
    /// <param name="isOfFew">Few rows are asked about.</param>
    public void WriteFilter(SqlBuilder sql, LinkedCriterion linked, Visibility? visibility, bool isOfFew)
    {
        if (linked is HasCriterion has && (isOfFew || SelectivityOf(has) == Selectivity.Many))
        {
            WriteProbe(sql, has, visibility);
            return;
        }

        // What a chain finds is found once, not anew for each resource.
        sql.Add("""h."Key" IN (""");
        Match(linked, visibility).WriteKeys(sql);
        sql.Add($"{dialect.SetEnd}");
    }

    private IndexMatch Match(ChainCriterion chain, Visibility? visibility) =>
        new(
            FhirTables.ReferenceIndex,
            SelectivityOf(chain),
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

    private Selectivity SelectivityOf(LinkedCriterion linked) =>
        linked.Links.Any(link =>
            criteria.Match(link.Criterion, null) is { Selectivity: not Selectivity.Many }
            || link.Criterion is IdCriterion
        )
            ? Selectivity.Some
            : Selectivity.Many;

    private IndexMatch Match(HasCriterion has, Visibility? visibility) =>
        new(
            FhirTables.ReferenceIndex,
            SelectivityOf(has),
            _ => throw new NotSupportedException("What is referred to has no rows of its own that say so.")
        )
        {
            IsEmpty = true,
            Others = [(sql, distinct) => WriteReferredTo(sql, has, visibility, distinct)],
        };

    /// <summary>
    /// Writes a select of what is referred to. References are looked up by what they lead to; of one in the compartment of a patient the
    /// resource itself says which that is, and of others those that lead to the type are read.
    /// </summary>
    private void WriteReferredTo(SqlBuilder sql, HasCriterion has, Visibility? visibility, bool distinct)
    {
        sql.Add($"""SELECT {new RawSql(distinct ? "DISTINCT " : "")}x."Target" AS "ResourceKey" FROM """);
        if (has.IsOfCompartment)
        {
            sql.Add($""" "Resource" o LEFT JOIN "SharedPatient" s ON s."Sequence" = o."Sequence" """)
                .Add($"""{dialect.Join} "ReferenceIndex" x ON x."Target" = COALESCE(s."Patient", o."Patient") """)
                .Add($"""AND x."Parameter" = {has.Reference.Id} AND x."ResourceKey" = o."Key" WHERE o."Key" IN (""");
        }
        else
        {
            var typeId = source.TypeId(has.TargetType);
            sql.Add($""" "ReferenceIndex" x WHERE x."Target" >= {SurrogateKey.Start(typeId)} """)
                .Add($"""AND x."Target" < {SurrogateKey.End(typeId)} AND x."Parameter" = {has.Reference.Id} """)
                .Add("""AND x."ResourceKey" IN (""");
        }

        WriteTargets(sql, has.Links.Single(), visibility);
        // What refers is a set that is made once: joined, all that leads to the type would be read for each that refers.
        sql.Add($"{(has.IsOfCompartment ? new RawSql(")") : dialect.SetEnd)}");
    }

    /// <summary>The rows by which a search by what refers begins, of nobody's sight; null where they are not known.</summary>
    public IndexMatch? Leaf(HasCriterion has) =>
        has.Inner switch
        {
            HasCriterion further => Leaf(further),
            LinkedCriterion => null,
            var last => criteria.Match(last, null),
        };

    /// <summary>Writes a condition that looks at what refers to the row <c>h</c>, one after the other.</summary>
    private void WriteProbe(SqlBuilder sql, HasCriterion has, Visibility? visibility)
    {
        var type = has.Reference.ResourceType;
        sql.Add("""EXISTS (SELECT 1 FROM "ReferenceIndex" x WHERE x."Target" = h."Key" """)
            .Add($"""AND x."Parameter" = {has.Reference.Id} AND EXISTS (SELECT 1 FROM "Resource" h """)
            .Add($"""WHERE h."Key" = x."ResourceKey" AND h."IsDeleted" = 0 AND """);
        criteria.WriteFilter(sql, has.Inner, visibility, isOfFew: true);
        if (visibility is not null)
            criteria.Access.WriteOfKeys(sql, "h", type, visibility);
        sql.Add($"{dialect.ProbeEnd}){dialect.ProbeEnd})");
    }

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
            if (criteria.Match(criterion, visibility) is { } match)
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

    /// <summary>Writes a select of the resources of a type that meet a condition, of those that are seen.</summary>
    private void WriteTargets(SqlBuilder sql, ChainTarget target, Visibility? visibility)
    {
        var match = criteria.Match(target.Criterion, visibility);
        // What is referred to may have been deleted since, or never have been there; what has rows of its own is there.
        if (match is not null && visibility is null && target.Criterion is not HasCriterion)
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
            sql.Add($""") k {dialect.Join} "Resource" h ON h."Key" = k."ResourceKey" WHERE """);
        }

        sql.Add($"""h."TypeId" = {source.TypeId(target.Type)} AND h."IsDeleted" = 0""");
        if (match is null)
            criteria.WriteFilter(sql.Add(" AND "), target.Criterion, visibility);
        else
            // As in a search: what is found is looked up before it is asked who sees it.
            sql.Add($"{dialect.ProbeEnd}) h WHERE 1 = 1");
        criteria.Access.WriteOfType(sql, "h", target.Type, visibility);
    }
}
