using System.Collections.Immutable;
using CareCoordination.Views.Files;
using CareCoordination.Views.Rows;
using Parquet;
using Parquet.Schema;

namespace CareCoordination.ParquetFiles;

/// <summary>
/// Rows as Apache Parquet (https://parquet.apache.org/docs/file-format/), compressed with Snappy: Booleans, whole numbers of 64 bits,
/// decimals as double precision, and all else as text, dates and times with the precision of the record. A collection is its JSON. One row
/// group is in memory at a time.
/// </summary>
public sealed class ParquetFile : RowFile
{
    /// <summary>Small enough to be held by many runs at once, large enough that readers skip by it.</summary>
    private const long RowGroupBytes = 8 * 1024 * 1024;

    private readonly ImmutableArray<ColumnValues> _columns;
    private readonly ParquetSchema _schema;
    private readonly GatheringStream _gathered = new();
    private ParquetWriter? _writer;
    private int _rows;
    private long _bytes;

    public static readonly RowFormat Format = new(
        "parquet",
        "application/vnd.apache.parquet",
        options => new ParquetFile(options.Columns) { MaxRows = options.MaxRows }
    );

    public ParquetFile(ImmutableArray<ViewColumn> columns)
    {
        _columns = [.. columns.Select(ColumnValues.Of)];
        _schema = new ParquetSchema(_columns.Select(c => (Field)c.Field));
    }

    public override long Gathered => _bytes;

    protected override void Write(ReadOnlySpan<ViewCell> cells, bool isFirst)
    {
        for (var i = 0; i < cells.Length; i++)
            _bytes += _columns[i].Add(cells[i]);
        _rows++;
    }

    public override async ValueTask FlushAsync(Stream output, CancellationToken cancellationToken)
    {
        if (_bytes >= RowGroupBytes)
            await WriteRowGroupAsync(output, cancellationToken);
    }

    public override async ValueTask EndAsync(Stream output, CancellationToken cancellationToken)
    {
        await WriteRowGroupAsync(output, cancellationToken);
        await _writer!.DisposeAsync();
        await _gathered.MoveToAsync(output, cancellationToken);
    }

    private async ValueTask WriteRowGroupAsync(Stream output, CancellationToken cancellationToken)
    {
        _writer ??= await ParquetWriter.CreateAsync(
            _schema,
            _gathered,
            new ParquetOptions { CompressionMethod = CompressionMethod.Snappy },
            cancellationToken: cancellationToken
        );
        if (_rows > 0)
        {
            using var group = _writer.CreateRowGroup();
            foreach (var column in _columns)
                await column.WriteAsync(group);
        }

        (_rows, _bytes) = (0, 0);
        await _gathered.MoveToAsync(output, cancellationToken);
    }
}
