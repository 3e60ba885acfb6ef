using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.FhirPath;
using CareCoordination.Fhir.FhirPath.Evaluation;
using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Views.Rows;

namespace CareCoordination.Views.Plans;

/// <summary>
/// One plan run over resources, one after the other: what it works in is kept from one to the next. For one thread at a time.
/// </summary>
public sealed class ViewRun
{
    private readonly ViewPlan _plan;
    private readonly RowSink _sink;
    private readonly EvaluationContext _context;
    private readonly ViewCell[] _cells;
    private readonly FhirPathValue[] _items;
    private readonly int[] _indexes;
    private readonly FhirPathCollection _rowIndex = new(1);
    private readonly FhirPathCollection _values = new();
    private readonly Stack<FhirPathCollection> _free = new();

    /// <param name="budget">What the expressions may cost altogether.</param>
    public ViewRun(ViewPlan plan, RowSink sink, WorkBudget budget)
    {
        _plan = plan;
        _sink = sink;
        _context = new EvaluationContext(budget);
        _context.Variables[CompiledColumn.RowIndex] = _rowIndex;
        _cells = new ViewCell[plan.Columns.Length];
        _items = new FhirPathValue[plan.Slots];
        _indexes = new int[plan.Slots];
    }

    /// <summary>The time that <c>now()</c> and <c>today()</c> tell; without it they are refused.</summary>
    public DateTimeOffset? Now
    {
        get => _context.Now;
        set => _context.Now = value;
    }

    /// <summary>How many rows were written.</summary>
    public long Rows { get; private set; }

    internal bool IsStopped { get; private set; }

    /// <summary>
    /// Writes the rows of a resource; none where it is of another type, or a condition does not hold. 422 where the data does not suit a
    /// column, or the budget is spent; rows of it may have been written by then.
    /// </summary>
    public Failure? Add(ResourceDocument resource)
    {
        var root = Element.Root(resource, _plan.Type.Schema);
        if (!root.Exists || root.Type != _plan.Type || IsStopped)
            return null;
        _context.Resource = root;
        Enter(0, root, 0);
        foreach (var condition in _plan.Conditions)
        {
            SetRowIndex(0);
            if (!Holds(condition, root).TryGet(out var holds, out var failure))
                return failure;
            if (!holds)
                return null;
        }

        return _plan.First.Run(this);
    }

    internal FhirPathCollection Rent() => _free.TryPop(out var items) ? items : new FhirPathCollection();

    internal void Return(FhirPathCollection items)
    {
        items.Clear();
        _free.Push(items);
    }

    internal FhirPathValue Item(int slot) => _items[slot];

    internal void Enter(int slot, FhirPathValue item, int index)
    {
        _items[slot] = item;
        _indexes[slot] = index;
    }

    internal Failure? Evaluate(FhirPathExpression path, int slot, FhirPathCollection items) =>
        Evaluate(path, slot, _items[slot], items);

    internal Failure? Evaluate(FhirPathExpression path, int slot, FhirPathValue from, FhirPathCollection items)
    {
        SetRowIndex(slot);
        return path.EvaluateInto(from, _context, items);
    }

    internal void Emit()
    {
        _sink.Row(_cells);
        Rows++;
        IsStopped = _sink.IsFull;
    }

    internal void Clear(CompiledColumn column) =>
        _cells[column.Cell] =
            !column.IsRowIndex ? default
            : column.Column.IsCollection ? ViewCell.OfItems([CellValues.Of(0)])
            : CellValues.Of(0);

    internal Failure? Fill(CompiledColumn column, int slot)
    {
        _values.Clear();
        if (Evaluate(column.Path, slot, _values) is { } failure)
            return Named(failure, column);
        if (column.Column.IsCollection)
            return FillList(column);
        if (_values.Count > 1)
            return Unsuited(
                column,
                $"gives {_values.Count} values: choose one with first(), or let it be a collection"
            );
        _cells[column.Cell] = default;
        return _values.IsEmpty || CellValues.TryMake(_values[0], column.Column.Type, out _cells[column.Cell])
            ? null
            : Unsuited(column, $"gives a value that is no {column.Column.FhirType}");
    }

    private Failure? FillList(CompiledColumn column)
    {
        var cells = new List<ViewCell>(_values.Count);
        foreach (ref readonly var value in _values.Span)
        {
            if (!CellValues.TryMake(value, column.Column.Type, out var cell))
                return Unsuited(column, $"gives a value that is no {column.Column.FhirType}");
            if (!cell.IsNull)
                cells.Add(cell);
        }

        _cells[column.Cell] = ViewCell.OfItems([.. cells]);
        return null;
    }

    private Result<bool> Holds(FhirPathExpression condition, Element root)
    {
        _values.Clear();
        if (condition.EvaluateInto(root, _context, _values) is { } failure)
            return failure;
        if (_values.IsEmpty)
            return false;
        return _values.Count == 1 && CellValues.TryMake(_values[0], ViewColumnType.Boolean, out var cell)
            ? !cell.IsNull && cell.Boolean
            : Failure.Unprocessable(
                IssueCode.Processing,
                $"The condition '{condition}' gives something else than true or false for {Name()}."
            );
    }

    private void SetRowIndex(int slot)
    {
        _rowIndex.Clear();
        _rowIndex.Add(_indexes[slot]);
    }

    private Failure Unsuited(CompiledColumn column, string what) =>
        Failure.Unprocessable(
            IssueCode.Processing,
            $"The column '{column.Column.Name}' {what}. The resource is {Name()}.",
            column.Location
        );

    private static Failure Named(Failure failure, CompiledColumn column) =>
        failure with
        {
            Issues =
            [
                .. failure.Issues.Select(i =>
                    i with
                    {
                        Diagnostics = $"The column '{column.Column.Name}': {i.Diagnostics}",
                        Expression = column.Location,
                    }
                ),
            ],
        };

    private string Name() => $"{_plan.Type.Name}/{_items[0].Element.Document.Id}";
}
