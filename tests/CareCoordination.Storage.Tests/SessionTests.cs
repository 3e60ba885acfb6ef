using System.Data.Common;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Tables;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace CareCoordination.Storage.Tests;

/// <summary>One session: its commands, its time limit, and what becomes of what was begun on it.</summary>
public sealed class SessionTests
{
    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_statement_is_run_again_with_other_values(StorageProvider provider)
    {
        await using var opened = await Opened.Async(provider);
        for (var i = 0; i < 1000; i++)
        {
            var sql = opened.Sql($"SELECT {i} + {1}");
            Assert.Equal([i + 1], await opened.Session.QueryAsync(sql, Number, default));
            Assert.Equal(i + 1, await opened.Session.FirstAsync(sql, Number, default));
        }
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task More_shapes_of_statements_than_are_kept_do_no_harm(StorageProvider provider)
    {
        await using var opened = await Opened.Async(provider);
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 600; i++)
                Assert.Equal(
                    [i + 7],
                    await opened.Session.QueryAsync(opened.Sql($"SELECT {new RawSql($"{i}")} + {7}"), Number, default)
                );
        }
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Nothing_found_is_an_empty_list_and_no_first(StorageProvider provider)
    {
        await using var opened = await Opened.Async(provider);
        var sql = opened.Sql($"""SELECT "Sequence" FROM "ChangeSequence" WHERE "Id" = {77}""");

        Assert.Empty(await opened.Session.QueryAsync(sql, row => row.GetInt64(0), default));
        Assert.Equal(0, await opened.Session.FirstAsync(sql, row => row.GetInt64(0), default));
        Assert.Null(await opened.Session.FirstAsync(sql, row => row.GetInt64(0).ToString(), default));
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Two_statements_at_once_keep_their_rows_apart(StorageProvider provider)
    {
        await using var opened = await Opened.Async(provider);
        for (var i = 0; i < 20; i++)
        {
            var (first, second) = await opened.Session.QueryBothAsync(
                opened.Sql($"SELECT {i} UNION ALL SELECT {i + 1}"),
                Number,
                opened.Sql($"""SELECT "Sequence" FROM "ChangeSequence" WHERE "Id" = {i}"""),
                row => row.GetInt64(0),
                default
            );

            Assert.Equal([i, i + 1], first.Order());
            Assert.Equal(i == 1 ? 1 : 0, second.Count);
        }
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_statement_that_fails_leaves_the_session_usable(StorageProvider provider)
    {
        await using var opened = await Opened.Async(provider);
        for (var i = 0; i < 10; i++)
        {
            await Assert.ThrowsAnyAsync<DbException>(() =>
                opened.Session.QueryAsync(opened.Sql($"SELECT {1} FROM there_is_none"), Number, default)
            );
            await Assert.ThrowsAnyAsync<DbException>(() =>
                opened.Session.QueryBothAsync(
                    opened.Sql($"SELECT {1}"),
                    Number,
                    opened.Sql($"SELECT {1} FROM there_is_none"),
                    Number,
                    default
                )
            );
            Assert.Equal([i + 1], await opened.Session.QueryAsync(opened.Sql($"SELECT {i} + {1}"), Number, default));
        }

        Assert.True(opened.Session.IsOpen);
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_row_that_cannot_be_read_leaves_the_session_usable(StorageProvider provider)
    {
        await using var opened = await Opened.Async(provider);
        var sql = opened.Sql($"SELECT {1} UNION ALL SELECT {2}");

        await Assert.ThrowsAsync<NotSupportedException>(() =>
            opened.Session.QueryAsync<int>(sql, _ => throw new NotSupportedException(), default)
        );

        Assert.Equal([1, 2], (await opened.Session.QueryAsync(sql, Number, default)).Order());
    }

    [Fact]
    public async Task A_snapshot_does_not_see_what_is_committed_after_it_began()
    {
        await using var database = await TestDatabase.CreateAsync(StorageProvider.Sqlite);
        var store = database.OpenStore();
        await using var opened = await Opened.Async(database);
        var (begin, end) = opened.Engine.Snapshot!.Value;
        var sql = opened.Sql($"""SELECT "Sequence" FROM "ChangeSequence" WHERE "Id" = {1}""");

        await opened.Session.BeginSnapshotAsync(begin, default);
        Assert.True(opened.Session.IsInSnapshot);
        Assert.Equal([0L], await opened.Session.QueryAsync(sql, row => row.GetInt64(0), default));
        await store.OneAsync(Given.Put("Patient/a"));
        Assert.Equal([0L], await opened.Session.QueryAsync(sql, row => row.GetInt64(0), default));
        await opened.Session.EndSnapshotAsync(end, default);

        Assert.False(opened.Session.IsInSnapshot);
        Assert.Equal([1L], await opened.Session.QueryAsync(sql, row => row.GetInt64(0), default));
    }

    [Fact]
    public async Task A_session_whose_snapshot_was_not_ended_is_not_used_again()
    {
        await using var database = await TestDatabase.CreateAsync(StorageProvider.Sqlite);
        var store = database.OpenStore();
        await using var engine = DatabaseEngine.Create(database.Options);
        await using var pool = new SessionPool(engine);
        var sql = new Sql("""SELECT "Sequence" FROM "ChangeSequence" WHERE "Id" = 1""", []);
        for (var i = 1; i <= 10; i++)
        {
            await Assert.ThrowsAsync<NotSupportedException>(() =>
                pool.ReadSnapshotAsync<Sql, int>(
                    sql,
                    async (session, ask, token) =>
                    {
                        await session.QueryAsync(ask, row => row.GetInt64(0), token);
                        throw new NotSupportedException();
                    },
                    default
                )
            );
            await store.OneAsync(Given.Put($"Patient/{i}"));

            var seen = await pool.ReadAsync(
                sql,
                static (session, ask, token) => session.FirstAsync(ask, row => row.GetInt64(0), token),
                default
            );
            Assert.Equal(i, seen);
        }
    }

    [Fact]
    public async Task What_the_writer_begins_and_does_not_finish_in_time_is_ended_and_its_lock_with_it()
    {
        await using var database = await TestDatabase.CreateAsync(StorageProvider.PostgreSql);
        var store = database.OpenStore();
        await using var engine = DatabaseEngine.Create(
            database.Options with
            {
                CommandTimeout = TimeSpan.FromSeconds(1),
            }
        );
        var writer = await engine.OpenWriterAsync(default);
        await writer.BeginAsync(new BeginRequest(0, 1, 0, 1), default);

        await Assert.ThrowsAsync<TimeoutException>(() =>
            writer.Session.QueryAsync(new Sql("SELECT 1 FROM pg_sleep(600)", []), Number, default)
        );
        Assert.False(writer.Session.IsOpen);
        await writer.DisposeAsync();

        Assert.Equal(ChangeOutcome.Created, (await store.OneAsync(Given.Put("Patient/a"))).Outcome);
    }

    [Fact]
    public async Task A_Sqlite_statement_ends_at_its_time_limit_and_the_next_has_its_own()
    {
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var session = new DbSession(connection, new StatementLimit(1, TimeSpan.FromMilliseconds(300)));
        const string Counting =
            "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c{0}) SELECT COUNT(*) FROM c";

        for (var i = 0; i < 3; i++)
        {
            var late = await Assert.ThrowsAsync<SqliteException>(() =>
                session.QueryAsync(new Sql(string.Format(Counting, ""), []), Number, default)
            );
            Assert.Equal(Fault.Timeout, SqliteFaults.Classify(late));
            Assert.Equal(
                [1000],
                await session.QueryAsync(new Sql(string.Format(Counting, " WHERE x < 1000"), []), Number, default)
            );
        }
    }

    [Fact]
    public async Task A_Sqlite_statement_ends_when_its_caller_goes_whenever_that_is()
    {
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var session = new DbSession(connection, new StatementLimit(1, TimeSpan.FromMinutes(5)));
        var endless = new Sql(
            "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT COUNT(*) FROM c",
            []
        );
        for (var i = 0; i < 200; i++)
        {
            // Also before the statement has begun, and while it is being prepared.
            using var gone = new CancellationTokenSource();
            var leaving = Task.Run(async () =>
            {
                await Task.Delay(i % 4, CancellationToken.None);
                await gone.CancelAsync();
            });
            await Assert.ThrowsAnyAsync<Exception>(() =>
                Task.Run(() => session.QueryAsync(endless, Number, gone.Token))
            );
            await leaving;
            Assert.Equal([i], await session.QueryAsync(new Sql("SELECT @p0", [i]), Number, default));
        }
    }

    [Fact]
    public async Task A_row_that_Sqlite_refuses_does_not_stop_the_statement_from_running_again()
    {
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var create = connection.CreateCommand();
        create.CommandText = "CREATE TABLE t (k INTEGER PRIMARY KEY, x TEXT NOT NULL)";
        await create.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var shape = new TableShape(
            "t",
            [new Column("k", ColumnType.Long), new Column("x", ColumnType.Text)],
            ["k"],
            []
        );
        using var statement = new SqliteRowStatement(connection.Handle!, "INSERT INTO t VALUES (?1, ?2)");
        var rows = new RowBuffer(shape);
        rows.Add(1L).Add("a").Add(1L).Add("b").Add(2L).Add("c");

        statement.Run(rows, 0);
        var refused = Assert.Throws<SqliteException>(() => statement.Run(rows, 1));
        statement.Run(rows, 2);

        Assert.Equal(19, refused.SqliteErrorCode);
        create.CommandText = "SELECT group_concat(x, '') FROM (SELECT x FROM t ORDER BY k)";
        Assert.Equal("ac", await create.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Sessions_of_PostgreSql_are_set_to_what_the_store_relies_on_whatever_the_role_says()
    {
        await using var database = await TestDatabase.CreateAsync(StorageProvider.PostgreSql);
        var name = new NpgsqlConnectionStringBuilder(database.Options.ConnectionString).Database;
        await using (var source = NpgsqlDataSource.Create(database.Options.ConnectionString))
        {
            foreach (
                var setting in (string[])
                    [
                        "default_transaction_isolation = 'serializable'",
                        "lock_timeout = 1",
                        "idle_in_transaction_session_timeout = 0",
                        "statement_timeout = 60000",
                    ]
            )
            {
                await using var command = source.CreateCommand($"ALTER DATABASE \"{name}\" SET {setting}");
                await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            }
        }

        await using var engine = DatabaseEngine.Create(database.Options);
        await using var reader = await engine.OpenReaderAsync(default);
        await using var writer = await engine.OpenWriterAsync(default);

        Assert.Equal(["repeatable read", "3s", "10s", "30s"], await SettingsAsync(reader));
        Assert.Equal(["read committed", "3s", "10s", "0"], await SettingsAsync(writer.Session));

        static async Task<string[]> SettingsAsync(DbSession session) =>
            await session.FirstAsync(
                new Sql(
                    """
                    SELECT current_setting('default_transaction_isolation'), current_setting('lock_timeout'),
                        current_setting('idle_in_transaction_session_timeout'), current_setting('statement_timeout')
                    """,
                    []
                ),
                row => (string[])[.. Enumerable.Range(0, 4).Select(row.GetString)],
                default
            ) ?? [];
    }

    private static int Number(DbDataReader row) => Convert.ToInt32(row.GetValue(0));

    /// <summary>A read session of an engine on a new database.</summary>
    private sealed class Opened : IAsyncDisposable
    {
        private readonly TestDatabase? _owned;

        private Opened(DatabaseEngine engine, DbSession session, TestDatabase? owned) =>
            (Engine, Session, _owned) = (engine, session, owned);

        public DatabaseEngine Engine { get; }

        public DbSession Session { get; }

        public static async Task<Opened> Async(StorageProvider provider)
        {
            var database = await TestDatabase.CreateAsync(provider);
            var engine = DatabaseEngine.Create(database.Options);
            return new Opened(engine, await engine.OpenReaderAsync(TestContext.Current.CancellationToken), database);
        }

        public static async Task<Opened> Async(TestDatabase database)
        {
            var engine = DatabaseEngine.Create(database.Options);
            return new Opened(engine, await engine.OpenReaderAsync(TestContext.Current.CancellationToken), null);
        }

        public Sql Sql(FormattableString text)
        {
            var sql = new SqlBuilder(Engine.Dialect);
            var parts = text.Format.Split(
                Enumerable.Range(0, text.ArgumentCount).Select(i => $"{{{i}}}").ToArray(),
                StringSplitOptions.None
            );
            for (var i = 0; i < parts.Length; i++)
            {
                sql.Add(parts[i]);
                if (i < text.ArgumentCount)
                    sql.Add((text.GetArgument(i) as RawSql? ?? sql.Parameter(text.GetArgument(i)!)).Text);
            }

            return sql.Build();
        }

        public async ValueTask DisposeAsync()
        {
            await Session.DisposeAsync();
            await Engine.DisposeAsync();
            if (_owned is not null)
                await _owned.DisposeAsync();
        }
    }
}
