using CareCoordination.Application.Definitions;
using CareCoordination.Application.Import;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Settings;
using CareCoordination.Storage;
using Spectre.Console;

namespace CareCoordination.Server.Verbs;

/// <summary>
/// <c>import &lt;files or folders&gt;</c>: loads Bundles and NDJSON into the configured database. Ends with 0 where everything was
/// imported, 1 where something was rejected, 2 where it could not run.
/// </summary>
internal static class ImportCommand
{
    private const string Usage = """
        Usage: import <files or folders> [--journal FILE] [--report FILE] [settings of the server]
          Bundles (.json) and NDJSON (.ndjson), plain or .gz; folders in name order.
          --journal  what is imported already, so that a run goes on where one stopped (data/import-journal.ndjson)
          --report   where rejected files and entries are listed (data/import-rejected.txt)
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        var (paths, options) = Split(args);
        if (paths.Count == 0)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        try
        {
            return await RunAsync(ImportFile.Find(paths), options);
        }
        catch (Exception e) when (e is FileNotFoundException or StoreUnavailableException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
    }

    private static async Task<int> RunAsync(IReadOnlyList<ImportFile> files, Dictionary<string, string> options)
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions
            {
                // Without the paths, which the configuration would take for keys.
                Args = [.. options.Select(option => $"{option.Key}={option.Value}")],
                ContentRootPath = AppContext.BaseDirectory,
            }
        );
        builder.AddFhir(TimeProvider.System);
        await using var app = builder.Build();
        var prepared = await app.Services.GetRequiredService<StorageUpgrade>().PrepareAsync(CancellationToken.None);
        if (prepared.Problem is { } problem)
            throw new ConfigurationProblem(problem);

        var summary = new ImportSummary();
        var journal = options.GetValueOrDefault("--journal", Path.Combine("data", "import-journal.ndjson"));
        var report = options.GetValueOrDefault("--report", Path.Combine("data", "import-rejected.txt"));
        var display = new ImportDisplay(AnsiConsole.Console, summary, files, TimeProvider.System);
        await using var session = app.Services.GetRequiredService<CareSessions>().Open(Caller.Import);
        var importer = new Importer(session.Session, session.Get<FhirDefinitions>(), session.Get<LimitsOptions>());
        try
        {
            await display.ShowAsync(() => importer.RunAsync(files, journal, summary, CancellationToken.None));
        }
        finally
        {
            display.ShowResult();
        }

        if (summary.Rejections is not { Count: > 0 } rejections)
            return 0;
        await File.WriteAllLinesAsync(report, rejections.Select(rejection => rejection.ToString()));
        display.ShowRejections(report);
        return 1;
    }

    private static (List<string> Paths, Dictionary<string, string> Options) Split(string[] args)
    {
        var (paths, options) = (new List<string>(), new Dictionary<string, string>(StringComparer.Ordinal));
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
                paths.Add(args[i]);
            else if (args[i].IndexOf('=', StringComparison.Ordinal) is var equals and >= 0)
                options[args[i][..equals]] = args[i][(equals + 1)..];
            else if (++i < args.Length)
                options[args[i - 1]] = args[i];
        }

        return (paths, options);
    }
}
