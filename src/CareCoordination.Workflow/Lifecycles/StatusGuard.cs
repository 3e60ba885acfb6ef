using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Lifecycles;

/// <summary>A step of a status that somebody wants to make.</summary>
public readonly record struct StatusChange(string ResourceType, string From, string To)
{
    /// <summary>The operation that asks, without <c>$</c>; null for a plain write.</summary>
    public string? Command { get; init; }

    /// <summary>Whether a reason is given; asked of commands only.</summary>
    public bool HasReason { get; init; }

    /// <summary>The relation of the agent to the resource; null where it is not known and all may.</summary>
    public ActorRelation? By { get; init; }

    /// <summary>The status before the hold, where it was remembered: the only one to resume to.</summary>
    public string? HeldFrom { get; init; }
}

/// <summary>
/// Asks the <see cref="LifecycleTables"/> whether a status may change. Every change passes here, by command or by plain REST.
/// </summary>
public static class StatusGuard
{
    /// <summary>
    /// Null where the step is legal (or is none, or the type has no table). Otherwise 422 <c>illegal-transition</c> or
    /// <c>reason-required</c>, or 403 <c>not-permitted</c>.
    /// </summary>
    public static Failure? Check(in StatusChange change)
    {
        if (LifecycleTables.For(change.ResourceType) is not { } table || change.From == change.To)
            return null;
        var at = $"{table.ResourceType}.{table.StatusElement}";
        if (table.Find(change.From, change.To) is not { } step || (step.CommandOnly && change.Command is null))
            return RuleFailure.Of(
                "illegal-transition",
                $"{at} cannot go from '{change.From}' to '{change.To}'. {Allowed(table, change.From, change.HeldFrom)}",
                at
            );
        if (step.Resumes && change.HeldFrom is { } heldFrom && heldFrom != change.To)
        {
            return RuleFailure.Of(
                "illegal-transition",
                $"{at} cannot go from '{change.From}' to '{change.To}': the hold began in '{heldFrom}'. {Allowed(table, change.From, heldFrom)}",
                at
            );
        }

        if (change.By is { } by && !step.MayBeMadeBy(by))
            return RuleFailure.Forbidden(
                $"Only {Name(step.By)} may take {at} from '{change.From}' to '{change.To}'.",
                at
            );
        if (change.Command is { } command && step.NeedsReason && !change.HasReason)
            return RuleFailure.Of(
                "reason-required",
                $"${command} needs a reason; send the parameter 'reason'.",
                "Parameters.parameter"
            );
        return null;
    }

    /// <summary>
    /// The check of a plain write (PUT, PATCH, bundle entry): the statuses are read from both versions of the resource. What had
    /// none may have any.
    /// </summary>
    public static Failure? Check(ResourceDocument before, ResourceDocument after, ActorRelation? by = null)
    {
        var type = after.Root.TryGetProperty("resourceType"u8, out var name) ? name.GetString() : "";
        if (
            LifecycleTables.For(type) is not { } table
            || table.StatusOf(before) is not { } from
            || from == table.StatusOf(after)
        )
            return null;
        // A status that may be left out, as that of a CareTeam, would otherwise come back as any.
        if (table.StatusOf(after) is not { } to)
            return RuleFailure.Of(
                "illegal-transition",
                $"{table.ResourceType}.{table.StatusElement} cannot be removed: it is '{from}'. {Allowed(table, from, HeldStatus.Of(before))}",
                $"{table.ResourceType}.{table.StatusElement}"
            );
        // Who accepts a handover takes over the patient in the same commit, which a plain write cannot do.
        if ((to is TaskStatusCodes.Accepted or TaskStatusCodes.Completed) && HandoverOffer.Is(before))
            return RuleFailure.Of(
                "handover-by-command",
                "A handover is accepted with $accept or $complete of its Task.",
                $"{table.ResourceType}.{table.StatusElement}"
            );
        if (Check(new StatusChange(type, from, to) { By = by, HeldFrom = HeldStatus.Of(before) }) is { } refusal)
            return refusal;
        return type == ResourceTypes.CarePlan && table.Find(from, to) is { } step ? PlanByCommand.Check(step) : null;
    }

    /// <summary>The sentence that names every way on.</summary>
    private static string Allowed(Lifecycle table, string from, string? heldFrom)
    {
        var ways = table
            .From(from)
            .Where(t => !t.Resumes || heldFrom is null || t.To == heldFrom)
            .Select(t => t.CommandOnly ? $"'{t.To}' (by ${t.Command} only)" : $"'{t.To}'")
            .ToArray();
        return ways.Length == 0
            ? $"Nothing follows '{from}'."
            : $"From '{from}' it can become {string.Join(", ", ways)}.";
    }

    private static string Name(ActorRelation by) =>
        by switch
        {
            ActorRelation.Requester => "the requester or a lead",
            ActorRelation.Owner => "the owner or a lead",
            ActorRelation.Lead => "a lead",
            _ => "the requester, the owner or a lead",
        };
}
