using System.Text;
using CareCoordination.Analytics.Measures;
using CareCoordination.Analytics.Queries;
using CareCoordination.Views.Files;
using DuckDB.NET.Data;

namespace CareCoordination.Analytics.Tests;

/// <summary>SQL of somebody asks the tables, and nothing else.</summary>
public sealed class SqlQueryTests
{
    [Theory]
    [InlineData("SELECT id FROM patient ORDER BY id", "a,b")]
    [InlineData("SELECT id FROM patient WHERE gender = :gender", "b", "gender", "male")]
    [InlineData("SELECT id FROM patient WHERE gender = $gender -- of :nobody", "b", "gender", "male")]
    [InlineData("WITH x AS (SELECT id FROM patient) SELECT max(id) AS id FROM x", "b")]
    [InlineData("SELECT ':gender'::VARCHAR AS id", ":gender")]
    [InlineData("SELECT 1::INTEGER AS id /* :x */", "1")]
    [InlineData("SELECT unnest(range(2)) AS id", "0,1")]
    [InlineData("SELECT count(*) AS id FROM task_event", "0")]
    [InlineData("SELECT count(*) AS id FROM caseload_daily JOIN caseload_period USING (manager)", "0")]
    [InlineData("SELECT count(*) AS id FROM caseload_until(TIMESTAMPTZ '2026-03-01 00:00:00+00')", "0")]
    [InlineData("SELECT count(*) AS id FROM transition_clock", "0")]
    public void A_question_is_answered(string sql, string ids, string? name = null, string? value = null)
    {
        using var outcomes = Two();

        var rows = Run(outcomes, sql, RowFormat.Csv, name, value);

        Assert.Equal(["id", .. ids.Split(',')], rows.TrimEnd().Split("\r\n"));
    }

    [Theory]
    [InlineData("SELECT 1; SELECT 2", "one statement")]
    [InlineData("DELETE FROM patient", "has to be a SELECT")]
    [InlineData("INSERT INTO patient (id) VALUES ('x')", "has to be a SELECT")]
    [InlineData("COPY patient TO 'x.csv'", "has to be a SELECT")]
    [InlineData("PRAGMA database_list", "SELECT")]
    [InlineData("USE main", "has to be a SELECT")]
    [InlineData("ATTACH 'x.db'", "has to be a SELECT")]
    [InlineData("SHOW TABLES", "docs/outcomes.md")]
    [InlineData("DESCRIBE patient", "docs/outcomes.md")]
    [InlineData("SELEC id FROM patient", "syntax error")]
    [InlineData("SELECT * FROM main.patient", "named with a schema")]
    [InlineData("SELECT (SELECT count(*) FROM main.patient)", "named with a schema")]
    [InlineData("WITH x AS (SELECT * FROM main.patient) SELECT * FROM x", "named with a schema")]
    [InlineData("SELECT * FROM memory.main.patient", "named with a schema")]
    [InlineData("SELECT * FROM mirror_state", "no table 'mirror_state'")]
    [InlineData("SELECT * FROM mirror_policy", "no table 'mirror_policy'")]
    [InlineData("SELECT * FROM duckdb_settings()", "'duckdb_settings' is no table")]
    [InlineData("SELECT * FROM duckdb_tables", "no table")]
    [InlineData("SELECT * FROM read_text('/etc/hostname')", "'read_text' is no table")]
    [InlineData("SELECT * FROM glob('/*')", "'glob' is no table")]
    [InlineData("SELECT * FROM query('SELECT 1')", "'query' is no table")]
    [InlineData("SELECT * FROM query_table('patient')", "'query_table' is no table")]
    [InlineData("SELECT current_setting('temp_directory')", "'current_setting' tells")]
    [InlineData("SELECT 1 WHERE exists (SELECT 1 FROM patient ORDER BY version())", "'version' tells")]
    [InlineData("SELECT * FROM information_schema.tables", "named with a schema")]
    [InlineData("SELECT * FROM nothing", "nothing")]
    [InlineData("SELECT id FROM patient WHERE gender = :gender", "has the parameters gender, and values came for none")]
    public void What_is_no_question_of_the_tables_is_refused_with_a_sentence(string sql, string said)
    {
        using var outcomes = Two();

        var answer = "";
        try
        {
            answer = Run(outcomes, sql, RowFormat.Json, null, null);
        }
        catch (Exception e) when (e is DuckDB.NET.Data.DuckDBException or InvalidOperationException)
        {
            // As OutcomeTables says it.
            answer = e.Message;
        }

        Assert.Contains(said, answer, StringComparison.Ordinal);
        Assert.Equal(2, outcomes.Rows("SELECT id FROM patient").Count);
    }

