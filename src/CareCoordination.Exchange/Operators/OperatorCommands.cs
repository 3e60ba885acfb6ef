using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Writes;
using CareCoordination.Exchange.Partners;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Storage.Stores;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Exchange.Operators;

/// <summary>
/// Does what an operator asks about the messages of a partner: with an AuditEvent in the same commit, and nothing where the partner or the
/// messages are not as the operator thought. A request that comes again under its Idempotency-Key does nothing more, and is answered with
/// how things stand.
/// </summary>
public sealed class OperatorCommands(
    CareSession session,
    OutboxStore deliveries,
    DecisionInputs inputs,
    PartnerHealthReads health,
    TimeProvider time
)
{
    private const int PageSize = 500;

    /// <summary>Messages move between a look and a write, as where one is taken to be sent: so often it is looked again.</summary>
    private const int MostLooks = 5;

    /// <summary>Something about the partner as a whole. Answers how it is then.</summary>
    public async Task<FhirResponse> RunAsync(
        CommandCall call,
        Func<DateTimeOffset, IEnumerable<OutboxChange>> change,
        CancellationToken cancellationToken
    )
    {
        var asked = await AcceptAsync(call, cancellationToken);
        if (asked.Refusal is { } refusal)
            return refusal;
        if (asked.IsRepeat)
            return await health.AnswerAsync(asked.Target, cancellationToken);
        var result = await WriteAsync(call, asked.Target, [.. change(inputs.Now())], cancellationToken);
        return result.TryGet(out _, out var answer)
            ? await health.AnswerAsync(asked.Target, cancellationToken)
            : answer;
    }

    /// <summary>One message, or all of the partner that are in a state.</summary>
    /// <param name="id">Null: all.</param>
    /// <param name="all">The state of all that are meant; null where one has to be named.</param>
    /// <param name="follow">What follows for people where one message is named; null: nothing.</param>
    public async Task<FhirResponse> RunAsync(
        CommandCall call,
        string? id,
        MessageState? all,
        Func<string, ConditionalOutboxChange> change,
        CancellationToken cancellationToken,
        Func<OutboxMessage, CancellationToken, Task<Decision?>>? follow = null
    )
    {
        var accepted = await AcceptAsync(call, cancellationToken);
        if (accepted.Refusal is { } refusal)
            return refusal;
        if (id is null)
            return accepted.IsRepeat
                ? OperatorAnswers.Of(Array.Empty<OutboxMessage>(), null)
                : await RunOnAllAsync(call, accepted.Target, all!.Value, change, cancellationToken);
        return await RunOnOneAsync(call, accepted, change(id), follow, cancellationToken);
    }

    private async Task<FhirResponse> RunOnOneAsync(
        CommandCall call,
        Accepted accepted,
        ConditionalOutboxChange asked,
        Func<OutboxMessage, CancellationToken, Task<Decision?>>? follow,
        CancellationToken cancellationToken
    )
    {
        for (var look = 1; ; look++)
        {
            if (
                await deliveries.FindAsync(asked.Id, cancellationToken) is not { } delivery
                || delivery.Destination != call.Key.Id
            )
                return Failure.NotFound($"{call.Key} has no delivery {asked.Id}.");
            if (accepted.IsRepeat)
                return OperatorAnswers.Of([delivery], null);
            if (!asked.IsAllowed(delivery))
                return Failure.Unprocessable(
                    IssueCode.BusinessRule,
                    $"Delivery {asked.Id} is '{OperatorAnswers.CodeOf(delivery.State)}': ${call.Name} does not apply to it. "
                        + $"{call.Key}/$deliveries tells how messages stand.",
                    "Parameters.parameter.where(name = 'delivery')"
                );
            var result = await WriteAsync(
                call,
                accepted.Target,
                [asked],
                cancellationToken,
                follow is null ? null : token => follow(delivery, token)
            );
            if (result.Failed is not MessageRefused || look == MostLooks)
                return result.Then(written => OperatorAnswers.Of(written.Outbox.OfType<OutboxMessage>(), null));
        }
    }

    private async Task<FhirResponse> RunOnAllAsync(
        CommandCall call,
        Snapshot endpoint,
        MessageState state,
        Func<string, ConditionalOutboxChange> change,
        CancellationToken cancellationToken
    )
    {
        var (done, look) = (new List<OutboxMessage>(), 1);
        for (long? before = null; ; )
        {
            var page = await deliveries.SearchAsync(
                new OutboxQuery(PageSize)
                {
                    Topic = Outgoing.Topic,
                    Destination = call.Key.Id,
                    State = state,
                    Before = before,
                },
                cancellationToken
            );
            // The key is remembered with the last of them: before that a repeat goes on where this one ended.
            var isLast = page.Next is null;
            if (page.Messages.Count > 0)
            {
                var result = await WriteAsync(
                    isLast ? call : call with { Idempotency = null },
                    endpoint,
                    [.. page.Messages.Select(d => change(d.Id))],
                    cancellationToken
                );
                if (result.Failed is MessageRefused && look++ < MostLooks)
                    continue;
                if (!result.TryGet(out var written, out var answer))
                    return answer;
                done.AddRange(written.Outbox.OfType<OutboxMessage>());
            }

            if (isLast)
                return OperatorAnswers.Of(done, null);
            before = page.Next;
        }
    }

    /// <summary>What is asked about as the client knows it, and whether this very request was done before.</summary>
    public async Task<Accepted> AcceptAsync(CommandCall call, CancellationToken cancellationToken)
    {
        var stored = await session.Reads.ReadAsync(call.Key, cancellationToken);
        // Messages outlive the Endpoint that they went to.
        if (stored is { IsDeleted: true } && call.Key.Type != ResourceTypes.Endpoint)
            return Refuse(Failure.Gone($"{call.Key} was deleted."));
        if (stored is not { IsDeleted: false } current)
            return Refuse(Failure.NotFound($"There is no {call.Key}."));
        if (call.RequiredVersion is { } required && !required.Holds(current))
            return Refuse(LostUpdate.Explain(call.Key, required, current));
        var target = new Snapshot(current.Key, current.Version, current.Utf8Json);
        if (call.Idempotency is not { } key)
            return new Accepted(target, IsRepeat: false, null);
        var first = await session.Reads.AnswerAsync(key.Hash, cancellationToken);
        return key.Recalls(first, time.GetUtcNow()).TryGet(out var isRepeat, out var failure)
            ? new Accepted(target, isRepeat, null)
            : Refuse(failure);
    }

    /// <summary>Writes the changes, the record of who made them, and the key of the request.</summary>
    public Task<WriteResult> WriteAsync(
        CommandCall call,
        Snapshot endpoint,
        ImmutableArray<OutboxChange> changes,
        CancellationToken cancellationToken,
        Func<CancellationToken, Task<Decision?>>? follow = null
    )
    {
        return session.WriteAsync(
            async token =>
            {
                // Whatever else was changed at the Endpoint meanwhile, the answer is about how it is when this is written.
                var current = await session.Reads.ReadAsync(call.Key, token);
                var decision = new Decision(call.Key, [])
                {
                    Activity = call.Name,
                    ReliedOn = [new ReliedOn(endpoint.Key, current?.Version ?? endpoint.Version)],
                };
                var more = follow is null ? null : await follow(token);
                return new WriteSet
                {
                    Decisions =
                    [
                        new RecordedDecision(decision, "operation", call.By, call.Reason),
                        .. more is null
                            ? Array.Empty<RecordedDecision>()
                            : [new RecordedDecision(more, "operation", call.By, call.Reason)],
                    ],
                    Outbox = changes,
                    Remembered = call.Idempotency is { } key ? new PromisedAnswer(key, decision) : null,
                };
            },
            cancellationToken
        );
    }

    private static Accepted Refuse(FhirResponse refusal) => new(default, IsRepeat: false, refusal);

    /// <param name="IsRepeat">What was asked was done, under the same Idempotency-Key.</param>
    /// <param name="Refusal">Why nothing is done.</param>
    public readonly record struct Accepted(Snapshot Target, bool IsRepeat, FhirResponse? Refusal);
}
