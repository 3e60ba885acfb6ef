using CareCoordination.Connectors.Copies;
using CareCoordination.Connectors.Exchanges;
using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Payloads;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Connectors.Strategies.TaskPush;

/// <summary>
/// The Task alone; what it refers to the partner reads from us. A create carries the search that finds the copy of an earlier attempt; an
/// update puts our state on the partner's copy, in the version that it relies on.
/// https://hl7.org/fhir/us/sdoh-clinicalcare/referral_workflow.html
/// </summary>
/// <param name="build">Makes a new Task's bytes: the whole, or a notice.</param>
/// <param name="without">Elements that stay here.</param>
internal sealed class TaskPushSender(
    PartnerFhirClient line,
    PartnerTasks tasks,
    Func<ReferralPackage, Uri, byte[]> build,
    params string[] without
) : IReferralSender
{
    private readonly CopyUpdates _updates = CopyUpdates.ByPut(line, tasks, without);

    public Task<SendOutcome> SendAsync(ReferralPackage package, CancellationToken cancel) =>
        package.PartnerReference is { } reference
            ? _updates.SendAsync(package, tasks.Relative(reference), cancel)
            : Creation.OnceAsync(tasks, package, token => CreateAsync(package, token), cancel);

    private async Task<Created> CreateAsync(ReferralPackage package, CancellationToken cancel)
    {
        var answer = await line.AskAsync(
            new PartnerRequest("send", HttpMethod.Post, ResourceTypes.Task)
            {
                Body = build(package, line.Partner.Address),
                IfNoneExist = OwnIdentifier.Of(package.OwnBase, package.Task.Key).Criteria,
                RequestId = package.DeliveryId,
                IsRepeatable = false,
            },
            cancel
        );
        return new Created(
            answer,
            answer.Kind == AnswerKind.Accepted ? tasks.Copy(answer) : null,
            answer.Status == 201
        );
    }
}
