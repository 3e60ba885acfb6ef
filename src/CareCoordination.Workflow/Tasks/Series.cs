using System.Text.Json.Nodes;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Timings;

namespace CareCoordination.Workflow.Tasks;

/// <summary>
/// Tasks that repeat. R4: "any action that requires ongoing repeated performance should be captured using a different type of
/// resource": each task is one occurrence, carries the Timing of its series, and its end makes the next.
/// </summary>
public static class Series
{
    /// <summary>Elements that one occurrence takes from the one before.</summary>
    private static readonly string[] Kept =
    [
        "instantiatesCanonical",
        "instantiatesUri",
        "basedOn",
        "groupIdentifier",
        "partOf",
        "intent",
        "priority",
        "code",
        "description",
        "focus",
        "for",
        "encounter",
        "requester",
        "performerType",
        "owner",
        "location",
        "reasonCode",
        "reasonReference",
        "insurance",
        "input",
    ];

    /// <summary>
    /// The next occurrence: the first one of the Timing after this task's that still lies ahead, so that a series that was neglected does
    /// not come back as a heap. Null where the task is of no series or the series is over.
    /// </summary>
    /// <param name="zone">The zone whose clock the series keeps.</param>
    public static TaskDraft? Next(TaskDraft task, DateTimeOffset now, TimeZoneInfo zone, Func<string> newId)
    {
        if (
            task.Series is not { } timing
            || task.Occurrence is not { } number
            || Timing.Parse(timing, zone) is not { } rule
        )
            return null;
        foreach (var (occurrence, at) in rule.Occurrences())
        {
            if (occurrence > number && at > now)
                return Occurrence(task, occurrence, at, now, newId());
        }

        return null;
    }

    private static TaskDraft Occurrence(TaskDraft before, int number, DateTimeOffset at, DateTimeOffset now, string id)
    {
        var next = new TaskDraft(id);
        foreach (var name in Kept)
        {
            if (before.Json[name] is { } value)
                next.Json[name] = value.DeepClone();
        }

        next.Status = next.Owner is null ? "requested" : "ready";
        next.Json["authoredOn"] = Nodes.Time(now);
        next.Touch(now);
        if (before.Json.Child("restriction")?["recipient"] is { } recipients)
            next.Json.Ensure("restriction")["recipient"] = recipients.DeepClone();
        next.RestrictionStart = at;
        if (before.RestrictionStart is { } start && before.Due is { } due)
            next.Due = at + (due - start);
        next.Json.SetExtension(CareExtensions.Series, "valueTiming", before.Series!.DeepClone());
        next.Occurrence = number;
        return next;
    }
}
