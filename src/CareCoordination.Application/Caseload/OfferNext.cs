using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage.ServerState;
using CareCoordination.Workflow.Caseload;
using CareCoordination.Workflow.Decisions;
using MediatR;

namespace CareCoordination.Application.Caseload;

/// <summary>
/// One step of a bulk transfer: one patient is offered, or has an answer why not, in one commit with what is kept of the step. A step that was done
/// already, by whichever node, does nothing; after the last one the job is over.
/// </summary>
/// <param name="Place">Of the patient in the job; the number of patients: the end of the job.</param>
public sealed record OfferNext(ResourceKey Job, int Place)
    : FhirInteraction($"${TransferJob.Code}", ResourceTypes.Task, Job.Id);

internal sealed class OfferNextHandler(
    CareSession session,
    CareReads reads,
    CarePolicies policies,
    Handovers handovers,
    CommandRunner runner
) : IRequestHandler<OfferNext, FhirResponse>
{
    private static readonly FhirResponse Done = new() { Status = 200 };

    public async Task<FhirResponse> Handle(OfferNext step, CancellationToken cancellationToken) =>
        (await session.WriteInTurnAsync(token => DecideAsync(step, token), cancellationToken)).Then(_ => Done);

    private async ValueTask<WriteDecision> DecideAsync(OfferNext step, CancellationToken cancellationToken)
    {
        if (await session.Reads.JobAsync(step.Job.Id, cancellationToken) is not { EndedAt: null } job)
            return Done;
        var task = await reads.ReadAsync(step.Job.ToString(), cancellationToken);
        var now = runner.Now();
        if (TransferJob.IsOver(task))
            return new WriteSet { Jobs = [new KeepJob(job with { EndedAt = now, IsGivenUp = true })] };
        if (TransferJob.StatusOf(task!.Value) != TaskStatusCodes.InProgress)
            return Done;
        var transfer = TransferJob.Of(new JobOrder(job.Kind, job.Total, job.Arguments), ServerAgent.Unknown);
        if (step.Place >= job.Total)
            return WriteSet.Of(Recorded(TransferJob.Finish(task.Value, now), transfer)) with
            {
                Jobs = [new KeepJob(job with { EndedAt = now })],
            };
        return await session.Reads.StepsAsync(StepRange.Only(job.Id, step.Place), cancellationToken) is []
            ? await OfferAsync(step, task.Value, transfer, now, cancellationToken)
            : Done;
    }

    private async Task<WriteDecision> OfferAsync(
        OfferNext step,
        Snapshot task,
        TransferJob job,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var patient = job.Patients[step.Place];
        var offered = await OfferAsync(task, job, patient, now, cancellationToken);
        var decision = offered.TryGet(out var made, out var refusal)
            ? made
            : new Decision(step.Job, []) { Activity = TransferJob.Code };
        // The job as it was read: one that was held or cancelled meanwhile offers nothing more.
        decision = decision with
        {
            ReliedOn = decision.ReliedOn.Add(new(task.Key, task.Version)),
        };
        var outcome = new TransferOutcome(
            patient,
            refusal is null ? decision.Answer.ToString() : null,
            refusal?.Issues ?? []
        );
        return WriteSet.Of(Recorded(decision, job)) with
        {
            Jobs = [new KeepStep(new JobStep(step.Job.Id, step.Place, outcome.ToUtf8Json()))],
        };
    }

    private static RecordedDecision Recorded(Decision decision, TransferJob job) =>
        new(decision, "operation", job.By, Reason: null) { IsRecorded = !decision.IsEmpty };

    private async Task<Result<Decision>> OfferAsync(
        Snapshot task,
        TransferJob job,
        string reference,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (
            !reference.StartsWith("Patient/", StringComparison.Ordinal)
            || await reads.ReadAsync(reference, cancellationToken) is not { } patient
        )
            return Failure.Unprocessable(
                IssueCode.NotFound,
                $"{reference} is no patient who is here.",
                "Parameters.parameter"
            );
        var request = new HandoverRequest(job.From, job.To, job.Note)
        {
            Effective = job.Effective,
            OpenTasksOnly = job.OpenTasksOnly,
            OverrideCap = job.OverrideCap,
            PartOf = task.Key.ToString(),
        };
        var policy = await policies.OfAsync(patient, cancellationToken);
        return await handovers.OfferAsync(patient, request, now, policy, runner.NewId, cancellationToken);
    }
}
