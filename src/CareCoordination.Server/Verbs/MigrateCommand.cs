using CareCoordination.Application.Interactions;
using CareCoordination.Server.Options;
using CareCoordination.Storage;

namespace CareCoordination.Server.Verbs;

/// <summary><c>migrate</c>: brings the configured database to the form this release needs, and says what it did.</summary>
internal static class MigrateCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }
        );
        var options = StorageSettings.Read(builder.Configuration);
        var migrator = new StorageMigrator(options);
        var pending = await migrator.PendingAsync(CancellationToken.None);
        if (pending.Count == 0)
        {
            Console.WriteLine($"The {options.Provider} database is up to date.");
            return 0;
        }

        await migrator.ApplyAsync(CancellationToken.None);
        foreach (var migration in pending)
            Console.WriteLine($"Applied {migration}.");
        return 0;
    }
}
