using System.Collections.Immutable;
using CareCoordination.Access.Scopes;
using CareCoordination.Application.Access;
using CareCoordination.Application.Audit;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;

namespace CareCoordination.Application.Writes;

/// <summary>
/// The one way from what is to be written to a commit, for REST verbs, deletions, entries of transactions, commands, news of
/// partners, timers, jobs and imports alike: guard, what follows, validation, record, messages. What a kind of write leaves out is said by where
/// it stands in the <see cref="WriteSet"/>.
/// </summary>
public sealed class WritePipeline(
    WriteEffects effects,
    DecisionEffects follow,
    FhirDefinitions definitions,
    WriteAccess access,
    Func<CoSignatures> signatures,
    ReadGate gate,
    RetentionOptions retention,
    AuditScope scope,
    TimeProvider time
)
{
    /// <summary>The commit, its first changes those of <see cref="WriteSet.Changes"/>; or why one of them is refused.</summary>
    public async ValueTask<Result<CompletedWrites>> CompleteAsync(
        WriteSet writes,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        var commit = new CommitBuilder(definitions, scope, NewId);
        commit.Add(writes.Demands.Select(d => d.Condition));
        commit.Add(writes.ReliedOn.Select(Seen));
        if (!(await PlainAsync(commit, writes, caller, cancellationToken)).TryGet(out var notes, out var refusal))
            return refusal;
        foreach (var decided in writes.Decisions)
        {
            if (await DecidedAsync(commit, decided, caller, cancellationToken) is { } wrong)
                return wrong;
        }

        if (await SignAsync(commit, writes, time.GetUtcNow(), cancellationToken) is { } unsigned)
            return unsigned;
        commit.Add(writes.Records, caller, time.GetUtcNow());
        foreach (var moved in writes.Projections)
            commit.Add(moved);
        commit.Add(writes.Outbox);
        foreach (var sent in writes.Sent)
            commit.Add(sent, caller, time.GetUtcNow());
        commit.Add(writes.Jobs);
        if (writes.Remembered is { } remembered)
            commit.Remember(remembered, time.GetUtcNow(), retention.IdempotencyKeys);
        return new CompletedWrites(commit.ToCommit(writes.AsOf), notes);
    }

    /// <summary>What the caller's own criteria find is what the caller sees.</summary>
    private Precondition Seen(Precondition relied) =>
        relied is SearchFinds finds && gate.Rights.Visible(ScopeRights.Search) is { } visible
            ? finds with
            {
                Query = finds.Query with { Visibility = visible.At(time.GetUtcNow()) },
            }
            : relied;

    /// <summary>What the caller should know of what did not follow.</summary>
    private async ValueTask<Result<ImmutableArray<WriteNote>>> PlainAsync(
        CommitBuilder commit,
        WriteSet writes,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        if (writes.Changes.IsEmpty)
            return ImmutableArray<WriteNote>.Empty;
        foreach (var change in writes.Changes)
        {
            if (definitions.BuiltIns.WhyNotWritten(change.Key) is { } builtIn)
                return change.Locate(builtIn);
            if (AuditEvents.WhyNotWritten(change.Key) is { } told)
                return change.Locate(told);
        }

        if (await RefuseAsync(writes.Changes, cancellationToken) is { } forbidden)
            return forbidden;
        var now = time.GetUtcNow();
        if (
            !(await effects.FollowAsync(writes.Changes, now, cancellationToken)).TryGet(
                out var followed,
                out var refusal
            )
        )
            return refusal;
        for (var i = 0; i < followed.Changes.Length; i++)
        {
            var change = followed.Changes[i];
            if (!ToChange(change).TryGet(out var planned, out var tooMuch))
                return change.Locate(tooMuch);
            commit.Add(
                planned,
                change.Asked ?? (i < writes.Changes.Length ? scope.Asked : null),
                change.Entry,
                caller,
                now
            );
        }

        if (followed.RestsOnAll && !gate.IsInTransaction)
            commit.Add(new DecidedInTurn());
        if (followed.Followers is { } followers && commit.Decided(followers) is { } invalid)
            return invalid;
        foreach (var (interaction, act) in followed.Acts)
            commit.Record(act, interaction, caller, ServerAgent.Unknown, reason: null, now);
        foreach (var message in followed.Messages)
            commit.Send(message);
        return followed.Notes;
    }

    /// <summary>What an assistant has written waits for somebody.</summary>
    private async ValueTask<Failure?> SignAsync(
        CommitBuilder commit,
        WriteSet writes,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (gate.Rights.IsUnlimited)
            return null;
        var written = writes
            .Changes.Where(change => change.Resource is not null)
            .Select(change => (change.Key, change.Resource!.Document))
            .Concat(
                writes.Decisions.SelectMany(decided =>
                    decided.Decision.Writes.Select(write => (write.Key, ResourceDocument.Parse(write.Utf8Json).Value))
                )
            );
        if (
            !(await signatures().AskAsync(written, now, NewId, cancellationToken)).TryGet(
                out var asked,
                out var refusal
            )
        )
            return refusal;
        return asked is null ? null : commit.Decided(asked);
    }

    /// <summary>What the caller wants to write is theirs to write, before it and after it.</summary>
    private async ValueTask<Failure?> RefuseAsync(
        ImmutableArray<PlannedChange> changes,
        CancellationToken cancellationToken
    )
    {
        if (gate.Rights.IsUnlimited)
            return null;
        // Who is new comes before what is about them, and what is disclosed before the task that discloses it.
        foreach (
            var change in changes.OrderBy(change =>
                change.Key.Type switch
                {
                    ResourceTypes.Patient => 0,
                    ResourceTypes.Task => 2,
                    _ => 1,
                }
            )
        )
        {
            if (await RefuseAsync(change, cancellationToken) is { } forbidden)
                return change.Locate(forbidden);
        }

        return null;
    }

    private async ValueTask<Failure?> RefuseAsync(PlannedChange change, CancellationToken cancellationToken)
    {
        var isDeletion = change.Resource is null;
        if (!change.IsNew && await access.OfOldAsync(change.Key, isDeletion, cancellationToken) is { } forbidden)
            return forbidden;
        if (isDeletion)
            return null;
        if (!ToChange(change).TryGet(out var planned, out var tooMuch))
            return tooMuch;
        var isNew = await gate.ReadAsync(change.Key, cancellationToken) is not { IsDeleted: false };
        return await access.OfNewAsync((PutResource)planned, isNew, cancellationToken);
    }

    private async ValueTask<Failure?> DecidedAsync(
        CommitBuilder commit,
        RecordedDecision decided,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        if (
            !decided.NeedsNoRelation
            && await access.OfDecisionAsync(decided.Decision, cancellationToken) is { } forbidden
        )
            return forbidden;
        var now = time.GetUtcNow();
        var decision = await follow.CompleteAsync(decided.Decision, now, cancellationToken);
        if (decision.RestsOnAll && !gate.IsInTransaction)
            commit.Add(new DecidedInTurn());
        if (commit.Decided(decision) is { } invalid)
            return invalid;
        if (decided.IsRecorded)
            commit.Record(decision, decided.Interaction, caller, decided.By, decided.Reason, now);
        if (decision.Begins is { } order)
            commit.Begin(order, decision.Answer, now);
        foreach (var outgoing in decision.Outgoing)
            commit.Send(outgoing);
        return null;
    }

    private Result<Change> ToChange(PlannedChange change) =>
        change.Resource is { } resource
            ? resource.Put(change.Key.Id, definitions).Then<Change>(put => put)
            : new DeleteResource(change.Key);

    private string NewId() => FhirId.New(time.GetUtcNow());
}
