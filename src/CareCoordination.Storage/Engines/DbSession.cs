using System.Data;
using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;

namespace CareCoordination.Storage.Engines;

/// <summary>
/// One open connection with the commands it has run before, ready to run again. Used by one caller at a time.
/// </summary>
internal sealed class DbSession(DbConnection connection, int commandTimeoutSeconds) : IAsyncDisposable
{
    private readonly SqliteWatch? _watch = connection is SqliteConnection sqlite
        ? new SqliteWatch(sqlite, TimeSpan.FromSeconds(commandTimeoutSeconds))
        : null;

    // More shapes of searches than this are not in use at once; beyond it the oldest are not worth their memory.
    private const int MaxCommands = 256;
    private const int MaxSqlServerText = 4000;
    private readonly Dictionary<string, DbCommand> _commands = new(StringComparer.Ordinal);

    public DbConnection Connection => connection;

    public bool IsOpen => connection.State == ConnectionState.Open;

    /// <summary>All rows of a statement.</summary>
    public async Task<List<T>> QueryAsync<T>(Sql sql, Func<DbDataReader, T> map, CancellationToken cancellationToken)
    {
        using var watch = _watch?.Start(cancellationToken);
        var command = Command(sql);
        var rows = new List<T>();
        var reader = await command.ExecuteReaderAsync(cancellationToken);
        await using (reader)
        {
            while (await reader.ReadAsync(cancellationToken))
                rows.Add(map(reader));
        }

        return rows;
    }

    /// <summary>The first row of a statement, or default.</summary>
    public async Task<T?> FirstAsync<T>(Sql sql, Func<DbDataReader, T> map, CancellationToken cancellationToken)
    {
        var reader = await Command(sql).ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken);
        await using (reader)
            return await reader.ReadAsync(cancellationToken) ? map(reader) : default;
    }

    public Task ExecuteAsync(Sql sql, CancellationToken cancellationToken) =>
        Command(sql).ExecuteNonQueryAsync(cancellationToken);

    /// <summary>The command of this text with these values, prepared where the engine prepares.</summary>
    public DbCommand Command(Sql sql)
    {
        if (!_commands.TryGetValue(sql.Text, out var command))
        {
            if (_commands.Count >= MaxCommands)
                Forget();
            command = Create(sql);
            _commands.Add(sql.Text, command);
            return command;
        }

        for (var i = 0; i < sql.Values.Count; i++)
            command.Parameters[i].Value = sql.Values[i];
        return command;
    }

    public async ValueTask DisposeAsync()
    {
        Forget();
        _watch?.Dispose();
        await connection.DisposeAsync();
    }

    private DbCommand Create(Sql sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql.Text;
        command.CommandTimeout = commandTimeoutSeconds;
        for (var i = 0; i < sql.Values.Count; i++)
        {
            var parameter = command.CreateParameter();
            if (connection is not Npgsql.NpgsqlConnection)
                parameter.ParameterName = $"@p{i}";
            parameter.Value = sql.Values[i];
            // One size for all texts: SQL Server keeps a plan per size.
            if (parameter is SqlParameter { Value: string { Length: <= MaxSqlServerText } } text)
                text.Size = MaxSqlServerText;
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private void Forget()
    {
        foreach (var command in _commands.Values)
            command.Dispose();
        _commands.Clear();
    }
}
