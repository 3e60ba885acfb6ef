using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CareCoordination.PartnerSimulator;

/// <summary>Takes HL7 v2 messages over MLLP: VT, message, FS, CR; each is acknowledged on the same connection.</summary>
internal sealed class MllpListener : IAsyncDisposable
{
    private const byte Start = 0x0B;
    private const byte End = 0x1C;

    private readonly TcpListener _listener;
    private readonly V2Receiver _receiver;
    private readonly SimulatorOptions _options;
    private readonly FaultScript _faults;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    public MllpListener(V2Receiver receiver, FaultScript faults, SimulatorOptions options)
    {
        (_receiver, _faults, _options) = (receiver, faults, options);
        _listener = new TcpListener(IPAddress.Loopback, options.MllpPort);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // Stopped only then: a listener that is asked for another connection after its stop throws.
        await _accepting;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
                _ = TalkAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The simulator stops.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var reader = PipeReader.Create(stream);
                while (await ReadMessageAsync(reader) is { } message)
                {
                    if (await AnswerAsync(new Hl7Message(message)) is not { } answer)
                        return;
                    await stream.WriteAsync(
                        (byte[])[Start, .. Encoding.UTF8.GetBytes(answer), End, (byte)'\r'],
                        _stop.Token
                    );
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                // The other side is gone, or the simulator stops.
            }
        }
    }

    private async Task<string?> ReadMessageAsync(PipeReader reader)
    {
        while (true)
        {
            var read = await reader.ReadAsync(_stop.Token);
            if (read.Buffer.PositionOf(End) is { } end)
            {
                var text = Encoding.UTF8.GetString(read.Buffer.Slice(0, end)).TrimStart('\r', '\n', (char)Start);
                reader.AdvanceTo(read.Buffer.GetPosition(1, end));
                return text;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
                return null;
        }
    }

    /// <summary>The acknowledgement; null where the line ends without one.</summary>
    private async Task<string?> AnswerAsync(Hl7Message message)
    {
        var fault = _faults.Take("MLLP", message["MSH", 9]);
        if (fault == Fault.DropBefore)
            return null;
        if (fault == Fault.Slow)
            await Task.Delay(_options.Slowness, _stop.Token);
        var answer = fault switch
        {
            Fault.ServerError or Fault.TooManyRequests or Fault.Busy => message.Acknowledge(
                "AE",
                "Try later",
                _options.Time.GetUtcNow()
            ),
            Fault.Refuse => message.Acknowledge("AR", "Not taken here", _options.Time.GetUtcNow()),
            _ => _receiver.Answer(message),
        };
        if (fault == Fault.LoseAnswer)
            await Task.Delay(_options.Silence, _stop.Token);
        return fault is Fault.DropAfter or Fault.LoseAnswer ? null : answer;
    }
}
