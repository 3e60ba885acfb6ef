using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace CareCoordination.Load.Client;

/// <summary>What came back. The body is valid until the next request on the same connection.</summary>
internal readonly record struct HttpAnswer(int Status, ReadOnlyMemory<byte> Body);

/// <summary>
/// One keep-alive HTTP/1.1 connection on a raw socket: the load generator shares two cores with what it measures, and a full
/// HTTP client would cost as much as the server. Knows what a server may answer to these requests, and no more.
/// </summary>
/// <param name="token">Of whoever asks; null: nobody says who they are.</param>
internal sealed class HttpConnection(Uri baseUrl, string? token = null) : IDisposable
{
    private readonly byte[] _head = Encoding.ASCII.GetBytes(
        $" HTTP/1.1\r\nhost: {baseUrl.Authority}\r\naccept: application/fhir+json\r\n{(token is null ? "" : $"authorization: Bearer {token}\r\n")}"
    );
    private readonly string _path = baseUrl.AbsolutePath.TrimEnd('/');
    private readonly ArrayBufferWriter<byte> _request = new(4096);
    private byte[] _buffer = new byte[64 * 1024];
    private byte[] _body = new byte[64 * 1024];
    private Socket? _socket;

    /// <param name="path">Below the base: <c>Patient/1</c>; empty for the base itself.</param>
    public async ValueTask<HttpAnswer> SendAsync(
        string method,
        string path,
        string? json,
        CancellationToken cancellationToken
    )
    {
        Write(method, path, json);
        _socket ??= await ConnectAsync(cancellationToken);
        try
        {
            for (ReadOnlyMemory<byte> rest = _request.WrittenMemory; rest.Length > 0; )
                rest = rest[await _socket.SendAsync(rest, SocketFlags.None, cancellationToken)..];
            return await ReceiveAsync(_socket, cancellationToken);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private async ValueTask<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(baseUrl.Host, baseUrl.Port, cancellationToken);
        return socket;
    }

    private void Write(string method, string path, string? json)
    {
        _request.ResetWrittenCount();
        Encoding.ASCII.GetBytes($"{method} {_path}{(path.Length == 0 ? "" : "/")}{path}", _request);
        _request.Write(_head);
        if (json is not null)
        {
            Encoding.ASCII.GetBytes(
                $"content-type: application/fhir+json\r\ncontent-length: {Encoding.UTF8.GetByteCount(json)}\r\n",
                _request
            );
        }

        _request.Write("\r\n"u8);
        if (json is not null)
            Encoding.UTF8.GetBytes(json, _request);
    }

    private async ValueTask<HttpAnswer> ReceiveAsync(Socket socket, CancellationToken cancellationToken)
    {
        var filled = 0;
        int headEnd;
        while ((headEnd = _buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
            filled = await FillAsync(socket, filled, cancellationToken);
        var head = ResponseHead.Parse(_buffer.AsSpan(0, headEnd + 2));
        var bodyStart = headEnd + 4;
        if (!head.IsChunked)
        {
            while (filled < bodyStart + head.ContentLength)
                filled = await FillAsync(socket, filled, cancellationToken);
            CloseIf(head.Closes);
            return new HttpAnswer(head.Status, _buffer.AsMemory(bodyStart, head.ContentLength));
        }

        var length = 0;
        var at = bodyStart;
        while (true)
        {
            int lineEnd;
            while ((lineEnd = _buffer.AsSpan(at, filled - at).IndexOf("\r\n"u8)) < 0)
                filled = await FillAsync(socket, filled, cancellationToken);
            _ = Utf8Parser.TryParse(_buffer.AsSpan(at, lineEnd), out int size, out _, 'X');
            at += lineEnd + 2;
            while (filled < at + size + 2)
                filled = await FillAsync(socket, filled, cancellationToken);
            if (size == 0)
                break;
            if (_body.Length < length + size)
                Array.Resize(ref _body, Math.Max(_body.Length * 2, length + size));
            _buffer.AsSpan(at, size).CopyTo(_body.AsSpan(length));
            length += size;
            at += size + 2;
        }

        CloseIf(head.Closes);
        return new HttpAnswer(head.Status, _body.AsMemory(0, length));
    }

    private async ValueTask<int> FillAsync(Socket socket, int filled, CancellationToken cancellationToken)
    {
        if (filled == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = await socket.ReceiveAsync(_buffer.AsMemory(filled), SocketFlags.None, cancellationToken);
        return read > 0
            ? filled + read
            : throw new IOException("The server closed the connection in the middle of an answer.");
    }

    private void CloseIf(bool closes)
    {
        if (closes)
            Dispose();
    }

    private readonly record struct ResponseHead(int Status, int ContentLength, bool IsChunked, bool Closes)
    {
        public static ResponseHead Parse(ReadOnlySpan<byte> head)
        {
            var text = Encoding.ASCII.GetString(head);
            var status = int.Parse(text.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture);
            return new ResponseHead(
                status,
                int.TryParse(
                    Header(text, "content-length"),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var length
                )
                    ? length
                    : 0,
                Header(text, "transfer-encoding").Equals("chunked", StringComparison.OrdinalIgnoreCase),
                Header(text, "connection").Equals("close", StringComparison.OrdinalIgnoreCase)
            );
        }

        private static ReadOnlySpan<char> Header(string head, string name)
        {
            var start = head.IndexOf($"\r\n{name}:", StringComparison.OrdinalIgnoreCase);
            if (start < 0)
                return default;
            start += name.Length + 3;
            return head.AsSpan(start, head.IndexOf("\r\n", start, StringComparison.Ordinal) - start).Trim();
        }
    }
}
