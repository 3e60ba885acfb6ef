using System.Collections.Concurrent;
using System.Net.Security;
using System.Net.Sockets;
using CareCoordination.Connectors.Exchanges;
using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Security;
using CareCoordination.Hl7v2.Mllp;

namespace CareCoordination.Connectors.Mllp;

/// <summary>
/// The connections to one v2 system. Each carries one message at a time and is kept for the next; one that failed or was given up is
/// closed, so that a late acknowledgement is never taken for another's.
/// </summary>
internal sealed class MllpConnection(Partner partner, AddressGuard guard) : IDisposable
{
    private static readonly MllpLimits Answers = new() { MaxBytes = 256 * 1024 };

    private readonly ConcurrentBag<Connection> _idle = [];
    private volatile bool _isClosed;

    /// <summary>Sends one message and reads its acknowledgement.</summary>
    public async ValueTask<PartnerAnswer> SendAsync(
        ReadOnlyMemory<byte> message,
        string controlId,
        CancellationToken cancel
    )
    {
        Connection? connection = null;
        try
        {
            connection = TakeIdle() ?? await ConnectAsync(cancel);
            await connection.Stream.WriteAsync(MllpFrames.Wrap(message.Span), cancel);
            await connection.Stream.FlushAsync(cancel);
            var reader = new MllpReader(connection.Stream, Answers);
            var answer = Hl7Ack.Read((await FrameAsync(reader, cancel)).Span, controlId);
            // What stands behind an answer is the answer to no message of ours.
            if (answer.Kind is AnswerKind.Accepted or AnswerKind.Refused && !reader.HasMore && !_isClosed)
            {
                _idle.Add(connection);
                connection = null;
            }

            return answer;
        }
        catch (Exception problem) when (NetworkProblem.Describe(problem, cancel) is { } described)
        {
            return described;
        }
        finally
        {
            connection?.Dispose();
        }
    }

    /// <summary>Whether a connection can be made.</summary>
    public async ValueTask<PartnerAnswer> ProbeAsync(CancellationToken cancel)
    {
        try
        {
            using var connection = await ConnectAsync(cancel);
            return new PartnerAnswer(AnswerKind.Accepted, null, "");
        }
        catch (Exception problem) when (NetworkProblem.Describe(problem, cancel) is { } described)
        {
            return described;
        }
    }

    public void Dispose()
    {
        _isClosed = true;
        while (_idle.TryTake(out var connection))
            connection.Dispose();
    }

    /// <summary>The next message; bytes outside of frames are passed over.</summary>
    /// <exception cref="IOException">The line ended, or the message is longer than any acknowledgement.</exception>
    private static async ValueTask<ReadOnlyMemory<byte>> FrameAsync(MllpReader reader, CancellationToken cancel)
    {
        while (await reader.ReadAsync(cancel) is { } item)
        {
            if (item.IsFrame)
                return item.Bytes;
            if (item.Fault != MllpFaultKind.Garbage)
                throw new EndOfStreamException(item.Sentence);
        }

        throw new EndOfStreamException();
    }

    private Connection? TakeIdle()
    {
        while (_idle.TryTake(out var connection))
        {
            if (connection.IsQuiet)
                return connection;
            connection.Dispose();
        }

        return null;
    }

    private async ValueTask<Connection> ConnectAsync(CancellationToken cancel)
    {
        var (host, port) = (partner.Address.Host, partner.Address.Port);
        var socket = await guard.ConnectAsync(host, port, cancel);
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        if (partner.Address.Scheme != "mllps")
            return new Connection(socket, stream);
        var tls = new SslStream(stream);
        try
        {
            var options = PartnerTls.Client(partner.Options.Tls);
            options.TargetHost = host;
            await tls.AuthenticateAsClientAsync(options, cancel);
            return new Connection(socket, tls);
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    private sealed record Connection(Socket Socket, Stream Stream) : IDisposable
    {
        /// <summary>Open, with no data to read: data would be the end of the connection, or an answer to no message.</summary>
        public bool IsQuiet => !Socket.Poll(0, SelectMode.SelectRead);

        public void Dispose() => Stream.Dispose();
    }
}
