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
    private const string Journal = "journal";
    private const string Report = "report";

    public static async Task<int> RunAsync(string[] args)
    {
        var given = CommandLine.Parse(args, Journal, Report);
        if (given.Words.IsEmpty)
            throw new ConfigurationProblem(
                "Usage: import <files or folders> [--journal FILE] [--report FILE] [settings of the server]; --help says more."
            );
        try
        {
            return await RunAsync(ImportFile.Find(given.Words), given);
        }
        catch (Exception e) when (e is FileNotFoundException or StoreUnavailableException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
    }

    private static async Task<int> RunAsync(IReadOnlyList<ImportFile> files, CommandLine given)
    {
        var settings = given.Settings.Where(s => !IsOwn(s.Key));
        var builder = ServerStart.Configure(given with { Settings = [.. settings] });
        builder.AddFhir(TimeProvider.System);
        await using var app = builder.Build();
        var prepared = await app.Services.GetRequiredService<StorageUpgrade>().PrepareAsync(CancellationToken.None);
        if (prepared.Problem is { } problem)
            throw new ConfigurationProblem(problem);

        var summary = new ImportSummary();
        var journal = Last(given, Journal) ?? Path.Combine("data", "import-journal.ndjson");
        var report = Last(given, Report) ?? Path.Combine("data", "import-rejected.txt");
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

    private static bool IsOwn(string name) => name is Journal or Report;

    private static string? Last(CommandLine given, string name) =>
        given.Settings.LastOrDefault(s => s.Key == name) is { Value: { } value } ? value : null;
}
