using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;
using MediatR;

namespace CareCoordination.Application.CarePlans;

/// <summary>A plan begins, and its members with it.</summary>
public sealed record ActivatePlan(CommandCall Call, string? Consent, bool AllowConcurrent) : Command(Call)
{
    public static readonly Operation Operation = new(
        "CarePlan",
        "activate",
        "The plan begins: accepted goals become active, drafts among tasks and requests are asked for. Everything that stands in the way is named at once.",
        input =>
            input.Command(call => new ActivatePlan(
                call,
                input.Reference("consent"),
                input.Flag("allowConcurrent") ?? false
            ))
    )
    {
        Parameters =
        [
            Take.Reason,
            new(
                "consent",
                ["Reference"],
                "The patient's Consent, where the programme needs one and none is on file as active."
            ),
            new(
                "allowConcurrent",
                ["boolean"],
                "True: another active plan of the same template and category is meant to go on beside it."
            ),
            Take.Practitioner,
        ],
    };
}

internal sealed class ActivatePlanHandler(CommandRunner runner, CareReads reads)
    : IRequestHandler<ActivatePlan, FhirResponse>
{
    public Task<FhirResponse> Handle(ActivatePlan command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            (plan, now, policy) => DecideAsync(command, plan, now, policy, cancellationToken),
            cancellationToken
        );

    private async Task<Result<Decision>> DecideAsync(
        ActivatePlan command,
        Snapshot plan,
        DateTimeOffset now,
        CarePolicy policy,
        CancellationToken cancellationToken
    )
    {
        if (
            command.Consent is { } consent
            && await reads.ReadAsync(consent, cancellationToken) is not { Key.Type: "Consent" }
        )
            return Failure.Unprocessable(
                IssueCode.NotFound,
                "The Consent that 'consent' refers to is not here.",
                "Parameters.parameter"
            );
        return PlanSteps.Activate(
            plan,
            new PlanMembers(await reads.MembersOfAsync(plan, cancellationToken)),
            await reads.ActivationAsync(plan, command.Consent, command.AllowConcurrent, cancellationToken),
            policy.RulesAt(now),
            command.Call.At(now, policy)
        );
    }
}
