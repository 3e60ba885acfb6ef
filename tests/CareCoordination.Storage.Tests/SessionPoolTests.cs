using CareCoordination.Storage.Engines;
using CareCoordination.TestKit;
using Npgsql;

namespace CareCoordination.Storage.Tests;

/// <summary>Read sessions beside slow searches, impatient clients and databases that hang.</summary>
public sealed class SessionPoolTests
{
    /// <summary>Longer than any test: a time limit that did not hold shows.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static TheoryData<StorageProvider> SqliteAndPostgreSql =>
        [StorageProvider.Sqlite, StorageProvider.PostgreSql];

    [Theory, MemberData(nameof(SqliteAndPostgreSql))]
    public async Task Reads_by_key_go_on_beside_as_many_endless_searches_as_there_are(StorageProvider provider)
    {
        await using var pool = await Pool.OpenAsync(provider, TimeSpan.FromMinutes(5));
        using var enough = new CancellationTokenSource();
        var searches = Enumerable.Range(0, 40).Select(_ => pool.SearchEndlesslyAsync(enough.Token)).ToList();
        await pool.UntilSearchesRunAsync();

        for (var i = 0; i < 50; i++)
            Assert.Equal(i, await pool.ReadByKeyAsync(i).WaitAsync(Patience, TestContext.Current.CancellationToken));

        Assert.All(searches, s => Assert.False(s.IsCompleted));
        await enough.CancelAsync();
        foreach (var search in searches)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => search);
    }

    [Theory, MemberData(nameof(SqliteAndPostgreSql))]
    public async Task A_search_whose_client_has_gone_ends_and_makes_room_for_the_next(StorageProvider provider)
    {
        await using var pool = await Pool.OpenAsync(provider, TimeSpan.FromMinutes(5));
        for (var round = 0; round < 3; round++)
        {
            using var gone = new CancellationTokenSource();
            var searches = Enumerable.Range(0, 20).Select(_ => pool.SearchEndlesslyAsync(gone.Token)).ToList();
            await pool.UntilSearchesRunAsync();
            await gone.CancelAsync();
            foreach (var search in searches)
                await Assert
                    .ThrowsAnyAsync<OperationCanceledException>(() => search)
                    .WaitAsync(Patience, TestContext.Current.CancellationToken);
        }

        var next = await Task.WhenAll(Enumerable.Range(0, 20).Select(pool.SearchAsync))
            .WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, 20), next);
        await pool.AssertNothingRunsAsync();
    }

    [Theory, MemberData(nameof(SqliteAndPostgreSql))]
    public async Task A_token_that_was_cancelled_before_is_seen(StorageProvider provider)
    {
        await using var pool = await Pool.OpenAsync(provider, TimeSpan.FromMinutes(5));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            pool.SearchEndlesslyAsync(new CancellationToken(canceled: true))
        );
        Assert.Equal(1, await pool.SearchAsync(1));
    }

    [Theory, MemberData(nameof(SqliteAndPostgreSql))]
    public async Task What_takes_too_long_is_ended_and_so_is_waiting_for_it(StorageProvider provider)
    {
        await using var pool = await Pool.OpenAsync(provider, TimeSpan.FromSeconds(1));

        var searches = Enumerable.Range(0, 30).Select(_ => pool.SearchEndlesslyAsync(default)).ToList();

        foreach (var search in searches)
        {
            var late = await Assert
                .ThrowsAsync<StoreUnavailableException>(() => search)
                .WaitAsync(Patience, TestContext.Current.CancellationToken);
            Assert.True(late.RetryAfter >= TimeSpan.FromSeconds(5));
        }

        Assert.Equal(7, await pool.SearchAsync(7).WaitAsync(Patience, TestContext.Current.CancellationToken));
        await pool.AssertNothingRunsAsync();
    }

    [Theory, MemberData(nameof(SqliteAndPostgreSql))]
    public async Task Of_a_queue_that_does_not_move_the_last_are_turned_away(StorageProvider provider)
    {
        await using var pool = await Pool.OpenAsync(provider, TimeSpan.FromSeconds(3));
        var first = Enumerable.Range(0, 30).Select(_ => pool.SearchEndlesslyAsync(default)).ToList();
        await pool.UntilSearchesRunAsync();

        StoreUnavailableException? refused = null;
        while (refused is null)
        {
            using var once = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
            refused =
                await Record.ExceptionAsync(() => pool.SearchEndlesslyAsync(once.Token)) as StoreUnavailableException;
        }

        Assert.Equal("Too many searches wait for the database already. Try again in a few seconds.", refused.Message);
        Assert.Equal(3, await pool.ReadByKeyAsync(3));
        foreach (var search in first)
            await Assert.ThrowsAsync<StoreUnavailableException>(() => search);
    }

    [Theory, MemberData(nameof(SqliteAndPostgreSql))]
    public async Task A_statement_that_is_wrong_harms_nobody_else(StorageProvider provider)
    {
        await using var pool = await Pool.OpenAsync(provider, TimeSpan.FromSeconds(30));

        for (var i = 0; i < 20; i++)
        {
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() =>
                pool.AskAsync("SELECT * FROM there_is_none")
            );
            Assert.Equal(i, await pool.SearchAsync(i));
        }
    }

    [Fact]
    public async Task A_connection_that_was_ended_is_opened_anew_with_all_others()
    {
        await using var pool = await Pool.OpenAsync(StorageProvider.PostgreSql, TimeSpan.FromSeconds(30));
        var before = await pool.BackendsAsync(4);
        await pool.EndAllBackendsAsync();

        Assert.Equal(5, await pool.SearchAsync(5));
        Assert.Empty((await pool.BackendsAsync(4)).Intersect(before));
    }

    [Fact]
    public async Task When_the_writer_opens_a_connection_the_readers_do_too()
    {
        await using var pool = await Pool.OpenAsync(StorageProvider.PostgreSql, TimeSpan.FromSeconds(30));
        var before = await pool.BackendsAsync(4);
        Assert.Equal(before, await pool.BackendsAsync(4));

        await using var writer = await pool.Engine.OpenWriterAsync(TestContext.Current.CancellationToken);

        Assert.Empty((await pool.BackendsAsync(4)).Intersect(before));
    }

    [Fact]
    public async Task A_session_that_was_given_up_is_not_given_to_the_next()
    {
        await using var pool = await Pool.OpenAsync(StorageProvider.PostgreSql, TimeSpan.FromSeconds(30));
        using var gone = new CancellationTokenSource();
        var backend = new TaskCompletionSource<int>();
        var search = pool.Sessions.ReadAsync(
            0,
            async (session, _, token) =>
            {
                backend.SetResult(((NpgsqlConnection)session.Connection).ProcessID);
                await session.QueryAsync(new Sql("SELECT 1 FROM pg_sleep(600)", []), row => 0, token);
                return 0;
            },
            gone.Token
        );
        var givenUp = await backend.Task;
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => search);

        Assert.DoesNotContain(givenUp, await pool.BackendsAsync(15));
        await pool.AssertNothingRunsAsync();
    }

    [Fact]
    public async Task A_database_that_hangs_is_answered_for_in_time_and_read_again_when_it_goes_on()
    {
        using var cluster = PostgreSqlCluster.RequireOwn();
        await using var pool = Pool.Open(
            new StorageOptions
            {
                Provider = StorageProvider.PostgreSql,
                ConnectionString = cluster.ConnectionString,
                CommandTimeout = TimeSpan.FromSeconds(2),
            }
        );
        await pool.BackendsAsync(10);

        cluster.Pause();
        // All that were under way, those that waited behind them, and those that came later.
        for (var round = 0; round < 2; round++)
        {
            var reads = Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? pool.SearchAsync(i) : pool.ReadByKeyAsync(i));
            foreach (var read in reads.ToList())
                await Assert
                    .ThrowsAsync<StoreUnavailableException>(() => read)
                    .WaitAsync(Patience, TestContext.Current.CancellationToken);
        }

        cluster.Resume();
        Assert.Equal(4, await pool.SearchAsync(4));
        Assert.Equal(
            Enumerable.Range(0, 100),
            await Task.WhenAll(
                Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? pool.SearchAsync(i) : pool.ReadByKeyAsync(i))
            )
        );
    }

    /// <summary>The sessions of one engine, and statements that take as long as a test wants.</summary>
    private sealed class Pool : IAsyncDisposable
    {
        private readonly TestDatabase? _database;
        private readonly StorageOptions _options;
        private int _running;

        private Pool(StorageOptions options, TestDatabase? database)
        {
            (_options, _database) = (options, database);
            Engine = DatabaseEngine.Create(options);
            Sessions = new SessionPool(Engine);
        }

        public DatabaseEngine Engine { get; }

        public SessionPool Sessions { get; }

        private string EndlessSql =>
            _options.Provider == StorageProvider.Sqlite
                ? "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT COUNT(*) FROM c"
                : "SELECT 1 FROM pg_sleep(600)";

        public static Pool Open(StorageOptions options) => new(options, null);

        public static async Task<Pool> OpenAsync(StorageProvider provider, TimeSpan commandTimeout)
        {
            var database = await TestDatabase.CreateAsync(provider);
            return new(database.Options with { CommandTimeout = commandTimeout }, database);
        }

        // On threads of their own: SQLite works on the thread of its caller.
        public Task<int> SearchEndlesslyAsync(CancellationToken cancellationToken) =>
            Task
                .Factory.StartNew(
                    () =>
                        Sessions.ReadAsync(
                            EndlessSql,
                            async (session, sql, token) =>
                            {
                                Interlocked.Increment(ref _running);
                                await session.QueryAsync(new Sql(sql, []), row => 0, token);
                                return 0;
                            },
                            cancellationToken
                        ),
                    CancellationToken.None,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default
                )
                .Unwrap();

        public Task<int> SearchAsync(int number) =>
            Sessions.ReadAsync(number, SelectAsync, TestContext.Current.CancellationToken);

        public Task<int> ReadByKeyAsync(int number) =>
            Sessions.ReadByKeyAsync(number, SelectAsync, TestContext.Current.CancellationToken);

        public Task<int> AskAsync(string sql) =>
            Sessions.ReadAsync(
                sql,
                async (session, text, token) => (await session.QueryAsync(new Sql(text, []), row => 0, token)).Count,
                TestContext.Current.CancellationToken
            );

        /// <summary>Until every lane that searches may take is taken.</summary>
        public async Task UntilSearchesRunAsync()
        {
            var lanes = Engine.MaxReaders - Math.Max(1, Engine.MaxReaders / 4);
            while (Volatile.Read(ref _running) < Math.Min(lanes, 12))
                await Task.Delay(10, TestContext.Current.CancellationToken);
            Volatile.Write(ref _running, 0);
        }

        /// <summary>The server processes of so many sessions at once.</summary>
        public async Task<HashSet<int>> BackendsAsync(int count)
        {
            var (inside, all) = (0, new TaskCompletionSource());
            var reads = Enumerable
                .Range(0, count)
                .Select(_ =>
                    Sessions.ReadByKeyAsync(
                        0,
                        async (session, _, token) =>
                        {
                            if (Interlocked.Increment(ref inside) == count)
                                all.SetResult();
                            await all.Task.WaitAsync(token);
                            return ((NpgsqlConnection)session.Connection).ProcessID;
                        },
                        TestContext.Current.CancellationToken
                    )
                );
            return [.. await Task.WhenAll(reads)];
        }

        public Task EndAllBackendsAsync() =>
            ControlAsync(
                "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            );

        public async Task AssertNothingRunsAsync()
        {
            if (_options.Provider == StorageProvider.Sqlite)
                return;
            var running = 1L;
            for (var attempt = 0; running > 0 && attempt < 200; attempt++)
            {
                await Task.Delay(50, TestContext.Current.CancellationToken);
                running = await ControlAsync(
                    "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep(600)' AND state = 'active'"
                );
            }

            Assert.Equal(0, running);
        }

        public async ValueTask DisposeAsync()
        {
            await Sessions.DisposeAsync();
            await Engine.DisposeAsync();
            if (_database is not null)
                await _database.DisposeAsync();
        }

        private Task<int> SelectAsync(DbSession session, int number, CancellationToken cancellationToken) =>
            session.FirstAsync(
                new Sql($"SELECT {Engine.Dialect.Placeholder(0)}", [number]),
                row => Convert.ToInt32(row.GetValue(0)),
                cancellationToken
            );

        private async Task<long> ControlAsync(string sql)
        {
            await using var source = NpgsqlDataSource.Create(_options.ConnectionString + ";Pooling=false");
            await using var command = source.CreateCommand(sql);
            return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
        }
    }
}
