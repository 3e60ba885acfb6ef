using System.Collections.Immutable;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Workflow.Tasks;

/// <summary>What a worklist has to know of a task that is not over.</summary>
/// <param name="Status">One of <see cref="Statuses"/>.</param>
/// <param name="Priority">The rank of <see cref="Priorities"/>.</param>
public readonly record struct OpenWork(string? Owner, string? Patient, string Status, int Priority, CareDate? Due)
{
    /// <summary>What is not over. Their order is stored: new ones come last.</summary>
    public static readonly ImmutableArray<string> Statuses =
    [
        TaskStatusCodes.Draft,
        TaskStatusCodes.Requested,
        TaskStatusCodes.Received,
        TaskStatusCodes.Accepted,
        TaskStatusCodes.Ready,
        TaskStatusCodes.InProgress,
        TaskStatusCodes.OnHold,
    ];

    /// <summary>All of them, as the value of the search parameter <c>status</c>.</summary>
    public static readonly string StatusSearch = string.Join(',', Statuses);

    /// <summary>What somebody is to do now: neither being written nor on hold.</summary>
    public static readonly ImmutableArray<string> Current = [.. Statuses.Where(s => !Waits(s))];

    public bool IsHeld => Waits(Status);

    /// <summary>Null for a task that is over.</summary>
    public static OpenWork? Of(TaskView task) =>
        task.Status is { } status && Statuses.Contains(status)
            ? new OpenWork(
                task.Owner.Target(),
                task.For.Target(),
                status,
                Priorities.Rank(task.Priority),
                CareDate.Of(task.Restriction.Period.End)
            )
            : null;

    private static bool Waits(string status) => status is TaskStatusCodes.Draft or TaskStatusCodes.OnHold;
}
