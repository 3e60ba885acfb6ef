using System.Text;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Projections;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Search;
using CareCoordination.Storage.Search.Matching;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Tests;

/// <summary>The statements as they are sent, engine by engine: a change of plan starts as a change of text.</summary>
public sealed class SearchTextTests
{
    private static readonly string[] Queries =
    [
        "Patient",
        "Patient?_id=a,b",
        "Patient?family=Smith",
        "Patient?family:exact=Smith&given:contains=nn",
        "Patient?identifier=http://a.example|1",
        "CarePlan?patient=Patient/1&status=active",
        "CarePlan?patient=1&status=active,draft&category:not=x&date=ge2024-01-01",
        "Task?status=requested&_sort=-_lastUpdated&_count=20",
        "Observation?patient.identifier=http://a.example|1&_sort=-date,value-quantity",
        "Observation?code-value-quantity=8480-6$gt140&value-quantity=5.4|http://unitsofmeasure.org|mg&_lastUpdated=ge2024-01-01",
        "RiskAssessment?probability=gt0.5&subject=http://elsewhere.example/fhir/Patient/1,Patient/2&date:missing=true",
        "Patient?family=a,b,c&given:exact=a,b,c&name:contains=a,b,c",
        "Patient?organization=Organization/1,Organization/2,Organization/3&birthdate=2000,2001,2002&_lastUpdated=2024,2025-02,2026-01-01",
        "Observation?code=a,http://a.example|b,|c&category:not=a,b,c&value-quantity=1,2||mg,3|http://unitsofmeasure.org|mg",
        "Observation?code-value-quantity=a$1,b$gt2||mg,http://a.example|c$3",
        "Observation?subject.identifier=a,b,c",
        "Observation?subject:Patient.organization.name=a&status=final",
        "Patient?_has:Observation:patient:code=a",
        "Patient?_has:Observation:subject:date=2026-01-01&_sort=-birthdate",
        "Patient?_has:Observation:patient:_has:AuditEvent:entity:agent-name=a&family=a",
        "ServiceRequest?_has:Task:focus:owner=Practitioner/1&status=active",
        "ServiceRequest?_id=1&_has:Task:focus:owner=Practitioner/1",
        "Encounter?patient._has:Group:member:_id=102",
        "Observation?subject.organization:Organization.active:not=true",
        "RiskAssessment?probability=0.1,0.2,0.3",
        "CarePlan?instantiates-uri=a,b,c&_sort=-_lastUpdated",
        "Task?status=http://hl7.org/fhir/request-priority|&_sort=priority,-intent",
        "ValueSet?url=http://a.example/v|1",
        "CarePlan?subject:identifier=http://a.example|1&replaces=CarePlan/1/_history/2",
        $"Patient?family={string.Concat(Enumerable.Range(100, 70))}",
        "MolecularSequence?chromosome-variant-coordinate=7$gt1$ne9",
        "Observation?_lastUpdated=gt2026-01-01",
        "Observation?_lastUpdated=gt2026-01-01&_sort=_lastUpdated",
        "Observation?_lastUpdated=gt2026-01-01&_sort=date",
    ];

    public static TheoryData<StorageProvider> All =>
        [StorageProvider.Sqlite, StorageProvider.PostgreSql, StorageProvider.SqlServer];

    [Theory, MemberData(nameof(All))]
    public void Searches_are_written_as_recorded(StorageProvider provider)
    {
        var search = new SearchSql(Dialect(provider), new IndexSource(R4Definitions.Schema, TestDatabase.Extractor));
        var text = new StringBuilder();
        foreach (var query in Queries)
        {
            var parsed = Given.Query(query);
            foreach (var sql in search.Pages(parsed))
                Append(text, query, sql);
            var next = new PageCursor(parsed.Sort.IsEmpty ? null : Cursor(parsed), 42);
            foreach (var sql in search.Pages(parsed with { After = next }))
                Append(text, $"{query}, next page", sql);
            if (parsed.Criteria.Any(c => c is LastUpdatedCriterion))
            {
                foreach (var sql in search.Pages(parsed, new SequenceRange(1, 10_000)))
                    Append(text, $"{query}, of a part of the change sequence", sql);
            }
        }

        Snapshot.Matches($"tests/CareCoordination.Storage.Tests/Snapshots/search.{provider}.sql", text.ToString());
    }

    [Theory, MemberData(nameof(All))]
    public void Questions_about_kept_rows_are_written_as_recorded(StorageProvider provider)
    {
        var (dialect, source) = (Dialect(provider), new IndexSource(R4Definitions.Schema, TestDatabase.Extractor));
        var (worklist, caseload) = (new WorklistSql(dialect, source), new CaseloadSql(dialect, source));
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var mine = new WorklistQuery(now, 20) { Owners = [new(Given.Key("Practitioner/1"), "Practitioner/1")] };
        var pool = new WorklistQuery(now, 20)
        {
            IsUnowned = true,
            Patient = Given.Key("Patient/1"),
            Statuses = [1, 2],
            Priorities = [3],
            DueBefore = now,
            Criteria = Given.Query("Task?performer=nurse").Criteria,
            After = new WorkPlace(3, true, 1, now, "a"),
        };
        var manager = new CaseloadQuery([.. mine.Owners, new(null, "http://a.example/Practitioner/2")], [1, 2], now);
        var text = new StringBuilder();
        Append(text, "mine", worklist.Page(mine));
        Append(text, "mine, all", worklist.Count(mine));
        Append(text, "of a pool, next page", worklist.Page(pool));
        Append(text, "patients of a manager", caseload.Patients(manager));
        Append(text, "late work of a manager", caseload.Overdue(manager));
        Append(text, "due timers", new TimerSql(dialect, source).Due(now, 10));
        var readings = new ReadingSql(dialect, source);
        var weight = new ReadingsQuery(new(Given.Key("Patient/1"), "Patient/1"), new("http://loinc.org", "29463-7"), 8);
        Append(text, "latest readings", readings.Page(weight with { IsLatestFirst = true }));
        Append(text, "first readings of a time", readings.Page(weight with { From = now, Until = now.AddDays(1) }));

        Snapshot.Matches($"tests/CareCoordination.Storage.Tests/Snapshots/kept.{provider}.sql", text.ToString());
    }

