using CareCoordination.Views.Rows;

namespace CareCoordination.Views.Files;

/// <summary>
/// Rows on their way into a file or an answer: they are gathered, and written on by <see cref="FlushAsync"/>, which whoever runs the view
/// calls now and then, so that no more is kept than comes in between.
/// </summary>
public abstract class RowFile : RowSink
{
    /// <summary>No more rows are taken than this.</summary>
    public long MaxRows { get; init; } = long.MaxValue;

    /// <summary>How many rows were taken.</summary>
    public long Rows { get; private set; }

    public sealed override bool IsFull => Rows >= MaxRows;

    /// <summary>Bytes that are gathered, about.</summary>
    public abstract long Gathered { get; }

    public sealed override void Row(ReadOnlySpan<ViewCell> cells)
    {
        if (IsFull)
            return;
        Write(cells, Rows++ == 0);
    }

    protected abstract void Write(ReadOnlySpan<ViewCell> cells, bool isFirst);

    /// <summary>Writes what is gathered.</summary>
    public abstract ValueTask FlushAsync(Stream output, CancellationToken cancellationToken);

    /// <summary>Writes what is gathered and what ends the file. Nothing is written after it.</summary>
    public abstract ValueTask EndAsync(Stream output, CancellationToken cancellationToken);
}
