using System.Collections.Immutable;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Search.Matching;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search;

/// <summary>
/// What may be seen, as a condition on rows of <c>Resource</c> (alias <c>h</c>) or of <c>ResourceVersion</c> (alias <c>v</c>): the same
/// in every statement, before anything is counted, sorted or cut. docs/access.md
/// </summary>
/// <param name="writeCriterion">Writes a criterion of a search as a condition on <c>h</c>.</param>
internal sealed class AccessSql(SqlDialect dialect, IndexSource source, Action<SqlBuilder, Criterion> writeCriterion)
{
    /// <summary>
    /// Somebody acts as another through at most so many relations: as their role, which covers for a role, which is a member of a team.
    /// </summary>
    private const int ActingSteps = 3;
    private const string PatientType = "Patient";

    /// <summary>Writes a condition that what is of one type is seen; everything where nobody asks.</summary>
    public void WriteOfType(SqlBuilder sql, string alias, string resourceType, Visibility? visibility)
    {
        if (visibility is null)
            return;
        sql.Add(" AND ");
        WriteSights(sql, new Row(alias, visibility.Now), visibility.Of(resourceType));
    }

    /// <summary>Writes a condition that what is of any type is seen.</summary>
    public void WriteOfAny(SqlBuilder sql, string alias, Visibility? visibility)
    {
        if (visibility is not null)
            WriteGroups(sql, alias, visibility, seen => seen);
    }

    /// <summary>Writes a condition that versions, current or not, are seen.</summary>
    public void WriteOfVersions(SqlBuilder sql, Visibility? visibility)
    {
        if (visibility is not null)
            WriteGroups(sql, "v", visibility, seen => seen.OfVersions);
    }

    /// <summary>As <see cref="WriteOfVersions"/>, of one type.</summary>
    public void WriteOfVersionsOfType(SqlBuilder sql, string alias, string resourceType, Visibility? visibility)
    {
        if (visibility is null)
            return;
        sql.Add(" AND ");
        WriteSights(sql, new Row(alias, visibility.Now), visibility.Of(resourceType).OfVersions);
    }

    /// <summary>Writes a condition: the row is about patients, and about none but these.</summary>
    public void WriteAbout(SqlBuilder sql, string alias, ImmutableArray<ResourceKey> patients) =>
        WriteRange(sql, new Row(alias, default), new OnlyPatients(patients));

    /// <summary>
    /// Rows of compartments that hold all that is seen of the type, and perhaps more; null where other things are seen too, or the
    /// compartments are most of the type.
    /// </summary>
    public IndexMatch? Start(string resourceType, Visibility? visibility)
    {
        if (visibility?.Of(resourceType).Sights is not { IsEmpty: false } sights)
            return null;
        if (sights.Any(sight => sight.Patients.IsEmpty))
            return null;
        var ranges = sights.Select(sight => sight.Patients.OrderBy(range => range is not OnlyPatients).First());
        return Compartments(resourceType, [.. ranges], visibility.Now);
    }

    private IndexMatch Compartments(string resourceType, ImmutableArray<PatientRange> ranges, DateTimeOffset now)
    {
        var typeId = source.TypeId(resourceType);
        return new IndexMatch(
            FhirTables.ReferenceIndex,
            ranges.All(range => range is OnlyPatients) ? Selectivity.Few : Selectivity.Many,
            sql =>
            {
                sql.Add($"""x."Parameter" = {FhirTables.CompartmentParameter} AND x."Target" IN (""");
                WritePatients(sql, ranges, now);
                sql.Add($"""{dialect.SetEnd} AND x."ResourceKey" >= {SurrogateKey.Start(typeId)} """)
                    .Add($"""AND x."ResourceKey" < {SurrogateKey.End(typeId)}""");
            }
        )
        {
            // The record of a patient has no row that says whose it is.
            Besides = resourceType == PatientType ? sql => WritePatients(sql, ranges, now) : null,
        };
    }