    [Theory, MemberData(nameof(All))]
    public void Histories_are_written_as_recorded(StorageProvider provider)
    {
        var (dialect, source) = (Dialect(provider), new IndexSource(R4Definitions.Schema, TestDatabase.Extractor));
        var history = new HistorySql(dialect, source);
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var at = new Fhir.Primitives.DateRange(now.UtcTicks, now.UtcTicks + 1);
        var part = new SequenceRange(10, 20);
        var text = new StringBuilder();
        Append(text, "all", history.Page(new(null, null, 20), default));
        Append(text, "all, next page", history.Page(new(null, null, 20) { Before = 7 }, default));
        Append(text, "all since", history.Page(new(null, null, 20) { Since = now }, part));
        Append(text, "a type", history.Page(new("Task", null, 20), default));
        Append(text, "a type at, next page", history.Page(new("Task", null, 20) { At = at, Before = 7 }, part));
        Append(text, "versions of a type", history.Count(new("Task", null, 20) { At = at }, part));
        Append(text, "one", history.Page(new("Task", "a", 20), default));
        Append(text, "one since, next page", history.Page(new("Task", "a", 20) { Since = now, Before = 7 }, default));
        Append(text, "versions of one", history.Count(new("Task", "a", 20), default));
        var places = new RowBuffer(ValueForm.Listed([new("Place", ColumnType.Long)]));
        Append(text, "times in the change sequence", new SequenceAt(dialect).Times(places.Add(1L).Add(2L)));
        var everything = new EverythingSql(dialect, source);
        var patient = new EverythingQuery(Given.Key("Patient/1"), 20);
        Append(text, "everything", everything.Page(patient));
        Append(
            text,
            "everything, next page",
            everything.Page(patient with { After = 7, Since = now, Types = ["Task", "CarePlan", "Goal"] })
        );

        Snapshot.Matches($"tests/CareCoordination.Storage.Tests/Snapshots/history.{provider}.sql", text.ToString());
    }

    [Fact]
    public void Rows_are_written_to_sql_server_as_recorded()
    {
        var text = new StringBuilder(SqlServerStatements.Begin).Append("\n\n");
        foreach (var table in FhirTables.Written.Except([FhirTables.ChangeSequence]))
        {
            var isJson = SqlServerStatements.GoesAsJson(table);
            text.Append(isJson ? SqlServerStatements.Insert(table) : SqlServerStatements.Insert(table, 2))
                .Append("\n\n");
            text.Append(isJson ? SqlServerStatements.Delete(table) : SqlServerStatements.Delete(table, 2))
                .Append("\n\n");
        }

        text.Append(SqlServerStatements.UpdateHeads);
        Snapshot.Matches("tests/CareCoordination.Storage.Tests/Snapshots/write.SqlServer.sql", text.ToString());
    }

    [Fact]
    public void Rows_for_sql_server_go_in_few_sizes_below_its_limits()
    {
        foreach (var table in FhirTables.Written.Where(t => !SqlServerStatements.GoesAsJson(t)))
        foreach (var rows in (int[])[1, 2, 3, 37, 255, 256, 257, 5000, 100_000])
        {
            var size = SqlServerStatements.ChunkSize(rows, table);
            Assert.InRange(size, 1, Math.Min(rows, 1000));
            Assert.True(System.Numerics.BitOperations.IsPow2(size));
            Assert.True(size * table.Columns.Length < 2100);
            Assert.True(2 * size > rows || 2 * size * table.Columns.Length > 2000);
        }
    }

    [Fact]
    public void The_text_of_a_search_holds_no_value_of_the_client()
    {
        foreach (var provider in Enum.GetValues<StorageProvider>())
        {
            var search = new SearchSql(
                Dialect(provider),
                new IndexSource(R4Definitions.Schema, TestDatabase.Extractor)
            );
            var one = search.Pages(Given.Query("Patient?family=Smith&identifier=http://a.example|1&birthdate=2000"));
            var other = search.Pages(
                Given.Query("Patient?family=O'Brien&identifier=urn:x|'; DROP TABLE&birthdate=2001")
            );
            Assert.Equal(one.Select(s => s.Text), other.Select(s => s.Text));
        }
    }

    private static string Cursor(SearchQuery query) =>
        $"[{string.Join(',', query.Sort.Select(s => s.Descending ? "null" : "\"7\""))}]" is var text
        && query.Sort is [{ By: SortBy.LastUpdated }]
            ? "[\"7\"]"
            : text;

    private static void Append(StringBuilder text, string title, Sql sql) =>
        text.Append("-- ")
            .Append(title)
            .Append('\n')
            .Append(
                sql.Text.Replace(" FROM ", "\n  FROM ", StringComparison.Ordinal)
                    .Replace(" WHERE ", "\n  WHERE ", StringComparison.Ordinal)
            )
            .Append("\n\n");

    internal static SqlDialect Dialect(StorageProvider provider) =>
        provider switch
        {
            StorageProvider.Sqlite => new SqliteDialect(),
            StorageProvider.PostgreSql => new PostgreSqlDialect(),
            _ => new SqlServerDialect(),
        };
}
