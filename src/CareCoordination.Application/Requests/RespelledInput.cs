using System.Buffers;
using CareCoordination.Fhir.Canonicals;

namespace CareCoordination.Application.Requests;

/// <summary>Reads a text from another stream with its canonicals respelled.</summary>
public sealed class RespelledInput(Stream inner, CanonicalSpelling spelling) : Stream
{
    private readonly ArrayBufferWriter<byte> _spelled = new(4096);
    private readonly byte[] _chunk = new byte[16 * 1024];
    private byte[] _waiting = [];
    private int _given;
    private bool _isAtEnd;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    private bool NeedsMore => _given == _spelled.WrittenCount && !_isAtEnd;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (NeedsMore)
            Take(await inner.ReadAsync(_chunk, cancellationToken));
        return Give(buffer.Span);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer)
    {
        while (NeedsMore)
            Take(inner.Read(_chunk));
        return Give(buffer);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private void Take(int read)
    {
        _spelled.ResetWrittenCount();
        _given = 0;
        _isAtEnd = read == 0;
        byte[] text = [.. _waiting, .. _chunk.AsSpan(0, read)];
        _waiting = text[spelling.Respell(text, _isAtEnd, _spelled)..];
    }

    private int Give(Span<byte> buffer)
    {
        var given = Math.Min(buffer.Length, _spelled.WrittenCount - _given);
        _spelled.WrittenSpan.Slice(_given, given).CopyTo(buffer);
        _given += given;
        return given;
    }
}
