using System.Data.Common;
using System.Globalization;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Schema;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Types;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Search;
using CareCoordination.Storage.Tables;
using Microsoft.Data.Sqlite;
using Npgsql;
using SQLitePCL;

namespace CareCoordination.Storage.Tests;

/// <summary>
/// The last changed of a status cost the same however rare the status is and wherever those who have it lie: what the database itself
/// says that it reads is told, and no time is taken.
/// </summary>
public sealed class StatusOrderTests
{
    private const int Tasks = 10_000;
    private const int PageSize = 20;

    /// <summary>The rare ones are the oldest: whoever walks from the newest reads all others first.</summary>
    private static readonly (string Code, int Count)[] Statuses =
    [
        ("failed", 1),
        ("rejected", 10),
        ("on-hold", 1_000),
        ("completed", Tasks - 1_011),
    ];

    public static TheoryData<string, int> Queries =>
        new()
        {
            { "status=draft", 0 },
            { "status=failed", 1 },
            { "status=rejected", 10 },
            { "status=on-hold", PageSize + 1 },
            { "status=completed", PageSize + 1 },
            { "status=COMPLETED", PageSize + 1 },
            { "status=failed,rejected", 11 },
            { "status=failed,on-hold,draft", PageSize + 2 },
            { "status=on-hold,completed", 2 * (PageSize + 1) },
            { "status=completed,completed", PageSize + 1 },
        };

    [Fact]
    public async Task On_PostgreSQL_the_rows_read_are_bounded_by_the_page()
    {
        await using var database = await TestDatabase.CreateAsync(StorageProvider.PostgreSql);
        await FillAsync(database);
        await using var connection = (NpgsqlConnection)await EarlierState.OpenAsync(database.Options);
        foreach (var isAnalyzed in (bool[])[false, true])
        {
            if (isAnalyzed)
                await ExecuteAsync(connection, "ANALYZE");
            foreach (var (criteria, most) in Queries.Select(row => row.Data))
            {
                foreach (var direction in (string[])["-", ""])
                {
                    var read = await PlanRows.ReadAsync(
                        connection,
                        Statement(new PostgreSqlDialect(), $"Task?{criteria}&_sort={direction}_lastUpdated")
                    );
                    Assert.True(read <= most, $"{criteria} {direction} reads {read} rows, analyzed: {isAnalyzed}");
                }
            }
        }
    }

    [Fact]
    public async Task On_SQLite_the_steps_are_bounded_by_the_page()
    {
        await using var database = await TestDatabase.CreateAsync(StorageProvider.Sqlite);
        await FillAsync(database);
        await using var connection = (SqliteConnection)await EarlierState.OpenAsync(database.Options);
        int StepsOf(string criteria) =>
            Steps(connection, Statement(new SqliteDialect(), $"Task?{criteria}&_sort=-_lastUpdated"));

        // One status that fills the page, as a measure: of each further one as much is read again at most.
        var page = StepsOf("status=completed");
        Assert.Equal(page, StepsOf("status=on-hold"));
        foreach (var (criteria, _) in Queries.Select(row => row.Data))
        {
            var statuses = criteria.Count(c => c == ',') + 1;
            Assert.InRange(StepsOf(criteria), 1, 2 * statuses * page);
        }

        // Walked from the newest, the one that failed is behind all others.
        Assert.InRange(StepsOf("status=failed"), 1, page / 2);
    }

    /// <summary>Where a page ended says where the next begins, in the same index.</summary>
    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Pages_follow_each_other_to_the_end(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await FillAsync(database);
        var store = database.OpenStore();
        foreach (var direction in (string[])["-", ""])
        {
            var query = Given.Query($"Task?status=on-hold,failed&_sort={direction}_lastUpdated&_count=97");
            var found = new List<StoredResource>();
            for (PageCursor? after = null; ; )
            {
                var page = await store.SearchAsync(query with { After = after }, TestContext.Current.CancellationToken);
                found.AddRange(page.Matches);
                if ((after = page.Next) is null)
                    break;
            }

            Assert.Equal(1_001, found.Select(m => m.Key).Distinct().Count());
            Assert.Equal(1_001, found.Count);
            var sequences = found.Select(m => m.Sequence).ToList();
            Assert.Equal(direction == "-" ? sequences.OrderDescending() : sequences.Order(), sequences);
        }
    }

    /// <summary>A status that changes is found under the new one at once, and one that is deleted under none.</summary>
    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task What_changes_or_goes_is_where_it_belongs(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        async Task AssertAsync(string criteria, params string[] expected)
        {
            var query = Given.Query($"{criteria}&_sort=-_lastUpdated");
            var page = await store.SearchAsync(query, default);
            Assert.Equal(expected, page.Matches.Select(m => m.Key.Id));
            var counted = await store.SearchAsync(query with { Total = TotalMode.Accurate }, default);
            Assert.Equal(expected.Length, counted.Total);
            Assert.Equal(expected, counted.Matches.Select(m => m.Key.Id));
        }

        foreach (var id in (string[])["a", "b", "c"])
            await store.OneAsync(Given.Put($"Task/{id}", Task("requested")));
        await AssertAsync("Task?status=requested", "c", "b", "a");
        await store.OneAsync(Given.Put("Task/a", Task("accepted")));
        await store.OneAsync(Given.Delete("Task/b"));
        await AssertAsync("Task?status=requested", "c");
        await AssertAsync("Task?status=accepted", "a");
        await AssertAsync("Task?status=requested,accepted", "a", "c");
        await store.OneAsync(Given.Put("Task/b", Task("accepted")));
        await AssertAsync("Task?status=accepted", "b", "a");
        await AssertAsync("Task?status=http://hl7.org/fhir/task-status|accepted", "b", "a");
        await AssertAsync("Task?status=|accepted", "b", "a");
        await AssertAsync("Task?status=http://hl7.org/fhir/request-status|accepted");
        await AssertAsync("Task?status:not=accepted", "c");
        await AssertAsync("Task?status=accepted&status=requested");
        await AssertAsync("Task?status=accepted&intent=order", "b", "a");
        await AssertAsync("Task?status=accepted&intent=plan");
    }

