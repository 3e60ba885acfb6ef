using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Exports.Files;
using CareCoordination.Application.Jobs;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.Canonicals;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Storage;

namespace CareCoordination.Application.Import.Bulk;

/// <summary>
/// The job of <c>$import</c>. A step is a file: first it is fetched, then it is imported in parts, each of which is stored before it is
/// kept how far it is. What was stored of a part that was cut off is found unchanged by the next try.
/// </summary>
internal sealed class ImportSteps(
    CareSession session,
    CareSessions sessions,
    FhirDefinitions definitions,
    OwnCanonicals canonicals,
    FileFetch fetch,
    JobFiles files,
    ImportOptions options,
    ExportOptions kept,
    LimitsOptions limits,
    TimeProvider time,
    ILogger<ImportSteps> log
) : FileJob(ImportPlan.Kind, "files", session, files, log)
{
    /// <summary>What a kill can cost, and what rejections are held in memory.</summary>
    private const int LinesOfPart = 20_000;

    public override bool IsDone(JobStep step) => ImportPlace.Of(step.Result).IsDone;

    public override string Progress(Job job, ImmutableArray<JobStep> steps)
    {
        var places = steps.Select(s => ImportPlace.Of(s.Result)).ToList();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{places.Count(p => p.IsDone)} of {job.Total} files, {places.Sum(p => p.Written + p.Unchanged)} resources"
        );
    }

    public override FhirResponse Answer(FinishedJob finished) =>
        ImportResult.Answer(finished, (finished.Job.EndedAt ?? time.GetUtcNow()) + kept.Keep);

    protected override async Task<StepResult> GoOnAsync(
        Job job,
        int place,
        ReadOnlyMemory<byte> from,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var plan = ImportPlan.Of(job);
        var (asked, reached) = (plan.Files[place], ImportPlace.Of(from));
        var path = reached.Fetched is { } name ? Files.Find(job.Id, name) : null;
        var next = path is null
            ? await FetchAsync(job.Id, place, plan, reached, cancellationToken)
            : await ImportAsync(job.Id, place, plan, reached, path, cancellationToken);
        if (next.IsDone && asked.Count is { } count && next.Fetched is not null && next.Lines != count)
            next = await ReportAsync(job.Id, place, next, [Miscounted(asked, next.Lines)], cancellationToken);
        if (next is { IsDone: true, Fetched: { } fetched })
        {
            Files.Remove(job.Id, fetched);
            next = next with { Fetched = null };
        }

        return new StepResult(null, next.ToUtf8Json()) { GoesOnFrom = from };
    }

    /// <summary>Where another node has fetched the file into a folder of its own, it is fetched again.</summary>
    private async Task<ImportPlace> FetchAsync(
        string job,
        int place,
        ImportPlan plan,
        ImportPlace reached,
        CancellationToken cancellationToken
    )
    {
        var asked = plan.Files[place];
        await using var draft = Files.New(
            job,
            string.Create(CultureInfo.InvariantCulture, $"fetched-{place}"),
            ".ndjson"
        );
        var got = await fetch.DownloadAsync(asked.Url, plan.WithToken, draft, cancellationToken);
        if (!got.TryGet(out _, out var failure))
        {
            var rejection = new Rejection(asked.ShortName, null, failure.Issues[0].Diagnostics);
            return await ReportAsync(job, place, reached with { IsDone = true }, [rejection], cancellationToken);
        }

        await draft.PublishAsync(cancellationToken);
        return reached with { Fetched = draft.Name };
    }

    private async Task<ImportPlace> ImportAsync(
        string job,
        int place,
        ImportPlan plan,
        ImportPlace reached,
        string path,
        CancellationToken cancellationToken
    )
    {
        var asked = plan.Files[place];
        var file = new ImportFile(path, new FileInfo(path).Length, default)
        {
            Spelling = canonicals.Inside,
            ResourceType = asked.Type,
            IsPacked = IsPacked(path),
            MaxUnpackedBytes = options.FileBytes,
        };
        var homes = new ImportHomes(plan.Source, plan.BaseUrl, definitions.Schema.IsResourceType);
        var part = new EntryRange(reached.Lines, LinesOfPart);
        var summary = new ImportSummary();
        // In the name of whoever asked, as the trail tells it; what they bring in they need not see.
        var caller = plan.Ticket.AskedBy.ToCaller() with
        {
            Kind = CallerKind.Import,
        };
        await using var open = sessions.Open(caller);
        var lines = asked.IsOfDeletions
            ? await new ImportDeletions(open.Session, definitions, limits, homes).RunPartAsync(
                file,
                part,
                summary,
                cancellationToken
            )
            : await new Importer(open.Session, definitions, limits, homes)
            {
                // Others are served meanwhile.
                Workers = Math.Max(1, Environment.ProcessorCount / 2),
            }.RunPartAsync(file, part, summary, cancellationToken);
        var next = reached with
        {
            IsDone = lines < reached.Lines + LinesOfPart,
            Lines = lines,
            Written = reached.Written + summary.Types.Sum(t => t.Value.Written),
            Unchanged = reached.Unchanged + summary.Types.Sum(t => t.Value.Unchanged),
        };
        var rejections = summary.Rejections.Select(r => r with { File = asked.ShortName }).ToList();
        return await ReportAsync(job, place, next, rejections, cancellationToken);
    }

    /// <summary>A list of OperationOutcomes, one a line.</summary>
    private async Task<ImportPlace> ReportAsync(
        string job,
        int place,
        ImportPlace next,
        List<Rejection> rejections,
        CancellationToken cancellationToken
    )
    {
        if (rejections.Count == 0)
            return next;
        await using var draft = Files.New(
            job,
            string.Create(CultureInfo.InvariantCulture, $"rejected-{place}-{next.Reports.Length}"),
            ".ndjson"
        );
        foreach (var rejection in rejections)
        {
            await draft.WriteAsync(
                OperationOutcome.ToUtf8Json([Issue.Error(IssueCode.Processing, rejection.ToString())]),
                cancellationToken
            );
            await draft.WriteAsync("\n"u8.ToArray(), cancellationToken);
        }

        await draft.PublishAsync(cancellationToken);
        return next with { Reports = next.Reports.Add(new ReportFile(draft.Name, rejections.Count)) };
    }

    private static Rejection Miscounted(AskedFile asked, int lines) =>
        new(
            asked.ShortName,
            null,
            string.Create(
                CultureInfo.InvariantCulture,
                $"It is said to have {asked.Count} lines, and has {lines}: what is missing was not imported."
            )
        );

    /// <summary>By its first bytes, whatever it is called. https://www.rfc-editor.org/rfc/rfc1952#page-5</summary>
    private static bool IsPacked(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> magic = stackalloc byte[2];
        return file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic.SequenceEqual<byte>([0x1F, 0x8B]);
    }
}