    private void WriteGroups(
        SqlBuilder sql,
        string alias,
        Visibility visibility,
        Func<TypeVisibility, TypeVisibility> narrow
    )
    {
        sql.Add(" AND (1 = 0");
        foreach (var (seen, types) in visibility.Groups.Select(group => (narrow(group.Visibility), group.Types)))
        {
            if (seen.IsNothing)
                continue;
            sql.Add(" OR (");
            dialect.AnyOf(sql, $"{alias}.\"TypeId\"", [.. types.Select(source.TypeId)]);
            WriteSights(sql.Add(" AND "), new Row(alias, visibility.Now), seen);
            sql.Add(")");
        }

        sql.Add(")");
    }

    private void WriteSights(SqlBuilder sql, Row row, TypeVisibility seen) =>
        IndexMatch.WriteAny(sql, seen.Sights, (builder, sight) => WriteSight(builder, row, sight));

    private void WriteSight(SqlBuilder sql, Row row, Sight sight)
    {
        var a = row.Alias;
        sql.Add("1 = 1");
        if (sight.Hidden != 0)
            sql.Add($""" AND ({a}."Labels" & {sight.Hidden}) = 0""");
        if (sight.IsOfNobody)
            sql.Add($""" AND {a}."Patient" = {AboutPatient.Nobody}""");
        foreach (var range in sight.Patients)
            WriteRange(sql, row, range);
        if (sight.Names is { } names)
        {
            sql.Add($""" AND {a}."Key" IN (SELECT n."ResourceKey" FROM "CareRelation" n WHERE """);
            WriteRelation(sql, "n", names, row.Now);
            sql.Add($"{dialect.SetEnd}");
        }

        if (sight.Disclosed is { } disclosed)
        {
            sql.Add($""" AND {a}."Key" IN (SELECT r."Of" FROM "CareRelation" r WHERE r."Of" > 0 AND """);
            WriteRelation(sql, "r", disclosed, row.Now);
            sql.Add($"{dialect.SetEnd}");
        }

        foreach (var criterion in sight.Criteria)
            writeCriterion(sql.Add(" AND "), criterion);
        if (sight.Consent is { } consent)
            WriteConsent(sql, row, consent);
    }

    /// <summary>Each patient whom the row is about is in the range, and there is one.</summary>
    private void WriteRange(SqlBuilder sql, Row row, PatientRange range)
    {
        var alias = row.Alias;
        sql.Add($""" AND ({alias}."Patient" IN (""");
        WritePatients(sql, [range], row.Now);
        sql.Add($"""{dialect.SetEnd} OR ({alias}."Patient" = {AboutPatient.Several} """)
            .Add("""AND NOT EXISTS (SELECT 1 FROM "SharedPatient" s WHERE """)
            .Add($"""s."Sequence" = {alias}."Sequence" AND NOT (s."Patient" IN (""");
        WritePatients(sql, [range], row.Now);
        sql.Add($"{dialect.SetEnd}){dialect.ProbeEnd})))");
    }

    /// <summary>Writes selects of the keys of all patients of the ranges.</summary>
    private void WritePatients(SqlBuilder sql, ImmutableArray<PatientRange> ranges, DateTimeOffset now)
    {
        for (var i = 0; i < ranges.Length; i++)
        {
            // Each once: a search that starts from them finds no patient twice.
            sql.Add(i == 0 ? "" : " UNION ");
            if (ranges[i] is OnlyPatients only)
                WriteKeys(sql, only.Keys);
            else if (ranges[i] is RelatedPatients { Relations: var relations })
            {
                sql.Add("""SELECT r."Of" FROM "CareRelation" r WHERE r."Of" > 0 AND """);
                WriteRelation(sql, "r", relations, now);
            }
        }
    }

    private void WriteKeys(SqlBuilder sql, ImmutableArray<ResourceKey> keys) => KeyRows.WriteSelect(sql, source, keys);

    /// <summary>Writes a condition: the relation counts now, and is one of the caller's.</summary>
    private void WriteRelation(SqlBuilder sql, string alias, Relations relations, DateTimeOffset now)
    {
        sql.Add($"""{new RawSql(alias)}."Party" IN (""");
        WriteParties(sql, relations, now);
        sql.Add(") AND ");
        WriteLive(sql, alias, relations.Kinds, now);
    }

