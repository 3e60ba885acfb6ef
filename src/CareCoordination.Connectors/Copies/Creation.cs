using CareCoordination.Connectors.Exchanges;
using CareCoordination.Connectors.Partners;

namespace CareCoordination.Connectors.Copies;

/// <summary>What a create was answered with.</summary>
/// <param name="Copy">Where the Task is; null where the answer does not tell.</param>
/// <param name="IsNew">False where it was there from an earlier attempt.</param>
internal sealed record Created(PartnerAnswer Answer, PartnerTask? Copy, bool IsNew);

/// <summary>
/// Gives a partner a Task that it has not, once: a repeat looks for the copy of the attempts before it, and what is not there after it was
/// accepted is not delivered.
/// </summary>
internal static class Creation
{
    /// <summary>What keeps a partner from having two of a Task.</summary>
    public const string Guarantee =
        "A repeat looks for the Task by its identifier, and is a conditional create. A partner that neither honours If-None-Exist nor shows at once what it has stored may have two copies after a lost answer: all of them are told of changes.";

    public static async Task<SendOutcome> OnceAsync(
        PartnerTasks tasks,
        ReferralPackage package,
        Func<CancellationToken, Task<Created>> createAsync,
        CancellationToken cancel
    )
    {
        if (package.WasTriedBefore && await BeforeAsync(tasks, package, cancel) is { } before)
            return before;
        var created = await createAsync(cancel);
        if (created.Answer.Kind is not (AnswerKind.Accepted or AnswerKind.Conflict))
            return created.Answer.ToOutcome();
        if (created.Answer.Kind == AnswerKind.Conflict || created.Copy is not { } copy)
            return await LookAsync(tasks, package, created.Answer, cancel);
        return created.IsNew ? Delivered(copy) : await CompareAsync(tasks, package, copy, cancel);
    }

    /// <summary>
    /// What an earlier attempt has left there; null where nothing is, or where the partner does not let us look: then only its own check
    /// keeps it from having two.
    /// </summary>
    private static async Task<SendOutcome?> BeforeAsync(
        PartnerTasks tasks,
        ReferralPackage package,
        CancellationToken cancel
    ) =>
        await tasks.FindAsync(package, cancel) switch
        {
            ReadOutcome.Found copy => await CompareAsync(tasks, package, copy.Task, cancel),
            ReadOutcome.Failed { Why: not SendOutcome.NeedsHuman and var passing } => passing,
            _ => null,
        };

    /// <summary>A create that was accepted without a word of where, or refused as a conflict: what is there now tells.</summary>
    private static async Task<SendOutcome> LookAsync(
        PartnerTasks tasks,
        ReferralPackage package,
        PartnerAnswer answer,
        CancellationToken cancel
    )
    {
        var isAccepted = answer.Kind == AnswerKind.Accepted;
        return await tasks.FindAsync(package, cancel) switch
        {
            ReadOutcome.Found copy => await CompareAsync(tasks, package, copy.Task, cancel),
            ReadOutcome.Absent when isAccepted => Vanished(answer),
            // It took the Task and does not let us look: its word has to do.
            ReadOutcome.Failed { Why: SendOutcome.NeedsHuman } when isAccepted => new SendOutcome.Delivered(
                null,
                answer.Version
            ),
            ReadOutcome.Failed failed => failed.Why,
            _ => Conflicts.Elsewhere(answer),
        };
    }

    /// <summary>
    /// An earlier attempt had arrived. Where its status is not what we say now, one of us has moved on since: that is for the
    /// status rules and not for another write to decide.
    /// </summary>
    private static async Task<SendOutcome> CompareAsync(
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

    public static SendOutcome.Delivered Delivered(PartnerTask copy) =>
        new(copy.Reference, copy.Version) { Task = copy.Task };

    private static SendOutcome.TryLater Vanished(PartnerAnswer answer) =>
        new(
            $"The partner accepted the Task ({answer.Status}) and does not have it: it is looked for once more before it is sent again.",
            answer.Status,
            null
        );
}
