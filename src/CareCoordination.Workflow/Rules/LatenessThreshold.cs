namespace CareCoordination.Workflow.Rules;

/// <summary>A lateness at which somebody is told, once.</summary>
/// <param name="Code">What the task remembers, so that it happens once: <c>overdue</c>, <c>overdue-lead</c>.</param>
/// <param name="BusinessDaysAfterDue">0: when it is due.</param>
/// <param name="ToLead">True: the lead is told; false: the owner.</param>
/// <param name="LeastPriority">Only tasks of at least this priority.</param>
public sealed record LatenessThreshold(
    string Code,
    int BusinessDaysAfterDue,
    bool ToLead,
    string LeastPriority = "routine"
)
{
    /// <summary>Only tasks of this code, whatever its system; null: all.</summary>
    public string? Work { get; init; }
}
