using System.Data.Common;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Connections;
using CareCoordination.Storage.Stores;
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

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_database_of_any_release_before_is_brought_forward_with_what_is_in_it(StorageProvider provider)
    {
        foreach (var before in await MigrationsAsync(provider))
        {
            await using var database = await TestDatabase.CreateAsync(provider);
            var (kept, expected) = await FillAsync(database);
            await using (var context = FhirDbContexts.Create(provider, database.Options.ReadConnection().Text))
                await context.GetService<IMigrator>().MigrateAsync(before);
            var migrator = new StorageMigrator(database.Options);
            var pending = await migrator.PendingAsync(default);
            // Only a file is changed without being asked.
            if (provider != StorageProvider.Sqlite && pending.Count > 0)
            {
                Assert.Contains(pending[0], (await migrator.PrepareAsync(default)).Problem!, StringComparison.Ordinal);
                await migrator.ApplyAsync(default);
            }

            Assert.Null((await migrator.PrepareAsync(default)).Problem);

            Assert.Empty(await migrator.PendingAsync(default));
            var store = database.OpenStore();
            Assert.Equal(expected, await ContentAsync(store, kept));
            foreach (var patient in kept.Where(k => k.Type == "Patient" && k.Id != "deleted"))
            {
                var found = await store.SearchAsync(Given.Query($"Observation?subject=Patient/{patient.Id}"), default);
                Assert.Equal([$"Observation/of-{patient.Id}"], found.Matches.Select(m => $"{m.Key}"));
            }

            await AssertGoesOnAsync(store);
        }
    }

    /// <summary>Of a newer release, of one in between, and of one before the first that can be brought forward.</summary>
    public static TheoryData<StorageProvider, string> OfOtherReleases
    {
        get
        {
            var data = new TheoryData<StorageProvider, string>();
            foreach (var provider in Engines.All)
            {
                foreach (
                    var other in (string[])["20991231235959_Later", "20261129013000_Between", "20200101000000_First"]
                )
                    data.Add(provider, other);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(OfOtherReleases))]
    public async Task A_database_of_a_release_that_is_not_known_is_neither_used_nor_changed(
        StorageProvider provider,
        string other
    )
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var known = await MigrationsAsync(provider);
        await using var connection = await EarlierState.OpenAsync(database.Options);
        // The second lacks one of ours besides, and could be taken for a database that is behind.
        await ExecuteAsync(
            connection,
            $"""
            DELETE FROM "__EFMigrationsHistory" WHERE "MigrationId" = '{known[^1]}';
            INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion") VALUES ('{other}', '10.0.0')
            """
        );
        var migrator = new StorageMigrator(database.Options);

        var refusal = await Assert.ThrowsAsync<StorageProblemException>(() => migrator.PendingAsync(default));
        var sentence = $"has the migration {other}, which this release does not know";
        Assert.Contains(sentence, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(sentence, (await migrator.PrepareAsync(default)).Problem!, StringComparison.Ordinal);
        var found = await ReadAsync(connection, """SELECT "MigrationId" FROM "__EFMigrationsHistory" """);
        Assert.Equal(
            known.SkipLast(1).Append(other).Order(StringComparer.Ordinal),
            found.Order(StringComparer.Ordinal)
        );
    }

    private static async Task ExecuteAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<List<string>> ReadAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<string>();
        while (await reader.ReadAsync())
            values.Add(reader.GetString(0));
        return values;
    }

    /// <summary>A row without an id is no resource, and no engine takes one.</summary>
    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Only_a_deletion_has_a_column_without_a_value(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using var connection = await EarlierState.OpenAsync(database.Options);
        var nullable = new List<string>();
        foreach (var table in FhirTables.All)
        {
            var sql = provider switch
            {
                StorageProvider.Sqlite =>
                    $"SELECT name FROM pragma_table_info('{table.Name}') WHERE \"notnull\" = 0 AND pk = 0",
                StorageProvider.PostgreSql =>
                    $"SELECT column_name::text FROM information_schema.columns WHERE table_name = '{table.Name}' AND is_nullable = 'YES'",
                _ =>
                    $"SELECT COLUMN_NAME FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = '{table.Name}' AND IS_NULLABLE = 'YES'",
            };
            nullable.AddRange((await ReadAsync(connection, sql)).Select(column => $"{table.Name}.{column}"));
        }

        var expected = FhirTables.All.SelectMany(t =>
            t.Columns.Where(c => c.IsNullable).Select(c => $"{t.Name}.{c.Name}")
        );
        Assert.Equal(expected.Order(StringComparer.Ordinal), nullable.Order(StringComparer.Ordinal));
    }

    private static async Task<IReadOnlyList<string>> MigrationsAsync(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using var context = FhirDbContexts.Create(provider, database.Options.ReadConnection().Text);
        return [.. context.Database.GetMigrations()];
    }

    private static async Task<(List<ResourceKey> Keys, List<string> Content)> FillAsync(TestDatabase database)
    {
        await using var store = TestDatabase.Open(database.Options);
        var keys = new List<ResourceKey>();
        for (var i = 0; i < 20; i++)
        {
            await store.OneAsync(Given.Put($"Patient/p{i}", $$""" "birthDate":"19{{50 + i}}-01-01" """));
            await store.OneAsync(Given.Put($"Patient/p{i}", $$""" "birthDate":"19{{50 + i}}-01-02" """));
            await store.OneAsync(
                Given.Put(
                    $"Observation/of-p{i}",
                    $$""" "status":"final","code":{"text":"c"},"subject":{"reference":"Patient/p{{i}}"} """
                )
            );
            keys.AddRange([Given.Key($"Patient/p{i}"), Given.Key($"Observation/of-p{i}")]);
        }

        await store.OneAsync(Given.Put("Patient/deleted"));
        await store.OneAsync(Given.Delete("Patient/deleted"));
        await store.OneAsync(
            Given.Put("Task/t", """ "status":"requested","intent":"order" """) with
            {
                Projection = new ProjectionRows
                {
                    Work = new WorkItem(null, Given.Key("Patient/p0"), 0, 0, null),
                    Timer = new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero),
                },
            }
        );
        keys.AddRange([Given.Key("Patient/deleted"), Given.Key("Task/t")]);
        return (keys, await ContentAsync(store, keys));
    }

    private static async Task<List<string>> ContentAsync(ResourceStore store, List<ResourceKey> keys)
    {
        var content = new List<string>();
        foreach (var key in keys)
        {
            var history = await store.HistoryAsync(new HistoryQuery(key.Type, key.Id, 100), default);
            content.AddRange(history.Versions.Select(v => $"{v.Key} {v.Version} {v.Sequence} {v.Change} {v.Text()}"));
        }

        var due = await store.DueTimersAsync(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), 10, default);
        content.AddRange(due.Select(d => $"{d}"));
        return content;
    }

    private static async Task AssertGoesOnAsync(ResourceStore store)
    {
        Assert.Equal(ChangeOutcome.Created, (await store.OneAsync(Given.Put("Patient/after"))).Outcome);
        Assert.Equal(3, (await store.OneAsync(Given.Put("Patient/p0"))).Resource.Version);
        Assert.Equal(ChangeOutcome.Deleted, (await store.OneAsync(Given.Delete("Task/t"))).Outcome);
        Assert.Equal(21, (await store.SearchAsync(Given.Query("Patient?_total=accurate&_count=1"), default)).Total);
        Assert.Equal(
            ["Patient/after"],
            (await store.SearchAsync(Given.Query("Patient?_id=after"), default)).Matches.Select(m => $"{m.Key}")
        );
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
