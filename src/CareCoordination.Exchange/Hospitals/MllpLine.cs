using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using CareCoordination.Exchange.Diagnostics;
using CareCoordination.Exchange.Settings;
using CareCoordination.Hl7v2.Messages;
using CareCoordination.Hl7v2.Mllp;

namespace CareCoordination.Exchange.Hospitals;

/// <summary>
/// One connection of MLLP: message by message, each answered before the next is read, so that who sends faster than is worked waits. What is
/// wrong with a frame is answered as far as the frame says what it is of, and the next is read.
/// </summary>
public sealed class MllpLine(HospitalOptions options, Hl7Intake intake, ILogger<MllpLine> log)
{
    /// <summary>Does not throw: a connection that ends badly is a line in the log.</summary>
    public async Task ServeAsync(Socket socket, CancellationToken stopping)
    {
        try
        {
            socket.NoDelay = true;
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            await using var stream = await OpenAsync(new NetworkStream(socket), stopping);
            await ServeAsync(stream, ProofOf(stream), stopping);
        }
        catch (Exception problem)
            when (problem is IOException or SocketException or AuthenticationException or OperationCanceledException)
        {
            Log.MllpEnded(log, problem.GetType().Name);
        }
        catch (Exception problem)
        {
            Log.Unexpected(log, problem, "mllp");
        }
    }

    private MllpOptions Mllp => options.Mllp!;

    private async Task<Stream> OpenAsync(NetworkStream network, CancellationToken stopping)
    {
        if (Mllp.Certificate is not { } certificate)
            return network;
        using var patience = Patience(stopping);
        var tls = new SslStream(network);
        var server = new SslServerAuthenticationOptions
        {
            ServerCertificate = certificate,
            ClientCertificateRequired = Mllp.Authorities.Count > 0,
        };
        if (Mllp.Authorities.Count > 0)
        {
            server.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            server.CertificateChainPolicy.CustomTrustStore.AddRange(Mllp.Authorities);
        }

        await tls.AuthenticateAsServerAsync(server, patience.Token);
        return tls;
    }

    /// <summary>Without TLS, or where no certificates are asked for, who connects is on this machine, or the network is closed.</summary>
    private SenderProof ProofOf(Stream stream) =>
        Mllp.Authorities.Count > 0
            ? SenderProof.Of((stream as SslStream)?.RemoteCertificate as X509Certificate2)
            : SenderProof.Nothing;

    private async Task ServeAsync(Stream stream, SenderProof proof, CancellationToken stopping)
    {
        var reader = new MllpReader(stream, new MllpLimits { MaxBytes = options.MaxMessageBytes });
        while (await NextAsync(reader, stopping) is { } item)
        {
            var answered = item.IsFrame
                // What was begun is ended and answered, also while the server stops.
                ? await intake.TakeAsync(item.Bytes, proof, CancellationToken.None)
                : await RefuseAsync(item, proof);
            Log.Tell(log, answered.Verdict);
            foreach (var answer in answered.Answers)
            {
                using var patience = Patience(CancellationToken.None);
                await stream.WriteAsync(MllpFrames.Wrap(answer), patience.Token);
            }

            await stream.FlushAsync(stopping);
        }
    }

    private async Task<MllpItem?> NextAsync(MllpReader reader, CancellationToken stopping)
    {
        using var patience = Patience(stopping);
        return await reader.ReadAsync(patience.Token);
    }

    private Task<AnsweredMessage> RefuseAsync(MllpItem item, SenderProof proof)
    {
        Log.MllpFault(log, item.Fault!.Value.ToString());
        var code = item.Fault == MllpFaultKind.TooLong ? ErrorCode.ValueTooLong : ErrorCode.SegmentSequence;
        return intake.RefuseAsync(item.Bytes, code, item.Sentence!, proof, CancellationToken.None);
    }

    /// <summary>Ends when the connection has said nothing for too long, or the server stops.</summary>
    private CancellationTokenSource Patience(CancellationToken stopping)
    {
        var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(Mllp.Idle);
        return patience;
    }
}
