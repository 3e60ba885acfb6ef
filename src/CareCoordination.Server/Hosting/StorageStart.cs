using CareCoordination.Application.Settings;
using CareCoordination.Server.Diagnostics;

namespace CareCoordination.Server.Hosting;

/// <summary>Nothing is served before the database has the form this release needs.</summary>
internal sealed class StorageStart(StorageUpgrade upgrade, ILogger<StorageStart> log) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var prepared = await upgrade.PrepareAsync(cancellationToken);
        foreach (var notice in prepared.Notices)
            Log.DatabaseNotice(log, notice);
        if (prepared.Problem is { } sentence)
            throw new ConfigurationProblem(sentence);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
