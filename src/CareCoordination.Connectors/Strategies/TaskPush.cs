using CareCoordination.Connectors.Exchanges;
using CareCoordination.Connectors.Payloads;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Connectors.Strategies;

/// <summary>
/// POST and PUT of the Task; what it refers to the partner reads from us. A create carries the search that finds the copy of an
/// earlier attempt, an update the version it relies on.
/// https://hl7.org/fhir/us/sdoh-clinicalcare/referral_workflow.html
/// </summary>
/// <param name="build">Makes the Task's bytes, with the id of the partner's copy or null.</param>
internal sealed class TaskPush(PartnerLine line, PartnerTasks tasks, Func<ReferralPackage, Uri, string?, byte[]> build)
    : IReferralSender
{
    public Task<SendOutcome> SendAsync(ReferralPackage package, CancellationToken cancel) =>
        package.PartnerReference is { } reference
            ? UpdateAsync(package, tasks.Relative(reference), cancel)
            : CreateAsync(package, cancel);

    private async Task<SendOutcome> CreateAsync(ReferralPackage package, CancellationToken cancel)
    {
        var identifier = OwnIdentifier.Of(package.OwnBase, package.Task.Key);
        var answer = await line.AskAsync(
            new PartnerRequest("send", HttpMethod.Post, ResourceTypes.Task)
            {
                Body = build(package, line.Partner.Address, null),
                IfNoneExist = identifier.Criteria,
                RequestId = package.DeliveryId,
            },
            cancel
        );
        if (answer.Kind == AnswerKind.Accepted)
        {
            if (tasks.Copy(answer) is { } copy)
                return answer.Status == 201 ? Delivered(copy) : await AlreadyThereAsync(package, copy, cancel);
        }
        else if (answer.Kind != AnswerKind.Conflict)
        {
            return answer.ToOutcome();
        }

        // Accepted without a word of where, or a duplicate: what is there now tells.
        return await tasks.FindAsync(identifier, cancel) switch
        {
            ReadOutcome.Found found => await AlreadyThereAsync(package, found.Task, cancel),
            ReadOutcome.Failed failed when answer.Kind == AnswerKind.Conflict => failed.Why,
            _ when answer.Kind == AnswerKind.Conflict => new SendOutcome.TryLater(
                "The partner speaks of a conflict, but has no Task of this referral.",
                answer.Status,
                null
            ),
            _ => new SendOutcome.Delivered(null, answer.Version),
        };
    }

    private async Task<SendOutcome> UpdateAsync(ReferralPackage package, string reference, CancellationToken cancel)
    {
        var answer = await line.AskAsync(
            new PartnerRequest("send", HttpMethod.Put, reference)
            {
                Body = build(package, line.Partner.Address, PartnerTasks.IdOf(reference)),
                IfMatch = package.PartnerVersion,
                RequestId = package.DeliveryId,
            },
            cancel
        );
        if (answer.Kind == AnswerKind.Accepted)
            return Delivered(tasks.Copy(answer) ?? new PartnerTask(reference, answer.Version, default));
        if (answer.Kind != AnswerKind.Conflict)
            return answer.ToOutcome();
        return await tasks.ReadAsync(reference, cancel) switch
        {
            ReadOutcome.Found found => new SendOutcome.ChangedThere(found.Task),
            ReadOutcome.Failed failed => failed.Why,
            _ => answer.ToOutcome(),
        };
    }

    /// <summary>
    /// An earlier attempt had arrived. Where its status is not what we say now, one of us has moved on since: that is for the
    /// status rules and not for another write to decide.
    /// </summary>
    private async Task<SendOutcome> AlreadyThereAsync(
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

    private static SendOutcome.Delivered Delivered(PartnerTask copy) =>
        new(copy.Reference, copy.Version) { Task = copy.Task };
}
