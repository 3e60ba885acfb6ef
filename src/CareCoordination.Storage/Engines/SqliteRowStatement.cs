using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Tables;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CareCoordination.Storage.Engines;

/// <summary>
/// A prepared statement that is run once per row, below ADO.NET: a command looks its parameters up by name and boxes their values
/// each time, which took longer than the insert. Parameter n is column n of the row.
/// </summary>
internal sealed class SqliteRowStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public SqliteRowStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public void Run(RowBuffer rows, int row)
    {
        var columns = rows.Table.Columns;
        for (var i = 0; i < columns.Length; i++)
            Check(Bind(i + 1, columns[i].Type, rows, i, row));
        var result = raw.sqlite3_step(_statement);
        // Resets even where the step failed, so that the statement can run again.
        var reset = raw.sqlite3_reset(_statement);
        if (result != raw.SQLITE_DONE)
            Check(reset);
    }

    public void Dispose() => _statement.Dispose();

    private int Bind(int place, ColumnType type, RowBuffer rows, int column, int row) =>
        type switch
        {
            ColumnType.Short => raw.sqlite3_bind_int64(_statement, place, rows.Column<short>(column)[row]),
            ColumnType.Int => raw.sqlite3_bind_int64(_statement, place, rows.Column<int>(column)[row]),
            ColumnType.Long => raw.sqlite3_bind_int64(_statement, place, rows.Column<long>(column)[row]),
            ColumnType.Real => raw.sqlite3_bind_double(_statement, place, rows.Column<double>(column)[row]),
            ColumnType.Text => raw.sqlite3_bind_text(_statement, place, rows.Column<string>(column)[row]),
            _ => rows.Column<byte[]?>(column)[row] is { } bytes
                ? raw.sqlite3_bind_blob(_statement, place, bytes)
                : raw.sqlite3_bind_null(_statement, place),
        };

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _database);
}
