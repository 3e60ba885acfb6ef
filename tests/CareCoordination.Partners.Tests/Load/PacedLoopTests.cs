using System.Net;
using System.Net.Sockets;
using System.Text;
using CareCoordination.Hl7v2.Mapping;
using CareCoordination.Hl7v2.Messages;
using CareCoordination.Hl7v2.Senders;
using CareCoordination.Load.Client;
using CareCoordination.TestKit;

namespace CareCoordination.Partners.Tests.Load;

/// <summary>The load of HL7 v2: as many messages as were asked for, each of them counted, and all of a kind that a server takes.</summary>
public sealed class PacedLoopTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();

    public PacedLoopTests() => _listener.Start();

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    [Theory]
    [InlineData(1, 40, 40, 0)]
    [InlineData(7, 40, 40, 0)]
    [InlineData(100, 40, 40, 0)]
    [InlineData(4, 40, 40, 3)]
    public async Task Sends_what_was_asked_for_and_counts_what_is_not_taken(
        int connections,
        int rate,
        int expected,
        int refuseEach
    )
    {
        var seen = 0;
        var serving = ServeAsync(() =>
            refuseEach > 0 && Interlocked.Increment(ref seen) % refuseEach == 0 ? "AE" : "AA"
        );

        var result = await PacedLoop.RunAsync(
            (IPEndPoint)_listener.LocalEndpoint,
            Hl7Payloads.DischargeOf,
            new PaceSettings(connections, rate, TimeSpan.FromSeconds(1)),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(expected, result.Requests);
        Assert.Equal(refuseEach > 0 ? expected / refuseEach : 0, result.Failures);
        Assert.Equal(refuseEach > 0, result.FirstFailure is not null);
        Assert.True(result.LatencyTicks.SequenceEqual(result.LatencyTicks.Order()));
        await _stop.CancelAsync();
        await serving;
    }

    [Fact]
    public async Task A_server_that_is_away_fails_each_message_and_ends()
    {
        var away = (IPEndPoint)_listener.LocalEndpoint;
        _listener.Stop();

        var result = await PacedLoop.RunAsync(
            away,
            Hl7Payloads.DischargeOf,
            new PaceSettings(2, 10, TimeSpan.FromSeconds(1)),
            TestContext.Current.CancellationToken
        );

        Assert.Equal((10, 10), (result.Requests, result.Failures));
    }

    [Fact]
    public void Each_message_is_one_that_its_sender_may_send_and_of_somebody_else()
    {
        var profiles = SenderProfiles
            .Read(File.ReadAllBytes(Path.Combine(SharedMaterial.Repository, "samples", "hl7v2", "senders.json")))
            .Value;
        var random = new Random(1);
        var seen = new HashSet<string>();
        for (var i = 0; i < 50; i++)
        {
            var text = Hl7Payloads.DischargeOf(random);
            var read = new MessageReader(CharacterSet.Utf8).Read(Encoding.UTF8.GetBytes(text));
            Assert.True(profiles.TryFind(read.Head, out var sender, out _));
            var mapped = AdtMapper.Map(read.Message!, sender);

            Assert.Empty(mapped.Faults);
            Assert.NotNull(mapped.Bundle);
            Assert.True(seen.Add(read.Message!["PID-3"].Text));
            Assert.True(seen.Add(read.Message!["PID-5"].Text));
        }
    }

    private async Task ServeAsync(Func<string> code)
    {
        var lines = new List<Task>();
        try
        {
            while (true)
                lines.Add(AnswerAsync(await _listener.AcceptSocketAsync(_stop.Token), code));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(lines);
        }
    }

    private static async Task AnswerAsync(Socket socket, Func<string> code)
    {
        using var line = socket;
        var buffer = new byte[8192];
        var filled = 0;
        while (await line.ReceiveAsync(buffer.AsMemory(filled)) is var read and > 0)
        {
            filled += read;
            if (buffer[filled - 2] != 0x1C)
                continue;
            filled = 0;
            await line.SendAsync(Encoding.UTF8.GetBytes($"\u000bMSH|^~\\&|A\rMSA|{code()}|1\r\u001c\r"));
        }
    }
}
