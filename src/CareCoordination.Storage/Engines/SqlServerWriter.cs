using System.Data;
using System.Data.Common;
using System.Globalization;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Engines;

/// <summary>
/// Three round trips per transaction, however many commits are in it: one that starts it, locks and reads, one that writes all
/// rows, one that commits. The session never commits by itself (<see cref="SessionSql"/>), so that whatever is broken off is
/// rolled back.
/// </summary>
/// <remarks>
/// A statement with parameters is a call of sp_executesql, and a call in which BEGIN or COMMIT stands ends with error 266. A
/// transaction that a statement begins because the session is told to (IMPLICIT_TRANSACTIONS) does not; COMMIT goes alone.
/// </remarks>
internal sealed class SqlServerWriter(DbSession session, int commandTimeoutSeconds) : CommitWriter(session)
{
    private static readonly Sql CommitSql = new("COMMIT TRANSACTION", []);
    private static readonly Sql RollbackSql = new("IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION", []);

    /// <summary>
    /// What the session is set to: statements begin a transaction where none is open, an error of one statement ends the
    /// transaction and not only the statement, and a lock is waited for a little shorter than a statement may take, so that it is
    /// the server who says why it took so long.
    /// </summary>
    public static Sql SessionSql(TimeSpan commandTimeout) =>
        new(
            "SET XACT_ABORT ON; SET IMPLICIT_TRANSACTIONS ON; SET NOCOUNT ON; SET LOCK_TIMEOUT "
                + ((int)(commandTimeout.TotalMilliseconds * 0.8)).ToString(CultureInfo.InvariantCulture),
            []
        );

    public override async Task<WriteLock> BeginAsync(BeginRequest request, CancellationToken cancellationToken)
    {
        var sql = new Sql(
            SqlServerStatements.Begin,
            [
                (long)request.Changes,
                request.Now,
                (long)request.Keys,
                Json([.. request.Heads, .. request.Remembered]),
                request.CommitId,
                request.Heads.Count,
                request.LastCommitId,
                request.MaxAhead.Ticks,
            ]
        );
        await using var reader = await Session.Command(sql).ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            throw new InvalidOperationException("The ChangeSequence row is missing: run the migrate command.");
        var (sequence, lastUpdated, nextKey) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
        var (previous, now, clock) = (reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5));
        await reader.NextResultAsync(cancellationToken);
        var found = new List<FoundHead>(request.Heads.Count);
        while (await reader.ReadAsync(cancellationToken))
            found.Add(HeadRows.Read(reader, reader.GetInt32(0)));
        return new WriteLock(sequence - request.Changes, lastUpdated, nextKey - request.Keys, previous)
        {
            Now = now,
            Clock = clock,
            Heads = found,
        };
    }

    public override async Task WriteAsync(StagedRows rows, bool commit, CancellationToken cancellationToken)
    {
        await using var batch = Session.Connection.CreateBatch();
        batch.Timeout = commandTimeoutSeconds;
        foreach (var removed in rows.Removals)
            Add(batch, removed, SqlServerStatements.Delete, SqlServerStatements.Delete);
        Add(batch, rows.NewHeads, SqlServerStatements.Insert, SqlServerStatements.Insert);
        Add(batch, rows.ChangedHeads, _ => SqlServerStatements.UpdateHeads, SqlServerStatements.Insert);
        Add(batch, rows.Versions, SqlServerStatements.Insert, SqlServerStatements.Insert);
        foreach (var added in rows.Additions)
            Add(batch, added, SqlServerStatements.Insert, SqlServerStatements.Insert);
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(cancellationToken);
        if (commit)
            await Session.ExecuteAsync(CommitSql, cancellationToken);
    }

    public override Task RollbackAsync(CancellationToken cancellationToken) =>
        Session.ExecuteAsync(RollbackSql, cancellationToken);

    /// <summary>Adds the statements for the rows of a table: one, or one for each chunk.</summary>
    private static void Add(
        DbBatch batch,
        RowBuffer rows,
        Func<TableShape, string> asJson,
        Func<TableShape, int, string> asValues
    )
    {
        if (rows.Count == 0)
            return;
        if (SqlServerStatements.GoesAsJson(rows.Table))
        {
            var command = NewCommand(batch, asJson(rows.Table));
            Add(command, DbType.String, -1, JsonList.Of(rows));
            return;
        }

        for (var start = 0; start < rows.Count; )
        {
            var size = SqlServerStatements.ChunkSize(rows.Count - start, rows.Table);
            var command = NewCommand(batch, asValues(rows.Table, size));
            for (var row = start; row < start + size; row++)
            {
                for (var i = 0; i < rows.Table.Columns.Length; i++)
                    Add(command, rows.Table.Columns[i], rows.Value(row, i));
            }

            start += size;
        }
    }

    private static DbBatchCommand NewCommand(DbBatch batch, string text)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = text;
        batch.BatchCommands.Add(command);
        return command;
    }

    private static void Add(DbBatchCommand command, Column column, object value) =>
        Add(
            command,
            column.Type switch
            {
                ColumnType.Short => DbType.Int16,
                ColumnType.Int => DbType.Int32,
                ColumnType.Long => DbType.Int64,
                ColumnType.Real => DbType.Double,
                ColumnType.Text => DbType.String,
                _ => DbType.Binary,
            },
            column.Type switch
            {
                ColumnType.Text => column.MaxLength,
                ColumnType.Bytes => -1,
                _ => 0,
            },
            value
        );

    /// <param name="size">The same for every value of a column, or each would have a plan of its own; -1: any.</param>
    private static void Add(DbBatchCommand command, DbType type, int size, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = string.Create(CultureInfo.InvariantCulture, $"@p{command.Parameters.Count}");
        parameter.DbType = type;
        if (size != 0)
            parameter.Size = size;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }

    private static string Json(IReadOnlyList<WantedHead> heads)
    {
        var rows = new RowBuffer(SqlServerStatements.WantedHeads);
        for (var i = 0; i < heads.Count; i++)
            rows.Add(i).Add(heads[i].TypeId).Add(heads[i].Id).Add(heads[i].NeedsBody ? 1 : 0);
        return JsonList.Of(rows);
    }
}
