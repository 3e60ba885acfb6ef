using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;
using MediatR;

namespace CareCoordination.Application.CarePlans;

/// <summary>A plan begins, and its members with it.</summary>
public sealed record ActivatePlan(CommandCall Call, string? Consent, bool AllowConcurrent, bool AcceptGoals)
    : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.CarePlan,
        "activate",
        "The plan begins: accepted goals become active, drafts among tasks and requests are asked for. Everything that stands in the way is named at once.",
        input =>
            input.Command(call => new ActivatePlan(
                call,
                input.Reference("consent"),
                input.Flag("allowConcurrent") ?? false,
                input.Flag("acceptGoals") ?? false
            ))
    )
    {
        Parameters =
        [
            Take.Reason,
            Take.Note,
            Take.Consent,
            Take.AllowConcurrent,
            new(
                "acceptGoals",
                ["boolean"],
                "True: the patient agrees to the goals that are proposed; they are accepted, and become active with the plan."
            ),
            Take.Practitioner,
        ],
    };
}

internal sealed class ActivatePlanHandler(CommandRunner runner, CareReads reads, PlanReads plans, GoalReadings readings)
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
        var rules = policy.RulesAt(now);
        var context = await plans.EntryAsync(plan, command.Consent, rules, cancellationToken);
        var members = await reads.MembersOfAsync(plan, cancellationToken);
        var activated = PlanSteps.Activate(
            plan,
            new PlanMembers(members),
            context with
            {
                AllowConcurrent = command.AllowConcurrent,
                AcceptGoals = command.AcceptGoals,
            },
            rules,
            command.Call.At(now, policy)
        );
        return activated.TryGet(out var decision, out var failure)
            ? await readings.JudgeSoughtAsync(decision, members, policy, now, cancellationToken)
            : failure;
    }
}
