using CareCoordination.Application.Reads;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;

namespace CareCoordination.Exchange.Inbox;

/// <summary>
/// The answer to a message: that it was accepted, or why it is kept for an operator.
/// https://hl7.org/fhir/R4/messageheader-definitions.html#MessageHeader.response
/// </summary>
internal static class MessageReceipt
{
    /// <param name="update">Null where this version of the Task was taken before.</param>
    public static byte[] Of(
        ReceiveMessage message,
        string ownBase,
        InboundUpdate? update,
        DateTimeOffset now,
        string id
    )
    {
        var isKept = update is { State: InboundState.Unapplied };
        var header = new MessageHeaderEditor
        {
            Id = id,
            EventCoding = new(message.Event),
            Destination = { new() { Endpoint = message.Source.AbsoluteUri } },
            Source = { Name = "CareCoordination", Endpoint = ownBase },
            Response =
            {
                Identifier = message.MessageId,
                Code = isKept ? ResponseCodeCodes.FatalError : ResponseCodeCodes.Ok,
            },
        };
        var bundle = new BundleEditor
        {
            Id = id,
            Type = BundleTypeCodes.Message,
            Timestamp = now,
            Entry =
            {
                new() { FullUrl = $"urn:uuid:{id}", Resource = header },
            },
        };
        if (isKept)
        {
            var outcome = new OperationOutcomeEditor
            {
                Id = "outcome",
                Issue =
                {
                    new()
                    {
                        Severity = IssueSeverityCodes.Error,
                        Code = IssueTypeCodes.BusinessRule,
                        Diagnostics = update!.Reason,
                    },
                },
            };
            header.Response.Details = new() { Reference = $"{ownBase}/OperationOutcome/outcome" };
            bundle.Entry.Add(new() { FullUrl = $"{ownBase}/OperationOutcome/outcome", Resource = outcome });
        }

        return bundle.ToUtf8Json();
    }
}
