using System.Collections;
using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace CareCoordination.Storage.Tests;

/// <summary>A statement as it was sent, with its values in their order.</summary>
internal sealed record RecordedStatement(string Text, DbParameter[] Parameters)
{
    public object?[] Values => [.. Parameters.Select(p => p.Value is DBNull ? null : p.Value)];
}

/// <summary>What a driver sends at once and waits for.</summary>
/// <param name="IsBatch">Several statements, each a call of its own.</param>
internal sealed record RoundTrip(bool IsBatch, RecordedStatement[] Statements);

/// <summary>A database behind ADO.NET: gives each round trip its result sets.</summary>
internal interface IRecordedDatabase
{
    IReadOnlyList<DataTable> Answer(RecordedConnection connection, RoundTrip roundTrip);

    void Closed(RecordedConnection connection);
}

/// <summary>A connection to a <see cref="IRecordedDatabase"/>, of which the store knows no more than of any other.</summary>
internal sealed class RecordedConnection(IRecordedDatabase database) : DbConnection
{
    private ConnectionState _state = ConnectionState.Closed;

    public IReadOnlyList<DataTable> Send(RoundTrip roundTrip) =>
        _state == ConnectionState.Open
            ? database.Answer(this, roundTrip)
            : throw new InvalidOperationException("Invalid operation. The connection is closed.")
            {
                Source = "Microsoft.Data.SqlClient",
            };

    [AllowNull]
    public override string ConnectionString { get; set; } = "";

    public override string Database => "recorded";

    public override string DataSource => "recorded";

    public override string ServerVersion => "16.00.1000";

    public override ConnectionState State => _state;

    public override bool CanCreateBatch => true;

    public override void Open() => _state = ConnectionState.Open;

    public override void Close()
    {
        if (_state == ConnectionState.Closed)
            return;
        _state = ConnectionState.Closed;
        database.Closed(this);
    }

    protected override void Dispose(bool disposing)
    {
        Close();
        base.Dispose(disposing);
    }

    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) =>
        throw new NotSupportedException();

    protected override DbCommand CreateDbCommand() => new RecordedCommand(this);

    protected override DbBatch CreateDbBatch() => new RecordedBatch(this);
}

internal sealed class RecordedCommand(RecordedConnection connection) : DbCommand
{
    private readonly RecordedParameters _parameters = new();

    [AllowNull]
    public override string CommandText { get; set; } = "";

    public override int CommandTimeout { get; set; }

    public override CommandType CommandType { get; set; } = CommandType.Text;

    public override bool DesignTimeVisible { get; set; }

    public override UpdateRowSource UpdatedRowSource { get; set; }

    protected override DbConnection? DbConnection { get; set; } = connection;

    protected override DbParameterCollection DbParameterCollection => _parameters;

    protected override DbTransaction? DbTransaction { get; set; }

    public override void Cancel() { }

    public override void Prepare() { }

    public override int ExecuteNonQuery()
    {
        Send();
        return 0;
    }

    public override object? ExecuteScalar() => Send() is [{ Rows: [var row, ..] }, ..] ? row[0] : null;

    protected override DbParameter CreateDbParameter() => new RecordedParameter();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => RecordedReader.Of(Send());

    private IReadOnlyList<DataTable> Send() =>
        connection.Send(new RoundTrip(IsBatch: false, [new(CommandText, _parameters.ToArray())]));
}

internal sealed class RecordedBatch(RecordedConnection connection) : DbBatch
{
    private readonly RecordedBatchCommands _commands = new();

    public override int Timeout { get; set; }

    protected override DbBatchCommandCollection DbBatchCommands => _commands;

    protected override DbConnection? DbConnection { get; set; } = connection;

    protected override DbTransaction? DbTransaction { get; set; }

    public override void Cancel() { }

    public override void Prepare() { }

    public override Task PrepareAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public override int ExecuteNonQuery()
    {
        Send();
        return 0;
    }

    public override Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(ExecuteNonQuery());

    public override object? ExecuteScalar() => throw new NotSupportedException();

    public override Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    protected override DbBatchCommand CreateDbBatchCommand() => new RecordedBatchCommand();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => RecordedReader.Of(Send());

    protected override Task<DbDataReader> ExecuteDbDataReaderAsync(
        CommandBehavior behavior,
        CancellationToken cancellationToken
    ) => Task.FromResult(ExecuteDbDataReader(behavior));

