using CareCoordination.Load.Runner;

namespace CareCoordination.Load.Soak;

/// <summary>
/// One server process that is killed and started again, on the same port where nobody has taken it meanwhile: while it is down its port is
/// free for any connection of this machine.
/// </summary>
internal sealed class SoakNode(string program, IReadOnlyDictionary<string, string> environment, int port)
    : IAsyncDisposable
{
    private ServerProcess? _process;

    /// <summary>Where it is now, or was last.</summary>
    public Uri Base { get; private set; } = new($"http://127.0.0.1:{port}/fhir/");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var process = await ServerProcess.StartAsync(
            program,
            [],
            environment,
            "/metadata",
            cancellationToken,
            Base.Port
        );
        (_process, Base) = (process, new Uri($"{process.BaseUrl}/"));
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
            await process.DisposeAsync();
        _process = null;
    }

    public async ValueTask DisposeAsync() => await KillAsync();
}
