using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;
using MediatR;

namespace CareCoordination.Application.CarePlans;

/// <summary>A plan is fulfilled.</summary>
/// <param name="TransferTo">The plan in which what is unfinished goes on; null: none.</param>
public sealed record ClosePlan(
    CommandCall Call,
    Reason? Outcome,
    string? Summary,
    bool CancelUnfinished,
    string? TransferTo,
    ImmutableDictionary<string, string> Achievements
) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.CarePlan,
        "close",
        "The plan is completed and every goal with it. Refused while something is unfinished, unless 'unfinished' says what becomes of it.",
        Read
    )
    {
        Parameters =
        [
            new("outcome", ["CodeableConcept", "string"], "How it ended."),
            new("summary", ["string", "markdown"], "What the next reader should know."),
            new(
                "unfinished",
                ["code", "string", "Reference"],
                "cancel, or a Reference to the active plan of the patient in which what is unfinished goes on."
            ),
            new("goal", [], "The final achievement of a goal.")
            {
                IsRepeatable = true,
                Parts =
                [
                    new("goal", ["Reference"], "A goal of the plan.") { IsRequired = true },
                    new("achievementStatus", ["code", "string"], "A code of goal-achievement.") { IsRequired = true },
                ],
            },
            Take.Reason,
            Take.Note,
            Take.Practitioner,
        ],
    };

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        var unfinished = input.Reference("unfinished");
        var isReference = unfinished?.Contains('/', StringComparison.Ordinal) is true;
        if (unfinished is not (null or "cancel") && !isReference)
            return Failure.Invalid(
                IssueCode.Value,
                "'unfinished' is cancel, or a Reference to another plan.",
                "Parameters.parameter"
            );
        var achievements = input
            .All("goal")
            .Select(g =>
                (
                    Goal: input.ReferenceOf(g.Part.First(p => p.Name == "goal"))!,
                    Status: OperationInput.TextOf(g.Part.First(p => p.Name == "achievementStatus"))!
                )
            )
            .DistinctBy(g => g.Goal)
            .ToImmutableDictionary(g => g.Goal, g => g.Status);
        return input.Command(call => new ClosePlan(
            call,
            input.Reason("outcome"),
            input.Text("summary"),
            unfinished == "cancel",
            isReference ? unfinished : null,
            achievements
        ));
    }
}

internal sealed class ClosePlanHandler(CommandRunner runner, CareReads reads, PlanReads plans)
    : IRequestHandler<ClosePlan, FhirResponse>
{
    public Task<FhirResponse> Handle(ClosePlan command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            (plan, now, policy) => DecideAsync(command, plan, now, policy, cancellationToken),
            cancellationToken
        );

    private async Task<Result<Decision>> DecideAsync(
        ClosePlan command,
        Snapshot plan,
        DateTimeOffset now,
        CarePolicy policy,
        CancellationToken cancellationToken
    )
    {
        Unfinished unfinished = command.CancelUnfinished ? new Unfinished.Cancel() : new Unfinished.None();
        if (command.TransferTo is { } other)
        {
            if (
                !other.StartsWith("CarePlan/", StringComparison.Ordinal)
                || await reads.NamedAsync(other, cancellationToken) is not { } target
            )
                return WorkerRule.Unresolved("unfinished", other);
            unfinished = new Unfinished.TransferTo(target);
        }

        return EndPlan.Close(
            plan,
            await plans.MembersAsync(
                plan,
                await reads.EndingMembersOfAsync(plan, cancellationToken),
                cancellationToken
            ),
            new PlanClosing(command.Outcome ?? command.Call.Reason, command.Summary, unfinished)
            {
                Achievements = command.Achievements,
            },
            command.Call.At(now, policy)
        );
    }
}
