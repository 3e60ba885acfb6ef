using System.Globalization;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage;
using CareCoordination.Views.Rows;
using CareCoordination.Workflow.Calendars;
using DuckDB.NET.Data;

namespace CareCoordination.Analytics.Mirror;

/// <summary>Puts the rows of a view at the end of its table.</summary>
internal sealed class RowAppender(MirrorTable table, DuckDBAppender appender, TimeZoneInfo zone) : RowSink, IDisposable
{
    private readonly IReadOnlyList<ViewColumn> _columns = table.Plan.Columns;

    /// <summary>The version whose rows come next.</summary>
    public StoredChange Change
    {
        get;
        set => (field, HasLost) = (value, false);
    } = null!;

    /// <summary>A number of it is too large for the column, whose cell is empty.</summary>
    public bool HasLost { get; private set; }

    public override void Row(ReadOnlySpan<ViewCell> cells)
    {
        var row = Begin();
        for (var i = 0; i < _columns.Count; i++)
            Add(row, _columns[i], cells[i]);
        row.EndRow();
    }

    /// <summary>The row of a deletion, which says nothing but that there is nothing.</summary>
    public void Deleted()
    {
        var row = Begin();
        foreach (var column in _columns)
        {
            row.AppendNullValue();
            if (MirrorTable.HasDay(column))
                row.AppendNullValue();
            if (MirrorTable.HasInstant(column))
                row.AppendNullValue();
        }

        row.EndRow();
    }

    public void Dispose() => appender.Dispose();

    private IDuckDBAppenderRow Begin()
    {
        var row = appender.CreateRow();
        var version = Change.Resource;
        row.AppendValue(Change.Labels).AppendValue<string>(Change.Patients).AppendValue(version.Key.Id);
        if (table.KeepsVersions)
            row.AppendValue(version.Version)
                .AppendValue(version.Sequence)
                .AppendValue(version.LastUpdated)
                .AppendValue(((CareDate)version.LastUpdated).DayIn(zone))
                .AppendValue(version.Change.ToString().ToLowerInvariant());
        return row;
    }

    private void Add(IDuckDBAppenderRow row, ViewColumn column, ViewCell cell)
    {
        if (column.IsCollection)
        {
            AddList(row, column, cell);
            return;
        }

        if (cell.IsNull)
            row.AppendNullValue();
        else if (column.Type == ViewColumnType.Boolean)
            row.AppendValue(cell.Boolean);
        else if (column.Type == ViewColumnType.Integer)
            row.AppendValue(cell.Integer);
        else if (column.Type == ViewColumnType.Decimal)
            row.AppendValue(Number(cell));
        else
            row.AppendValue(cell.Text);
        if (MirrorTable.HasDay(column))
            AddTime(row, column, cell);
    }

    private void AddTime(IDuckDBAppenderRow row, ViewColumn column, ViewCell cell)
    {
        var date = !cell.IsNull && FhirDateTime.TryParse(cell.Utf8, out var given) ? CareDate.Of(given) : null;
        if (date is { } known)
            row.AppendValue(known.DayIn(zone));
        else
            row.AppendNullValue();
        if (!MirrorTable.HasInstant(column))
            return;
        if (date is { } time)
            row.AppendValue(time.StartIn(zone).ToUniversalTime());
        else
            row.AppendNullValue();
    }

    private double? Number(ViewCell cell)
    {
        var number = double.Parse(cell.Utf8, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (double.IsFinite(number))
            return number;
        HasLost = true;
        return null;
    }

    private List<double> Numbers(ViewCell cell)
    {
        var numbers = new List<double>(cell.Items.Length);
        foreach (var item in cell.Items)
        {
            if (Number(item) is { } number)
                numbers.Add(number);
        }

        return numbers;
    }

    private void AddList(IDuckDBAppenderRow row, ViewColumn column, ViewCell cell)
    {
        if (cell.IsNull)
            row.AppendNullValue();
        else if (column.Type == ViewColumnType.Boolean)
            row.AppendValue(List(cell, item => item.Boolean));
        else if (column.Type == ViewColumnType.Integer)
            row.AppendValue(List(cell, item => item.Integer));
        else if (column.Type == ViewColumnType.Decimal)
            row.AppendValue(Numbers(cell));
        else
            row.AppendValue(List(cell, item => item.Text!));
    }

    private static List<T> List<T>(ViewCell cell, Func<ViewCell, T> read)
    {
        var items = new List<T>(cell.Items.Length);
        foreach (var item in cell.Items)
            items.Add(read(item));
        return items;
    }
}
