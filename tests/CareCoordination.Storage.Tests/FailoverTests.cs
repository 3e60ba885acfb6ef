using CareCoordination.Storage.Stores;
using CareCoordination.TestKit;
using Npgsql;

namespace CareCoordination.Storage.Tests;

/// <summary>A primary and its standby, which change places while a node is at work.</summary>
public sealed class FailoverTests : IDisposable
{
    private readonly PostgreSqlCluster _first = PostgreSqlCluster.RequireOwn();
    private readonly PostgreSqlCluster _second;

    public FailoverTests() => _second = _first.StartStandby();

    [Fact]
    public async Task A_node_that_knows_both_follows_the_primary_and_reads_what_it_has_written()
    {
        var options = await MigratedAsync($"Host=127.0.0.1:{_first.Port},127.0.0.1:{_second.Port}");
        await using var store = TestDatabase.Open(options);
        await store.OneAsync(Given.Put("Patient/before"));
        await CaughtUpAsync();

        _first.ShutDown();
        for (var i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => store.OneAsync(Given.Put("Patient/between")));
            await Assert.ThrowsAsync<StoreUnavailableException>(() =>
                store.ReadAsync(Given.Key("Patient/before"), default)
            );
            await Assert.ThrowsAsync<StoreUnavailableException>(() =>
                store.SearchAsync(Given.Query("Patient?active=true"), default)
            );
            Assert.Equal(StoreHealth.Unreachable, await store.HealthAsync(default));
        }

        _second.Promote();
        await EventuallyAsync(() => store.OneAsync(Given.Put("Patient/after")));
        // The old primary is there again under the address that is named first, and a standby now.
        _first.Follow(_second);
        _first.Start();

