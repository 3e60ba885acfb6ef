using CareCoordination.Application.Settings;
using CareCoordination.SignIn.Diagnostics;
using CareCoordination.SignIn.Keys;
using CareCoordination.SignIn.Settings;

namespace CareCoordination.SignIn.Stores;

/// <summary>Nothing is served before the tables are there and the keys are read.</summary>
internal sealed class SignInStart(
    SignInMigrator migrator,
    TokenKeys keys,
    EmbeddedOptions options,
    ILogger<SignInStart> log
) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await migrator.PrepareAsync(cancellationToken) is { } problem)
            throw new ConfigurationProblem(problem);
        await keys.LoadAsync(cancellationToken);
        if (options.ProtectionCertificateFile is null && options.SigningKeyFiles.IsEmpty)
            Log.KeysUnprotected(log);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
