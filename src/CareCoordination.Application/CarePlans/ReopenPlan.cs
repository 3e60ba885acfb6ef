using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.CarePlans;
using MediatR;

namespace CareCoordination.Application.CarePlans;

/// <summary>Brings back a plan that was closed or revoked.</summary>
public sealed record ReopenPlan(CommandCall Call, string? Consent, bool AllowConcurrent) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.CarePlan,
        "reopen",
        "Brings back a plan that was closed or revoked, as far as it could begin. Its members stay as they are.",
        input =>
            input.Command(call => new ReopenPlan(
                call,
                input.Reference("consent"),
                input.Flag("allowConcurrent") ?? false
            ))
    )
    {
        Parameters = [Take.NeededReason, Take.Note, Take.Consent, Take.AllowConcurrent, Take.Practitioner],
    };
}

internal sealed class ReopenPlanHandler(CommandRunner runner, PlanReads plans)
    : IRequestHandler<ReopenPlan, FhirResponse>
{
    public Task<FhirResponse> Handle(ReopenPlan command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            async (plan, now, policy) =>
                PlanSteps.Reopen(
                    plan,
                    await plans.EntryAsync(plan, command.Consent, policy.RulesAt(now), cancellationToken) with
                    {
                        AllowConcurrent = command.AllowConcurrent,
                    },
                    policy.RulesAt(now),
                    command.Call.At(now, policy)
                ),
            cancellationToken
        );
}