    private IReadOnlyList<DataTable> Send() =>
        connection.Send(
            new RoundTrip(
                IsBatch: true,
                [.. _commands.Select(c => new RecordedStatement(c.CommandText, [.. c.Parameters.Cast<DbParameter>()]))]
            )
        );
}

internal sealed class RecordedBatchCommand : DbBatchCommand
{
    private readonly RecordedParameters _parameters = new();

    public override string CommandText { get; set; } = "";

    public override CommandType CommandType { get; set; } = CommandType.Text;

    public override int RecordsAffected => 0;

    public override bool CanCreateParameter => true;

    protected override DbParameterCollection DbParameterCollection => _parameters;

    public override DbParameter CreateParameter() => new RecordedParameter();
}

internal sealed class RecordedBatchCommands : DbBatchCommandCollection
{
    private readonly List<DbBatchCommand> _items = [];

    public override int Count => _items.Count;

    public override bool IsReadOnly => false;

    public override void Add(DbBatchCommand item) => _items.Add(item);

    public override void Clear() => _items.Clear();

    public override bool Contains(DbBatchCommand item) => _items.Contains(item);

    public override void CopyTo(DbBatchCommand[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

    public override IEnumerator<DbBatchCommand> GetEnumerator() => _items.GetEnumerator();

    public override int IndexOf(DbBatchCommand item) => _items.IndexOf(item);

    public override void Insert(int index, DbBatchCommand item) => _items.Insert(index, item);

    public override bool Remove(DbBatchCommand item) => _items.Remove(item);

    public override void RemoveAt(int index) => _items.RemoveAt(index);

    protected override DbBatchCommand GetBatchCommand(int index) => _items[index];

    protected override void SetBatchCommand(int index, DbBatchCommand batchCommand) => _items[index] = batchCommand;
}

internal sealed class RecordedParameter : DbParameter
{
    public override DbType DbType { get; set; }

    public override ParameterDirection Direction { get; set; } = ParameterDirection.Input;

    public override bool IsNullable { get; set; }

    [AllowNull]
    public override string ParameterName { get; set; } = "";

    public override int Size { get; set; }

    [AllowNull]
    public override string SourceColumn { get; set; } = "";

    public override bool SourceColumnNullMapping { get; set; }

    public override object? Value { get; set; }

    public override void ResetDbType() => DbType = default;
}

internal sealed class RecordedParameters : DbParameterCollection
{
    private readonly List<DbParameter> _items = [];

    public override int Count => _items.Count;

    public override object SyncRoot => _items;

    public DbParameter[] ToArray() =>
        [
            .. _items.Select(p => new RecordedParameter
            {
                ParameterName = p.ParameterName,
                DbType = p.DbType,
                Size = p.Size,
                Value = p.Value,
            }),
        ];

    public override int Add(object value)
    {
        _items.Add((DbParameter)value);
        return _items.Count - 1;
    }

    public override void AddRange(Array values) => _items.AddRange(values.Cast<DbParameter>());

    public override void Clear() => _items.Clear();

    public override bool Contains(object value) => _items.Contains((DbParameter)value);

    public override bool Contains(string value) => IndexOf(value) >= 0;

    public override void CopyTo(Array array, int index) => ((ICollection)_items).CopyTo(array, index);

    public override IEnumerator GetEnumerator() => _items.GetEnumerator();

    public override int IndexOf(object value) => _items.IndexOf((DbParameter)value);

    public override int IndexOf(string parameterName) => _items.FindIndex(p => p.ParameterName == parameterName);

    public override void Insert(int index, object value) => _items.Insert(index, (DbParameter)value);

    public override void Remove(object value) => _items.Remove((DbParameter)value);

    public override void RemoveAt(int index) => _items.RemoveAt(index);

    public override void RemoveAt(string parameterName) => _items.RemoveAt(IndexOf(parameterName));

    protected override DbParameter GetParameter(int index) => _items[index];

    protected override DbParameter GetParameter(string parameterName) => _items[IndexOf(parameterName)];

    protected override void SetParameter(int index, DbParameter value) => _items[index] = value;

    protected override void SetParameter(string parameterName, DbParameter value) =>
        _items[IndexOf(parameterName)] = value;
}

internal static class RecordedReader
{
    public static DbDataReader Of(IReadOnlyList<DataTable> tables) =>
        new DataTableReader(tables.Count == 0 ? [new DataTable()] : [.. tables]);
}