    /// <summary>Of all types that have a status, and not of one.</summary>
    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Every_type_with_a_status_has_its_order(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        (string Type, string Members, string Criteria)[] cases =
        [
            ("CarePlan", "\"status\":\"active\"", "status=active"),
            ("ServiceRequest", "\"status\":\"draft\"", "status=draft"),
            ("Goal", "\"lifecycleStatus\":\"on-hold\"", "lifecycle-status=on-hold"),
            ("Observation", "\"status\":\"final\"", "status=final"),
            ("EpisodeOfCare", "\"status\":\"waitlist\"", "status=waitlist"),
            ("Appointment", "\"status\":\"noshow\"", "status=noshow"),
            ("Encounter", "\"status\":\"arrived\"", "status=arrived"),
        ];
        foreach (var (type, members, criteria) in cases)
        {
            foreach (var id in (string[])["a", "b"])
                await store.OneAsync(Given.Put($"{type}/{id}", members));
            var query = Given.Query($"{type}?{criteria}&_sort=-_lastUpdated");

            Assert.True(StatusWalk.IsWhole(query), type);
            Assert.Equal(["b", "a"], (await store.SearchAsync(query, default)).Matches.Select(m => m.Key.Id));
        }
    }

    /// <summary>The rows of resources are told apart by nothing but this number.</summary>
    [Fact]
    public void No_two_statuses_of_any_types_have_one_number()
    {
        var numbers = new Dictionary<long, string>();
        foreach (var type in R4Definitions.Schema.Resources)
        {
            var statuses = TestDatabase.Registry.Of(type.Name).Where(p => p.IsStatus).ToList();
            Assert.InRange(statuses.Count, 0, 1);
            foreach (var parameter in statuses)
            {
                var element = Assert.IsType<ElementDefinition>(
                    type.Element(parameter.Code == "status" ? "status" : "lifecycleStatus")
                );
                Assert.False(element.IsArray, $"{type.Name}.{element.Name}");
                foreach (var code in parameter.Forms.Order)
                {
                    var number = TokenParameter.CodeKey(parameter, code).Key;
                    Assert.NotEqual(0, number);
                    Assert.True(
                        numbers.TryAdd(number, $"{parameter}={code}"),
                        $"{parameter}={code}: {numbers[number]}"
                    );
                }
            }
        }

        Assert.InRange(numbers.Count, 300, 1_000);
    }

    private static async Task FillAsync(TestDatabase database)
    {
        var store = database.OpenStore();
        var codes = Statuses.SelectMany(s => Enumerable.Repeat(s.Code, s.Count)).ToList();
        for (var first = 0; first < Tasks; first += 500)
            await store.CommitAsync(
                new Commit([.. Enumerable.Range(first, 500).Select(i => Given.Put($"Task/t{i}", Task(codes[i])))], []),
                TestContext.Current.CancellationToken
            );
    }

    private static string Task(string status) =>
        $"\"status\":\"{status}\",\"intent\":\"order\"{(status == "failed" ? ",\"priority\":\"stat\"" : "")}";

    private static Sql Statement(SqlDialect dialect, string query)
    {
        var search = new SearchSql(dialect, new IndexSource(R4Definitions.Schema, TestDatabase.Extractor));
        return search.Pages(Given.Query(query) with { Count = PageSize }).Last();
    }

    /// <summary>The steps of its machine that SQLite takes for a statement.</summary>
    private static int Steps(SqliteConnection connection, Sql sql)
    {
        var database = connection.Handle!;
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_prepare_v2(database, sql.Text, out var statement));
        using (statement)
        {
            for (var i = 0; i < sql.Values.Count; i++)
            {
                var place = raw.sqlite3_bind_parameter_index(statement, $"@p{i}");
                if (sql.Values[i] is string text)
                    raw.sqlite3_bind_text(statement, place, text);
                else
                    raw.sqlite3_bind_int64(
                        statement,
                        place,
                        Convert.ToInt64(sql.Values[i], CultureInfo.InvariantCulture)
                    );
            }

            while (raw.sqlite3_step(statement) == raw.SQLITE_ROW)
            {
                // All rows are wanted.
            }

            Assert.Equal(0, raw.sqlite3_stmt_status(statement, raw.SQLITE_STMTSTATUS_FULLSCAN_STEP, 0));
            return raw.sqlite3_stmt_status(statement, raw.SQLITE_STMTSTATUS_VM_STEP, 0);
        }
    }

    private static async Task ExecuteAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
