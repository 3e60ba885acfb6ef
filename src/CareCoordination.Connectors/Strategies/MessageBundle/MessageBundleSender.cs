using CareCoordination.Connectors.Exchanges;
using CareCoordination.Connectors.Partners;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Connectors.Strategies.MessageBundle;

/// <summary>
/// Everything in one message to <c>$process-message</c>: BSeR's push. Changes and cancellations are messages too, with the Task as it
/// is then. https://hl7.org/fhir/R4/messageheader-operation-process-message.html
/// </summary>
internal sealed class MessageBundleSender(PartnerFhirClient line) : IReferralSender
{
    public async Task<SendOutcome> SendAsync(ReferralPackage package, CancellationToken cancel)
    {
        var answer = await line.AskAsync(
            new PartnerRequest("send", HttpMethod.Post, "$process-message")
            {
                Body = MessagePayload.Build(package, line.Partner.Address),
                RequestId = package.DeliveryId,
            },
            cancel
        );
        return answer.Kind == AnswerKind.Accepted ? Read(answer) : answer.ToOutcome();
    }

    /// <summary>The answer may be empty, or a message that says how it went and holds the recipient's copy.</summary>
    private static SendOutcome Read(PartnerAnswer answer)
    {
        if (
            !ResourceDocument.Parse(answer.Body).TryGet(out var document, out _)
            || !document.ResourceTypeUtf8.SequenceEqual("Bundle"u8)
        )
            return new SendOutcome.Delivered(null, null);
        MessageHeaderView header = default;
        ResourceDocument? task = null;
        ReadOnlyMemory<byte> outcome = default;
        foreach (var entry in BundleView.From(document).Entry)
        {
            if (!entry.Resource.Element.Exists)
                continue;
            var resource = document.Detach(entry.Resource.Element.Value);
            if (resource.ResourceTypeUtf8.SequenceEqual("MessageHeader"u8))
                header = MessageHeaderView.From(resource);
            else if (resource.ResourceTypeUtf8.SequenceEqual("Task"u8))
                task = resource;
            else if (resource.ResourceTypeUtf8.SequenceEqual("OperationOutcome"u8))
                outcome = resource.Utf8;
        }

        return header.Response.Code switch
        {
            ResponseCodeCodes.TransientError => new SendOutcome.TryLater(
                "The partner could not process the message now (transient-error).",
                answer.Status,
                null
            ),
            ResponseCodeCodes.FatalError => new SendOutcome.NeedsHuman(
                "The partner refused the message (fatal-error): correct what its answer names and send again.",
                answer.Status,
                outcome
            ),
            _ => task?.Id is { } id
                ? new SendOutcome.Delivered($"{ResourceTypes.Task}/{id}", TaskView.From(task).Meta.VersionId)
                {
                    Task = task.Utf8,
                }
                : new SendOutcome.Delivered(null, null),
        };
    }
}
