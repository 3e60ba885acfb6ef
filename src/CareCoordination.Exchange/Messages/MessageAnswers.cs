using System.Globalization;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Transitions;
using CareCoordination.Exchange.Operators;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Exchange.Messages;

/// <summary>Messages about stays as operators see them: what is refused is a row of its own, what is parked is the Task that records it.</summary>
internal static class MessageAnswers
{
    public const string Parked = "parked";

    private const string Hl7Type = "x-application/hl7-v2+er7";
    private const string FhirType = "application/fhir+json";

    public static FhirResponse Of(params ParametersParameterEditor[] messages) => OperatorAnswers.Answer(messages);

    /// <param name="withContent">False: nothing of what it says of a patient.</param>
    public static ParametersParameterEditor Of(InboundUpdate row, bool withContent)
    {
        var isHl7 = row.Partner.StartsWith(RefusedMessages.Hl7v2, StringComparison.Ordinal);
        var message = Message(
            row.Order.ToString(CultureInfo.InvariantCulture),
            row.State.ToString().ToLowerInvariant(),
            row.At
        );
        message.Part.Add(new() { Name = "door", ValueCode = isHl7 ? RefusedMessages.Hl7v2 : RefusedMessages.Fhir });
        if (row.Partner.Length > RefusedMessages.Hl7v2.Length + 1)
            Add(message, "sender", row.Partner[(RefusedMessages.Hl7v2.Length + 1)..]);
        Add(message, "name", row.Reference);
        Add(message, "reason", row.Reason);
        if (row.Task is { } task)
            message.Part.Add(
                new()
                {
                    Name = "task",
                    ValueReference = new() { Reference = task.ToString() },
                }
            );
        message.Part.Add(new() { Name = "isKept", ValueBoolean = !row.Body.IsEmpty });
        if (withContent && !row.Body.IsEmpty)
            AddContent(message, isHl7 ? Hl7Type : FhirType, row.Body);
        return message;
    }

    /// <param name="bundle">What came; null where it is not asked for, or not there.</param>
    public static ParametersParameterEditor Of(Snapshot record, ReadOnlyMemory<byte>? bundle)
    {
        var view = TaskView.From(ResourceDocument.Parse(record.Utf8Json).Value);
        var message = Message(record.Key.Id, StateOf(view), view.AuthoredOn?.Instant ?? default);
        var (sender, name) = IntakeRecord.From(record);
        Add(message, "sender", sender);
        Add(message, "name", name);
        Add(message, "reason", view.StatusReason.Text);
        message.Part.Add(
            new()
            {
                Name = "task",
                ValueReference = new() { Reference = record.Key.ToString() },
            }
        );
        message.Part.Add(new() { Name = "isKept", ValueBoolean = true });
        if (bundle is { } content)
            AddContent(message, FhirType, content);
        return message;
    }

    private static string StateOf(TaskView record) =>
        record.Status switch
        {
            TaskStatusCodes.OnHold => Parked,
            TaskStatusCodes.Completed => "taken",
            _ => "discarded",
        };

    private static ParametersParameterEditor Message(string id, string state, DateTimeOffset at) =>
        new()
        {
            Name = "message",
            Part =
            {
                new() { Name = "id", ValueString = id },
                new() { Name = "state", ValueCode = state },
                new() { Name = "at", ValueInstant = OperatorAnswers.Instant(at) },
            },
        };

    private static void Add(ParametersParameterEditor message, string name, string? text)
    {
        if (!string.IsNullOrWhiteSpace(text))
            message.Part.Add(new() { Name = name, ValueString = text });
    }

    private static void AddContent(ParametersParameterEditor message, string type, ReadOnlyMemory<byte> content)
    {
        message.Part.Add(new() { Name = "contentType", ValueCode = type });
        message.Part.Add(new() { Name = "content", ValueBase64Binary = Convert.ToBase64String(content.Span) });
    }
}
