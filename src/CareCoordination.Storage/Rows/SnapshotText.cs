using System.Buffers;
using System.Data.Common;

namespace CareCoordination.Storage.Rows;

/// <summary>Gathers versions as they come from the database: their bytes are copied once, and no object is made of them.</summary>
internal sealed class SnapshotText(SnapshotQuery query) : IDisposable
{
    private const int FirstBytes = 1024 * 1024;
    private const short Deletion = (short)ChangeKind.Delete;

    private readonly List<SnapshotRow> _rows = [];
    private byte[] _text = ArrayPool<byte>.Shared.Rent(FirstBytes);
    private int _length;

    /// <summary>Takes a row of <see cref="Search.SnapshotSql"/>. False: the page is full.</summary>
    public bool Take(DbDataReader row)
    {
        var (key, hasChanged, isDeleted) = (row.GetInt64(0), row.GetInt64(2) > query.AsOf, row.GetInt16(3) == Deletion);
        var start = _length;
        if (!isDeleted)
        {
            var length = (int)row.GetBytes(4, 0, null, 0, 0);
            Reserve(length + 1);
            row.GetBytes(4, 0, _text, _length, length);
            _length += length;
            _text[_length++] = (byte)'\n';
        }

        _rows.Add(
            new SnapshotRow(
                key,
                start,
                isDeleted ? 0 : _length - start - 1,
                hasChanged,
                isDeleted,
                hasChanged || isDeleted || query.WithIds ? row.GetString(1) : null
            )
        );
        return _length < query.MaxBytes;
    }

    /// <param name="window">The last key that was looked at; null: there is no window.</param>
    public SnapshotPage ToPage(long? window)
    {
        var isFull = _length >= query.MaxBytes || (window is null && _rows.Count == query.Count);
        return new SnapshotPage(_text, _length, _rows, isFull ? _rows[^1].Key : window);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_text);

    private void Reserve(int length)
    {
        if (_text.Length - _length >= length)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_text.Length * 2, checked(_length + length)));
        _text.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_text);
        _text = larger;
    }
}
