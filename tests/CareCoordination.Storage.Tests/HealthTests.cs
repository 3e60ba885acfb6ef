using System.Data.Common;
using CareCoordination.Storage.Engines;

namespace CareCoordination.Storage.Tests;

/// <summary>Whether a node can work with its database, asked without writing.</summary>
public sealed class HealthTests
{
    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_database_that_can_be_written_is_ready_also_while_somebody_writes(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        Assert.Equal(StoreHealth.Ready, await store.HealthAsync(TestContext.Current.CancellationToken));
        await using var engine = DatabaseEngine.Create(database.Options);
        await using var writer = await engine.OpenWriterAsync(TestContext.Current.CancellationToken);
        await writer.BeginAsync(new BeginRequest(0, 0, 0, 1), TestContext.Current.CancellationToken);

        Assert.Equal(StoreHealth.Ready, await store.HealthAsync(TestContext.Current.CancellationToken));

        await writer.RollbackAsync(TestContext.Current.CancellationToken);
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_database_that_is_not_ours_any_more_is_unreachable(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        Assert.Equal(StoreHealth.Ready, await store.HealthAsync(TestContext.Current.CancellationToken));
        await using var engine = DatabaseEngine.Create(database.Options);
        await using (var writer = await engine.OpenWriterAsync(TestContext.Current.CancellationToken))
            await writer.Session.ExecuteAsync(
                new Sql("""ALTER TABLE "ChangeSequence" RENAME TO "Elsewhere" """, []),
                TestContext.Current.CancellationToken
            );

        Assert.Equal(StoreHealth.Unreachable, await store.HealthAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_Sqlite_file_that_was_moved_away_is_unreachable_and_back_again_ready()
    {
        await using var database = await TestDatabase.CreateAsync(StorageProvider.Sqlite);
        var store = database.OpenStore();
        await store.OneAsync(Given.Put("Patient/a"));
        var file = (string)
            new DbConnectionStringBuilder { ConnectionString = database.Options.ConnectionString }["Data Source"];

        File.Move(file, file + ".away");
        Assert.Equal(StoreHealth.Unreachable, await store.HealthAsync(TestContext.Current.CancellationToken));
        Assert.False(File.Exists(file), "Asking made a new, empty file.");
        File.Move(file + ".away", file);

        Assert.Equal(StoreHealth.Ready, await store.HealthAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_login_that_may_not_change_anything_can_only_read()
    {
        await using var database = await TestDatabase.CreateAsync(StorageProvider.PostgreSql);
        var role = $"reader_{Guid.NewGuid():N}";
        await using (var source = Npgsql.NpgsqlDataSource.Create(database.Options.ConnectionString))
        await using (
            var command = source.CreateCommand(
                $"CREATE ROLE {role} LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}"
            )
        )
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var builder = new Npgsql.NpgsqlConnectionStringBuilder(database.Options.ConnectionString) { Username = role };
        await using var store = TestDatabase.Open(
            database.Options with
            {
                ConnectionString = builder.ConnectionString,
            }
        );

        Assert.Equal(StoreHealth.ReadOnly, await store.HealthAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Whoever_asks_may_go_away()
    {
        await using var database = await TestDatabase.CreateAsync(StorageProvider.Sqlite);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            database.OpenStore().HealthAsync(new CancellationToken(canceled: true))
        );
    }
}
