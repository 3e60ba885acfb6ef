using CareCoordination.Workflow.Lifecycles;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Tasks;

/// <summary>
/// Putting a task on hold and taking it up again where it was. A hold that came from a parent or a plan is lifted only with it;
/// what was on hold before stays so.
/// </summary>
internal static class Held
{
    /// <summary>Remembers the status, since when, and what holds it (null: itself).</summary>
    public static void Put(ResourceDraft draft, string? holder, DateTimeOffset now)
    {
        HeldStatus.Set(draft.Json, draft.Status);
        draft.Json.SetExtension(CareExtensions.HeldSince, "valueDateTime", Nodes.Time(now));
        draft.Json.SetExtension(
            CareExtensions.HeldBy,
            "valueReference",
            holder is null ? null : Nodes.NewReference(holder)
        );
        draft.Status = "on-hold";
    }

    public static void Clear(ResourceDraft draft)
    {
        HeldStatus.Set(draft.Json, null);
        draft.Json.SetExtension(CareExtensions.HeldSince, "valueDateTime", null);
        draft.Json.SetExtension(CareExtensions.HeldBy, "valueReference", null);
    }

    /// <summary>Holds those that can be held and are not: the children of <paramref name="holder"/>.</summary>
    public static void PutAll(IEnumerable<TaskDraft> children, string holder, DateTimeOffset now)
    {
        foreach (var child in children)
        {
            if (child.Status == "on-hold" || TaskLifecycle.Table.Find(child.Status, "on-hold") is null)
                continue;
            Put(child, holder, now);
            child.Touch(now);
        }
    }

    /// <summary>Takes up again those that <paramref name="holder"/> held, each where it was.</summary>
    public static void ResumeAll(IEnumerable<TaskDraft> children, string holder, DateTimeOffset now)
    {
        foreach (var child in children)
        {
            if (child.Status != "on-hold" || child.HeldBy != holder || child.HeldFrom is not { } heldFrom)
                continue;
            Clear(child);
            child.Status = heldFrom;
            child.Touch(now);
        }
    }
}
