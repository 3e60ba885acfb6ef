using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Application.Operations;

/// <summary>
/// A decision about a resource, by the calendar and rules of the organisation whose work it is. As <see cref="DecideWrites"/> it may be
/// asked for more than once.
/// </summary>
public delegate Result<Decision> DecideCommand(Snapshot target, DateTimeOffset now, CarePolicy policy);

/// <summary>As <see cref="DecideCommand"/>, for a decision that has to read more than its target.</summary>
public delegate Task<Result<Decision>> DecideCommandAsync(Snapshot target, DateTimeOffset now, CarePolicy policy);

/// <summary>
/// Runs a command: reads its target, asks for a decision, and writes it with its Provenance, its AuditEvent and what the client's
/// Idempotency-Key promises, as one commit that holds only while all that was read is current.
/// </summary>
public sealed class CommandRunner(CareSession session, ReadGate gate, CarePolicies policies, TimeProvider time)
{
    public Task<FhirResponse> RunAsync(Command command, DecideCommand decide, CancellationToken cancellationToken) =>
        RunAsync(command, (target, now, policy) => Task.FromResult(decide(target, now, policy)), cancellationToken);

    /// <summary>A command of one resource.</summary>
    public Task<FhirResponse> RunAsync(
        Command command,
        DecideCommandAsync decide,
        CancellationToken cancellationToken
    ) => ActAsync(command, token => DecideAsync(command, decide, token), cancellationToken);

    /// <summary>A command of a type, which makes new resources.</summary>
    public Task<FhirResponse> RunOnTypeAsync(
        Command command,
        Func<DateTimeOffset, Task<Result<Decision>>> decide,
        CancellationToken cancellationToken
    ) =>
        ActAsync(
            command,
            async token =>
                await ReplayAsync(command.Call, token) is { } replay ? replay
                : command.Call.Refusal is { } refusal ? refusal
                : Act(command, await decide(Now())),
            cancellationToken
        );

    public string NewId() => FhirId.New(time.GetUtcNow());

    /// <summary>Whole milliseconds, as the store keeps them.</summary>
    public DateTimeOffset Now()
    {
        var now = time.GetUtcNow();
        return new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
    }

    private async ValueTask<WriteDecision> DecideAsync(
        Command command,
        DecideCommandAsync decide,
        CancellationToken cancellationToken
    )
    {
        var call = command.Call;
        if (await ReplayAsync(call, cancellationToken) is { } replay)
            return replay;
        IStoreReads reads = command.NeedsNoRelation ? gate : session.Reads;
        switch (await reads.ReadAsync(call.Key, cancellationToken))
        {
            case null:
                return Failure.NotFound($"There is no {call.Key}.");
            case { IsDeleted: true } gone:
                return FhirResponse.Of(Failure.Gone($"{call.Key} was deleted."), gone);
            case { } current when call.RequiredVersion is { } required && !required.Holds(current):
                return LostUpdate.Explain(call.Key, required, current);
            case not null when call.Refusal is { } refusal:
                return refusal;
            case { } current:
                var target = new Snapshot(current.Key, current.Version, current.Utf8Json);
                var decided = await decide(target, Now(), await policies.OfAsync(target, cancellationToken));
                // What refuses may be what the same request did a moment ago.
                if (!decided.TryGet(out _, out _) && await ReplayAsync(call, cancellationToken) is { } done)
                    return done;
                return Act(command, decided);
        }
    }

    private static WriteDecision Act(Command command, Result<Decision> decided) =>
        decided.TryGet(out var decision, out var failure)
            ? WriteSet.Of(
                new RecordedDecision(decision, "operation", command.Call.By, command.Call.Reason)
                {
                    IsRecorded = !decision.IsEmpty,
                    NeedsNoRelation = command.NeedsNoRelation,
                }
            ) with
            {
                Remembered = command.Call.Idempotency is { } key ? new PromisedAnswer(key, decision) : null,
            }
            : failure;

    private async Task<FhirResponse> ActAsync(Command command, DecideWrites decide, CancellationToken cancellationToken)
    {
        var result = command.IsDecidedInTurn
            ? await session.WriteInTurnAsync(decide, cancellationToken)
            : await session.WriteAsync(decide, cancellationToken);
        if (!result.TryGet(out var written, out var answer))
            return answer.Coded();
        var decision = written.Writes.Decisions[0].Decision;
        foreach (var change in written.Changes)
        {
            if (change.Resource.Key == decision.Answer)
                return Answer(command.Call, change.Resource, decision.Notes);
        }

        return await session.Reads.ReadAsync(decision.Answer, cancellationToken) is { IsDeleted: false } current
            ? Answer(command.Call, current, decision.Notes)
            : Failure.Gone($"{decision.Answer} was deleted meanwhile.").Coded();
    }

    private static FhirResponse Answer(CommandCall call, StoredResource version, ImmutableArray<Issue> notes) =>
        call.MakesAnswer
            ? FhirResponse.Written(201, version, notes)
            : new()
            {
                Status = 200,
                Version = version,
                Issues = notes,
                AnswersWrite = true,
            };

    private async Task<FhirResponse?> ReplayAsync(CommandCall call, CancellationToken cancellationToken)
    {
        if (call.Idempotency is not { } key)
            return null;
        var first = await session.Reads.AnswerAsync(key.Hash, cancellationToken);
        if (!key.Recalls(first, Now()).TryGet(out var isRepeat, out var failure))
            return failure;
        if (!isRepeat)
            return null;
        return await session.Reads.ReadVersionAsync(first!.Answer, first.Version, cancellationToken) is { } answer
            ? Answer(call, answer, [])
            : Failure.Gone($"The answer to the first request, {first.Answer}, is there no more.");
    }
}
