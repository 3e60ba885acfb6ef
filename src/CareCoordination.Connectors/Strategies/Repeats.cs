using CareCoordination.Connectors.Exchanges;
using CareCoordination.Connectors.Payloads;

namespace CareCoordination.Connectors.Strategies;

/// <summary>What is there already, when a partner says that something is.</summary>
internal static class Repeats
{
    /// <summary>A create that was accepted without a word of where, or refused as a conflict: what is there now tells.</summary>
    public static async Task<SendOutcome> LookAsync(
        PartnerTasks tasks,
        ReferralPackage package,
        PartnerAnswer answer,
        CancellationToken cancel
    )
    {
        var found = await tasks.FindAsync(OwnIdentifier.Of(package.OwnBase, package.Task.Key), cancel);
        return found switch
        {
            ReadOutcome.Found copy => await CompareAsync(tasks, package, copy.Task, cancel),
            _ when answer.Kind == AnswerKind.Accepted => new SendOutcome.Delivered(null, answer.Version),
            ReadOutcome.Failed failed => failed.Why,
            _ => Elsewhere(answer),
        };
    }

    /// <summary>
    /// An earlier attempt had arrived. Where its status is not what we say now, one of us has moved on since: that is for the
    /// status rules and not for another write to decide.
    /// </summary>
    public static async Task<SendOutcome> CompareAsync(
        PartnerTasks tasks,
        ReferralPackage package,
        PartnerTask copy,
        CancellationToken cancel
    )
    {
        if (copy.Task.IsEmpty)
        {
            var read = await tasks.ReadAsync(copy.Reference, cancel);
            if (read is not ReadOutcome.Found found)
                return read is ReadOutcome.Failed failed ? failed.Why : Delivered(copy);
            copy = found.Task;
        }

        return PartnerTasks.StatusOf(copy.Task) == PartnerTasks.StatusOf(package.Task.Utf8Json)
            ? Delivered(copy)
            : new SendOutcome.ChangedThere(copy);
    }

    /// <summary>
    /// An update that was refused as a conflict. Where the copy is what we sent, an earlier attempt of ours is what changed it.
    /// </summary>
    public static async Task<SendOutcome> ChangedAsync(
        PartnerTasks tasks,
        ReferralPackage package,
        string reference,
        ReadOnlyMemory<byte> sent,
        PartnerAnswer answer,
        CancellationToken cancel
    ) =>
        await tasks.ReadAsync(reference, cancel) switch
        {
            ReadOutcome.Found found when found.Task.Version is { } version && version == package.PartnerVersion =>
                Elsewhere(answer),
            ReadOutcome.Found found when PartnerTasks.IsWhatWasSent(found.Task.Task, sent) => Delivered(found.Task),
            ReadOutcome.Found found => new SendOutcome.ChangedThere(found.Task),
            ReadOutcome.Failed failed => failed.Why,
            _ => answer.ToOutcome(),
        };

    public static SendOutcome.Delivered Delivered(PartnerTask copy) =>
        new(copy.Reference, copy.Version) { Task = copy.Task };

    /// <summary>The Task is as we know it, so that the conflict is about something else.</summary>
    private static SendOutcome Elsewhere(PartnerAnswer answer) =>
        answer.Status == 409
            ? new SendOutcome.TryLater("The partner speaks of a conflict (409), but not about this Task.", 409, null)
            : new SendOutcome.NeedsHuman(
                $"The partner refuses a condition ({answer.Status}) that is not about this Task: see its answer.",
                answer.Status,
                answer.Body
            );
}