        Assert.Equal(StoreHealth.Ready, await store.HealthAsync(default));
        Assert.NotNull(await store.ReadAsync(Given.Key("Patient/before"), default));
        Assert.Null(await store.ReadAsync(Given.Key("Patient/between"), default));
        await using var started = TestDatabase.Open(options);
        foreach (var node in (ResourceStore[])[store, started])
        {
            for (var i = 1; i <= 100; i++)
            {
                Assert.Equal(
                    i,
                    (
                        await node.OneAsync(
                            Given.Put($"Patient/{node.GetHashCode()}", $$""" "multipleBirthInteger":{{i}} """)
                        )
                    )
                        .Resource
                        .Version
                );
                Assert.Equal(i, (await node.ReadAsync(Given.Key($"Patient/{node.GetHashCode()}"), default))?.Version);
            }
        }
    }

    [Fact]
    public async Task It_does_not_matter_which_of_the_hosts_is_named_first()
    {
        var options = await MigratedAsync($"Host=127.0.0.1:{_second.Port},127.0.0.1:{_first.Port}");
        await using var store = TestDatabase.Open(options);

        Assert.Equal(ChangeOutcome.Created, (await store.OneAsync(Given.Put("Patient/a"))).Outcome);
        Assert.NotNull(await store.ReadAsync(Given.Key("Patient/a"), default));
    }

    [Fact]
    public async Task A_node_on_a_standby_reads_and_says_that_it_cannot_write_until_the_standby_is_promoted()
    {
        var options = await MigratedAsync($"Host=127.0.0.1;Port={_first.Port}");
        await using (var primary = TestDatabase.Open(options))
            await primary.OneAsync(Given.Put("Patient/a"));
        await CaughtUpAsync();
        var standby = options with
        {
            ConnectionString = options.ConnectionString.Replace(
                $"Port={_first.Port}",
                $"Port={_second.Port}",
                StringComparison.Ordinal
            ),
        };
        await using var store = TestDatabase.Open(standby);

        var prepared = await new StorageMigrator(standby).PrepareAsync(default);
        Assert.Null(prepared.Problem);
        Assert.Contains(
            prepared.Notices,
            n => n.EndsWith("is a standby: nothing can be stored here until it is promoted.", StringComparison.Ordinal)
        );
        Assert.NotNull(await store.ReadAsync(Given.Key("Patient/a"), default));
        Assert.Equal(StoreHealth.ReadOnly, await store.HealthAsync(default));
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.OneAsync(Given.Put("Patient/b")));
        Assert.Equal(
            "The database takes no changes at the moment, as during a failover. Nothing was stored; try again in a few seconds.",
            refused.Message
        );
        Assert.Equal(TimeSpan.FromSeconds(5), refused.RetryAfter);

        _second.Promote();

        Assert.Equal(ChangeOutcome.Created, (await store.OneAsync(Given.Put("Patient/b"))).Outcome);
        Assert.Equal(StoreHealth.Ready, await store.HealthAsync(default));
    }

    [Fact]
    public async Task A_primary_that_is_made_read_only_is_read_and_refuses_changes_until_it_is_not()
    {
        var options = await MigratedAsync($"Host=127.0.0.1:{_first.Port},127.0.0.1:{_second.Port}");
        await using var store = TestDatabase.Open(options);
        await store.OneAsync(Given.Put("Patient/a"));

        // Each session of the server hears of a changed setting in its own time.
        await SetReadOnlyAsync("on");
        await UntilAsync(() => IsRefusedAsync(store));
        await UntilAsync(async () => await store.HealthAsync(default) == StoreHealth.ReadOnly);
        Assert.NotNull(await store.ReadAsync(Given.Key("Patient/a"), default));
        await SetReadOnlyAsync("off");

        await UntilAsync(async () => !await IsRefusedAsync(store));
        await UntilAsync(async () => await store.HealthAsync(default) == StoreHealth.Ready);
    }

    private static async Task<bool> IsRefusedAsync(ResourceStore store)
    {
        try
        {
            await store.OneAsync(Given.Put("Patient/b", $"\"language\":\"x-{Guid.NewGuid().ToString("N")[..8]}\""));
            return false;
        }
        catch (StoreUnavailableException)
        {
            return true;
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var attempt = 0; !await condition(); attempt++)
        {
            Assert.True(attempt < 600, "It does not become so.");
            await Task.Delay(100);
        }
    }

    [Fact]
    public async Task Where_no_host_is_a_primary_the_start_says_so()
    {
        var text = new NpgsqlConnectionStringBuilder(_first.NewDatabase())
        {
            Host = $"127.0.0.1:{_second.Port},127.0.0.1:1",
        };
        var options = new StorageOptions
        {
            Provider = StorageProvider.PostgreSql,
            ConnectionString = text.ConnectionString,
        };

        var problem = (await new StorageMigrator(options).PrepareAsync(default)).Problem!;

        Assert.StartsWith(
            $"PostgreSQL at 127.0.0.1:{_second.Port} and 127.0.0.1:1, database '",
            problem,
            StringComparison.Ordinal
        );
        Assert.Contains(" cannot be used: ", problem, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _second.Dispose();
        _first.Dispose();
    }

    private async Task<StorageOptions> MigratedAsync(string hosts)
    {
        var database = new NpgsqlConnectionStringBuilder(_first.NewDatabase()).Database;
        var options = new StorageOptions
        {
            Provider = StorageProvider.PostgreSql,
            ConnectionString = $"{hosts};Username=care;Database={database}",
        };
        await new StorageMigrator(options).ApplyAsync(default);
        return options;
    }

    private async Task CaughtUpAsync()
    {
        await using var source = NpgsqlDataSource.Create(_first.ConnectionString);
        await using var command = source.CreateCommand(
            "SELECT COUNT(*) FROM pg_stat_replication WHERE replay_lsn >= pg_current_wal_lsn()"
        );
        await EventuallyAsync(async () =>
        {
            if ((long)(await command.ExecuteScalarAsync())! != 1)
                throw new StoreUnavailableException("Not yet.", TimeSpan.Zero);
        });
    }

    private async Task SetReadOnlyAsync(string value)
    {
        await using var connection = new NpgsqlConnection(_first.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"ALTER SYSTEM SET default_transaction_read_only = {value}";
        await command.ExecuteNonQueryAsync();
        command.CommandText = "SELECT pg_reload_conf()";
        await command.ExecuteNonQueryAsync();
    }

    private static async Task EventuallyAsync(Func<Task> act)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await act();
                return;
            }
            catch (StoreUnavailableException) when (attempt < 100)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }
}
