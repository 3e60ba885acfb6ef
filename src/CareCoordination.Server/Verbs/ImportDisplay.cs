using System.Diagnostics;
using CareCoordination.Application.Import;
using CareCoordination.Application.Operations;
using CareCoordination.Rest.Metadata;
using Spectre.Console;

namespace CareCoordination.Server.Verbs;

/// <summary>Shows an import while it runs: a bar on a terminal, a line now and then elsewhere; and what came of it.</summary>
internal sealed class ImportDisplay(
    IAnsiConsole console,
    ImportSummary summary,
    IReadOnlyList<ImportFile> files,
    TimeProvider time
)
{
    private const int RejectionsShown = 50;

    private static readonly TimeSpan BarInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly long _totalBytes = Math.Max(1, files.Sum(f => f.Length));

    /// <summary>Runs <paramref name="import"/> and shows how far it is until it ends.</summary>
    public Task ShowAsync(Func<Task> import) =>
        console.Profile.Capabilities.Interactive && console.Profile.Out.IsTerminal
            ? ShowBarAsync(import)
            : ShowLinesAsync(import);

    public void ShowResult()
    {
        var seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        Line("");
        Line($"{"type", -32} {"written", 12} {"unchanged", 12}");
        foreach (var (type, count) in summary.Types)
            Line($"{type, -32} {count.Written, 12:N0} {count.Unchanged, 12:N0}");
        Line(
            $"{"all", -32} {summary.Types.Sum(t => t.Value.Written), 12:N0} {summary.Types.Sum(t => t.Value.Unchanged), 12:N0}"
        );
        Line("");
        Line(
            $"{summary.Resources:N0} resources of {summary.FilesDone - summary.FilesSkipped:N0} files in {seconds:N1} s: {summary.Resources / seconds:N0} a second."
        );
        if (summary.FilesSkipped > 0)
            Line($"{summary.FilesSkipped:N0} files were imported before and are unchanged; they were passed over.");
    }

    /// <summary>What somebody may have meant to be imported.</summary>
    public void ShowNotRead(IReadOnlyList<string> others)
    {
        if (others.Count == 0)
            return;
        Line($"{others.Count:N0} files are of a kind that is not read (.json, .ndjson and .jsonl are, also with .gz):");
        foreach (var path in others.Take(RejectionsShown))
            Line($"  {path}");
        if (others.Count > RejectionsShown)
            Line($"  and {others.Count - RejectionsShown:N0} more");
    }

    public void ShowRejections(string reportPath)
    {
        var rejections = summary.Rejections;
        if (rejections.Count == 0)
            return;
        Line($"{rejections.Count:N0} rejected:");
        foreach (var rejection in rejections.Take(RejectionsShown))
            Line($"  {rejection}");
        Line($"All of them are in {reportPath}.");
    }

    private async Task ShowBarAsync(Func<Task> import) =>
        await console
            .Progress()
            .Columns(
                new TaskDescriptionColumn(),
                new ProgressBarColumn(),
                new PercentageColumn(),
                new RemainingTimeColumn()
            )
            .StartAsync(async progress =>
            {
                var bar = progress.AddTask("Importing", maxValue: _totalBytes);
                await WhileRunningAsync(
                    import,
                    BarInterval,
                    () =>
                    {
                        bar.Value = summary.BytesRead;
                        bar.Description = Markup.Escape(Describe());
                    }
                );
            });

    private Task ShowLinesAsync(Func<Task> import) => WhileRunningAsync(import, LineInterval, () => Line(Describe()));

    private async Task WhileRunningAsync(Func<Task> import, TimeSpan interval, Action show)
    {
        var running = import();
        while (await Task.WhenAny(running, Task.Delay(interval, time)) != running)
            show();
        show();
        await running;
    }

    // Not through the console, which breaks lines at a width that a log or a pipe does not have.
    private void Line(string text) => console.Profile.Out.Writer.WriteLine(text);

    private string Describe()
    {
        var seconds = Math.Max(0.001, Stopwatch.GetElapsedTime(_start).TotalSeconds);
        return $"{summary.Resources:N0} resources, {summary.FilesDone:N0} of {files.Count:N0} files, {summary.Resources / seconds:N0} a second";
    }
}
