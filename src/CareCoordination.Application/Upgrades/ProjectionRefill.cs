using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;

namespace CareCoordination.Application.Upgrades;

/// <summary>
/// Writes the rows that are kept of resources anew, after an upgrade that changed what they hold: its migration left a job, for a type whose
/// kept rows changed or for all types that have a status, whose rows are written whole. Each batch is a commit that also keeps the place it has come to, so that what was stopped goes on there, and several processes
/// share the work.
/// </summary>
public sealed class ProjectionRefill(CareSessions sessions, FhirDefinitions definitions, TimeProvider time)
{
    /// <summary>
    /// Of the jobs that migrations leave; their arguments are the name of a resource type, nothing for all that have a status, or
    /// <c>*</c> for every type.
    /// </summary>
    public const string Kind = "keep-rows";

    private const int LargestBatch = 500;
    private static readonly byte[] Done = "done"u8.ToArray();

    private static readonly FhirResponse Over = new() { Status = 200 };

    public async Task<bool> IsNeededAsync(CancellationToken cancellationToken) =>
        !(await JobsAsync(cancellationToken)).IsEmpty;

    /// <summary>Ends when all rows are there. How many resources were looked at.</summary>
    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        var count = 0L;
        foreach (var job in await JobsAsync(cancellationToken))
        {
            while (await NextAsync(job.Id, LargestBatch, cancellationToken) is { } done)
                count += done;
        }

        return count;
    }

    private async Task<ImmutableArray<Job>> JobsAsync(CancellationToken cancellationToken)
    {
        await using var open = sessions.Open(Caller.Job(Kind));
        return await open.Session.Reads.RunningJobsAsync(Kind, cancellationToken);
    }

    /// <summary>Writes the rows of the next resources; how many those were, null where the job is over.</summary>
    private async Task<int?> NextAsync(string job, int batch, CancellationToken cancellationToken)
    {
        await using var open = sessions.Open(Caller.Job(job));
        try
        {
            var reads = open.Session.Reads;
            var result = await open.Session.WriteInTurnAsync(
                token => DecideAsync(reads, job, batch, token),
                cancellationToken
            );
            return result.TryGet(out var written, out _) ? written.Writes.Projections.Length : null;
        }
        catch (CommitTooLargeException) when (batch > 1)
        {
            return await NextAsync(job, batch / 2, cancellationToken);
        }
    }

    private async ValueTask<WriteDecision> DecideAsync(
        IStoreReads reads,
        string id,
        int batch,
        CancellationToken cancellationToken
    )
    {
        if (await reads.JobAsync(id, cancellationToken) is not { EndedAt: null } job)
            return Over;
        var types = TypesOf(job);
        // The steps of a job are its types: each says how far it has come.
        var steps = await reads.StepsAsync(StepRange.All(id), cancellationToken);
        var place = steps.Count(step => step.Result.Span.SequenceEqual(Done));
        var page = await reads.SearchAsync(
            new SearchQuery(types[place], [])
            {
                Count = batch,
                After = steps.FirstOrDefault(step => step.Place == place) is { } reached ? CursorOf(reached) : null,
            },
            cancellationToken
        );
        var isWhole = job.Arguments.IsEmpty || IsEveryType(job);
        return new WriteSet
        {
            Projections = [.. page.Matches.Select(resource => Rows(resource, isWhole))],
            Jobs =
                page.Next is { } next ? [new KeepStep(new JobStep(id, place, Written(next)))]
                : place + 1 < types.Length ? [new KeepStep(new JobStep(id, place, Done))]
                : [new KeepJob(job with { EndedAt = time.GetUtcNow() })],
        };
    }

    private static bool IsEveryType(Job job) => job.Arguments.Span.SequenceEqual("*"u8);

    private ImmutableArray<string> TypesOf(Job job) =>
        IsEveryType(job) ? [.. definitions.Schema.Resources.Select(type => type.Name)]
        : job.Arguments.IsEmpty
            ?
            [
                .. definitions
                    .Schema.Resources.Select(type => type.Name)
                    .Where(type => definitions.SearchParameters.Of(type).Any(parameter => parameter.IsStatus)),
            ]
        : [Encoding.UTF8.GetString(job.Arguments.Span)];

    private Change Rows(StoredResource resource, bool isWhole)
    {
        var document = ResourceDocument.Parse(resource.Utf8Json).Value;
        var kept = definitions.ProjectionOf(resource.Key, document);
        return isWhole
            ? new IndexAnew(
                resource.Key,
                resource.Version,
                definitions.Extractor.ExtractAll(resource.Key, document),
                kept
            )
            : new Project(resource.Key, kept ?? ProjectionRows.None);
    }

    private static byte[] Written(PageCursor next) =>
        Encoding.UTF8.GetBytes(next.Key.ToString(CultureInfo.InvariantCulture));

    private static PageCursor? CursorOf(JobStep reached) =>
        Utf8Parser.TryParse(reached.Result.Span, out long key, out _) ? new PageCursor(null, key) : null;
}
