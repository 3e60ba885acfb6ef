using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Access.Scopes;
using CareCoordination.Application.Access;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Diagnostics;
using CareCoordination.Application.Exports.Files;
using CareCoordination.Application.Jobs;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Application.Exports;

/// <summary>
/// The job of <c>$export</c>. A step is a type, and at the end what the audit trail is told; beside a file there may be one of deletions.
/// </summary>
internal sealed class ExportSteps(
    CareSession session,
    AccessPolicy policy,
    ExportScopes scopes,
    ExportDisclosures disclosures,
    FhirDefinitions definitions,
    JobFiles files,
    ExportOptions options,
    TimeProvider time,
    ILogger<ExportSteps> log
) : FileJob(ExportPlan.Kind, "steps", session, files, log)
{
    public override bool IsDone(JobStep step) => ExportPlace.Of(step.Result).IsDone;

    public override string Progress(Job job, ImmutableArray<JobStep> steps)
    {
        var places = steps.Select(s => ExportPlace.Of(s.Result)).ToList();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{places.Count(p => p.IsDone)} of {job.Total} steps, {places.Sum(p => p.Files.Sum(f => f.Count))} resources"
        );
    }

    public override FhirResponse Answer(FinishedJob finished) =>
        ExportManifest.Answer(finished, (finished.Job.EndedAt ?? time.GetUtcNow()) + options.Keep);

    protected override async Task<StepResult> GoOnAsync(
        Job job,
        int place,
        ReadOnlyMemory<byte> from,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var plan = ExportPlan.Of(job);
        var reached = ExportPlace.Of(from);
        var rights = policy.Of(plan.Ticket.AskedBy.ToCaller() with { IsExporting = true });
        if (!(await scopes.PatientsAsync(plan, rights, cancellationToken)).TryGet(out var cohort, out var gone))
        {
            return new StepResult(null, from)
            {
                Fails = $"{gone.Issues[0].Diagnostics} What was written is removed; ask again for what is there.",
            };
        }

        var visibility = rights.Visible(ScopeRights.Search)?.At(now);
        if (place == plan.Types.Length)
        {
            var told = await disclosures.TellAsync(plan, cohort, visibility, reached, cancellationToken);
            return new StepResult(null, told.ToUtf8Json()) { GoesOnFrom = from };
        }

        var query = Query(plan, plan.Types[place], cohort, visibility);
        var targets = IsByTargets(plan, plan.Types[place])
            ? new ProvenanceTargets(Session.Reads, definitions.Schema.IsResourceType, cohort.Patients)
            : null;
        var part = new ExportPart(Session.Reads, Files, options, definitions, plan, targets);
        var next = await part.WriteAsync(job.Id, place, query, reached, cancellationToken);
        return new StepResult(null, next.ToUtf8Json()) { GoesOnFrom = from };
    }

    /// <summary>Whether a Provenance is of a patient is told by what it is about.</summary>
    private static bool IsByTargets(ExportPlan plan, string type) =>
        plan.Request.Level != ExportLevel.System && type == ResourceTypes.Provenance;

    private SnapshotQuery Query(ExportPlan plan, string type, Cohort cohort, Visibility? visibility)
    {
        var isOfPatients =
            plan.Request.Level != ExportLevel.System
            && ExportTypes.IsOfPatients(type, definitions)
            && !IsByTargets(plan, type);
        return new SnapshotQuery(type, plan.AsOf, Math.Min(ExportPart.RowsOfPage, options.FileResources))
        {
            Since = plan.Request.Since,
            Until = plan.Request.Until,
            WithDeletions = plan.Request.Since is not null,
            OnlyOfPatients = isOfPatients,
            Patients = isOfPatients ? cohort.Patients : null,
            AnyOf =
            [
                .. plan
                    .Request.TypeFilters.Select(text => TypeFilter.Parse(text, definitions, plan.BaseUrl).Value.Query)
                    .Where(filter => filter.ResourceType == type)
                    .Select(filter => filter.Criteria),
            ],
            Visibility = visibility,
        };
    }
}
