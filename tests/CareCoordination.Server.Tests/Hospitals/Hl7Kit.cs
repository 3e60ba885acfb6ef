using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CareCoordination.Exchange.Hospitals;
using CareCoordination.Server.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Hospitals;

/// <summary>Messages of the hospital of samples/hl7v2/senders.json, and a line to the server.</summary>
internal static class Hl7Kit
{
    public static string SendersPath
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "CareCoordination.sln")))
                folder = folder.Parent!;
            return Path.Combine(folder.FullName, "samples", "hl7v2", "senders.json");
        }
    }

    /// <summary>A server that takes HL7 v2 by both doors.</summary>
    public static Task<TestServer> StartAsync(params string[] settings) =>
        TestServer.OnSqliteAsync([.. Settings, .. settings]);

    public static string[] Settings => [$"--Transitions:SendersPath={SendersPath}", "--Transitions:Mllp:Port=0"];

    public static async Task<MllpClient> ConnectAsync(TestServer server)
    {
        var listener = server.Services.GetRequiredService<MllpListener>();
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, listener.EndPoint!.Port);
        return new MllpClient(client, client.GetStream());
    }

    /// <param name="certificate">That the hospital shows; null: none.</param>
    public static async Task<MllpClient> SecureAsync(TestServer server, X509Certificate2? certificate)
    {
        var client = new TcpClient();
        await client.ConnectAsync(
            IPAddress.Loopback,
            server.Services.GetRequiredService<MllpListener>().EndPoint!.Port
        );
        var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                ClientCertificates = certificate is null ? null : [certificate],
                LocalCertificateSelectionCallback = certificate is null ? null : (_, _, _, _, _) => certificate,
                // The authority is the test's own.
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Subject == "CN=server",
            }
        );
        return new MllpClient(client, tls);
    }

    /// <summary>A message about a patient and a visit of North General Hospital.</summary>
    public static string Adt(
        string trigger,
        string control,
        string patient,
        string visit,
        string at = "20261120101000",
        string asked = "",
        string end = "",
        string disposition = ""
    ) =>
        $"MSH|^~\\&|EPICADT|NORTH|CARE|HUB|{at}||ADT^{trigger}|{control}|P|2.5.1|||{asked}\r"
        + $"EVN||{at}\r"
        + $"PID|||{patient}^^^NMRN^MR||Okafor{patient}^Ada||19480317|F|||1 Elm^^X|||217-{patient}\r"
        + $"PV1||I|4W^1^A||||||||||||||||{visit}^^^NCSN|||||||||||||||||{disposition}||||||||20261116093000|{end}\r"
        + "DG1|1||I50.9^Heart failure^I10|||F\r";

    public static string Discharge(string control, string patient, string visit, string asked = "") =>
        Adt("A03", control, patient, visit, asked: asked, end: "20261120100500", disposition: "01");

    /// <summary>The fields of the first segment with a name.</summary>
    public static string[] Segment(string message, string name) =>
        message.Split('\r').First(l => l.StartsWith(name, StringComparison.Ordinal)).Split('|');
}

/// <summary>A hospital on a line.</summary>
internal sealed class MllpClient(TcpClient client, Stream stream) : IDisposable
{
    private readonly List<byte> _rest = [];

    public Stream Stream => stream;

    public Task SendAsync(string message) => SendBytesAsync($"\u000b{message}\u001c\r");

    public async Task SendBytesAsync(string text) => await stream.WriteAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>The next message that comes back; null where the line has ended.</summary>
    public async Task<string?> ReceiveAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var piece = new byte[4096];
        while (true)
        {
            var end = _rest.IndexOf(0x1C);
            if (end >= 0 && end + 1 < _rest.Count)
            {
                var message = Encoding.UTF8.GetString([.. _rest[1..end]]);
                _rest.RemoveRange(0, end + 2);
                return message;
            }

            int read;
            try
            {
                read = await stream.ReadAsync(piece, patience.Token);
            }
            catch (IOException)
            {
                return null;
            }

            if (read == 0)
                return null;
            _rest.AddRange(piece.AsSpan(0, read));
        }
    }

    public async Task<string> AskAsync(string message)
    {
        await SendAsync(message);
        return await ReceiveAsync() ?? throw new InvalidOperationException("The line ended.");
    }

    public void HalfClose() => client.Client.Shutdown(SocketShutdown.Send);

    public void Dispose() => client.Dispose();
}
