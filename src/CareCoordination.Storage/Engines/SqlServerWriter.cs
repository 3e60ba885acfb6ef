using System.Data;
using System.Globalization;
using System.Text;
using CareCoordination.Storage.Tables;
using Microsoft.Data.SqlClient;

namespace CareCoordination.Storage.Engines;

/// <summary>
/// Plain multi-row statements. A command may have 2,100 parameters, so rows go in chunks whose sizes are powers of two: few
/// different texts, whose plans are reused.
/// </summary>
internal sealed class SqlServerWriter(DbSession session, int commandTimeoutSeconds) : CommitWriter(session)
{
    private const int MaxParameters = 2000;

    private const string LockSql = """
        UPDATE "ChangeSequence" SET "Sequence" = "Sequence" + @p0,
            "LastUpdated" = CASE WHEN "LastUpdated" < @p1 THEN @p1 ELSE "LastUpdated" END, "NextKey" = "NextKey" + @p2
        OUTPUT inserted."Sequence", inserted."LastUpdated", inserted."NextKey" WHERE "Id" = 1
        """;

    private static readonly Sql BeginSql = new("BEGIN TRANSACTION", []);
    private static readonly Sql CommitSql = new("COMMIT TRANSACTION", []);

    public override async Task<WriteLock> BeginAsync(BeginRequest request, CancellationToken cancellationToken)
    {
        await Session.ExecuteAsync(BeginSql, cancellationToken);
        var (sequence, lastUpdated, nextKey) = await Session.FirstAsync(
            new Sql(LockSql, [(long)request.Changes, request.Now, (long)request.Keys]),
            row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)),
            cancellationToken
        );
        var found = new List<FoundHead>(request.Heads.Count);
        for (var start = 0; start < request.Heads.Count; )
        {
            var size = ChunkSize(request.Heads.Count - start, columns: 4);
            found.AddRange(
                await Session.QueryAsync(
                    HeadsSql(request.Heads, start, size),
                    row => HeadRows.Read(row, row.GetInt32(0)),
                    cancellationToken
                )
            );
            start += size;
        }

        return new WriteLock(sequence - request.Changes, lastUpdated, nextKey - request.Keys, found);
    }

    public override async Task WriteAsync(StagedRows rows, bool commit, CancellationToken cancellationToken)
    {
        foreach (var removed in rows.Removals)
            await RunAsync(DeleteSql, removed, cancellationToken);
        await RunAsync(InsertSql, rows.NewHeads, cancellationToken);
        await RunAsync(UpdateHeadsSql, rows.ChangedHeads, cancellationToken);
        await RunAsync(InsertSql, rows.Versions, cancellationToken);
        foreach (var added in rows.Additions)
            await RunAsync(InsertSql, added, cancellationToken);
        if (commit)
            await Session.ExecuteAsync(CommitSql, cancellationToken);
    }

    public override Task RollbackAsync(CancellationToken cancellationToken) =>
        Session.ExecuteAsync(new Sql("IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION", []), cancellationToken);

    internal static string InsertSql(TableShape table, string values) =>
        $"""INSERT INTO "{table.Name}" ({Columns(table)}) VALUES {values}""";

    internal static string DeleteSql(TableShape table, string values) =>
        $"""DELETE t FROM "{table.Name}" t JOIN (VALUES {values}) AS d({Columns(table)}) ON {KeyMatches(table, "t", "d")}""";

    internal static string UpdateHeadsSql(TableShape table, string values) =>
        $"""UPDATE h SET {string.Join(", ", ChangingColumns.Select(c => $"\"{c}\" = d.\"{c}\""))} FROM "Resource" h """
        + $"""JOIN (VALUES {values}) AS d({Columns(table)}) ON h."Key" = d."Key" """;

    internal static int ChunkSize(int rows, int columns)
    {
        var limit = Math.Min(rows, MaxParameters / columns);
        return (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)limit + 1) / 2;
    }

    private static Sql HeadsSql(IReadOnlyList<WantedHead> heads, int start, int size)
    {
        var rows = new object[size * 4];
        for (var i = 0; i < size; i++)
        {
            var head = heads[start + i];
            (rows[4 * i], rows[4 * i + 1], rows[4 * i + 2], rows[4 * i + 3]) = (
                start + i,
                head.TypeId,
                head.Id,
                head.NeedsBody ? 1 : 0
            );
        }

        return new Sql(
            $"""
            SELECT w."Place", h."Key", h."Version", h."IsDeleted", h."LastUpdated", h."Sequence", v."Change", v."Body"
            FROM (VALUES {Values(size, 4)}) AS w("Place", "TypeId", "Id", "NeedsBody")
            JOIN "Resource" h ON h."TypeId" = w."TypeId" AND h."Id" = w."Id"
            LEFT JOIN "ResourceVersion" v ON w."NeedsBody" = 1 AND v."Sequence" = h."Sequence"
            """,
            rows
        );
    }

    private async Task RunAsync(
        Func<TableShape, string, string> statement,
        RowBuffer rows,
        CancellationToken cancellationToken
    )
    {
        var columns = rows.Table.Columns.Length;
        for (var start = 0; start < rows.Count; )
        {
            var size = ChunkSize(rows.Count - start, columns);
            await using var command = new SqlCommand(
                statement(rows.Table, Values(size, columns)),
                (SqlConnection)Session.Connection
            )
            {
                CommandTimeout = commandTimeoutSeconds,
            };
            for (var row = 0; row < size; row++)
            {
                for (var i = 0; i < columns; i++)
                    command.Parameters.Add(
                        Parameter(row * columns + i, rows.Table.Columns[i], rows.Value(start + row, i))
                    );
            }

            await command.ExecuteNonQueryAsync(cancellationToken);
            start += size;
        }
    }

    private static SqlParameter Parameter(int index, Column column, object value)
    {
        var parameter = new SqlParameter($"@p{index}", DbType(column.Type)) { Value = value };
        if (column.Type == ColumnType.Text)
            parameter.Size = column.MaxLength;
        else if (column.Type == ColumnType.Bytes)
            parameter.Size = -1;
        return parameter;
    }

    private static SqlDbType DbType(ColumnType type) =>
        type switch
        {
            ColumnType.Short => SqlDbType.SmallInt,
            ColumnType.Int => SqlDbType.Int,
            ColumnType.Long => SqlDbType.BigInt,
            ColumnType.Real => SqlDbType.Float,
            ColumnType.Text => SqlDbType.NVarChar,
            _ => SqlDbType.VarBinary,
        };

    internal static string Values(int rows, int columns)
    {
        var text = new StringBuilder();
        for (var row = 0; row < rows; row++)
        {
            text.Append(row == 0 ? "(" : ", (");
            for (var i = 0; i < columns; i++)
                text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ", ")}@p{row * columns + i}");
            text.Append(')');
        }

        return text.ToString();
    }
}
