using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Transitions;
using MediatR;

namespace CareCoordination.Application.Transitions;

/// <summary>
/// A hospital tells of a stay: it began, moved, ended, or was told wrongly. Answered with the Task that records what was made of it: 200,
/// or 202 where somebody has to look first. What is sent again is answered as it was the first time.
/// </summary>
public sealed record SubmitTransition(TransitionNotice Notice) : FhirInteraction("$submit-transition", null, null)
{
    /// <summary>Where a message answers the message: the address of this server. Null: the Task itself is the answer.</summary>
    public string? MessageFrom { get; init; }

    /// <summary>The request as it came, which is kept where it is refused; empty where whoever hands it over keeps it.</summary>
    public ReadOnlyMemory<byte> Received { get; init; }

    private const string Content = "content";

    public static readonly Operation Operation = new(
        Operation.System,
        IntakeRecord.Code,
        "Takes in what a hospital tells of a stay, as a message or a document Bundle: the stay and its resources are stored, and a discharge starts the plan of the days after it.",
        Read
    )
    {
        IsOnInstance = false,
        Answer = ResourceTypes.Task,
        Keep = (request, failure, definitions) =>
            RefusedNotice.Of("$" + IntakeRecord.Code, request, failure, definitions),
        Parameters =
        [
            new(
                Content,
                ["Resource"],
                "A message Bundle in the shape of Da Vinci's notifications, or a document Bundle that is a discharge or transfer summary. It may be the body itself."
            )
            {
                IsRequired = true,
            },
        ],
    };

    /// <summary>The client's promise that requests with this key are one; null where it makes none.</summary>
    public IdempotencyKey? Idempotency { get; init; }

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        if (!input.Call().TryGet(out var call, out var failure))
            return failure;
        var bundle = OperationInput.ResourceOf(input.All(Content).First());
        return bundle is null || !bundle.ResourceTypeUtf8.SequenceEqual("Bundle"u8)
            ? Failure.Invalid(IssueCode.Value, $"'{Content}' is a Bundle.", "Parameters.parameter")
            : NoticeReader
                .Read(bundle, input.Definitions.Schema.IsResourceType)
                .Then<FhirInteraction>(notice => new SubmitTransition(notice)
                {
                    Idempotency = call.Idempotency,
                    Received = input.Body,
                });
    }
}

