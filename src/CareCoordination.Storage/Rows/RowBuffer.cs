using System.Collections;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Rows;

/// <summary>Rows on their way into a table, column by column as PostgreSQL wants them. Values are added in column order.</summary>
internal sealed class RowBuffer
{
    private readonly IList[] _columns;
    private int _cursor;

    public RowBuffer(TableShape table)
    {
        Table = table;
        _columns = new IList[table.Columns.Length];
        for (var i = 0; i < _columns.Length; i++)
            _columns[i] = NewColumn(table.Columns[i].Type);
    }

    public TableShape Table { get; }

    public int Count => _columns[^1].Count;

    public IList Column(int ordinal) => _columns[ordinal];

    public List<T> Column<T>(int ordinal) => (List<T>)_columns[ordinal];

    public object Value(int row, int ordinal) => _columns[ordinal][row] ?? DBNull.Value;

    public RowBuffer Add(short value) => Add<short>(value);

    public RowBuffer Add(int value) => Add<int>(value);

    public RowBuffer Add(long value) => Add<long>(value);

    public RowBuffer Add(double value) => Add<double>(value);

    public RowBuffer Add(string value) => Add<string>(DbText.Of(value));

    public RowBuffer Add(byte[]? value) => Add<byte[]?>(value);

    private RowBuffer Add<T>(T value)
    {
        ((List<T>)_columns[_cursor]).Add(value);
        _cursor = _cursor + 1 == _columns.Length ? 0 : _cursor + 1;
        return this;
    }

    public void Clear()
    {
        foreach (var column in _columns)
            column.Clear();
    }

    private static IList NewColumn(ColumnType type) =>
        type switch
        {
            ColumnType.Short => new List<short>(),
            ColumnType.Int => new List<int>(),
            ColumnType.Long => new List<long>(),
            ColumnType.Real => new List<double>(),
            ColumnType.Text => new List<string>(),
            _ => new List<byte[]?>(),
        };
}
