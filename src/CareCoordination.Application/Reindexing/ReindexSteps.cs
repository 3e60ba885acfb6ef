using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Jobs;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Application.Reindexing;

/// <summary>
/// The job of <c>$reindex</c>. A batch is read and extracted without a lock and written in one commit with the place it has come to; a
/// resource that was written meanwhile has its rows by its bytes of then.
/// </summary>
internal sealed class ReindexSteps(CareSession session, FhirDefinitions definitions)
    : JobKind(ReindexTask.Code, "resources")
{
    private const int LargestBatch = 100;
    private const int RowsLookedAt = 1_000;

    // Every other writer waits while a batch is written.
    private const int LargestWrite = 5_000;

    public override Agent By(Job job) => ServerAgent.Unknown;

    public override bool IsDone(JobStep step) => ReindexPlace.Of(step.Result).IsDone;

    public override string Progress(Job job, ImmutableArray<JobStep> steps)
    {
        var plan = ReindexPlan.Of(job);
        var (resources, rows) = Seen(plan, steps);
        var progress = string.Create(CultureInfo.InvariantCulture, $"{resources} of {plan.Resources} resources");
        return rows == 0
            ? progress
            : string.Create(CultureInfo.InvariantCulture, $"{progress}, {rows} rows of the index looked through");
    }

    public override async Task<StepResult> StepAsync(
        Job job,
        Snapshot task,
        int place,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var plan = ReindexPlan.Of(job);
        var begun = await session.Reads.StepsAsync(StepRange.Only(job.Id, place), cancellationToken);
        var from = begun is [var step] ? step.Result : default;
        var reached = ReindexPlace.Of(from);
        var (next, rows) =
            place < plan.Types.Length
                ? await IndexAsync(plan.Types[place], reached, LargestBatch, cancellationToken)
                : await SweepAsync(plan, place - plan.Types.Length, reached, cancellationToken);
        return new StepResult(null, next.ToUtf8Json()) { Rows = rows, GoesOnFrom = from };
    }

    public override ReadOnlyMemory<byte> Report(ResourceKey task, ImmutableArray<JobStep> steps)
    {
        var places = steps.Select(s => ReindexPlace.Of(s.Result)).ToList();
        var types = places.SkipLast(StrayQuery.Tables).ToList();
        return new ParametersEditor
        {
            Parameter =
            {
                new()
                {
                    Name = "job",
                    ValueReference = new() { Reference = task.ToString() },
                },
                new() { Name = "resources", ValueDecimal = types.Sum(p => p.Seen) },
                new() { Name = "rowsLookedThrough", ValueDecimal = places.Sum(p => p.Seen) - types.Sum(p => p.Seen) },
                new() { Name = "resourcesWithRowsRemoved", ValueDecimal = places.Sum(p => p.Wrong) },
            },
        }.ToUtf8Json();
    }

    /// <summary>Writes all rows of the next resources of a type.</summary>
    private async Task<(ReindexPlace, ImmutableArray<Change>)> IndexAsync(
        string type,
        ReindexPlace reached,
        int batch,
        CancellationToken cancellationToken
    )
    {
        var query = new SearchQuery(type, []) { Count = batch, After = reached.ToCursor() };
        var page = await session.Reads.SearchAsync(query, cancellationToken);
        ImmutableArray<IndexAnew> rows = [.. page.Matches.Select(Rows)];
        if (rows.Length > 1 && rows.Sum(r => r.Index.Count) > LargestWrite)
            return await IndexAsync(type, reached, rows.Length / 2, cancellationToken);
        var at = page.Next is { } next ? Encoding.ASCII.GetBytes(next.Key.ToString(CultureInfo.InvariantCulture)) : [];
        return (
            new ReindexPlace(page.Next is null, reached.Seen + rows.Length, reached.Wrong, at),
            ImmutableArray<Change>.CastUp(rows)
        );
    }

    /// <summary>Removes what is wrong among the next rows of a table.</summary>
    private async Task<(ReindexPlace, ImmutableArray<Change>)> SweepAsync(
        ReindexPlan plan,
        int table,
        ReindexPlace reached,
        CancellationToken cancellationToken
    )
    {
        var page = await session.Reads.StraysAsync(
            new StrayQuery(table, plan.IsOfAll ? [] : plan.Types, reached.At, RowsLookedAt),
            cancellationToken
        );
        return (
            new ReindexPlace(
                page.Next.IsEmpty,
                reached.Seen + page.Seen,
                reached.Wrong + page.Repairs.Length,
                page.Next.ToArray()
            ),
            ImmutableArray<Change>.CastUp(page.Repairs)
        );
    }

    private IndexAnew Rows(StoredResource resource)
    {
        var document = ResourceDocument.Parse(resource.Utf8Json).Value;
        return new IndexAnew(
            resource.Key,
            resource.Version,
            definitions.Extractor.ExtractAll(resource.Key, document),
            definitions.ProjectionOf(resource.Key, document)
        );
    }

    private static (long Resources, long Rows) Seen(ReindexPlan plan, ImmutableArray<JobStep> steps) =>
        (
            steps.Where(s => s.Place < plan.Types.Length).Sum(s => ReindexPlace.Of(s.Result).Seen),
            steps.Where(s => s.Place >= plan.Types.Length).Sum(s => ReindexPlace.Of(s.Result).Seen)
        );
}
