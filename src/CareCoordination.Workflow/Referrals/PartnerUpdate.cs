using System.Globalization;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Lifecycles;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Referrals;

/// <summary>A partner's copy of a Task, as a read, a poll, an answer or a message brought it.</summary>
/// <param name="Version">Its version id there; null where it has none.</param>
/// <param name="PartnerBase">The partner's base URL: what its relative references are relative to.</param>
public sealed record PartnerTaskVersion(string? Version, ReadOnlyMemory<byte> Task, string PartnerBase);

/// <summary>The partner's copy as it was seen or written last.</summary>
/// <param name="Status">As <see cref="PartnerUpdate.StatusOf"/> gives it.</param>
public sealed record SeenCopy(string? Version, string? Status)
{
    /// <summary><c>meta.lastUpdated</c> of it, where it is known.</summary>
    public DateTimeOffset? LastUpdated { get; init; }
}

/// <summary>What is to be done with a version of a partner's Task.</summary>
public abstract record PartnerVerdict
{
    private PartnerVerdict() { }

    /// <summary>It is news.</summary>
    public sealed record Applied(Decision Decision) : PartnerVerdict;

    /// <summary>It says what is known: our own write coming back, or a state that a later one of ours is on its way to replace.</summary>
    public sealed record Echo : PartnerVerdict;

    /// <summary>It is older than what was seen.</summary>
    public sealed record Stale : PartnerVerdict;

    /// <summary>It cannot be so: kept for somebody to look at.</summary>
    /// <param name="Code"><c>not-a-task</c>, <c>status-not-in-profile</c>, <c>illegal-step</c>, <c>other-patient</c>.</param>
    public sealed record Unapplied(string Code, string Sentence) : PartnerVerdict;
}

/// <summary>
/// What a partner says of a referral. A poll brings the latest state only, so the step is legal where steps of the recipient lead
/// there; what a partner may not set is refused. What follows for people here is in <see cref="ReferralFollowing"/>.
/// </summary>
public static class PartnerUpdate
{
    /// <param name="snapshot">The Task here.</param>
    /// <param name="request">The ServiceRequest that it fulfils; null where it is gone.</param>
    /// <param name="seen">Null where nothing was seen or written before.</param>
    public static PartnerVerdict Decide(
        Snapshot snapshot,
        Snapshot? request,
        PartnerTaskVersion received,
        SeenCopy? seen,
        ReferralProfile profile,
        ReferralContext context
    )
    {
        if (Read(received.Task) is not { } theirs)
            return new PartnerVerdict.Unapplied("not-a-task", "The partner sent something that is no Task.");
        if (IsOlder(received, theirs, seen))
            return new PartnerVerdict.Stale();
        var task = new TaskDraft(snapshot);
        if (IsOtherPatient(task, theirs, received.PartnerBase))
            return new PartnerVerdict.Unapplied("other-patient", "The partner's Task is for another patient.");
        var told = ReferralState.Of(theirs);
        if (profile.Read(told) is not { } state)
            return new PartnerVerdict.Unapplied(
                "status-not-in-profile",
                $"The profile {profile.Name} has no status '{told.Status}'."
            );
        var was = ReferralState.Of(task);
        var shown = profile.Show(was);
        var isNewThere = seen?.Status is not { } known || ReferralState.Parse(known) != told;
        var moved = isNewThere && !IsSame(shown, told);
        var standing = moved ? StandingOf(task, told, seen) : Standing.Counts;
        if (standing == Standing.Impossible)
            return new PartnerVerdict.Unapplied(
                "illegal-step",
                $"{task.Reference} was cancelled, and the partner knew it; now it says '{told}'."
            );
        moved = moved && standing == Standing.Counts;
        var isRace = moved && was.Status == TaskStatusCodes.Cancelled;
        if (moved && IsBehindWhatWasWrittenHere(task, shown, told, seen, profile))
            moved = false;
        if (moved && !isRace && !profile.CanReach(shown, told, ActorRelation.Owner))
            return new PartnerVerdict.Unapplied(
                "illegal-step",
                $"{task.Reference} is '{shown}' in the partner's words; the recipient cannot take it to '{told}'."
            );
        return Apply(task, request, theirs, shown, moved ? state : was, received, context);
    }

    /// <summary>What to keep as the status of the partner's copy, to know next time whether it moved.</summary>
    public static string? StatusOf(ReadOnlyMemory<byte> partnerTask) =>
        Read(partnerTask) is { } task ? ReferralState.Of(task).ToString() : null;

