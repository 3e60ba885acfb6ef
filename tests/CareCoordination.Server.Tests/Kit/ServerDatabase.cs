using System.Data.Common;
using System.Globalization;
using CareCoordination.TestKit;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace CareCoordination.Server.Tests.Kit;

/// <summary>A database of a test's own: to start servers on, and to spoil and look at behind their backs.</summary>
internal sealed class ServerDatabase : IAsyncDisposable
{
    private const string Connection = "--ConnectionStrings:CareCoordination=";
    private readonly string _folder = Directory.CreateTempSubdirectory("care-database-").FullName;
    private readonly Func<DbConnection> _connect;

    private static readonly DatabaseTemplate Template = new(MigrateAsync);

    /// <param name="text">The connection string of a PostgreSQL; null: SQLite.</param>
    private ServerDatabase(string? text)
    {
        if (text is not null)
        {
            Settings = PostgreSql(text);
            _connect = () => new NpgsqlConnection(text);
        }
        else
        {
            File = Path.Combine(_folder, "care.db");
            Settings = [$"{Connection}Data Source={File}"];
            _connect = () => new SqliteConnection($"Data Source={File}");
        }
    }

    /// <summary>Of SQLite.</summary>
    public string File { get; } = "";

    public string Folder => _folder;

    /// <summary>By which a server finds it.</summary>
    public string[] Settings { get; }

    public static async Task<ServerDatabase> NewAsync(bool isPostgreSql)
    {
        if (isPostgreSql)
            return new ServerDatabase(await Template.CopyAsync());
        var database = new ServerDatabase(null);
        Assert.Equal(0, await Program.Main(["migrate", .. database.Settings]));
        return database;
    }

    /// <summary>A PostgreSQL that is there.</summary>
    public static ServerDatabase OfPostgreSql(string text) => new(text);

    /// <summary>A SQLite file that begins as a copy of another one.</summary>
    public static ServerDatabase OfSqlite(byte[] file)
    {
        var database = new ServerDatabase(null);
        System.IO.File.WriteAllBytes(database.File, file);
        return database;
    }

    /// <summary>The file of a SQLite that nobody uses any more, for <see cref="OfSqlite"/>.</summary>
    public byte[] ReadFile()
    {
        // What is still in its log comes into the file when the last connection is closed.
        SqliteConnection.ClearAllPools();
        Assert.False(System.IO.File.Exists(File + "-wal"), "Somebody has the database open.");
        return System.IO.File.ReadAllBytes(File);
    }

    /// <summary>The settings of a server on a PostgreSQL that is new, and has been migrated.</summary>
    public static async Task<string[]> NewPostgreSqlAsync() => PostgreSql(await Template.CopyAsync());

    private static string[] PostgreSql(string text) => ["--Storage:Provider=PostgreSql", Connection + text];

    private static async Task MigrateAsync(string text) =>
        Assert.Equal(0, await Program.Main(["migrate", .. PostgreSql(text)]));

    public async Task ExecuteAsync(string sql) => await ScalarAsync(sql);

    public async Task<long> CountAsync(string from) =>
        Convert.ToInt64(await ScalarAsync($"SELECT COUNT(*) FROM {from}"), CultureInfo.InvariantCulture);

    public async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = _connect();
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>All rows as text, in an order of their own.</summary>
    public async Task<List<string>> RowsAsync(string table, string where = "")
    {
        await using var connection = _connect();
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT * FROM \"{table}\"{where}";
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            rows.Add(
                string.Join(
                    '|',
                    Enumerable
                        .Range(0, reader.FieldCount)
                        .Select(i => Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))
                )
            );
        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    /// <summary>The rows of the audit trail as they are stored, in their order.</summary>
    public async Task<List<System.Text.Json.JsonElement>> TrailAsync()
    {
        await using var connection = _connect();
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = """SELECT "Content" FROM "AuditRow" ORDER BY "Sequence" """;
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<System.Text.Json.JsonElement>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            rows.AddRange(
                System
                    .Text.Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(0))
                    .Split('\n')
                    .Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement)
            );
        return rows;
    }

    public ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
