using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Connectors.Partners;
using CareCoordination.Exchange.Partners;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Exchange.Inbox;

/// <summary>Takes what a message says of a referral, as what a poll brings is taken: in the session that it was asked of.</summary>
internal sealed class PartnerMessages(
    InboundApplication inbound,
    PartnerDirectory directory,
    CareReads reads,
    CommandRunner runner,
    OwnAddress own
)
{
    /// <summary>What partners are told of referrals that are not theirs, and of those that there are not.</summary>
    public static readonly Failure NoReferral = Failure.Unprocessable(
        IssueCode.NotFound,
        "The Task carries no identifier of a referral of this server: send back those that it came with.",
        "Task.identifier"
    );

    /// <param name="refuse">Why the message is not one of the partner that the referral is with; null: it is.</param>
    public async Task<FhirResponse> TakeAsync(
        ReceiveMessage message,
        Func<Partner?, Failure?> refuse,
        CancellationToken cancellationToken
    )
    {
        if (
            inbound.OwnTask(message.Task.Utf8) is not { } key
            || await reads.ReadAsync(key.ToString(), cancellationToken) is not { } task
            || new TaskDraft(task).Partner() is not { } endpoint
        )
            return NoReferral;
        var partner = (await directory.FindAsync(endpoint, cancellationToken)).Partner;
        if (refuse(partner) is { } failure)
            return failure;
        var received = new PartnerTask(
            $"{ResourceTypes.Task}/{message.Task.Id}",
            TaskView.From(message.Task).Meta.VersionId,
            message.Task.Utf8
        );
        // What was taken before is answered as well as what is new.
        var update = await inbound.ApplyAsync(partner!, received, again: false, cancellationToken);
        return FhirResponse.Of(
            new BytesContent(
                MessageReceipt.Of(message, own.Base.AbsoluteUri.TrimEnd('/'), update, runner.Now(), runner.NewId())
            )
        );
    }
}
