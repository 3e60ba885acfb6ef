using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Lifecycles;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Resources;

/// <summary>
/// Putting a task on hold and taking it up again where it was. A hold that came from a parent or a plan is lifted only with it;
/// what was on hold before stays so.
/// </summary>
internal static class Held
{
    /// <summary>Remembers the status, since when, and what holds it (null: itself).</summary>
    public static void Put(ResourceDraft draft, string? holder, DateTimeOffset now) =>
        Put(draft, holder, draft.Status, now);

    public static void Put(ResourceDraft draft, string? holder, string from, DateTimeOffset now)
    {
        RememberFrom(draft, from);
        draft.Extensions.Put(new() { Url = CareExtensions.HeldSince, ValueDateTime = now });
        if (holder is not null)
            draft.Extensions.Put(new() { Url = CareExtensions.HeldBy, ValueReference = References.To(holder) });
        draft.Status = TaskStatusCodes.OnHold;
    }

    public static void RememberFrom(ResourceDraft draft, string status) =>
        draft.Extensions.Put(new() { Url = CareExtensions.HeldFrom, ValueCode = status });

    public static void Clear(ResourceDraft draft) => draft.Extensions.RemoveAll(e => IsHold(e.Url));

    /// <summary>True for what is on hold because of <paramref name="holder"/>.</summary>
    public static bool IsBy(ResourceDraft draft, string holder) =>
        draft.Status == TaskStatusCodes.OnHold
        && draft.Extensions.With(CareExtensions.HeldBy)?.ValueReference.Target() == holder;

    /// <summary>What one version remembers of its hold, in the place of what the other says.</summary>
    public static void Copy(ResourceDraft from, ResourceDraft to)
    {
        var kept = from.Extensions.Where(e => IsHold(e.Url)).ToArray();
        if (
            to.Extensions.Count(e => IsHold(e.Url)) == kept.Length
            && kept.All(k => to.Extensions.With(k.Url!) is { } sent && Says(sent, k))
        )
            return;
        Clear(to);
        foreach (var extension in kept)
            to.Extensions.Add(Copy(extension));
    }

    private static ExtensionEditor Copy(ExtensionEditor extension) =>
        extension.Url switch
        {
            CareExtensions.HeldFrom => new() { Url = extension.Url, ValueCode = extension.ValueCode },
            CareExtensions.HeldSince => new() { Url = extension.Url, ValueDateTime = extension.ValueDateTime },
            _ => new() { Url = extension.Url, ValueReference = References.To(extension.ValueReference.Target() ?? "") },
        };

    private static bool Says(ExtensionEditor sent, ExtensionEditor kept) =>
        sent.ValueCode == kept.ValueCode
        && sent.ValueDateTime == kept.ValueDateTime
        && sent.ValueReference.Target() == kept.ValueReference.Target();

    private static bool IsHold(string? url) =>
        url is CareExtensions.HeldFrom or CareExtensions.HeldSince or CareExtensions.HeldBy;

    /// <summary>Holds those that can be held and are not: the children of <paramref name="holder"/>.</summary>
    public static void PutAll(IEnumerable<TaskDraft> children, string holder, DateTimeOffset now)
    {
        foreach (var child in children)
        {
            if (
                child.Status == TaskStatusCodes.OnHold
                || TaskLifecycle.Table.Find(child.Status, TaskStatusCodes.OnHold) is null
            )
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
            if (child.Status != TaskStatusCodes.OnHold || child.HeldBy != holder || child.HeldFrom is not { } heldFrom)
                continue;
            Clear(child);
            child.Status = heldFrom;
            child.Touch(now);
        }
    }
}
