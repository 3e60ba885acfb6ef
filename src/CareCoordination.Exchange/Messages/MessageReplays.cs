using CareCoordination.Application.Definitions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Transitions;
using CareCoordination.Application.Writes;
using CareCoordination.Exchange.Hospitals;
using CareCoordination.Exchange.Partners;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Exchange.Messages;

/// <summary>Who has a message taken in, and under which promise of the client.</summary>
public sealed record ReplayOrder(NoticeReplay Replay, IdempotencyKey? Key, Caller Caller)
{
    /// <summary>The message as the operator has it taken in.</summary>
    public SubmitTransition Of(SubmitTransition told) =>
        told with
        {
            Notice = told.Notice with { Replay = Replay },
            Idempotency = Key,
        };
}

/// <summary>Has messages taken in by the way that they came on.</summary>
public sealed class MessageReplays(
    Hl7Intake hospitals,
    CareSessions sessions,
    FhirDefinitions definitions,
    OwnAddress own
)
{
    /// <summary>The Task that records it; or why it is refused, or parked, as before.</summary>
    /// <param name="content">A Bundle as JSON, or a message of HL7 v2.</param>
    public async Task<Result<ResourceKey>> SubmitAsync(
        ReadOnlyMemory<byte> content,
        ReplayOrder order,
        CancellationToken cancellationToken
    )
    {
        if (IsJson(content.Span))
        {
            return NoticeBody
                .Read(content, own.Base.AbsoluteUri.TrimEnd('/'), definitions)
                .TryGet(out var notice, out var f)
                ? await SubmitAsync(new SubmitTransition(notice), order, cancellationToken)
                : f;
        }

        var decided = await hospitals.ReplayAsync(content, order.Of, order.Caller, cancellationToken);
        if (decided.Record is { } record)
            return record;
        return new Failure(
            422,
            [.. decided.Verdict.Faults.Select(fault => Issue.Error(IssueCode.Processing, fault.ToString()))]
        );
    }

    /// <summary>What is recorded already, and was parked.</summary>
    public async Task<Result<ResourceKey>> SubmitAsync(
        SubmitTransition told,
        ReplayOrder order,
        CancellationToken cancellationToken
    )
    {
        var answer = await sessions.SendAsync(order.Caller, order.Of(told), cancellationToken);
        return answer.IsSuccess ? answer.Version!.Value.Key : new Failure(answer.Status, answer.Issues);
    }

    /// <summary>The message of a record, as it came.</summary>
    public Result<TransitionNotice> Recorded(Snapshot record, Snapshot bundle)
    {
        var read = NoticeReader.Read(ResourceDocument.Parse(bundle.Utf8Json).Value, definitions.Schema.IsResourceType);
        if (!read.TryGet(out var notice, out var failure))
            return failure;
        return notice.RecordId == record.Key.Id
            ? notice with
            {
                KnownBundle = IntakeRecord.IdentifierOf(record, IntakeRecord.BundleSystem),
                Notes = IntakeRecord.NotesOf(record),
            }
            : Failure.Unprocessable(
                IssueCode.BusinessRule,
                $"{bundle.Key} was changed since it came: send what is to be taken in as 'content'."
            );
    }

    private static bool IsJson(ReadOnlySpan<byte> content)
    {
        var start = content.IndexOfAnyExcept(" \t\r\n\uFEFF"u8);
        return start >= 0 && content[start] == (byte)'{';
    }
}
