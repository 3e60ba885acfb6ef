using CareCoordination.Load.Runner;

namespace CareCoordination.Load.Soak;

/// <summary>One server process that is killed and started again, always on the same port.</summary>
internal sealed class SoakNode(string program, IReadOnlyDictionary<string, string> environment, int port)
    : IAsyncDisposable
{
    private ServerProcess? _process;

    public Uri Base { get; } = new($"http://127.0.0.1:{port}/fhir/");

    public async Task StartAsync(CancellationToken cancellationToken) =>
        _process = await ServerProcess.StartAsync(program, [], environment, "/metadata", cancellationToken, port);

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
            await process.DisposeAsync();
        _process = null;
    }

    public async ValueTask DisposeAsync() => await KillAsync();
}
