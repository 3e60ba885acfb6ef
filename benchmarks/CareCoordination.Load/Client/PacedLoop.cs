using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CareCoordination.Load.Client;

/// <summary>
/// Messages at a rate, in turn over many connections, whether or not those before are answered: a message that has to wait for its connection
/// is as late as whoever sent it would find it. Over MLLP, as hospitals send.
/// </summary>
internal static class PacedLoop
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="server">The listener.</param>
    /// <param name="next">Makes the next message; called from many connections, each with a random source of its own.</param>
    /// <param name="pace">How hard, and for how long.</param>
    public static async Task<LoopResult> RunAsync(
        IPEndPoint server,
        Func<Random, string> next,
        PaceSettings pace,
        CancellationToken cancellationToken
    )
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(pace.Duration + Patience);
        var start = Stopwatch.GetTimestamp();
        var parts = await Task.WhenAll(
            Enumerable
                .Range(0, pace.Connections)
                .Select(n =>
                    Task.Run(() => RunOneAsync(server, next, pace, n, start, bound.Token), CancellationToken.None)
                )
        );
        var elapsed = Stopwatch.GetElapsedTime(start);
        var latencies = parts.SelectMany(p => p.Latencies).ToArray();
        Array.Sort(latencies);
        return new LoopResult(
            latencies,
            parts.Sum(p => p.Failures),
            parts.Sum(p => p.Bytes),
            elapsed,
            parts.Select(p => p.FirstFailure).FirstOrDefault(f => f is not null)
        );
    }

    private static async Task<Part> RunOneAsync(
        IPEndPoint server,
        Func<Random, string> next,
        PaceSettings pace,
        int number,
        long start,
        CancellationToken cancellationToken
    )
    {
        using var connection = new MllpConnection(server);
        var random = new Random(HashCode.Combine(number, start));
        var part = new Part();
        var all = (long)(pace.Rate * pace.Duration.TotalSeconds);
        for (long turn = number; turn < all && !cancellationToken.IsCancellationRequested; turn += pace.Connections)
        {
            var due = start + (turn * Stopwatch.Frequency / pace.Rate);
            var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, CancellationToken.None);
                // The timer of this machine is late by its tick, which is not the server's doing.
                due = Stopwatch.GetTimestamp();
            }

            await part.SendAsync(connection, next(random), due, cancellationToken);
        }

        return part;
    }

    private sealed class Part
    {
        public List<long> Latencies { get; } = [];

        public int Failures { get; private set; }

        public long Bytes { get; private set; }

        public string? FirstFailure { get; private set; }

        public async ValueTask SendAsync(
            MllpConnection connection,
            string message,
            long due,
            CancellationToken cancellationToken
        )
        {
            try
            {
                var answer = await connection.SendAsync(message, cancellationToken);
                Bytes += answer.Length;
                if (!answer.Contains("\rMSA|AA|", StringComparison.Ordinal))
                    Fail(answer.Replace('\r', ' '));
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                Fail(e.Message);
            }

            Latencies.Add(Stopwatch.GetTimestamp() - due);
        }

        private void Fail(string reason)
        {
            Failures++;
            FirstFailure ??= reason;
        }
    }
}

/// <param name="Connections">At the same time.</param>
/// <param name="Rate">Messages a second, over all connections together.</param>
/// <param name="Duration">For how long.</param>
internal sealed record PaceSettings(int Connections, int Rate, TimeSpan Duration);
