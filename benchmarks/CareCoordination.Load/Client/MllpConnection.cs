using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CareCoordination.Load.Client;

/// <summary>One connection of MLLP on a raw socket: a message, and its acknowledgement.</summary>
internal sealed class MllpConnection(IPEndPoint server) : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private Socket? _socket;

    /// <returns>The acknowledgement, without its frame.</returns>
    public async ValueTask<string> SendAsync(string message, CancellationToken cancellationToken)
    {
        try
        {
            _socket ??= await ConnectAsync(cancellationToken);
            for (ReadOnlyMemory<byte> rest = Encoding.UTF8.GetBytes($"\u000b{message}\u001c\r"); rest.Length > 0; )
                rest = rest[await _socket.SendAsync(rest, SocketFlags.None, cancellationToken)..];
            var filled = 0;
            while (filled < 2 || _buffer[filled - 2] != 0x1C)
            {
                var read = await _socket.ReceiveAsync(_buffer.AsMemory(filled), SocketFlags.None, cancellationToken);
                if (read == 0)
                    throw new IOException("The server closed the connection before it acknowledged.");
                filled += read;
            }

            return Encoding.UTF8.GetString(_buffer, 1, filled - 3);
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
        await socket.ConnectAsync(server, cancellationToken);
        return socket;
    }
}
