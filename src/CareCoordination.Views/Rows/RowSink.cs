namespace CareCoordination.Views.Rows;

/// <summary>Takes the rows of a view: a file, an answer, a table.</summary>
public abstract class RowSink
{
    /// <summary>True where no more rows are wanted; the run then stops.</summary>
    public virtual bool IsFull => false;

    /// <summary>One row, a cell for each column of the plan. The cells hold until this returns.</summary>
    public abstract void Row(ReadOnlySpan<ViewCell> cells);
}
