using CareCoordination.Storage.Stores;
using CareCoordination.TestKit;
using Npgsql;

namespace CareCoordination.Storage.Tests;

/// <summary>A database that cannot be used is a sentence for the operator, whichever way it cannot.</summary>
public sealed class StorageStartTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("care-start-");

    [Theory]
    [InlineData(
        "Host=127.0.0.1;Port=1;Username=care",
        "^PostgreSQL at 127.0.0.1:1 cannot be used: Connection refused\\.$"
    )]
    [InlineData(
        "Host=no-such-host.invalid;Username=care;Database=x;Password=hunter2",
        "^PostgreSQL at no-such-host.invalid:5432, database 'x', cannot be used: .+\\.$"
    )]
    [InlineData(
        "Host=127.0.0.1:1,127.0.0.1:2;Username=care",
        "^PostgreSQL at 127.0.0.1:1 and 127.0.0.1:2 cannot be used: (Connection refused|none of them is a primary that answers)\\.$"
    )]
    [InlineData("Host=/no/such/folder;Username=care", "^PostgreSQL at /no/such/folder:5432 cannot be used: .+\\.$")]
    [InlineData("Host=127.0.0.1;Port=1;Username=care;SSL Mode=VerifyFull", "cannot be used: Connection refused\\.$")]
    public Task A_PostgreSql_that_is_not_there(string text, string sentence) =>
        AssertUnusableAsync(StorageProvider.PostgreSql, text, sentence);

    [Fact]
    public async Task A_PostgreSql_that_refuses_the_login()
    {
        var cluster = PostgreSqlCluster.Require();
        var admin = new NpgsqlConnectionStringBuilder(cluster.ConnectionString);
        await AssertUnusableAsync(
            StorageProvider.PostgreSql,
            new NpgsqlConnectionStringBuilder(cluster.ConnectionString)
            {
                Username = "nobody",
                Password = "hunter2",
            }.ConnectionString,
            $"^PostgreSQL at {admin.Host}:{admin.Port}, database 'postgres', cannot be used: role \"nobody\" does not exist \\(28000\\)\\.$"
        );
    }

    [Fact]
    public async Task A_login_that_may_not_make_the_database_or_its_tables()
    {
        var cluster = PostgreSqlCluster.Require();
        var role = $"reader_{Guid.NewGuid():N}";
        await using var source = NpgsqlDataSource.Create(cluster.ConnectionString);
        await ExecuteAsync(source, $"CREATE ROLE {role} LOGIN");
        var options = new StorageOptions
        {
            Provider = StorageProvider.PostgreSql,
            ConnectionString = new NpgsqlConnectionStringBuilder(cluster.NewDatabase())
            {
                Username = role,
            }.ConnectionString,
        };
        var migrator = new StorageMigrator(options);

        Assert.Matches(
            "cannot be used: permission denied to create database \\(42501\\)\\.$",
            (await Assert.ThrowsAsync<StorageProblemException>(() => migrator.ApplyAsync(default))).Message
        );
        await ExecuteAsync(
            source,
            $"CREATE DATABASE \"{new NpgsqlConnectionStringBuilder(options.ConnectionString).Database}\""
        );
        Assert.Matches(
            "cannot be used: permission denied for schema public \\(42501\\)\\.$",
            (await Assert.ThrowsAsync<StorageProblemException>(() => migrator.ApplyAsync(default))).Message
        );
    }

    [Fact]
    public async Task A_PostgreSql_that_cannot_keep_all_texts()
    {
        var cluster = PostgreSqlCluster.Require();
        await using var source = NpgsqlDataSource.Create(cluster.ConnectionString);
        var text = cluster.NewDatabase();
        var name = new NpgsqlConnectionStringBuilder(text).Database;
        await ExecuteAsync(source, $"CREATE DATABASE \"{name}\" ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
        var options = new StorageOptions { Provider = StorageProvider.PostgreSql, ConnectionString = text };
        await new StorageMigrator(options).ApplyAsync(default);

        Assert.EndsWith(
            $"database '{name}', keeps texts as LATIN1; make the database with ENCODING 'UTF8'.",
            (await new StorageMigrator(options).PrepareAsync(default)).Problem,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(
        "synchronous_commit",
        "off",
        "has synchronous_commit=off: what was acknowledged may be lost with the server."
    )]
    [InlineData(
        "synchronous_commit",
        "local",
        "has synchronous_commit=local: what was acknowledged may be lost with the server."
    )]
    [InlineData(
        "default_transaction_read_only",
        "on",
        "is read only (default_transaction_read_only): nothing can be stored here."
    )]
    public async Task What_makes_a_PostgreSql_weaker_is_told_wherever_it_was_set(
        string setting,
        string value,
        string notice
    )
    {
        await using var database = await TestDatabase.CreateAsync(StorageProvider.PostgreSql);
        var builder = new NpgsqlConnectionStringBuilder(database.Options.ConnectionString);
        await using (var source = NpgsqlDataSource.Create(builder))
            await ExecuteAsync(source, $"ALTER DATABASE \"{builder.Database}\" SET {setting} = {value}");

        var prepared = await new StorageMigrator(database.Options).PrepareAsync(default);

        Assert.Null(prepared.Problem);
        Assert.Contains(prepared.Notices, n => n.EndsWith(notice, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_of_the_connection_string_has_no_effect_is_told_at_start()
    {
        await using var database = await TestDatabase.CreateAsync(StorageProvider.PostgreSql);
        var options = database.Options with
        {
            ConnectionString =
                database.Options.ConnectionString + ";Maximum Pool Size=7;Options=-c synchronous_commit=off",
        };

        var prepared = await new StorageMigrator(options).PrepareAsync(default);

        Assert.Null(prepared.Problem);
        Assert.Contains(
            prepared.Notices,
            n => n.StartsWith("Maximum Pool Size=7 has no effect: ", StringComparison.Ordinal)
        );
        Assert.Contains(prepared.Notices, n => n.Contains(" has synchronous_commit=off: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_Sqlite_that_is_a_folder() =>
        await AssertUnusableAsync(
            StorageProvider.Sqlite,
            $"Data Source={_folder.FullName}",
            $"^The SQLite file {_folder.FullName} cannot be used: it cannot be opened or made; it must be a file in a folder that may be written\\.$"
        );

    [Fact]
    public async Task A_Sqlite_that_is_another_file()
    {
        var file = Path.Combine(_folder.FullName, "letter.txt");
        await File.WriteAllTextAsync(file, new string('x', 5000), TestContext.Current.CancellationToken);
        await AssertUnusableAsync(
            StorageProvider.Sqlite,
            $"Data Source={file}",
            $"^The SQLite file {file} cannot be used: it is no SQLite database\\.$"
        );
        Assert.Equal(new string('x', 5000), await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_Sqlite_below_a_file()
    {
        var file = Path.Combine(_folder.FullName, "letter.txt");
        await File.WriteAllTextAsync(file, "x", TestContext.Current.CancellationToken);
        await AssertUnusableAsync(
            StorageProvider.Sqlite,
            $"Data Source={Path.Combine(file, "care.db")}",
            $"^The SQLite file {Path.Combine(file, "care.db")} cannot be used: .+\\.$"
        );
    }

    [Fact]
    public async Task A_Sqlite_that_is_not_there_and_may_not_be_made() =>
        await AssertUnusableAsync(
            StorageProvider.Sqlite,
            $"Data Source={Path.Combine(_folder.FullName, "none.db")};Mode=ReadWrite",
            "cannot be used: it cannot be opened or made; it must be a file in a folder that may be written\\.$"
        );

    [Theory]
    [InlineData("Server=127.0.0.1,1;Database=x;User Id=a;Password=hunter2;Connect Timeout=2")]
    [InlineData("Server=no-such-host.invalid;Database=x;User Id=a;Password=hunter2;Connect Timeout=2")]
    public Task A_SqlServer_that_is_not_there(string text) =>
        AssertUnusableAsync(StorageProvider.SqlServer, text, "^SQL Server at .+, database 'x', cannot be used: .+\\.$");

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task AssertUnusableAsync(StorageProvider provider, string text, string sentence)
    {
        var migrator = new StorageMigrator(new StorageOptions { Provider = provider, ConnectionString = text });

        var prepared = await migrator.PrepareAsync(TestContext.Current.CancellationToken);
        var applying = await Assert.ThrowsAsync<StorageProblemException>(() =>
            migrator.ApplyAsync(TestContext.Current.CancellationToken)
        );

        Assert.Matches(sentence, prepared.Problem!);
        Assert.Matches(sentence, applying.Message);
        Assert.DoesNotContain("hunter2", prepared.Problem! + applying.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', prepared.Problem!);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
