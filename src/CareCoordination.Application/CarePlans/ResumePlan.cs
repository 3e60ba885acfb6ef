using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.CarePlans;
using MediatR;

namespace CareCoordination.Application.CarePlans;

/// <summary>Takes up a suspended plan.</summary>
public sealed record ResumePlan(CommandCall Call, string? Consent, bool AllowConcurrent) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.CarePlan,
        "resume",
        "Takes up the plan, and each goal, task and request that it held where it was. What keeps a plan from beginning keeps it from going on.",
        input =>
            input.Command(call => new ResumePlan(
                call,
                input.Reference("consent"),
                input.Flag("allowConcurrent") ?? false
            ))
    )
    {
        Parameters = [Take.Reason, Take.Note, Take.Consent, Take.AllowConcurrent, Take.Practitioner],
    };
}

internal sealed class ResumePlanHandler(CommandRunner runner, CareReads reads, PlanReads plans, GoalReadings readings)
    : IRequestHandler<ResumePlan, FhirResponse>
{
    public Task<FhirResponse> Handle(ResumePlan command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            async (plan, now, policy) =>
            {
                var members = await reads.MembersOfAsync(plan, cancellationToken);
                var resumed = PlanSteps.Resume(
                    plan,
                    new PlanMembers(members),
                    await plans.EntryAsync(plan, command.Consent, policy.RulesAt(now), cancellationToken) with
                    {
                        AllowConcurrent = command.AllowConcurrent,
                    },
                    policy.RulesAt(now),
                    command.Call.At(now, policy)
                );
                return resumed.TryGet(out var decision, out var failure)
                    ? await readings.JudgeSoughtAsync(decision, members, policy, now, cancellationToken)
                    : failure;
            },
            cancellationToken
        );
}
