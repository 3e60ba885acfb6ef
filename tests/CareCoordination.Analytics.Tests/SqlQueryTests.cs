using System.Text;
using CareCoordination.Analytics.Queries;

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
            Run(outcomes, "SELECT unnest([1, 2]) AS a", RowFormat.Ndjson, null, null)
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
