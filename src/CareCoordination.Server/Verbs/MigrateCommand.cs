using CareCoordination.Server.Hosting;
using CareCoordination.Server.Options;
using CareCoordination.Storage;

namespace CareCoordination.Server.Verbs;

/// <summary><c>migrate</c>: brings the configured database to the form this release needs, and says what it did.</summary>
internal static class MigrateCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = ServerStart.Configure(CommandLine.ParseSettings(args));
        builder.AddFhir(TimeProvider.System);
        builder.AddSignInTables();
        await using var app = builder.Build();
        var done = await app.Services.GetRequiredService<StorageUpgrade>().MigrateAsync(CancellationToken.None);
        var provider = app.Services.GetRequiredService<StorageOptions>().Provider;
        Console.WriteLine(
            done.Count == 0 ? $"The {provider} database is up to date." : string.Join(Environment.NewLine, done)
        );
        return 0;
    }
}
