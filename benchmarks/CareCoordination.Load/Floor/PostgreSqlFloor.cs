using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;

namespace CareCoordination.Load.Floor;

/// <summary>Prepared statements on as many connections as there are requests at once.</summary>
internal sealed class PostgreSqlFloor(NpgsqlDataSource database) : IFloorStore
{
    private readonly ConcurrentBag<PreparedStatements> _idle = [];

    public static async Task<PostgreSqlFloor> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        var database = NpgsqlDataSource.Create(connectionString);
        await using var create = database.CreateCommand(
            """
            CREATE TABLE IF NOT EXISTS floor_resource (id text PRIMARY KEY, body bytea NOT NULL);
            CREATE TABLE IF NOT EXISTS floor_index (key bigint NOT NULL, resource_id text NOT NULL, PRIMARY KEY (key, resource_id));
            """
        );
        await create.ExecuteNonQueryAsync(cancellationToken);
        return new PostgreSqlFloor(database);
    }

    public async ValueTask CreateAsync(string id, ReadOnlyMemory<byte> body)
    {
        var statements = _idle.TryTake(out var idle) ? idle : await PreparedStatements.OpenAsync(database);
        await statements.CreateAsync(id, body);
        _idle.Add(statements);
    }

    public async ValueTask<byte[]?> ReadAsync(string id)
    {
        var statements = _idle.TryTake(out var idle) ? idle : await PreparedStatements.OpenAsync(database);
        var body = await statements.ReadAsync(id);
        _idle.Add(statements);
        return body;
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private sealed class PreparedStatements(NpgsqlCommand create, NpgsqlCommand read)
    {
        public static async Task<PreparedStatements> OpenAsync(NpgsqlDataSource database)
        {
            var connection = await database.OpenConnectionAsync();
            var create = new NpgsqlCommand(
                """
                WITH resource AS (INSERT INTO floor_resource (id, body) VALUES ($1, $2))
                INSERT INTO floor_index (key, resource_id) SELECT key, $1 FROM unnest($3) AS key
                """,
                connection
            );
            create.Parameters.Add(new NpgsqlParameter<string> { NpgsqlDbType = NpgsqlDbType.Text });
            create.Parameters.Add(new NpgsqlParameter<ReadOnlyMemory<byte>> { NpgsqlDbType = NpgsqlDbType.Bytea });
            create.Parameters.Add(
                new NpgsqlParameter<long[]> { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint }
            );
            await create.PrepareAsync();
            var read = new NpgsqlCommand("SELECT body FROM floor_resource WHERE id = $1", connection);
            read.Parameters.Add(new NpgsqlParameter<string> { NpgsqlDbType = NpgsqlDbType.Text });
            await read.PrepareAsync();
            return new PreparedStatements(create, read);
        }

        public async Task CreateAsync(string id, ReadOnlyMemory<byte> body)
        {
            var keys = new long[FloorServer.IndexRows];
            for (var i = 0; i < keys.Length; i++)
                keys[i] = Random.Shared.NextInt64();
            ((NpgsqlParameter<string>)create.Parameters[0]).TypedValue = id;
            ((NpgsqlParameter<ReadOnlyMemory<byte>>)create.Parameters[1]).TypedValue = body;
            ((NpgsqlParameter<long[]>)create.Parameters[2]).TypedValue = keys;
            await create.ExecuteNonQueryAsync();
        }

        public async Task<byte[]?> ReadAsync(string id)
        {
            ((NpgsqlParameter<string>)read.Parameters[0]).TypedValue = id;
            await using var reader = await read.ExecuteReaderAsync();
            return await reader.ReadAsync() ? reader.GetFieldValue<byte[]>(0) : null;
        }
    }
}
