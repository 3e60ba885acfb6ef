using CareCoordination.Application.Definitions;
using CareCoordination.Application.Import;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.Canonicals;
using CareCoordination.Rest.Http;
using CareCoordination.Server.Hosting;
using CareCoordination.Server.Options;
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
    private const string Source = "source";
    private const string Late = "late";

    public static async Task<int> RunAsync(string[] args)
    {
        var given = CommandLine.Parse(args, Journal, Report, Source, Late);
        if (given.Words.IsEmpty)
            throw new ConfigurationProblem(
                "Usage: import <files or folders> [--journal FILE] [--report FILE] [--source URL] [--late escalate] [settings of the server]; --help says more."
            );
        try
        {
            return await RunAsync(ImportFile.Find(given.Words), given);
        }
        catch (Exception e) when (e is FileNotFoundException or StoreUnavailableException or ImportException)
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
        await app.Services.GetRequiredService<StorageUpgrade>().RequireReadyAsync();

        var spelling = app.Services.GetRequiredService<OwnCanonicals>().Inside;
        files = [.. files.Select(f => f with { Spelling = spelling })];
        var summary = new ImportSummary();
        var journal = Last(given, Journal) ?? Path.Combine("data", "import-journal.ndjson");
        var report = Last(given, Report) ?? Path.Combine("data", "import-rejected.txt");
        var display = new ImportDisplay(AnsiConsole.Console, summary, files, TimeProvider.System);
        await using var session = app.Services.GetRequiredService<CareSessions>().Open(Caller.Import);
        var definitions = session.Get<FhirDefinitions>();
        var homes = new ImportHomes(
            SourceOf(given),
            app.Services.GetRequiredService<ServerOptions>().BaseUrl,
            definitions.Schema.IsResourceType
        );
        var importer = new Importer(session.Session, definitions, session.Get<LimitsOptions>(), homes)
        {
            EscalatesLate = EscalatesLate(given),
        };
        display.ShowNotRead(ImportFile.NotRead(given.Words));
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
        await ReportAsync(report, rejections);
        display.ShowRejections(report);
        return 1;
    }

    /// <summary>What was refused is never lost: where it cannot be written it is said.</summary>
    private static async Task ReportAsync(string report, IReadOnlyList<Rejection> rejections)
    {
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(report)) is { } folder)
                Directory.CreateDirectory(folder);
            await File.WriteAllLinesAsync(report, rejections.Select(rejection => rejection.ToString()));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"{report} cannot be written: {e.Message}");
            foreach (var rejection in rejections)
                await Console.Error.WriteLineAsync(rejection.ToString());
        }
    }

    private static string? SourceOf(CommandLine given) =>
        Last(given, Source) is not { } source ? null
        : Uri.TryCreate(source, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? source.TrimEnd('/')
        : throw new ConfigurationProblem(
            $"--source is '{source}'; it must be the address of the server that the files come from, such as https://ehr.example.org/fhir."
        );

    private static bool EscalatesLate(CommandLine given) =>
        Last(given, Late) switch
        {
            null or "quiet" => false,
            "escalate" => true,
            var other => throw new ConfigurationProblem(
                $"--late is '{other}'; it is quiet, or escalate where tasks that are late already are to be told of."
            ),
        };

    private static bool IsOwn(string name) => name is Journal or Report or Source or Late;

    private static string? Last(CommandLine given, string name) =>
        given.Settings.LastOrDefault(s => s.Key == name) is { Value: { } value } ? value : null;
}
