using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Application.Transitions;

/// <summary>
/// The message that answers a message about a stay, with the Task that records what was made of it. Made of nothing but the record: the
/// same whenever it is asked for. https://hl7.org/fhir/R4/messageheader-definitions.html#MessageHeader.response
/// </summary>
internal static class MessageAnswer
{
    public static byte[] Of(TransitionNotice notice, StoredResource record, string own)
    {
        var task = ResourceDocument.Parse(record.Utf8Json).Value;
        var header = new MessageHeaderEditor
        {
            Id = record.Key.Id,
            EventCoding = new(MessageHeaderView.From(HeaderOf(notice)).EventCoding),
            Destination = { new() { Endpoint = notice.Sender } },
            Source = { Name = "CareCoordination", Endpoint = own },
            Response = { Identifier = notice.MessageId, Code = ResponseCodeCodes.Ok },
            Focus = { new() { Reference = $"{own}/{record.Key}" } },
        };
        return new BundleEditor
        {
            Id = record.Key.Id,
            Type = BundleTypeCodes.Message,
            Timestamp = TaskView.From(task).AuthoredOn,
            Entry =
            {
                new() { FullUrl = $"{own}/{ResourceTypes.MessageHeader}/{record.Key.Id}", Resource = header },
                new() { FullUrl = $"{own}/{record.Key}", Resource = new ResourceEditor(task) },
            },
        }.ToUtf8Json();
    }

    private static ResourceDocument HeaderOf(TransitionNotice notice)
    {
        foreach (var entry in BundleView.From(notice.Bundle).Entry)
            return notice.Bundle.Detach(entry.Resource.Element.Value);
        throw new InvalidOperationException("A message has an entry.");
    }
}
