using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Exports.Files;
using CareCoordination.Application.Jobs;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Application.Import.Bulk;

/// <summary>
/// Begins the job. The manifest is fetched before there is one: that it is not there, or names what may not be fetched, is said to whoever
/// asks.
/// </summary>
internal sealed class BulkImportHandler(
    CareSession session,
    FileFetch fetch,
    CommandRunner runner,
    ImportOptions options,
    JobSignal signal
) : IRequestHandler<BulkImport, FhirResponse>
{
    private const int BusySeconds = 60;
    private const int MaxFiles = 10_000;
    private const int MaxManifests = 100;

    public async Task<FhirResponse> Handle(BulkImport import, CancellationToken cancellationToken)
    {
        if (!(await PlanAsync(import, cancellationToken)).TryGet(out var plan, out var refusal))
            return refusal;
        var started = await runner.RunOnTypeAsync(
            import,
            now => StartAsync(import, plan, now, cancellationToken),
            cancellationToken
        );
        if (!started.IsSuccess)
            return started.Status == 429 ? started with { RetryAfterSeconds = BusySeconds } : started;
        signal.Set();
        return AsyncStatus.Accepted(started.Version!.Value.Key);
    }

    private async Task<Result<ImportPlan>> PlanAsync(BulkImport import, CancellationToken cancellationToken)
    {
        var files = import.Files.ToBuilder();
        var needsToken = import.NeedsToken;
        var next = import.ManifestUrl;
        for (var manifests = 0; next is not null; manifests++)
        {
            if (manifests == MaxManifests)
                return TooMany();
            if (!(await fetch.ReadAsync(next, cancellationToken)).TryGet(out var json, out var failure))
                return failure;
            if (!ImportManifest.Read(json).TryGet(out var manifest, out failure))
                return failure;
            files.AddRange(manifest.Files);
            needsToken ??= manifest.NeedsToken;
            next = manifest.Next;
        }

        if (files.Count > MaxFiles)
            return TooMany();
        if (files.Select(file => options.WhyNot(file.Url)).FirstOrDefault(why => why is not null) is { } forbidden)
            return Failure.Unprocessable(IssueCode.Forbidden, forbidden);
        return new ImportPlan(
            FileTicket.For(session.Caller),
            files.ToImmutable(),
            import.Source,
            import.BaseUrl,
            needsToken ?? true
        );
    }

    private async Task<Result<Decision>> StartAsync(
        BulkImport import,
        ImportPlan plan,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var running = await session.Reads.RunningJobsAsync(ImportPlan.Kind, cancellationToken);
        if (running.Length >= options.MaxRunning)
            return Failure.From(
                429,
                IssueCode.Throttled,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{running.Length} imports go on, and no more at once (Imports:MaxRunning). Ask again in a minute, or give one up by DELETE of its status."
                )
            );
        return JobTask.Start(
            new JobOrder(ImportPlan.Kind, plan.Files.Length, plan.ToUtf8Json()),
            string.Create(CultureInfo.InvariantCulture, $"Import of {plan.Files.Length} files"),
            import.Call.By,
            ServerAgent.Unknown.Reference,
            now,
            runner.NewId()
        );
    }

    private static Failure TooMany() =>
        Failure.Unprocessable(
            IssueCode.TooCostly,
            $"At most {MaxFiles} files, of {MaxManifests} manifests, are imported at once: import them in several requests."
        );
}
