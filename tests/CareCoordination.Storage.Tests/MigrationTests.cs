using CareCoordination.Storage.Tables;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace CareCoordination.Storage.Tests;

public sealed class MigrationTests
{
    public static TheoryData<StorageProvider> All =>
        [StorageProvider.Sqlite, StorageProvider.PostgreSql, StorageProvider.SqlServer];

    /// <summary>Operators read and may run these; the SQLite one is what makes a new file.</summary>
    [Theory, MemberData(nameof(All))]
    public void The_committed_script_is_what_the_migrations_do(StorageProvider provider)
    {
        using var context = FhirDbContexts.Create(
            provider,
            provider == StorageProvider.Sqlite ? "Data Source=:memory:" : "Server=none"
        );
        // SQLite has no statements that look before they leap, nor needs them for a new file.
        var options =
            provider == StorageProvider.Sqlite
                ? MigrationsSqlGenerationOptions.NoTransactions
                : MigrationsSqlGenerationOptions.Idempotent;

        var script = context.GetService<IMigrator>().GenerateScript(options: options);

        Snapshot.Matches($"src/CareCoordination.Storage/Migrations/{provider}/create.sql", script);
    }

    [Theory, MemberData(nameof(All))]
    public void The_migrations_lead_to_the_tables_of_this_release(StorageProvider provider)
    {
        using var context = FhirDbContexts.Create(
            provider,
            provider == StorageProvider.Sqlite ? "Data Source=:memory:" : "Server=none"
        );

        Assert.False(context.Database.HasPendingModelChanges());
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_database_that_is_up_to_date_has_nothing_pending(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var migrator = new StorageMigrator(database.Options);

        Assert.Empty(await migrator.PendingAsync(default));
        Assert.Null((await migrator.PrepareAsync(default)).Problem);
        await migrator.ApplyAsync(default);
        Assert.Empty(await migrator.PendingAsync(default));
    }

    [Fact]
    public async Task A_new_sqlite_file_is_made_at_start_even_by_two_processes()
    {
        var folder = Directory.CreateTempSubdirectory("care-new-");
        var options = new StorageOptions
        {
            ConnectionString = $"Data Source={Path.Combine(folder.FullName, "data", "new.db")}",
        };

        Assert.NotEmpty(await new StorageMigrator(options).PendingAsync(default));
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => Task.Run(() => new StorageMigrator(options).PrepareAsync(default)))
        );

        Assert.All(answers, a => Assert.Null(a.Problem));
        Assert.Empty(await new StorageMigrator(options).PendingAsync(default));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_server_database_is_not_touched_unless_asked()
    {
        var options = new StorageOptions
        {
            Provider = StorageProvider.PostgreSql,
            ConnectionString = TestKit.PostgreSqlCluster.Require().NewDatabase(),
        };
        var migrator = new StorageMigrator(options);

        var sentence = (await migrator.PrepareAsync(default)).Problem;

        Assert.NotEmpty(await migrator.PendingAsync(default));
        Assert.Matches(
            "^The database lacks \\d+ migration\\(s\\), first \\d+_Initial: run the server with the verb 'migrate'\\.$",
            sentence
        );
    }
}
