using CareCoordination.Analytics.Folders;
using CareCoordination.Analytics.Mirror;
using CareCoordination.Analytics.Settings;
using CareCoordination.Application.Settings;
using CareCoordination.Server.Hosting;
using CareCoordination.Server.Options;
using DuckDB.NET.Data;

namespace CareCoordination.Server.Verbs;

/// <summary>
/// <c>outcomes rebuild</c>: throws the tables of outcomes away, and fills them from what is stored. The file is one process's: a server that
/// has it open makes it anew by itself where it has to.
/// <para>
/// <c>outcomes parquet FOLDER</c>: writes them as files that other engines read. It has tables of its own in the folder, so that it works
/// beside any server, and takes in only what is new the next time.
/// </para>
/// </summary>
internal static class OutcomesCommand
{
    /// <summary>Which rows: <c>shared</c>, without what is labelled or denied, or <c>all</c>.</summary>
    private const string Rows = "rows";

    public static async Task<int> RunAsync(string[] args)
    {
        using var stop = new StopSignals();
        var given = CommandLine.Parse(args, Rows);
        var rows = given.Settings.LastOrDefault(setting => setting.Key == Rows).Value;
        var settings = given with { Words = [], Settings = [.. given.Settings.Where(setting => setting.Key != Rows)] };
        try
        {
            return (given.Words.ToArray(), rows) switch
            {
                (["rebuild"], null) => await RebuildAsync(settings, stop.Token),
                (["parquet", var folder], null or "shared" or "all") => await WriteAsync(
                    settings,
                    folder,
                    rows == "all",
                    stop.Token
                ),
                _ => throw new ConfigurationProblem(
                    "There are two things to do with outcomes: outcomes rebuild, and outcomes parquet FOLDER [--rows shared|all]."
                ),
            };
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            Console.WriteLine("Stopped. Say the same again, and it goes on.");
            return 1;
        }
        catch (TablesUnavailableException e)
        {
            throw new ConfigurationProblem(e.Message);
        }
    }

    private static async Task<int> RebuildAsync(CommandLine given, CancellationToken cancellationToken)
    {
        await using var app = Build(given, null);
        await app.Services.GetRequiredService<StorageUpgrade>().RequireReadyAsync();
        var tables = app.Services.GetRequiredService<OutcomeTables>();
        await tables.RebuildAsync(Report, cancellationToken);
        Console.WriteLine(
            tables.AsOf is { } asOf ? $"The tables are as of {asOf:yyyy-MM-dd HH:mm:ss} UTC." : "Nothing is stored yet."
        );
        return 0;
    }

    private static async Task<int> WriteAsync(
        CommandLine given,
        string folder,
        bool isAll,
        CancellationToken cancellationToken
    )
    {
        if (ParquetFolder.WhyNot(folder) is { } problem)
            throw new ConfigurationProblem(problem);
        Directory.CreateDirectory(folder);
        var options = await FillAsync(given, folder, cancellationToken);
        try
        {
            var written = new ParquetFolder(options).Write(
                folder,
                isShared: !isAll,
                table => Console.WriteLine($"{table.Name}: {table.Rows} rows in {table.Files} files"),
                cancellationToken
            );
            Console.WriteLine(
                written.AsOf is { } asOf
                    ? $"{written.Tables.Sum(table => table.Rows)} rows as of {asOf:yyyy-MM-dd HH:mm:ss} UTC are in {folder}."
                    : $"Nothing is stored yet; {folder} has tables without rows."
            );
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DuckDBException)
        {
            throw new ConfigurationProblem(
                $"{folder} could not be written: {e.Message.ReplaceLineEndings(" ")} What was there before is still there; once that is mended, say the same again."
            );
        }
    }

    /// <summary>Brings the tables in the folder up to date, and closes them.</summary>
    private static async Task<AnalyticsOptions> FillAsync(
        CommandLine given,
        string folder,
        CancellationToken cancellationToken
    )
    {
        await using var app = Build(given, Path.Combine(folder, ".tables.duckdb"));
        await app.Services.GetRequiredService<StorageUpgrade>().RequireReadyAsync();
        var tables = app.Services.GetRequiredService<OutcomeTables>();
        await tables.FillAsync(Report, cancellationToken);
        return app.Services.GetRequiredService<AnalyticsOptions>();
    }

    /// <param name="file">Of the tables; null: as the settings say.</param>
    private static WebApplication Build(CommandLine given, string? file)
    {
        var builder = ServerStart.Configure(given);
        if (file is not null)
            builder.Configuration["Analytics:File"] = file;
        builder.AddFhir(TimeProvider.System);
        builder.Logging.AddFilter(level => level >= LogLevel.Warning);
        return builder.Build();
    }

    private static void Report(TablesProgress progress) =>
        Console.WriteLine($"{progress.Percent} % of the changes are in the tables");
}
