using System.Net.Sockets;
using System.Text;

namespace CareCoordination.HospitalSimulator.Doors;

/// <summary>A line to a listener of MLLP: one message, one acknowledgement. It is opened anew where it has ended.</summary>
internal sealed class MllpLine(string host, int port) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private TcpClient? _client;

    public async Task<string> AskAsync(string message, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_client is not { Connected: true })
            {
                _client?.Dispose();
                _client = new TcpClient { NoDelay = true };
                await _client.ConnectAsync(host, port, cancellationToken);
            }

            var stream = _client.GetStream();
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"\u000b{message}\u001c\r"), cancellationToken);
            return await ReadAsync(stream, cancellationToken);
        }
        catch
        {
            // Whatever comes on it now is no answer to the next message.
            _client?.Dispose();
            _client = null;
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _client?.Dispose();
        _turn.Dispose();
    }

    private static async Task<string> ReadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var answer = new List<byte>();
        var piece = new byte[4096];
        while (answer.Count < 2 || answer[^2] != 0x1C)
        {
            var read = await stream.ReadAsync(piece, cancellationToken);
            if (read == 0)
                throw new IOException("The line ended before the acknowledgement.");
            answer.AddRange(piece.AsSpan(0, read));
        }

        return Encoding.UTF8.GetString([.. answer[1..^2]]);
    }
}
