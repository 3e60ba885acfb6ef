using System.Collections.Immutable;
using CareCoordination.Connectors.Exchanges;
using CareCoordination.Connectors.Partners;

namespace CareCoordination.Connectors.Copies;

/// <summary>
/// Tells a partner of a change by its own copy: reads it, puts our state on, and writes it back in the version that was read. Where
/// earlier attempts may have left more than one copy, all of them are told.
/// </summary>
/// <param name="write">Writes one copy back with our state put on.</param>
internal sealed class CopyUpdates(
    PartnerTasks tasks,
    Func<ReferralPackage, PartnerTask, CancellationToken, Task<SendOutcome>> write
)
{
    /// <summary>Each copy by a PUT of its own.</summary>
    /// <param name="without">Elements that stay here.</param>
    public static CopyUpdates ByPut(PartnerFhirClient line, PartnerTasks tasks, string[] without) =>
        new(tasks, (package, copy, cancel) => PutAsync(line, tasks, package, copy, without, cancel));

    public async Task<SendOutcome> SendAsync(ReferralPackage package, string reference, CancellationToken cancel)
    {
        var read = await tasks.ReadAsync(reference, cancel);
        if (read is not ReadOutcome.Found { Task: var copy })
            return ((ReadOutcome.Failed)read).Why;
        if (package.PartnerVersion is { } known && copy.Version is { } current && known != current)
            return new SendOutcome.ChangedThere(copy);
        var others = package.WasTriedBefore ? await tasks.OthersAsync(package, copy.Reference, cancel) : [];
        if (await TellAsync(package, others, cancel) is { } problem)
            return problem;
        var outcome = await write(package, copy, cancel);
        return outcome is SendOutcome.Delivered delivered && !others.IsEmpty
            ? delivered with
            {
                Remark =
                    $"The partner has {others.Length + 1} copies of this Task: all were told, and all but one should be removed there.",
            }
            : outcome;
    }

    /// <summary>Tells the other copies; one that was changed there meanwhile is told at the next attempt.</summary>
    private async Task<SendOutcome?> TellAsync(
        ReferralPackage package,
        ImmutableArray<PartnerTask> others,
        CancellationToken cancel
    )
    {
        var status = PartnerTasks.StatusOf(package.Task.Utf8Json);
        foreach (var other in others.Where(o => PartnerTasks.StatusOf(o.Task) != status))
        {
            var outcome = await write(package, other, cancel);
            if (outcome is SendOutcome.ChangedThere)
                return new SendOutcome.TryLater(
                    "Another copy of this Task is being changed at the partner.",
                    409,
                    null
                );
            if (outcome is not SendOutcome.Delivered)
                return outcome;
        }

        return null;
    }

    private static async Task<SendOutcome> PutAsync(
        PartnerFhirClient line,
        PartnerTasks tasks,
        ReferralPackage package,
        PartnerTask copy,
        string[] without,
        CancellationToken cancel
    )
    {
        var body = CopyPayload.Task(package, line.Partner.Address, copy.Task, without);
        var answer = await line.AskAsync(
            new PartnerRequest("send", HttpMethod.Put, copy.Reference)
            {
                Body = body,
                IfMatch = copy.Version,
                RequestId = package.DeliveryId,
            },
            cancel
        );
        return answer.Kind switch
        {
            AnswerKind.Accepted => Creation.Delivered(
                tasks.Copy(answer) ?? new PartnerTask(copy.Reference, answer.Version, default)
            ),
            AnswerKind.Conflict => await Conflicts.OfUpdateAsync(
                tasks,
                copy.Reference,
                copy.Version,
                body,
                answer,
                cancel
            ),
            _ => answer.ToOutcome(),
        };
    }
}
