using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace CareCoordination.Load.Floor;

/// <summary>SQLite with the durability of the server: a write-ahead log, synced at every commit.</summary>
internal sealed class SqliteFloor : IFloorStore
{
    private readonly string _connectionString;
    private readonly ConcurrentBag<SqliteCommand> _readers = [];
    private readonly SqliteCommand _create;
    private readonly Lock _writing = new();

    private SqliteFloor(string connectionString)
    {
        _connectionString = connectionString;
        var connection = Connect();
        using var schema = connection.CreateCommand();
        schema.CommandText = """
            PRAGMA journal_mode = WAL;
            CREATE TABLE IF NOT EXISTS floor_resource (id TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS floor_index (key INTEGER NOT NULL, resource_id TEXT NOT NULL, PRIMARY KEY (key, resource_id)) WITHOUT ROWID;
            CREATE TRIGGER IF NOT EXISTS floor_index_rows AFTER INSERT ON floor_resource BEGIN
                INSERT INTO floor_index (key, resource_id)
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12) SELECT random(), NEW.id FROM n;
            END;
            """;
        schema.ExecuteNonQuery();
        _create = connection.CreateCommand();
        _create.CommandText = "INSERT INTO floor_resource (id, body) VALUES ($id, $body)";
        _create.Parameters.Add("$id", SqliteType.Text);
        _create.Parameters.Add("$body", SqliteType.Blob);
        _create.Prepare();
    }

    public static SqliteFloor Open(string connectionString) => new(connectionString);

    public ValueTask CreateAsync(string id, ReadOnlyMemory<byte> body)
    {
        lock (_writing)
        {
            _create.Parameters[0].Value = id;
            _create.Parameters[1].Value = body.ToArray();
            _create.ExecuteNonQuery();
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<byte[]?> ReadAsync(string id)
    {
        var read = _readers.TryTake(out var idle) ? idle : PrepareRead();
        read.Parameters[0].Value = id;
        var body = (byte[]?)read.ExecuteScalar();
        _readers.Add(read);
        return ValueTask.FromResult(body);
    }

    public ValueTask DisposeAsync()
    {
        _create.Connection!.Dispose();
        foreach (var read in _readers)
            read.Connection!.Dispose();
        return ValueTask.CompletedTask;
    }

    private SqliteCommand PrepareRead()
    {
        var read = Connect().CreateCommand();
        read.CommandText = "SELECT body FROM floor_resource WHERE id = $id";
        read.Parameters.Add("$id", SqliteType.Text);
        read.Prepare();
        return read;
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        using var settings = connection.CreateCommand();
        settings.CommandText = "PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000";
        settings.ExecuteNonQuery();
        return connection;
    }
}
