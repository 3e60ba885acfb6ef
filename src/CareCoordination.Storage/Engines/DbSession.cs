using System.Data;
using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;

namespace CareCoordination.Storage.Engines;

/// <summary>What ends a statement that takes too long.</summary>
/// <param name="DriverSeconds">What its driver makes of it; 0: nothing.</param>
/// <param name="Time">What a statement has where it is not the driver that ends it.</param>
/// <param name="Stop">
/// Asks the database to end what runs on the session. Null: whoever uses the session sees to its time.
/// </param>
internal sealed record StatementLimit(int DriverSeconds, TimeSpan Time, Func<DbSession, Task>? Stop = null);

/// <summary>
/// One open connection with the commands it has run before, ready to run again. Used by one caller at a time.
/// </summary>
internal sealed class DbSession(DbConnection connection, StatementLimit limit) : IAsyncDisposable
{
    // More shapes of searches than this are not in use at once; beyond it the oldest are not worth their memory.
    private const int MaxCommands = 256;
    private const int MaxSqlServerText = 4000;
    private readonly Dictionary<string, DbCommand> _commands = new(StringComparer.Ordinal);
    private readonly SqliteWatch? _watch = connection is SqliteConnection sqlite
        ? new SqliteWatch(sqlite, limit.Time)
        : null;

    private Task? _abandoned;
    private string? _begin;

    public DbConnection Connection => connection;

    public bool IsOpen => _abandoned is null && connection.State == ConnectionState.Open;

    /// <summary>A snapshot is open here, so that nobody else may use the session.</summary>
    public bool IsInSnapshot { get; private set; }

    /// <summary>All rows of a statement.</summary>
    public Task<List<T>> QueryAsync<T>(Sql sql, Func<DbDataReader, T> map, CancellationToken cancellationToken) =>
        LimitAsync(ReadAllAsync(sql, map, cancellationToken));

    /// <summary>The first row of a statement, or default.</summary>
    public Task<T?> FirstAsync<T>(Sql sql, Func<DbDataReader, T> map, CancellationToken cancellationToken) =>
        LimitAsync(ReadFirstAsync(sql, map, cancellationToken));

    public Task ExecuteAsync(Sql sql, CancellationToken cancellationToken) =>
        LimitAsync(Command(sql).ExecuteNonQueryAsync(cancellationToken));

    /// <summary>
    /// What was begun on the connection, or <see cref="TimeoutException"/> where it takes longer than a statement may. Then the
    /// database is asked to end it, and the session is of no further use: what it answers later is not waited for, neither by us
    /// nor, as drivers do who wait for the answer to a cancel, by a thread.
    /// </summary>
    public Task<T> LimitAsync<T>(Task<T> running) =>
        limit.Stop is { } stop && !running.IsCompleted ? WaitAsync(running, stop) : running;

    /// <summary>Has the reads that follow see one state of the database until <see cref="EndSnapshotAsync"/>.</summary>
    public async ValueTask BeginSnapshotAsync(Sql begin, CancellationToken cancellationToken)
    {
        IsInSnapshot = true;
        // In a batch for SQL Server no transaction can begin: each of its statements is a call, and a call must end as it began.
        if (connection is Npgsql.NpgsqlConnection)
            _begin = begin.Text;
        else
            await ExecuteAsync(begin, cancellationToken);
    }

    public async ValueTask EndSnapshotAsync(Sql end, CancellationToken cancellationToken)
    {
        if (_begin is null)
            await ExecuteAsync(end, cancellationToken);
        _begin = null;
        IsInSnapshot = false;
    }

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
            Give(command.Parameters[i], sql.Values[i]);
        return command;
    }

    public ValueTask DisposeAsync()
    {
        if (_abandoned is null)
            return CloseAsync();
        // A connection can only be closed when nothing runs on it, and nobody knows when that will be.
        _ = CloseAfterAsync(_abandoned);
        return ValueTask.CompletedTask;
    }

    private async Task<T> WaitAsync<T>(Task<T> running, Func<DbSession, Task> stop)
    {
        try
        {
            return await running.WaitAsync(limit.Time);
        }
        catch (TimeoutException) when (!running.IsCompleted)
        {
            _abandoned = Task.WhenAll(QuietAsync(stop(this)), QuietAsync(running));
            throw;
        }
    }

    private async Task CloseAfterAsync(Task abandoned)
    {
        await abandoned;
        await CloseAsync();
    }

    private async ValueTask CloseAsync()
    {
        Forget();
        await connection.DisposeAsync();
    }

    private async Task<List<T>> ReadAllAsync<T>(Sql sql, Func<DbDataReader, T> map, CancellationToken cancellationToken)
    {
        using var watch = _watch?.Start(cancellationToken);
        var rows = new List<T>();
        var reader = await ReaderAsync(sql, CommandBehavior.Default, cancellationToken);
        await using (reader)
        {
            while (await reader.ReadAsync(cancellationToken))
                rows.Add(map(reader));
        }

        return rows;
    }

    private async Task<T?> ReadFirstAsync<T>(Sql sql, Func<DbDataReader, T> map, CancellationToken cancellationToken)
    {
        using var watch = _watch?.Start(cancellationToken);
        var reader = await ReaderAsync(sql, CommandBehavior.SingleRow, cancellationToken);
        await using (reader)
            return await reader.ReadAsync(cancellationToken) ? map(reader) : default;
    }

    private Task<DbDataReader> ReaderAsync(Sql sql, CommandBehavior behavior, CancellationToken cancellationToken)
    {
        if (_begin is null)
            return Command(sql).ExecuteReaderAsync(behavior, cancellationToken);
        // The snapshot begins in the round trip of its first statement.
        var batch = connection.CreateBatch();
        batch.Timeout = limit.DriverSeconds;
        Add(batch, new Sql(_begin, []));
        Add(batch, sql);
        _begin = null;
        return batch.ExecuteReaderAsync(behavior, cancellationToken);
    }

    private void Add(DbBatch batch, Sql sql)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = sql.Text;
        for (var i = 0; i < sql.Values.Count; i++)
            command.Parameters.Add(Parameter(command.CreateParameter(), i, sql.Values[i]));
        batch.BatchCommands.Add(command);
    }

    private DbCommand Create(Sql sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql.Text;
        command.CommandTimeout = limit.DriverSeconds;
        for (var i = 0; i < sql.Values.Count; i++)
            command.Parameters.Add(Parameter(command.CreateParameter(), i, sql.Values[i]));
        return command;
    }

    private DbParameter Parameter(DbParameter parameter, int place, object value)
    {
        if (connection is not Npgsql.NpgsqlConnection)
            parameter.ParameterName = $"@p{place}";
        Give(parameter, value);
        return parameter;
    }

    /// <summary>
    /// SQL Server keeps a plan for each size of a text, so there are two sizes. It is said anew with each value: what is longer than
    /// the size of the value before would be cut without a word.
    /// </summary>
    private static void Give(DbParameter parameter, object value)
    {
        parameter.Value = value;
        if (parameter is SqlParameter text && value is string { Length: var length })
            text.Size = length <= MaxSqlServerText ? MaxSqlServerText : -1;
    }

    private void Forget()
    {
        foreach (var command in _commands.Values)
            command.Dispose();
        _commands.Clear();
    }

    /// <summary>Whatever it ends with is of no interest to anybody.</summary>
    public static Task QuietAsync(Task task) =>
        task.ContinueWith(
            static ended => _ = ended.Exception,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
}
