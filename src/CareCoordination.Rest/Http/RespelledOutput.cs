using System.Buffers;
using CareCoordination.Fhir.Canonicals;

namespace CareCoordination.Rest.Http;

/// <summary>
/// Writes a text on to another stream with its canonicals respelled. What may be the beginning of one waits for what follows.
/// </summary>
/// <param name="isText">Whether what is written is one; asked when it begins.</param>
internal sealed class RespelledOutput(Stream inner, CanonicalSpelling spelling, Func<bool> isText) : Stream
{
    private readonly ArrayBufferWriter<byte> _spelled = new(4096);
    private byte[] _waiting = [];
    private bool? _isText;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        _isText ??= isText();
        if (_isText is false)
        {
            await inner.WriteAsync(buffer, cancellationToken);
            return;
        }

        var text = _waiting.Length == 0 ? buffer : (byte[])[.. _waiting, .. buffer.Span];
        var told = spelling.Respell(text.Span, isLast: false, _spelled);
        _waiting = text[told..].ToArray();
        await SendAsync(cancellationToken);
    }

    /// <summary>Nothing follows any more.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        spelling.Respell(_waiting, isLast: true, _spelled);
        _waiting = [];
        await SendAsync(cancellationToken);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        if (_spelled.WrittenCount > 0)
            await inner.WriteAsync(_spelled.WrittenMemory, cancellationToken);
        _spelled.ResetWrittenCount();
    }
}
