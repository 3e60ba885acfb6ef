using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Lifecycles;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Writes;

/// <summary>An attempt to reach a patient that a plain write lets fail, and that nobody has followed up yet.</summary>
/// <param name="Plan">The plan that has it as an activity; null where none has.</param>
public sealed record FailedContact(RestWrite Write, Snapshot? Plan);

/// <summary>The second attempt is asked for by whichever write the first one fails, as <c>$fail</c> asks for it.</summary>
public static class FailedContacts
{
    /// <summary>True where a second attempt follows, unless it was asked for before.</summary>
    public static bool Is(RestWrite write) =>
        write is { Key.Type: ResourceTypes.Task, IsDeletion: false, Before: { } before }
        && TaskLifecycle.Table.StatusOf(write.After) == TaskStatusCodes.Failed
        && TaskLifecycle.Table.StatusOf(before) != TaskStatusCodes.Failed
        && SecondAttempt.MayFollow(new Snapshot(write.Key, write.Version, write.After.Utf8));

    /// <param name="current">What the same commit has made of a resource so far; null where it does not write it.</param>
    internal static ImmutableArray<ResourceWrite> Follow(
        ImmutableArray<FailedContact> contacts,
        Func<Fhir.Primitives.ResourceKey, Snapshot?> current,
        DateTimeOffset now
    )
    {
        var plans = new Dictionary<string, CarePlanDraft>(StringComparer.Ordinal);
        var made = ImmutableArray.CreateBuilder<ResourceWrite>();
        foreach (var (write, plan) in contacts)
        {
            var failed = current(write.Key) ?? new Snapshot(write.Key, write.Version, write.After.Utf8);
            if (SecondAttempt.After(new TaskDraft(failed), now) is not { } next)
                continue;
            made.Add(new(next.Key, 0, next.ToUtf8Json()));
            if (plan is not { } read)
                continue;
            var reference = read.Key.ToString();
            if (!plans.TryGetValue(reference, out var draft))
                plans[reference] = draft = new CarePlanDraft(current(read.Key) ?? read);
            draft.AddActivity(next.Reference);
        }

        return [.. made, .. plans.Values.Select(p => new ResourceWrite(p.Key, p.Version, p.ToUtf8Json()))];
    }
}
