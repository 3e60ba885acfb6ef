using Npgsql;

namespace CareCoordination.TestKit;

/// <summary>
/// A database of the shared PostgreSQL that is made once and copied for each test: its migrations take ten times as long as the copy.
/// </summary>
/// <param name="make">Makes what is to be copied in a database that is new, and leaves no connection open.</param>
public sealed class DatabaseTemplate(Func<string, Task> make)
{
    private readonly SemaphoreSlim _turn = new(1);
    private string? _name;

    /// <summary>The connection string of a copy; skips the test where there is no PostgreSQL.</summary>
    public async Task<string> CopyAsync()
    {
        var cluster = PostgreSqlCluster.Require();
        var copy = cluster.NewDatabase();
        await using var server = new NpgsqlConnection(cluster.ConnectionString);
        await server.OpenAsync();
        // PostgreSQL copies no database that somebody is connected to, and another copy is somebody.
        await _turn.WaitAsync();
        try
        {
            _name ??= await MakeAsync(cluster, server);
            await ExecuteAsync(server, $"""CREATE DATABASE "{NameOf(copy)}" TEMPLATE "{_name}" """);
        }
        finally
        {
            _turn.Release();
        }

        return copy;
    }

    private async Task<string> MakeAsync(PostgreSqlCluster cluster, NpgsqlConnection server)
    {
        var text = cluster.NewDatabase();
        await make(text);
        NpgsqlConnection.ClearPool(new NpgsqlConnection(text));
        var name = NameOf(text);
        await ExecuteAsync(server, $"""ALTER DATABASE "{name}" ALLOW_CONNECTIONS false""");
        await ExecuteAsync(server, $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
        return name;
    }

    private static string NameOf(string connection) => new NpgsqlConnectionStringBuilder(connection).Database!;

    private static async Task ExecuteAsync(NpgsqlConnection server, string sql)
    {
        await using var command = server.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