    [Fact]
    public void One_that_does_not_end_is_ended()
    {
        using var outcomes = Two();
        using var reader = outcomes.Follow().File.OpenReader();
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        Assert.ThrowsAny<Exception>(() =>
            new SqlQuery(
                "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t",
                []
            ).Run(reader, RowFormat.Json, 10, limit.Token)
        );
        Assert.True(limit.IsCancellationRequested);
    }

    [Fact]
    public void One_with_too_many_rows_is_refused()
    {
        using var outcomes = Two();
        using var reader = outcomes.Follow().File.OpenReader();
        var query = new SqlQuery("SELECT * FROM range(11)", []);

        Assert.True(query.Run(reader, RowFormat.Json, 11, default).IsSuccess);
        Assert.Contains(
            "more than 10 rows",
            query.Run(reader, RowFormat.Json, 10, default).Failure!.Issues[0].Diagnostics
        );
    }

    [Fact]
    public void Values_are_written_as_they_are()
    {
        using var outcomes = Two();
        const string Sql =
            "SELECT 1::TINYINT AS a, 2.50::DECIMAL(9,2) AS b, 0.5::DOUBLE AS c, true AS d, NULL AS e, DATE '2026-03-01' AS f, 'a\"b,ü' AS g, [1, 2] AS h, 9007199254740993 AS i, 170141183460469231731687303715884105727::HUGEINT AS j";

        Assert.Equal(
            """[{"a":1,"b":2.50,"c":0.5,"d":true,"e":null,"f":"2026-03-01","g":"a\"b,ü","h":[1,2],"i":9007199254740993,"j":170141183460469231731687303715884105727}]""",
            Run(outcomes, Sql, RowFormat.Json, null, null)
        );
        Assert.Equal(
            "{\"a\":1}\n{\"a\":2}\n",
            Run(outcomes, "SELECT unnest([1, 2]) AS a", RowFormat.NdJson, null, null)
        );
        Assert.Equal(
            "g,h\r\n\"a\"\"b,ü\",\"[1,2]\"\r\n",
            Run(outcomes, "SELECT 'a\"b,ü' AS g, [1, 2] AS h", RowFormat.Csv, null, null)
        );
    }

    [Fact]
    public void Who_does_not_see_everything_asks_tables_without_what_is_labelled_or_denied()
    {
        using var outcomes = Two();
        outcomes.Put(
            """{"resourceType":"Consent","id":"c","status":"active","scope":{"coding":[{"code":"patient-privacy"}]},"category":[{"text":"x"}],"patient":{"reference":"Patient/b"},"provision":{"type":"deny"}}""",
            Care.Task("of-a", "a", "requested"),
            Care.Task("of-b", "b", "requested")
        );
        outcomes.Label(Care.Task("labelled", "a", "requested"), 4);
        outcomes.Follow();
        using var reader = outcomes.File.OpenReader(isShared: true);

        Assert.Equal(["a"], Outcomes.Rows(reader, "SELECT id FROM patient"));
        Assert.Equal(["of-a"], Outcomes.Rows(reader, "SELECT id FROM task"));
        Assert.Equal(["of-a"], Outcomes.Rows(reader, "SELECT task_id FROM task_event"));
        Assert.Equal(3, outcomes.Rows("SELECT id FROM task").Count);
    }

    [Theory]
    [InlineData("SELECT id AS patient_id FROM patient", "a,b")]
    [InlineData("SELECT person_id, 'x' AS patient_id FROM person", "a,b,x")]
    [InlineData("SELECT count(*) AS n FROM patient", "")]
    [InlineData("SELECT NULL::VARCHAR AS patient_id", "")]
    public void It_is_known_whose_rows_they_are_by_the_columns_that_name_patients(string sql, string patients)
    {
        using var outcomes = Two();
        using var reader = outcomes.File.OpenReader();

        var rows = new SqlQuery(sql, []).Run(reader, RowFormat.Csv, 100, default).Value;

        Assert.Equal(patients, string.Join(',', rows.Patients));
    }

