using CareCoordination.Storage.Stores;
using CareCoordination.TestKit;
using Npgsql;

namespace CareCoordination.Storage.Tests;

/// <summary>With a synchronous standby, what was acknowledged is on both, and a failover loses nothing of it.</summary>
public sealed class SynchronousStandbyTests
{
    private const string NotKnown = "it is not known whether it did";

    [Fact]
    public async Task What_only_the_primary_has_is_not_acknowledged()
    {
        await using var pair = await Pair.StartAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(ChangeOutcome.Created, (await pair.Store.OneAsync(Given.Put("Patient/before"))).Outcome);
        pair.Standby.Stop();

        var unknown = await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            pair.Store.OneAsync(Given.Put("Patient/alone"))
        );

        Assert.Contains(NotKnown, unknown.Message, StringComparison.Ordinal);
        // The wait goes on in the database: what nobody was told of is not seen by anybody either.
        Assert.Null(await pair.Store.ReadAsync(Given.Key("Patient/alone"), default));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => pair.Store.OneAsync(Given.Put("Patient/later")));

        pair.Standby.Start();
        await pair.WriteUntilStoredAsync("Patient/again");
        Assert.Equal(1, (await pair.Store.ReadAsync(Given.Key("Patient/alone"), default))?.Version);
        await pair.FailOverAsync();
        foreach (var id in (string[])["before", "alone", "again"])
            Assert.Equal(1, (await pair.Store.ReadAsync(Given.Key($"Patient/{id}"), default))?.Version);
    }

    [Fact]
    public async Task A_wait_for_the_standby_that_somebody_ends_is_no_success()
    {
        await using var pair = await Pair.StartAsync(TimeSpan.FromSeconds(3));
        await pair.Store.OneAsync(Given.Put("Patient/before"));
        pair.Standby.Stop();

        var write = pair.Store.OneAsync(Given.Put("Patient/alone"));
        await pair.CancelWaitAsync();

        var unknown = await Assert.ThrowsAsync<StoreUnavailableException>(() => write);
        Assert.Contains(NotKnown, unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_that_was_ended_is_taken_up_again_and_acknowledged_once_the_standby_is_back()
    {
        await using var pair = await Pair.StartAsync(TimeSpan.FromSeconds(20));
        await pair.Store.OneAsync(Given.Put("Patient/before"));
        pair.Standby.Stop();

        var write = pair.Store.OneAsync(Given.Put("Patient/alone"));
        await pair.CancelWaitAsync();
        Assert.False(write.IsCompleted);
        pair.Standby.Start();

        Assert.Equal(1, (await write).Resource.Version);
        await pair.FailOverAsync();
        Assert.Equal(1, (await pair.Store.ReadAsync(Given.Key("Patient/alone"), default))?.Version);
        Assert.Equal(1, (await pair.Store.HistoryAsync(new HistoryQuery("Patient", "alone", 5), default)).Total);
    }

    [Fact]
    public async Task A_standby_that_is_away_for_a_moment_costs_only_that_moment()
    {
        await using var pair = await Pair.StartAsync(TimeSpan.FromSeconds(20));
        pair.Standby.Stop();

        var writes = Enumerable.Range(0, 20).Select(i => pair.Store.OneAsync(Given.Put($"Patient/p{i}"))).ToList();
        await pair.WaitForWaitAsync();
        pair.Standby.Start();

        Assert.All(await Task.WhenAll(writes), r => Assert.Equal(1, r.Resource.Version));
        await pair.FailOverAsync();
        // And the one that shows that the failover is over.
        Assert.Equal(21, (await pair.Store.SearchAsync(Given.Query("Patient?_summary=count"), default)).Total);
    }

    /// <summary>A primary, its synchronous standby, and a store that writes to whichever of the two is the primary.</summary>
    private sealed class Pair : IAsyncDisposable
    {
        private readonly PostgreSqlCluster _primary;

        private Pair(PostgreSqlCluster primary, PostgreSqlCluster standby, ResourceStore store) =>
            (_primary, Standby, Store) = (primary, standby, store);

        public PostgreSqlCluster Standby { get; }

        public ResourceStore Store { get; }

        public static async Task<Pair> StartAsync(TimeSpan commandTimeout)
        {
            var primary = PostgreSqlCluster.RequireOwn();
            var database = new NpgsqlConnectionStringBuilder(primary.NewDatabase());
            var options = new StorageOptions
            {
                Provider = StorageProvider.PostgreSql,
                ConnectionString = database.ConnectionString,
            };
            await new StorageMigrator(options).ApplyAsync(TestContext.Current.CancellationToken);
            var standby = primary.StartStandby();
            await ExecuteAsync(primary, "ALTER SYSTEM SET synchronous_standby_names = '*'");
            await ExecuteAsync(primary, "SELECT pg_reload_conf()");
            database.Host = $"127.0.0.1:{primary.Port},127.0.0.1:{standby.Port}";
            database.TargetSessionAttributes = "primary";
            database.HostRecheckSeconds = 1;
            database.Remove("Port");
            var store = TestDatabase.Open(
                options with
                {
                    ConnectionString = database.ConnectionString,
                    CommandTimeout = commandTimeout,
                }
            );
            return new Pair(primary, standby, store);
        }

        /// <summary>Waits until a backend of the primary waits for the standby.</summary>
        public async Task WaitForWaitAsync()
        {
            while (!await ExecuteAsync(_primary, "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'"))
                await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        /// <summary>Ends the wait for the standby as an administrator would.</summary>
        public async Task CancelWaitAsync()
        {
            const string Cancel = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
            while (!await ExecuteAsync(_primary, Cancel))
                await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        public async Task FailOverAsync()
        {
            _primary.Stop();
            Standby.Promote();
            await ExecuteAsync(Standby, "ALTER SYSTEM SET synchronous_standby_names = ''");
            await ExecuteAsync(Standby, "SELECT pg_reload_conf()");
            await WriteUntilStoredAsync("Patient/failed-over");
        }

        /// <summary>Writes until it is acknowledged, as a client would who was told to come back.</summary>
        public async Task WriteUntilStoredAsync(string reference)
        {
            while (true)
            {
                try
                {
                    await Store.OneAsync(Given.Put(reference));
                    return;
                }
                catch (StoreUnavailableException)
                {
                    await Task.Delay(100, TestContext.Current.CancellationToken);
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            await Store.DisposeAsync();
            Standby.Dispose();
            _primary.Dispose();
        }

        /// <returns>True where there was a row.</returns>
        private static async Task<bool> ExecuteAsync(PostgreSqlCluster cluster, string sql)
        {
            await using var connection = new NpgsqlConnection(cluster.ConnectionString + ";Pooling=false");
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = new NpgsqlCommand(sql, connection);
            await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            return await reader.ReadAsync(TestContext.Current.CancellationToken);
        }
    }
}