internal sealed class SubmitTransitionHandler(
    CareSession session,
    CareReads reads,
    TransitionIntake intake,
    CommandRunner runner,
    RefusedMessages refused
) : IRequestHandler<SubmitTransition, FhirResponse>
{
    public async Task<FhirResponse> Handle(SubmitTransition submitted, CancellationToken cancellationToken)
    {
        var answer = await TakeInAsync(submitted, cancellationToken);
        if (!submitted.Received.IsEmpty && RefusedMessages.IsForOperators(answer.Status))
            await refused.KeepAsync(
                new(
                    RefusedMessages.Fhir,
                    RefusedNotice.NameOf(submitted.Notice.Bundle) ?? "",
                    RefusedMessages.ReasonOf(answer.Issues),
                    submitted.Received
                ),
                cancellationToken
            );
        return answer;
    }

    private async Task<FhirResponse> TakeInAsync(SubmitTransition submitted, CancellationToken cancellationToken)
    {
        var notice = submitted.Notice;
        var result = await session.WriteAsync(token => DecideAsync(submitted, token), cancellationToken);
        if (!result.TryGet(out var written, out var answer))
            return answer.Coded();
        foreach (var change in written.Changes)
        {
            if (change.Resource.Key == new ResourceKey(ResourceTypes.Task, notice.RecordId))
                return Answer(change.Resource, submitted);
        }

        return Failure.Conflict("The record of the message is not there any more.").Coded();
    }

    private async ValueTask<WriteDecision> DecideAsync(SubmitTransition submitted, CancellationToken cancellationToken)
    {
        var notice = submitted.Notice;
        if (await ReplayAsync(submitted, cancellationToken) is { } replay)
            return replay;
        var records = await MessageRules.RecordsAsync(notice, reads, cancellationToken);
        if (!records.Any(r => r.Key.Id == notice.RecordId))
            return MessageRules.Contradiction(notice, records) is { } refusal
                ? refusal
                : await TakeAsync(submitted, notice, records, cancellationToken);
        var recorded = records.First(r => r.Key.Id == notice.RecordId);
        if (await session.Reads.ReadVersionAsync(recorded.Key, 1, cancellationToken) is not { } first)
            return Failure.Gone("What this message was answered with is not there any more.");
        if (!IntakeRecord.IsParked(AsRead(first)))
            return Answer(first, submitted);
        if (!IntakeRecord.IsParked(recorded))
            return await session.Reads.ReadAsync(recorded.Key, cancellationToken) is { } now
                ? Answer(now, submitted)
                : Answer(first, submitted);
        // What was kept is decided again: somebody may have corrected why.
        return await TakeAsync(
            submitted,
            notice with
            {
                RecordVersion = recorded.Version,
                StoredAs = IntakeRecord.StoredAs(recorded),
            },
            records,
            cancellationToken,
            first
        );
    }

    /// <param name="parked">What the message was answered with when it was kept, which it is again as long as nothing has changed.</param>
    private async Task<WriteDecision> TakeAsync(
        SubmitTransition submitted,
        TransitionNotice notice,
        ImmutableArray<Snapshot> records,
        CancellationToken cancellationToken,
        StoredResource? parked = null
    )
    {
        var decided = await intake.DecideAsync(notice, records, runner.Now(), cancellationToken);
        if (!decided.TryGet(out var taken, out var failure))
            return failure;
        return parked is { } first && taken.IsParked
            ? Answer(first, submitted)
            : await WriteAsync(submitted, taken, cancellationToken);
    }

    private async Task<WriteDecision> WriteAsync(
        SubmitTransition submitted,
        Intake taken,
        CancellationToken cancellationToken
    )
    {
        var replay = submitted.Notice.Replay;
        var by = replay is { By: var who } && who != ServerAgent.Unknown ? who : taken.By;
        var writes = WriteSet.Of(
            new RecordedDecision(taken.Decision, "operation", by, replay?.Reason) { NeedsNoRelation = true }
        );
        if (taken.RestsOnAll && !reads.IsInTransaction)
            writes = writes with { ReliedOn = [new DecidedInTurn()] };
        else if (taken.Nobody is { } criteria)
            // A merge that gives the number to another record meanwhile is not met by the id of the new one.
            writes = writes with
            {
                ReliedOn = [new SearchFinds(criteria, Only: null)],
            };
        if (submitted.Idempotency is { } key)
            writes = writes with { Remembered = new PromisedAnswer(key, taken.Decision) };
        return
            taken.Dies is { } death
            && await session.Reads.ReadAsync(death.Patient, cancellationToken) is { IsDeleted: false } patient
            ? writes with
            {
                Changes = [death.Of(patient)],
            }
            : writes;
    }

    private async Task<FhirResponse?> ReplayAsync(SubmitTransition submitted, CancellationToken cancellationToken)
    {
        if (submitted.Idempotency is not { } key)
            return null;
        var first = await session.Reads.AnswerAsync(key.Hash, cancellationToken);
        if (!key.Recalls(first, runner.Now()).TryGet(out var isRepeat, out var failure))
            return failure;
        if (!isRepeat)
            return null;
        return await session.Reads.ReadVersionAsync(first!.Answer, first.Version, cancellationToken) is { } record
            ? Answer(record, submitted)
            : Failure.Gone($"The answer to the first request, {first.Answer}, is there no more.");
    }

    private static FhirResponse Answer(StoredResource record, SubmitTransition submitted)
    {
        var answer = new FhirResponse { Status = IntakeRecord.IsParked(AsRead(record)) ? 202 : 200, Version = record };
        return submitted.MessageFrom is { } own
            ? answer with
            {
                Version = null,
                Content = new BytesContent(MessageAnswer.Of(submitted.Notice, record, own)),
            }
            : answer;
    }

    private static Snapshot AsRead(StoredResource record) => new(record.Key, record.Version, record.Utf8Json);
}
