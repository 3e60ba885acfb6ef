using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CareCoordination.Load.Runner;

/// <summary>A server that this run started, and stops.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    /// <summary>How many ports are tried.</summary>
    private const int MaxPorts = 5;

    private readonly Process _process;

    private ServerProcess(Process process, Uri baseUrl, TimeSpan startTime)
    {
        _process = process;
        BaseUrl = baseUrl;
        StartTime = startTime;
    }

    public Uri BaseUrl { get; }

    public int Pid => _process.Id;

    /// <summary>From start to the first successful answer.</summary>
    public TimeSpan StartTime { get; }

    /// <param name="probe">The path below the base that answers once the server is up.</param>
    /// <param name="port">The port that it should have, where that is free: somebody's connection may have it by now. 0: any.</param>
    public static async Task<ServerProcess> StartAsync(
        string program,
        IReadOnlyList<string> args,
        IReadOnlyDictionary<string, string> environment,
        string probe,
        CancellationToken cancellationToken,
        int port = 0
    )
    {
        for (var tries = MaxPorts; ; tries--)
        {
            if (port == 0 || IsTaken(port))
                port = PostgreSqlCluster.FreePort();
            var start = Stopwatch.GetTimestamp();
            var url = $"http://127.0.0.1:{port}";
            // Its log is written as always, but nobody reads it here; exec keeps the process id.
            var process = Shell.Start(
                "/bin/sh",
                ["-c", "exec \"$0\" \"$@\" > /dev/null", program, .. args, "--urls", url],
                environment,
                captured: false
            );
            if (await IsUpAsync(process, $"{url}/fhir{probe}", start, cancellationToken))
                return new ServerProcess(process, new Uri($"{url}/fhir"), Stopwatch.GetElapsedTime(start));
            var problem = $"{program} ended with {process.ExitCode} before it answered.";
            process.Dispose();
            // Between the look and the start somebody else took the port: with another it is as good.
            if (tries == 1 || !IsTaken(port))
                throw new InvalidOperationException(problem);
        }
    }

    /// <summary>False where it has ended: what answers then is another server.</summary>
    private static async Task<bool> IsUpAsync(
        Process process,
        string url,
        long start,
        CancellationToken cancellationToken
    )
    {
        using var http = new HttpClient();
        while (!await AnswersAsync(http, url, cancellationToken))
        {
            if (process.HasExited)
                return false;
            if (Stopwatch.GetElapsedTime(start) > StartLimit)
                throw new TimeoutException($"{url} did not answer within {StartLimit.TotalSeconds:0} s.");
            await Task.Delay(10, cancellationToken);
        }

        return !process.HasExited;
    }

    /// <summary>A port of a connection cannot be listened at either, whichever end of it is here.</summary>
    private static bool IsTaken(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    /// <summary>Ends it as a crash would: SIGKILL, no last word.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<bool> AnswersAsync(HttpClient http, string url, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(url, cancellationToken);
            return (int)answer.StatusCode < 500;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
