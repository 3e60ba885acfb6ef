using CareCoordination.Connectors.Exchanges;
using CareCoordination.Connectors.Payloads;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Connectors.Strategies;

/// <summary>
/// POST and PUT of the Task; what it refers to the partner reads from us. A create carries the search that finds the copy of an
/// earlier attempt, an update the version it relies on.
/// https://hl7.org/fhir/us/sdoh-clinicalcare/referral_workflow.html
/// </summary>
/// <param name="build">Makes the Task's bytes, with the id of the partner's copy or null: the whole, or a notice.</param>
internal sealed class TaskPush(PartnerLine line, PartnerTasks tasks, Func<ReferralPackage, Uri, string?, byte[]> build)
    : IReferralSender
{
    public Task<SendOutcome> SendAsync(ReferralPackage package, CancellationToken cancel) =>
        package.PartnerReference is { } reference
            ? UpdateAsync(package, tasks.Relative(reference), cancel)
            : CreateAsync(package, cancel);

    private async Task<SendOutcome> CreateAsync(ReferralPackage package, CancellationToken cancel)
    {
        var answer = await line.AskAsync(
            new PartnerRequest("send", HttpMethod.Post, ResourceTypes.Task)
            {
                Body = build(package, line.Partner.Address, null),
                IfNoneExist = OwnIdentifier.Of(package.OwnBase, package.Task.Key).Criteria,
                RequestId = package.DeliveryId,
            },
            cancel
        );
        if (answer.Kind is not (AnswerKind.Accepted or AnswerKind.Conflict))
            return answer.ToOutcome();
        if (answer.Kind == AnswerKind.Conflict || tasks.Copy(answer) is not { } copy)
            return await Repeats.LookAsync(tasks, package, answer, cancel);
        return answer.Status == 201
            ? Repeats.Delivered(copy)
            : await Repeats.CompareAsync(tasks, package, copy, cancel);
    }

    private async Task<SendOutcome> UpdateAsync(ReferralPackage package, string reference, CancellationToken cancel)
    {
        var body = build(package, line.Partner.Address, PartnerTasks.IdOf(reference));
        var answer = await line.AskAsync(
            new PartnerRequest("send", HttpMethod.Put, reference)
            {
                Body = body,
                IfMatch = package.PartnerVersion,
                RequestId = package.DeliveryId,
            },
            cancel
        );
        return answer.Kind switch
        {
            AnswerKind.Accepted => Repeats.Delivered(
                tasks.Copy(answer) ?? new PartnerTask(reference, answer.Version, default)
            ),
            AnswerKind.Conflict => await Repeats.ChangedAsync(tasks, package, reference, body, answer, cancel),
            _ => answer.ToOutcome(),
        };
    }
}
