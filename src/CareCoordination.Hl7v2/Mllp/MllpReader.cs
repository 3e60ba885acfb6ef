namespace CareCoordination.Hl7v2.Mllp;

/// <summary>
/// The frames of a stream, one after the other, as its other side sends them. No more is read ahead than one piece: a side that sends faster
/// than is worked waits.
/// </summary>
public sealed class MllpReader(Stream stream, MllpLimits? limits = null)
{
    private readonly MllpDecoder _decoder = new(limits ?? MllpLimits.Default);
    private readonly byte[] _piece = new byte[8 * 1024];
    private int _start;
    private int _end;
    private bool _isOver;

    /// <summary>The next frame or fault; null at the end of the stream, and after a fault that says that nothing more is read.</summary>
    public async ValueTask<MllpItem?> ReadAsync(CancellationToken cancel)
    {
        while (!_isOver)
        {
            var item = _decoder.Take(_piece.AsSpan(_start, _end - _start), out var taken);
            _start += taken;
            if (item is not null)
            {
                _isOver = item.Fault == MllpFaultKind.NoFrames;
                return item;
            }

            (_start, _end) = (0, await stream.ReadAsync(_piece, cancel));
            if (_end > 0)
                continue;
            _isOver = true;
            return _decoder.Complete();
        }

        return null;
    }

    /// <summary>True while bytes are there that no item was made of yet: more than one message is on its way.</summary>
    public bool HasMore => _start < _end;
}
