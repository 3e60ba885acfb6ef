using System.Diagnostics;

namespace CareCoordination.Load.Client;

/// <summary>What the connections saw together.</summary>
/// <param name="LatencyTicks">Sorted; in ticks of <see cref="Stopwatch"/>.</param>
internal sealed record LoopResult(long[] LatencyTicks, int Failures, long Bytes, TimeSpan Elapsed, string? FirstFailure)
{
    public int Requests => LatencyTicks.Length;

    public double Milliseconds(double quantile) =>
        LatencyTicks.Length == 0
            ? 0
            : LatencyTicks[Math.Min(LatencyTicks.Length - 1, (int)(quantile * LatencyTicks.Length))]
                * 1000.0
                / Stopwatch.Frequency;
}

/// <summary>
/// Each connection sends its next request when the answer to the one before has arrived. Latencies under overload are therefore
/// flattering: compare at the same number of connections.
/// </summary>
internal static class ClosedLoop
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<LoopResult> RunAsync(
        Uri baseUrl,
        Scenario scenario,
        int connections,
        TimeSpan duration,
        string? token,
        CancellationToken cancellationToken
    )
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(duration + Patience);
        var start = Stopwatch.GetTimestamp();
        var parts = await Task.WhenAll(
            Enumerable.Range(0, connections).Select(n => Task.Run(() => RunOneAsync(n), CancellationToken.None))
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

        async Task<Part> RunOneAsync(int number)
        {
            using var connection = new HttpConnection(baseUrl, token);
            var random = new Random(HashCode.Combine(number, Stopwatch.GetTimestamp()));
            var part = new Part();
            while (Stopwatch.GetElapsedTime(start) < duration && !bound.IsCancellationRequested)
                await part.SendAsync(connection, scenario, random, bound.Token);
            return part;
        }
    }

    private sealed class Part
    {
        public List<long> Latencies { get; } = new(1 << 16);

        public int Failures { get; private set; }

        public long Bytes { get; private set; }

        public string? FirstFailure { get; private set; }

        public async ValueTask SendAsync(
            HttpConnection connection,
            Scenario scenario,
            Random random,
            CancellationToken cancellationToken
        )
        {
            var request = scenario.Next(random);
            var sent = Stopwatch.GetTimestamp();
            try
            {
                var answer = await connection.SendAsync(request.Method, request.Path, request.Json, cancellationToken);
                Bytes += answer.Body.Length;
                if (!scenario.Expected.Contains(answer.Status))
                    Fail($"{request.Method} {request.Path} was answered {answer.Status}");
            }
            catch (Exception e)
                when (e is IOException or System.Net.Sockets.SocketException or OperationCanceledException)
            {
                Fail(e.Message);
            }

            Latencies.Add(Stopwatch.GetTimestamp() - sent);
        }

        private void Fail(string reason)
        {
            Failures++;
            FirstFailure ??= reason;
        }
    }
}
