using System.Collections.Immutable;
using CareCoordination.Application.Jobs;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage;
using CareCoordination.Workflow.Caseload;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Application.Caseload;

/// <summary>The job of a bulk transfer: in each step one patient is offered, or has an answer why not.</summary>
internal sealed class TransferSteps(CareReads reads, CarePolicies policies, Handovers handovers, CommandRunner runner)
    : JobKind(TransferJob.Code, "patients")
{
    public override bool IsDecidedInTurn => true;

    public override Agent By(Job job) => Of(job).By;

    public override async Task<StepResult> StepAsync(
        Job job,
        Snapshot task,
        int place,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var transfer = Of(job);
        var patient = transfer.Patients[place];
        var offered = await OfferAsync(task, transfer, patient, now, cancellationToken);
        var decision = offered.TryGet(out var made, out var refusal) ? made : null;
        var outcome = new TransferOutcome(patient, decision?.Answer.ToString(), refusal?.Issues ?? []);
        return new StepResult(decision, outcome.ToUtf8Json());
    }

    public override ReadOnlyMemory<byte> Report(ResourceKey task, ImmutableArray<JobStep> steps) =>
        TransferOutcome.Report(task, steps.Select(s => s.Result));

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

    private static TransferJob Of(Job job) =>
        TransferJob.Of(new JobOrder(job.Kind, job.Total, job.Arguments), ServerAgent.Unknown);
}
