using CareCoordination.Application.Settings;
using CareCoordination.Storage;

namespace CareCoordination.Server;

/// <summary>Nothing is served before the database has the form this release needs.</summary>
internal sealed class StorageStart(StorageMigrator migrator) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await migrator.PrepareAsync(cancellationToken) is { } sentence)
            throw new ConfigurationProblem(sentence);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
