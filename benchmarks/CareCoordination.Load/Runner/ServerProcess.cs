using System.Diagnostics;

namespace CareCoordination.Load.Runner;

/// <summary>A server that this run started, and stops.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

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
    /// <param name="port">0: any that is free.</param>
    public static async Task<ServerProcess> StartAsync(
        string program,
        IReadOnlyList<string> args,
        IReadOnlyDictionary<string, string> environment,
        string probe,
        CancellationToken cancellationToken,
        int port = 0
    )
    {
        var url = $"http://127.0.0.1:{(port == 0 ? PostgreSqlCluster.FreePort() : port)}";
        var start = Stopwatch.GetTimestamp();
        // Its log is written as always, but nobody reads it here; exec keeps the process id.
        var process = Shell.Start(
            "/bin/sh",
            ["-c", "exec \"$0\" \"$@\" > /dev/null", program, .. args, "--urls", url],
            environment,
            captured: false
        );
        using var http = new HttpClient();
        while (!await AnswersAsync(http, $"{url}/fhir{probe}", cancellationToken))
        {
            if (process.HasExited)
                throw new InvalidOperationException($"{program} ended with {process.ExitCode} before it answered.");
            if (Stopwatch.GetElapsedTime(start) > StartLimit)
                throw new TimeoutException($"{program} did not answer {probe} within {StartLimit.TotalSeconds:0} s.");
            await Task.Delay(10, cancellationToken);
        }

        return new ServerProcess(process, new Uri($"{url}/fhir"), Stopwatch.GetElapsedTime(start));
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
