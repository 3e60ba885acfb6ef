using CareCoordination.Analytics.Mirror;
using CareCoordination.Application.Settings;
using CareCoordination.Server.Hosting;
using CareCoordination.Server.Options;
using DuckDB.NET.Data;

namespace CareCoordination.Server.Verbs;

/// <summary>
/// <c>outcomes rebuild</c>: throws the tables of outcomes away, and fills them from what is stored. The file is one process's: a server that
/// has it open makes it anew by itself where it has to.
/// </summary>
internal static class OutcomesCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        var given = CommandLine.Parse(args);
        if (given.Words is not ["rebuild"])
            throw new ConfigurationProblem("There is one thing to do with outcomes: outcomes rebuild.");
        var builder = ServerStart.Configure(given with { Words = [] });
        builder.AddFhir(TimeProvider.System);
        builder.Logging.AddFilter(level => level >= LogLevel.Warning);
        await using var app = builder.Build();
        var prepared = await app.Services.GetRequiredService<StorageUpgrade>().PrepareAsync(CancellationToken.None);
        if (prepared.Problem is { } problem)
            throw new ConfigurationProblem(problem);
        var tables = app.Services.GetRequiredService<OutcomeTables>();
        try
        {
            await tables.RebuildAsync(
                progress => Console.WriteLine($"{progress.Percent} % of the changes are in the tables"),
                CancellationToken.None
            );
        }
        catch (DuckDBException e) when (e.Message.Contains("lock", StringComparison.OrdinalIgnoreCase))
        {
            throw new ConfigurationProblem(
                "The file of the tables is open in another process: stop the server that has it, or give this one a file of its own (Analytics:File)."
            );
        }

        Console.WriteLine(
            tables.AsOf is { } asOf ? $"The tables are as of {asOf:yyyy-MM-dd HH:mm:ss} UTC." : "Nothing is stored yet."
        );
        return 0;
    }
}
