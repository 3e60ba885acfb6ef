using System.Diagnostics;
using System.Text;

namespace CareCoordination.Server.Tests.Kit;

/// <summary>The server as a process of its own, on a SQLite file, so that it can be killed.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, string fhir)
    {
        _process = process;
        Client = new HttpClient { BaseAddress = new Uri(fhir + "/") };
        Root = fhir[..^"/fhir".Length];
    }

    /// <summary>Scheme, host and port.</summary>
    public string Root { get; }

    public string Base => Root + "/fhir";

    /// <summary>What the process has spent of all processors.</summary>
    public double CpuSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    /// <summary>What the process holds of the machine's memory.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public HttpClient Client { get; }

    /// <param name="language">Of the machine, as <c>LC_ALL</c> names it; null: as it is.</param>
    public static Task<ServerProcess> StartAsync(string databaseFile, string? language = null)
    {
        var start = Start($"--ConnectionStrings:CareCoordination=Data Source={databaseFile}");
        if (language is not null)
            start.Environment["LC_ALL"] = language;
        return ListenAsync(start);
    }

    /// <summary>With nothing configured but its port, in a folder in which it makes its data.</summary>
    public static Task<ServerProcess> StartInAsync(string folder)
    {
        var start = Start();
        start.WorkingDirectory = folder;
        return ListenAsync(start);
    }

    public static Task<ServerProcess> StartWithAsync(params string[] settings) => ListenAsync(Start(settings));

    /// <summary>What a server writes to standard output first; it is ended then.</summary>
    public static async Task<List<string>> FirstLinesAsync(int count, params string[] settings)
    {
        using var process = Process.Start(Start(settings))!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await using var late = patience.Token.Register(process.Kill);
        var lines = new List<string>();
        while (lines.Count < count && await process.StandardOutput.ReadLineAsync() is { } line)
            lines.Add(line);
        process.Kill();
        await process.WaitForExitAsync();
        return lines;
    }

    private static ProcessStartInfo Start(params string[] settings) =>
        new("dotnet", [typeof(Program).Assembly.Location, "--urls", "http://127.0.0.1:0", .. settings])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };

    private static async Task<ServerProcess> ListenAsync(ProcessStartInfo start)
    {
        var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await using var late = patience.Token.Register(process.Kill);
        while (await process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            const string Mark = "FHIR base: ";
            if (line.IndexOf(Mark, StringComparison.Ordinal) is not (>= 0 and var at))
                continue;
            // Nobody reads what follows, and a full pipe would hold the server up.
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            return new ServerProcess(process, line[(at + Mark.Length)..].Trim());
        }

        throw new InvalidOperationException(
            "The server ended before it listened, or did not listen within two minutes."
        );
    }

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/fhir+json");
        using var response = await Client.SendAsync(request);
        return new Answer(response, await response.Content.ReadAsStringAsync());
    }

    /// <summary>As a power failure would: nothing is finished, nothing is said.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }
}