    [Theory]
    [InlineData("SELECT * FROM condition_code")]
    [InlineData("SELECT * FROM \"condition\"")]
    [InlineData("SELECT * FROM encounter_code")]
    [InlineData("SELECT * FROM appointment")]
    [InlineData("SELECT * FROM condition_in_set")]
    [InlineData("SELECT * FROM document_section")]
    [InlineData("SELECT * FROM task_version")]
    public void Of_a_patient_who_denies_it_no_table_shows_a_row_whether_it_names_the_patient_or_not(string sql)
    {
        const string Consent =
            """{"resourceType":"Consent","id":"c","status":"active","scope":{"coding":[{"code":"patient-privacy"}]},"category":[{"text":"x"}],"patient":{"reference":"Patient/b"},"provision":{"type":"deny"}}""";
        using var outcomes = Two();
        outcomes.Put(
            Consent,
            """{"resourceType":"Condition","id":"of-b","subject":{"reference":"Patient/b"},"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"E11.9"}]}}""",
            """{"resourceType":"Encounter","id":"of-b","status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IMP"},"type":[{"coding":[{"system":"http://snomed.info/sct","code":"183460006"}]}],"subject":{"reference":"Patient/b"}}""",
            """{"resourceType":"Appointment","id":"of-both","status":"booked","participant":[{"actor":{"reference":"Patient/a"},"status":"accepted"},{"actor":{"reference":"Patient/b"},"status":"accepted"}]}""",
            """{"resourceType":"Bundle","id":"document","type":"document","entry":[{"resource":{"resourceType":"Composition","status":"final","type":{"coding":[{"system":"http://loinc.org","code":"18842-5"}]},"subject":{"reference":"Patient/b"},"section":[{"code":{"coding":[{"system":"http://loinc.org","code":"10183-2"}]}}]}}]}""",
            Care.Task("of-b", "b", "requested")
        );
        outcomes.Delete("Task", "of-b").Follow();
        Assert.NotEmpty(outcomes.Rows(sql));

        using var reader = outcomes.File.OpenReader(isShared: true);

        Assert.Empty(Outcomes.Rows(reader, sql));
    }

    [Fact]
    public void Whatever_can_be_asked_is_there_without_what_is_denied_too()
    {
        using var outcomes = Two();
        const string Names =
            "SELECT table_name FROM information_schema.tables WHERE table_schema = '{0}' AND NOT starts_with(table_name, 'mirror_') AND table_name NOT IN ('code_set', 'calendar_day') ORDER BY 1";

        Assert.Equal(outcomes.Rows(Names.Replace("{0}", "main")), outcomes.Rows(Names.Replace("{0}", "shared")));
    }