    private static PartnerVerdict Apply(
        TaskDraft task,
        Snapshot? request,
        TaskView theirs,
        ReferralState shown,
        ReferralState state,
        PartnerTaskVersion received,
        ReferralContext context
    )
    {
        var was = ReferralState.Of(task);
        var before = task.Edit.Output.Count;
        var isPending = PartnerNews.IsPending(task);
        PartnerNews.Take(task, theirs, received.PartnerBase, shown, takesStatus: state != was);
        if (state != was)
            PartnerNews.Move(task, theirs, state, context.Now);
        var others = new List<ResourceDraft>();
        var fulfilled = request is { } read ? new ServiceRequestDraft(read) : null;
        if (task.IsChanged)
        {
            var change = new ReferralChange(was, HasNewOutput: task.Edit.Output.Count > before, isPending);
            others.AddRange(ReferralFollowing.Of(task, change, fulfilled, context));
            ReferralTimers.BeginAnew(task);
            task.Touch(context.Now);
        }

        if (fulfilled is not null)
            others.Add(fulfilled);
        var decision = Drafts.Write("partner-update", task, others);
        // The partner said it: there is nothing to tell it.
        return decision.IsEmpty
            ? new PartnerVerdict.Echo()
            : new PartnerVerdict.Applied(
                decision with
                {
                    Outgoing = decision.Outgoing.RemoveAll(o => o.Task == task.Key),
                }
            );
    }

    /// <summary>What a status of the partner is worth beside what is known here.</summary>
    private enum Standing
    {
        Counts,

        /// <summary>It is from before a later change of ours reached the partner, or comes with an outcome that is attached all the same.</summary>
        PassedOver,

        /// <summary>The partner knew better.</summary>
        Impossible,
    }

    private static Standing StandingOf(TaskDraft task, ReferralState told, SeenCopy? seen)
    {
        var isOver = TaskLifecycle.Table.IsTerminal(told.Status);
        var isKnownThere =
            seen?.Status is { } status && ReferralState.Parse(status) is { Status: "cancelled" or "entered-in-error" };
        return task.Status switch
        {
            TaskStatusCodes.InProgress when task.IsAskedToCancel() && !isOver => Standing.PassedOver,
            // It knew: an outcome that comes late is attached, and the status stays.
            TaskStatusCodes.Cancelled when isKnownThere && told.Status == TaskStatusCodes.Completed =>
                Standing.PassedOver,
            TaskStatusCodes.Cancelled when isKnownThere => Standing.Impossible,
            TaskStatusCodes.Cancelled when told.Status != TaskStatusCodes.Completed => Standing.PassedOver,
            TaskStatusCodes.EnteredInError => Standing.PassedOver,
            _ => Standing.Counts,
        };
    }

    /// <summary>
    /// The partner goes on from where it was, and has not come to what was written here of how it goes: that stays, and is no mistake of
    /// the partner's.
    /// </summary>
    private static bool IsBehindWhatWasWrittenHere(
        TaskDraft task,
        ReferralState shown,
        ReferralState told,
        SeenCopy? seen,
        ReferralProfile profile
    ) =>
        task.StateBefore() is { } before
        && profile.CanReach(
            seen?.Status is { } last ? ReferralState.Parse(last) : profile.Show(before),
            told,
            ActorRelation.Owner
        )
        && profile.CanReach(told, shown, ActorRelation.Owner);

    private static bool IsSame(ReferralState shown, ReferralState told) =>
        shown.Status == told.Status && (told.Business is null || shown.Business == told.Business);

    private static bool IsOlder(PartnerTaskVersion received, TaskView theirs, SeenCopy? seen)
    {
        if (seen is null)
            return false;
        // The clock before the number: an answer may carry a number that is not the copy's.
        if (theirs.Meta.LastUpdated is { } updated && seen.LastUpdated is { } then && updated.Instant != then)
            return updated.Instant < then;
        return Number(received.Version) < Number(seen.Version);
    }

    private static long? Number(string? version) =>
        long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A partner that refers to its own record of the patient cannot be told from one that means another.</summary>
    private static bool IsOtherPatient(TaskDraft task, TaskView theirs, string partnerBase) =>
        task.For is { } ours
        && theirs.For.Target() is { } patient
        && patient.StartsWith("http", StringComparison.Ordinal)
        && !patient.StartsWith(partnerBase, StringComparison.Ordinal)
        && patient != ours
        && !patient.EndsWith("/" + ours, StringComparison.Ordinal);

    private static TaskView? Read(ReadOnlyMemory<byte> utf8) =>
        ResourceDocument.Parse(utf8).TryGet(out var document, out _) && TaskView.From(document) is { Exists: true } task
            ? task
            : null;
}
