using CareCoordination.Fhir.Outcomes;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Lifecycles;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Resources;

/// <summary>
/// The <see cref="StatusGuard"/> of commands, which asks two things more: a command that changes nothing is a mistake, and where
/// several commands lead to one status each makes only its own steps. <c>$start</c> does not resume, and <c>$resume</c> does not reopen.
/// </summary>
internal static class CommandGuard
{
    public static Failure? Check(
        ResourceDraft draft,
        string to,
        string command,
        Reason? reason,
        ActorRelation? by,
        string? heldFrom = null
    )
    {
        var table = LifecycleTables.For(draft.Key.Type)!;
        var at = $"{table.ResourceType}.{table.StatusElement}";
        var from = draft.Status;
        if (from == to)
            return RuleFailure.Of("illegal-transition", $"{draft.Reference} is {to} already.", at);
        if (table.Find(from, to) is { } step && step.Command != command)
        {
            var own = step.Command is null ? "only a plain write" : $"${step.Command}";
            return RuleFailure.Of(
                "illegal-transition",
                $"{draft.Reference} is {from}: {own} takes it to '{to}', not ${command}.",
                at
            );
        }

        return StatusGuard.Check(
            new StatusChange(draft.Key.Type, from, to)
            {
                Command = command,
                HasReason = reason is not null,
                By = by,
                HeldFrom = heldFrom,
            }
        );
    }
}
