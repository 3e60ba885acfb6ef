namespace CareCoordination.Workflow.Tasks;

/// <summary>
/// The place of a task in a worklist: by priority, then what is overdue, then by the patient's risk, then by due time. The id makes
/// the order total, so that pages do not overlap. Smaller comes first.
/// </summary>
/// <param name="Priority">The rank of <see cref="Priorities"/>.</param>
/// <param name="Risk">The rank of the patient's tier: 0 unknown or low, larger is more.</param>
public readonly record struct WorklistKey(int Priority, bool IsOverdue, int Risk, DateTimeOffset? Due, string Id)
    : IComparable<WorklistKey>
{
    public static WorklistKey Of(string? priority, DateTimeOffset? due, int risk, string id, DateTimeOffset now) =>
        new(Priorities.Rank(priority), due < now, risk, due, id);

    public int CompareTo(WorklistKey other)
    {
        if (Priority != other.Priority)
            return other.Priority.CompareTo(Priority);
        if (IsOverdue != other.IsOverdue)
            return other.IsOverdue.CompareTo(IsOverdue);
        if (Risk != other.Risk)
            return other.Risk.CompareTo(Risk);
        // What has no due time comes after what has one.
        var due = (Due ?? DateTimeOffset.MaxValue).CompareTo(other.Due ?? DateTimeOffset.MaxValue);
        return due != 0 ? due : string.CompareOrdinal(Id, other.Id);
    }

    public static bool operator <(WorklistKey left, WorklistKey right) => left.CompareTo(right) < 0;

    public static bool operator >(WorklistKey left, WorklistKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(WorklistKey left, WorklistKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(WorklistKey left, WorklistKey right) => left.CompareTo(right) >= 0;
}
