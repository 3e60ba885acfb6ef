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
    private const string PatientType = "Patient";

    /// <summary>
    /// A patient has about so many relations: whoever has more ways to one of them is found among those, and not looked for by each way.
    /// </summary>
    private const int MostWays = 16;
    private static readonly Visibility Nobody = new([]);

    /// <summary>Writes a condition that what is of one type is seen; everything where nobody asks.</summary>
    public void WriteOfType(SqlBuilder sql, string alias, string resourceType, Visibility? visibility)
    {
        if (visibility is null)
            return;
        sql.Add(" AND ");
        WriteSights(sql, new Row(alias, visibility), visibility.Of(resourceType));
    }

    /// <summary>As <see cref="WriteOfType"/>, in a statement that asks it of several types, or in several places: patients are found once.</summary>
    public void WriteOfTypeOnce(SqlBuilder sql, string alias, string resourceType, Visibility? visibility)
    {
        if (visibility is null)
            return;
        sql.Add(" AND ");
        WriteSights(sql, new Row(alias, visibility) { IsOneOfSeveral = true }, visibility.Of(resourceType));
    }

    /// <summary>As <see cref="WriteOfType"/>, for the few rows whose keys are given: each is asked about by itself.</summary>
    public void WriteOfKeys(SqlBuilder sql, string alias, string resourceType, Visibility visibility)
    {
        sql.Add(" AND ");
        WriteSights(sql, new Row(alias, visibility) { IsOfFew = true }, visibility.Of(resourceType));
    }

    /// <summary>
    /// Writes a condition that all that is seen of a type meets, and perhaps more: it leaves out what is rare and dear. Of each row that
    /// meets it <see cref="WriteDoubt"/> says whether more has to be asked; where there is none of these, what was found is what is seen.
    /// </summary>
    /// <param name="isOfFew">Few rows are asked about: each by itself.</param>
    public void WriteGuess(SqlBuilder sql, string alias, string resourceType, Visibility visibility, bool isOfFew)
    {
        sql.Add(" AND ");
        WriteSights(sql, new Row(alias, visibility) { IsOfFew = isOfFew, IsGuess = true }, visibility.Of(resourceType));
    }

    /// <summary>
    /// Writes a condition: the row is about several patients, or about one who has denied something to the caller.
    /// </summary>
    public void WriteDoubt(SqlBuilder sql, string alias, string resourceType, Visibility visibility)
    {
        var sights = visibility.Of(resourceType).Sights;
        if (sights.All(sight => sight.Patients.IsEmpty && sight.Consent is null))
        {
            sql.Add("1 = 0");
            return;
        }

        sql.Add($"""({new RawSql(alias)}."Patient" = {AboutPatient.Several}""");
        foreach (var asker in sights.Select(sight => sight.Consent?.Relations.Asker).OfType<Asker>().Distinct())
        {
            sql.Add($""" OR EXISTS (SELECT 1 FROM "ConsentRule" d WHERE d."Patient" = {new RawSql(alias)}."Patient" """)
                .Add("""AND d."IsException" = 0 AND (d."Party" = 0 OR """);
            WriteParty(sql, "d", asker, visibility);
            WriteNow(sql.Add(")"), new RawSql("d"), visibility.Now);
            sql.Add($"{dialect.ProbeEnd})");
        }

        sql.Add(")");
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
        WriteSights(sql, new Row(alias, visibility), visibility.Of(resourceType).OfVersions);
    }

    /// <summary>Writes a condition: the row is about patients, and about none but these.</summary>
    public void WriteAbout(SqlBuilder sql, string alias, ImmutableArray<ResourceKey> patients) =>
        WriteRange(sql, new Row(alias, Nobody), new OnlyPatients(patients));

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
        return Compartments(resourceType, [.. ranges], visibility);
    }

    private IndexMatch Compartments(string resourceType, ImmutableArray<PatientRange> ranges, Visibility seen)
    {
        var typeId = source.TypeId(resourceType);
        return new IndexMatch(
            FhirTables.ReferenceIndex,
            ranges.All(range => range is OnlyPatients) ? Selectivity.Few : Selectivity.Many,
            sql =>
            {
                sql.Add($"""x."Parameter" = {FhirTables.CompartmentParameter} AND x."Target" IN (""");
                WritePatients(sql, ranges, seen);
                sql.Add($"""{dialect.SetEnd} AND x."ResourceKey" >= {SurrogateKey.Start(typeId)} """)
                    .Add($"""AND x."ResourceKey" < {SurrogateKey.End(typeId)}""");
            }
        )
        {
            // The record of a patient has no row that says whose it is.
            Besides = resourceType == PatientType ? sql => WritePatients(sql, ranges, seen) : null,
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
            WriteSights(sql.Add(" AND "), new Row(alias, visibility), seen);
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
        // No bit of a label is the sign. PostgreSQL expects an equation of an expression to hold for one row in 200, and would start from it.
        if (sight.Hidden != 0)
            sql.Add($""" AND ({a}."Labels" & {sight.Hidden}) <= 0""");
        if (sight.IsOfNobody)
            sql.Add($""" AND {a}."Patient" = {AboutPatient.Nobody}""");
        foreach (var range in sight.Patients)
            WriteRange(sql, row, range);
        if (sight.Names is { } names)
        {
            sql.Add($""" AND {a}."Key" IN (SELECT n."ResourceKey" FROM "CareRelation" n WHERE """);
            WriteRelation(sql, "n", names, row.Seen);
            sql.Add($"{dialect.SetEnd}");
        }

        if (sight.Disclosed is { } disclosed)
        {
            sql.Add($""" AND {a}."Key" IN (SELECT r."Of" FROM "CareRelation" r WHERE r."Of" > 0 AND """);
            WriteRelation(sql, "r", disclosed, row.Seen);
            sql.Add($"{dialect.SetEnd}");
        }

        foreach (var criterion in sight.Criteria)
            writeCriterion(sql.Add(" AND "), criterion);
        if (sight.Consent is { } consent && !row.IsGuess)
            WriteConsent(sql, row, consent);
    }

    /// <summary>Each patient whom the row is about is in the range, and there is one.</summary>
    private void WriteRange(SqlBuilder sql, Row row, PatientRange range)
    {
        var alias = row.Alias;
        WriteWithin(sql.Add(" AND ("), $"{alias.Text}.\"Patient\"", row, range);
        if (row.IsGuess)
        {
            sql.Add($""" OR {alias}."Patient" = {AboutPatient.Several})""");
            return;
        }

        sql.Add($""" OR ({alias}."Patient" = {AboutPatient.Several} """)
            .Add("""AND NOT EXISTS (SELECT 1 FROM "SharedPatient" s WHERE """)
            .Add($"""s."Sequence" = {alias}."Sequence" AND NOT (""");
        WriteWithin(sql, "s.\"Patient\"", row, range);
        sql.Add($"){dialect.ProbeEnd})))");
    }

    /// <summary>Writes a condition: the patient is in the range. Of many rows the patients are found once, of few those are looked for.</summary>
    private void WriteWithin(SqlBuilder sql, string patient, Row row, PatientRange range)
    {
        if (row.IsOfFew && range is RelatedPatients { Relations: var relations })
        {
            sql.Add(
                $"""EXISTS (SELECT 1 FROM "CareRelation" r WHERE r."Of" = {new RawSql(patient)} AND r."Of" > 0 AND """
            );
            var ways = row.Seen.Parties(relations.Asker).Length * relations.Kinds.Length;
            WriteRelation(sql, "r", relations, row.Seen, ways > MostWays ? dialect.Unindexed : null);
            sql.Add($"{dialect.ProbeEnd})");
            return;
        }

        sql.Add($"{new RawSql(patient)} IN (");
        if (row.IsOneOfSeveral && range is RelatedPatients)
            sql.Add("SELECT n.\"Of\" FROM ").Add($"{Once(sql, range, row.Seen)} n");
        else
            WritePatients(sql, [range], row.Seen);
        sql.Add($"{dialect.SetEnd}");
    }

    /// <summary>Writes selects of the keys of all patients of the ranges.</summary>
    private void WritePatients(SqlBuilder sql, ImmutableArray<PatientRange> ranges, Visibility seen)
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
                WriteRelation(sql, "r", relations, seen);
            }
        }
    }

    /// <summary>The patients of a range as a table, each once.</summary>
    private RawSql Once(SqlBuilder sql, PatientRange range, Visibility seen) =>
        sql.Once(
            range,
            set =>
            {
                WritePatients(set.Add("SELECT DISTINCT o.\"Of\" FROM ("), [range], seen);
                set.Add(") o");
            }
        );

    private void WriteKeys(SqlBuilder sql, ImmutableArray<ResourceKey> keys) => KeyRows.WriteSelect(sql, source, keys);

    /// <summary>Writes a condition: the relation counts now, and is one of the caller's.</summary>
    /// <param name="column">Writes columns otherwise than they are called.</param>
    private void WriteRelation(
        SqlBuilder sql,
        string alias,
        Relations relations,
        Visibility seen,
        Func<string, string>? column = null
    )
    {
        column ??= name => name;
        dialect.AnyOf(sql, column($"{alias}.\"Party\""), seen.Parties(relations.Asker));
        dialect.AnyOf(sql.Add(" AND "), column($"{alias}.\"Kind\""), relations.Kinds);
        WriteNow(sql, new RawSql(alias), seen.Now);
    }

    private void WriteParty(SqlBuilder sql, string alias, Asker asker, Visibility seen) =>
        dialect.AnyOf(sql, $"{alias}.\"Party\"", seen.Parties(asker));

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
        sql.Add($""" AND ({r}."Party" = 0 OR """);
        WriteParty(sql, rule, question.Relations.Asker, row.Seen);
        sql.Add($""") AND ({r}."Purpose" = 0 OR {r}."Purpose" = {question.Purpose}) """)
            .Add($"""AND ({r}."TypeId" = 0 OR {r}."TypeId" = {alias}."TypeId") """)
            .Add($"""AND ({r}."Labels" = 0 OR ({r}."Labels" & {alias}."Labels") <> 0)""");
        WriteNow(sql, r, row.Seen.Now);
    }

    /// <summary>The row that is asked about, and by whom.</summary>
    private readonly record struct Row(RawSql Alias, Visibility Seen)
    {
        public Row(string alias, Visibility seen)
            : this(new RawSql(alias), seen) { }

        /// <summary>Few rows are asked about, whose keys are given.</summary>
        public bool IsOfFew { get; init; }

        /// <summary>The statement asks elsewhere too what is seen.</summary>
        public bool IsOneOfSeveral { get; init; }

        /// <summary>What is rare is left out.</summary>
        public bool IsGuess { get; init; }
    }
}