    /// <summary>Writes selects of the keys of the caller, and of those whom the caller acts as.</summary>
    public void WriteParties(SqlBuilder sql, Relations relations, DateTimeOffset now)
    {
        WriteKeys(sql, relations.Parties);
        if (relations.ActingKinds.IsEmpty)
            return;
        for (var steps = 1; steps <= ActingSteps; steps++)
            WriteActing(sql.Add(" UNION ALL "), relations, now, steps);
    }

    private void WriteActing(SqlBuilder sql, Relations relations, DateTimeOffset now, int steps)
    {
        var alias = $"a{steps}";
        var a = new RawSql(alias);
        sql.Add($"""SELECT {a}."Of" FROM "CareRelation" {a} WHERE {a}."Party" IN (""");
        if (steps == 1)
            WriteKeys(sql, relations.Parties);
        else
            WriteActing(sql, relations, now, steps - 1);
        WriteLive(sql.Add(") AND "), alias, relations.ActingKinds, now);
    }

    private void WriteLive(SqlBuilder sql, string alias, ImmutableArray<short> kinds, DateTimeOffset now)
    {
        var a = new RawSql(alias);
        dialect.AnyOf(sql, $"{alias}.\"Kind\"", kinds);
        WriteNow(sql, a, now);
    }

    private static void WriteNow(SqlBuilder sql, RawSql alias, DateTimeOffset now) =>
        sql.Add($""" AND {alias}."Start" <= {now.UtcTicks} AND {alias}."End" > {now.UtcTicks}""");

    /// <summary>None of the patients whom the row is about has denied it to the caller.</summary>
    private void WriteConsent(SqlBuilder sql, Row row, ConsentQuestion question)
    {
        var alias = row.Alias;
        sql.Add($""" AND NOT EXISTS (SELECT 1 FROM "ConsentRule" d WHERE d."Patient" = {alias}."Patient" AND """);
        WriteDenial(sql, row, question);
        sql.Add($"""{dialect.ProbeEnd}) AND NOT ({alias}."Patient" = {AboutPatient.Several} AND EXISTS (""")
            .Add($"""SELECT 1 FROM "SharedPatient" s {dialect.Join} "ConsentRule" d ON d."Patient" = s."Patient" """)
            .Add($"""WHERE s."Sequence" = {alias}."Sequence" AND """);
        WriteDenial(sql, row, question);
        sql.Add($"{dialect.ProbeEnd}))");
    }

    private void WriteDenial(SqlBuilder sql, Row row, ConsentQuestion question)
    {
        sql.Add("""d."IsException" = 0""");
        WriteRule(sql, "d", row, question);
        sql.Add(""" AND NOT EXISTS (SELECT 1 FROM "ConsentRule" e WHERE e."Patient" = d."Patient" """)
            .Add("""AND e."ResourceKey" = d."ResourceKey" AND e."IsException" = 1""");
        WriteRule(sql, "e", row, question);
        sql.Add($"{dialect.ProbeEnd})");
    }

    private void WriteRule(SqlBuilder sql, string rule, Row row, ConsentQuestion question)
    {
        var (r, alias) = (new RawSql(rule), row.Alias);
        sql.Add($""" AND ({r}."Party" = 0 OR {r}."Party" IN (""");
        WriteParties(sql, question.Relations, row.Now);
        sql.Add($"""{dialect.SetEnd}) AND ({r}."Purpose" = 0 OR {r}."Purpose" = {question.Purpose}) """)
            .Add($"""AND ({r}."TypeId" = 0 OR {r}."TypeId" = {alias}."TypeId") """)
            .Add($"""AND ({r}."Labels" = 0 OR ({r}."Labels" & {alias}."Labels") <> 0)""");
        WriteNow(sql, r, row.Now);
    }

    /// <summary>The row that is asked about, and when.</summary>
    private readonly record struct Row(RawSql Alias, DateTimeOffset Now)
    {
        public Row(string alias, DateTimeOffset now)
            : this(new RawSql(alias), now) { }
    }
}
