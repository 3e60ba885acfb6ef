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
using MediatR;

namespace CareCoordination.Application.CarePlans;

/// <summary>Another plan of the patient is merged into this one.</summary>
public sealed record ReconcilePlan(CommandCall Call, string OtherPlan, ReconcileChoices Choices, bool DryRun)
    : Command(Call)
{
    private static readonly string?[] Sides = ["this", "other", "both"];

    public static readonly Operation Operation = new(
        ResourceTypes.CarePlan,
        "reconcile",
        "Merges another plan of the patient into this one: conflicts are named, what loses is cancelled, the other plan is revoked.",
        Read
    )
    {
        Parameters =
        [
            new("otherPlan", ["Reference"], "The plan that is merged into this one.") { IsRequired = true },
            new(
                "strategy",
                ["code", "string"],
                "prefer-this or prefer-other: which side of a conflict stays. manual, as where it is left out: each conflict needs a decision."
            ),
            new("decision", [], "What stays of one conflict; it goes before the strategy.")
            {
                IsRepeatable = true,
                Parts =
                [
                    new("this", ["Reference"], "The member of this plan.") { IsRequired = true },
                    new("other", ["Reference"], "The member of the other plan.") { IsRequired = true },
                    new("keep", ["code", "string"], "this, other or both.") { IsRequired = true },
                ],
            },
            new("dryRun", ["boolean"], "True: nothing changes, and the answer is Parameters that name the conflicts."),
            Take.Reason,
            Take.Note,
            Take.Practitioner,
        ],
    };

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        ReconcileStrategy? strategy = input.Text("strategy") switch
        {
            null or "manual" => ReconcileStrategy.Manual,
            "prefer-this" => ReconcileStrategy.PreferThis,
            "prefer-other" => ReconcileStrategy.PreferOther,
            _ => null,
        };
        var decisions = ImmutableArray.CreateBuilder<ReconcileDecision>();
        foreach (var decision in input.All("decision"))
        {
            var keep = Sides.IndexOf(decision.Text("keep"));
            if (keep < 0)
                return Failure.Invalid(IssueCode.Value, "'keep' is this, other or both.", "Parameters.parameter");
            decisions.Add(
                new(input.ReferenceOf(decision, "this")!, input.ReferenceOf(decision, "other")!, (KeptSide)keep)
            );
        }

        return strategy is { } known
            ? input.Command(call => new ReconcilePlan(
                call,
                input.Reference("otherPlan")!,
                new ReconcileChoices(known, decisions.ToImmutable()),
                input.Flag("dryRun") ?? false
            ))
            : Failure.Invalid(
                IssueCode.Value,
                "'strategy' is prefer-this, prefer-other or manual.",
                "Parameters.parameter"
            );
    }
}

internal sealed class ReconcilePlanHandler(CommandRunner runner, CareReads reads)
    : IRequestHandler<ReconcilePlan, FhirResponse>
{
    public async Task<FhirResponse> Handle(ReconcilePlan command, CancellationToken cancellationToken)
    {
        if (command.DryRun)
            return await ShowAsync(command, cancellationToken);
        return await runner.RunAsync(
            command,
            async (plan, now, policy) =>
                await OtherAsync(command, cancellationToken) is { } other
                    ? ReconcilePlans.Merge(
                        await WholeAsync(plan, cancellationToken),
                        await WholeAsync(other, cancellationToken),
                        command.Choices,
                        command.Call.At(now, policy)
                    )
                    : WorkerRule.Unresolved("otherPlan", command.OtherPlan),
            cancellationToken
        );
    }

    private async Task<FhirResponse> ShowAsync(ReconcilePlan command, CancellationToken cancellationToken)
    {
        if (await reads.ReadAsync(command.Call.Key.ToString(), cancellationToken) is not { } plan)
            return Failure.NotFound($"There is no {command.Call.Key}.");
        if (await OtherAsync(command, cancellationToken) is not { } other)
            return WorkerRule.Unresolved("otherPlan", command.OtherPlan);
        var conflicts = ReconcilePlans.DryRun(
            await WholeAsync(plan, cancellationToken),
            await WholeAsync(other, cancellationToken)
        );
        return conflicts.TryGet(out var answer, out var failure)
            ? FhirResponse.Of(new BytesContent(answer.ToUtf8Json()))
            : failure;
    }

    private async Task<Snapshot?> OtherAsync(ReconcilePlan command, CancellationToken cancellationToken) =>
        command.OtherPlan.StartsWith("CarePlan/", StringComparison.Ordinal)
        && command.OtherPlan != command.Call.Key.ToString()
            ? await reads.NamedAsync(command.OtherPlan, cancellationToken)
            : null;

    private async Task<WholePlan> WholeAsync(Snapshot plan, CancellationToken cancellationToken) =>
        new(plan, new PlanMembers(await reads.MembersOfAsync(plan, cancellationToken)));
}