    public static TheoryData<string> Ids => [.. MeasureLibrary.All.Select(measure => measure.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_SQL_of_each_measure_can_be_run_by_those_who_do_not_see_everything(string id)
    {
        using var outcomes = Two();
        using var reader = outcomes.File.OpenReader(isShared: true);
        var sql = MeasureLibrary.Find(id)!.Sql;
        var values = new Dictionary<string, object?>
        {
            ["start"] = new DateOnly(2026, 1, 1),
            ["end"] = new DateOnly(2026, 12, 31),
        }.Where(value => sql.Contains($"${value.Key}", StringComparison.Ordinal));

        var rows = new SqlQuery(sql, [.. values]).Run(reader, RowFormat.Csv, 100, default);

        Assert.True(rows.IsSuccess, rows.Failure?.Issues[0].Diagnostics);
    }

    [Theory]
    [InlineData("SELECT * FROM main.stays(['IMP'], 1)", "with a schema")]
    [InlineData("SELECT * FROM outcomes.main.stays(['IMP'], 1)", "with a schema")]
    [InlineData("SELECT * FROM stored.patient", "with a schema")]
    [InlineData("SELECT _labels FROM patient", "_labels")]
    [InlineData("SELECT _patients FROM task_version", "_patients")]
    public void What_is_beside_the_tables_of_those_who_do_not_see_everything_is_not_reached(string sql, string said)
    {
        using var outcomes = Two();
        using var reader = outcomes.File.OpenReader(isShared: true);
        string answer;
        try
        {
            answer =
                new SqlQuery(sql, []).Run(reader, RowFormat.Csv, 100, default).Failure?.Issues[0].Diagnostics ?? "";
        }
        catch (DuckDBException e)
        {
            answer = e.Message;
        }

        Assert.Contains(said, answer, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_over_the_tables_has_no_rows_of_who_denies_it()
    {
        using var outcomes = Two();
        outcomes
            .Put(
                """{"resourceType":"Consent","id":"c","status":"active","scope":{"coding":[{"code":"patient-privacy"}]},"category":[{"text":"x"}],"patient":{"reference":"Patient/b"},"provision":{"type":"deny"}}""",
                Care.Stay("of-a", "a", "IMP", "2026-01-01", "2026-01-04"),
                Care.Stay("of-b", "b", "IMP", "2026-01-01", "2026-01-04")
            )
            .Follow();
        const string Sql = "SELECT stay_id FROM stays(['IMP'], 1) ORDER BY 1";
        using (var reader = outcomes.File.OpenReader(isShared: true))
            Assert.Equal(["of-a"], Outcomes.Rows(reader, Sql));
        Assert.Equal(["of-a", "of-b"], outcomes.Rows(Sql));

        outcomes.Delete("Consent", "c").Follow();
        using (var reader = outcomes.File.OpenReader(isShared: true))
            Assert.Equal(["of-a", "of-b"], Outcomes.Rows(reader, Sql));
    }

    [Fact]
    public void A_review_is_shown_where_its_plan_is()
    {
        const string Plan =
            """{"resourceType":"CarePlan","id":"of-{0}","status":"active","intent":"plan","subject":{"reference":"Patient/{0}"}}""";
        const string Review =
            """{"resourceType":"Provenance","id":"of-{0}","recorded":"2026-01-01T00:00:00Z","target":[{"reference":"CarePlan/of-{0}"}],"activity":{"coding":[{"system":"https://carecoordination.example/fhir/CodeSystem/care-command","code":"review"}]},"agent":[{"who":{"display":"x"}}]}""";
        using var outcomes = Two();
        outcomes
            .Put(
                new[] { "a", "b" }.SelectMany(id =>
                    new[] { Plan, Review }.Select(text => text.Replace("{0}", id, StringComparison.Ordinal))
                )
            )
            .Put(
                """{"resourceType":"Consent","id":"c","status":"active","scope":{"coding":[{"code":"patient-privacy"}]},"category":[{"text":"x"}],"patient":{"reference":"Patient/b"},"provision":{"type":"deny"}}"""
            )
            .Follow();
        using var reader = outcomes.File.OpenReader(isShared: true);

        Assert.Equal(["of-a"], Outcomes.Rows(reader, "SELECT care_plan_id FROM plan_review"));
    }

    [Theory]
    [InlineData("[[1, 2], [3]]", "[[1,2],[3]]")]
    [InlineData("{'a': 1, 'b': 'x'}", "{\"a\":1,\"b\":\"x\"}")]
    [InlineData("170141183460469231731687303715884105727::HUGEINT", "170141183460469231731687303715884105727")]
    [InlineData("1.50::DECIMAL(10, 2)", "1.50")]
    [InlineData("'NaN'::DOUBLE", "null")]
    [InlineData("TIMESTAMP '2026-01-02 03:04:05'", "\"2026-01-02T03:04:05.000Z\"")]
    [InlineData("[DATE '2026-01-02']", "[\"2026-01-02\"]")]
    [InlineData("[true, false]", "[true,false]")]
    [InlineData("NULL", "null")]
    [InlineData("''", "\"\"")]
    public void A_value_of_any_kind_is_written_as_what_it_is(string sql, string json)
    {
        using var outcomes = Two();

        Assert.Equal($"{{\"a\":{json}}}\n", Run(outcomes, $"SELECT {sql} AS a", RowFormat.NdJson, null, null));
    }

    [Theory]
    [InlineData("'infinity'::DATE")]
    [InlineData("INTERVAL 1 MONTH")]
    [InlineData("[1, NULL, 3]")]
    [InlineData("'\\xAA'::BLOB")]
    [InlineData("uuid()")]
    [InlineData("TIME '01:02:03'")]
    [InlineData("MAP {1: 'a'}")]
    [InlineData("'101'::BIT")]
    public void A_value_of_a_rare_kind_is_written_or_refused_with_a_sentence(string sql)
    {
        using var outcomes = Two();

        var rows = Run(outcomes, $"SELECT {sql} AS a", RowFormat.NdJson, null, null);

        if (rows.StartsWith('{'))
            System.Text.Json.JsonDocument.Parse(rows).Dispose();
        else
            Assert.EndsWith("cast its column to VARCHAR.", rows, StringComparison.Ordinal);
    }

    [Fact]
    public void The_names_of_columns_are_written_whatever_they_are()
    {
        using var outcomes = Two();

        Assert.Equal(
            "\"a,b\",ü,count_star()\r\n1,2,2\r\n",
            Run(outcomes, "SELECT 1 AS \"a,b\", 2 AS ü, count(*) FROM patient", RowFormat.Csv, null, null)
        );
    }

    private static Outcomes Two()
    {
        var outcomes = new Outcomes();
        return outcomes.Put(Care.Patient("a"), Care.Patient("b", gender: "male")).Follow();
    }

    private static string Run(Outcomes outcomes, string sql, RowFormat format, string? name, string? value)
    {
        using var reader = outcomes.File.OpenReader();
        var query = new SqlQuery(sql, name is null ? [] : [KeyValuePair.Create(name, (object?)value)]);
        return query.Run(reader, format, 1000, default).TryGet(out var rows, out var failure)
            ? Encoding.UTF8.GetString(rows.Bytes)
            : failure.Issues[0].Diagnostics!;
    }
}
