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

    public DbConnection Connection => connection;

    public bool IsOpen => _abandoned is null && connection.State == ConnectionState.Open;

    /// <summary>A snapshot is open here, so that nobody else may use the session.</summary>
    public bool IsInSnapshot { get; private set; }

    /// <summary>All rows of a statement.</summary>
    public Task<List<T>> QueryAsync<T>(Sql sql, Func<DbDataReader, T> map, CancellationToken cancellationToken) =>
        LimitAsync(ReadAllAsync(sql, map, cancellationToken));

    /// <summary>Hands the rows of a statement over as they come, until one is the last that is wanted.</summary>
    /// <param name="take">False: no more.</param>
    public Task EachAsync(Sql sql, Func<DbDataReader, bool> take, CancellationToken cancellationToken) =>
        LimitAsync(ReadEachAsync(sql, take, cancellationToken));

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

    /// <summary>
    /// All rows of two statements that see one state of the database: in one round trip, which is one transaction, or in the
    /// snapshot that is open.
    /// </summary>
    public async Task<(List<TFirst> First, List<TSecond> Second)> QueryBothAsync<TFirst, TSecond>(
        Sql first,
        Func<DbDataReader, TFirst> mapFirst,
        Sql second,
        Func<DbDataReader, TSecond> mapSecond,
        CancellationToken cancellationToken
    ) =>
        connection is Npgsql.NpgsqlConnection
            ? await LimitAsync(ReadBothAsync(first, mapFirst, second, mapSecond, cancellationToken))
            : (
                await QueryAsync(first, mapFirst, cancellationToken),
                await QueryAsync(second, mapSecond, cancellationToken)
            );

    /// <summary>Has the reads that follow see one state of the database until <see cref="EndSnapshotAsync"/>.</summary>
    public async ValueTask BeginSnapshotAsync(Sql begin, CancellationToken cancellationToken)
    {
        IsInSnapshot = true;
        await ExecuteAsync(begin, cancellationToken);
    }

    public async ValueTask EndSnapshotAsync(Sql end, CancellationToken cancellationToken)
    {
        await ExecuteAsync(end, cancellationToken);
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
        var reader = await Command(sql).ExecuteReaderAsync(cancellationToken);
        await using (reader)
            return await RowsAsync(reader, map, cancellationToken);
    }

    private async Task<bool> ReadEachAsync(Sql sql, Func<DbDataReader, bool> take, CancellationToken cancellationToken)
    {
        using var watch = _watch?.Start(cancellationToken);
        var reader = await Command(sql).ExecuteReaderAsync(cancellationToken);
        await using (reader)
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                if (!take(reader))
                    return false;
            }
        }

        return true;
    }

    private async Task<T?> ReadFirstAsync<T>(Sql sql, Func<DbDataReader, T> map, CancellationToken cancellationToken)
    {
        using var watch = _watch?.Start(cancellationToken);
        var reader = await Command(sql).ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken);
        await using (reader)
            return await reader.ReadAsync(cancellationToken) ? map(reader) : default;
    }

    private async Task<(List<TFirst>, List<TSecond>)> ReadBothAsync<TFirst, TSecond>(
        Sql first,
        Func<DbDataReader, TFirst> mapFirst,
        Sql second,
        Func<DbDataReader, TSecond> mapSecond,
        CancellationToken cancellationToken
    )
    {
        await using var batch = connection.CreateBatch();
        batch.Timeout = limit.DriverSeconds;
        Add(batch, first);
        Add(batch, second);
        var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await using (reader)
        {
            var rows = await RowsAsync(reader, mapFirst, cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            return (rows, await RowsAsync(reader, mapSecond, cancellationToken));
        }
    }

    private static async Task<List<T>> RowsAsync<T>(
        DbDataReader reader,
        Func<DbDataReader, T> map,
        CancellationToken cancellationToken
    )
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(map(reader));
        return rows;
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
