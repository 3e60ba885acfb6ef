namespace CareCoordination.Application.Import;

/// <summary>A window on a stream that grows until one whole value fits, and is refilled in place.</summary>
internal sealed class ReadBuffer(Stream stream, int maxBytes)
{
    private byte[] _bytes = new byte[1 << 16];
    private int _start;
    private int _end;

    /// <summary>What has been read and not consumed.</summary>
    public ReadOnlySpan<byte> Unread => _bytes.AsSpan(_start, _end - _start);

    /// <summary>True once the stream has ended: nothing comes after <see cref="Unread"/>.</summary>
    public bool IsFinal { get; private set; }

    public void Consume(int count) => _start += count;

    /// <summary>Reads more. Throws <see cref="ImportException"/> where one value is larger than a resource may be.</summary>
    public void Fill()
    {
        if (_start > 0)
        {
            Unread.CopyTo(_bytes);
            _end -= _start;
            _start = 0;
        }

        if (_end == _bytes.Length)
        {
            if (_bytes.Length >= maxBytes)
                throw new ImportException(
                    $"One resource has more than {maxBytes} bytes, the limit of Limits:MaxBodyBytes."
                );
            Array.Resize(ref _bytes, _bytes.Length * 2);
        }

        // A decompressor may return a few bytes at a time; whole buffers keep the number of scans small.
        var read = stream.ReadAtLeast(_bytes.AsSpan(_end), _bytes.Length - _end, throwOnEndOfStream: false);
        IsFinal = read < _bytes.Length - _end;
        _end += read;
    }
}

/// <summary>A file that cannot be read as FHIR; the message says why and where, and quotes nothing of it.</summary>
public sealed class ImportException(string message) : Exception(message);
