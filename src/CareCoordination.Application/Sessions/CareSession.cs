using System.Collections.Immutable;
using CareCoordination.Application.Access;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Audit;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage;
using CareCoordination.Storage.Stores;

namespace CareCoordination.Application.Sessions;

/// <summary>
/// The only way to the store: what one caller reads and writes for one request. Of one request at a time, and opened by
/// <see cref="CareSessions"/> with the caller.
/// </summary>
public sealed class CareSession
{
    private readonly ReadGate _gate;
    private readonly VisibleReads _reads;
    private readonly Func<WritePipeline> _pipeline;
    private readonly Func<DueDays> _dueDays;
    private readonly ResourceStore _store;
    private readonly AuditScope _scope;

    /// <param name="pipeline">Asked for by the first write, as the next: most sessions only read.</param>
    internal CareSession(
        VisibleReads reads,
        ReadGate gate,
        Func<WritePipeline> pipeline,
        Func<DueDays> dueDays,
        ResourceStore store,
        AuditScope scope
    ) => (_reads, _gate, _pipeline, _dueDays, _store, _scope) = (reads, gate, pipeline, dueDays, store, scope);

    public Caller Caller => _gate.Caller;

    /// <summary>What the caller may see and do.</summary>
    public AccessRights Rights => _gate.Rights;

    /// <summary>The reads of the caller: what they may see.</summary>
    public IStoreReads Reads => _reads;

    /// <summary>
    /// Decides from reads, completes what is decided with what follows from it, and stores it as a whole. Where another write came
    /// first it is decided again inside the transaction that writes it, in turn, so that nobody but a client with a condition of its
    /// own is refused because of others.
    /// </summary>
    public Task<WriteResult> WriteAsync(DecideWrites decide, CancellationToken cancellationToken) =>
        WriteAsync(new Attempt(this, decide), isInside: false, cancellationToken);

    /// <summary>
    /// As <see cref="WriteAsync(DecideWrites, CancellationToken)"/>, decided inside the transaction from the beginning: for what relies
    /// on how many there are of something, or that nobody does the same.
    /// </summary>
    public Task<WriteResult> WriteInTurnAsync(DecideWrites decide, CancellationToken cancellationToken) =>
        WriteAsync(new Attempt(this, decide), isInside: true, cancellationToken);

    private async Task<WriteResult> WriteAsync(Attempt attempt, bool isInside, CancellationToken cancellationToken)
    {
        if (isInside)
            return await ConcludeAsync(
                attempt,
                await _store.DecideAsync(attempt.AgainAsync, cancellationToken),
                cancellationToken
            );
        await attempt.RunAsync(cancellationToken);
        if (attempt.Commit is not { } commit)
            return attempt.WithoutWriting();
        var result = attempt.MayBeDecidedAgain
            ? await _store.CommitAsync(commit, attempt.AgainAsync, cancellationToken)
            : await _store.CommitAsync(commit, cancellationToken);
        return await ConcludeAsync(attempt, result, cancellationToken);
    }

    private async Task<WriteResult> ConcludeAsync(
        Attempt attempt,
        CommitResult result,
        CancellationToken cancellationToken
    )
    {
        if (result.IsWithdrawn)
            return attempt.WithoutWriting();
        if (result.Commit is { } stored)
            _scope.Stored(stored, result.Changes);
        if (result.Failed is not { } failed)
            return new Written(attempt.Writes!, result.Changes)
            {
                Outbox = result.Outbox,
                ChangedPartners = result.ChangedPartners,
                Notes = attempt.Notes,
            };
        var demand = attempt.Writes!.Demands.FirstOrDefault(d => ReferenceEquals(d.Condition, failed));
        if (demand is null)
            return WriteResult.Unmet(failed, FhirResponse.Conflict());
        StoredResource? about = KeyOf(failed) is { } key ? await _gate.ReadAsync(key, cancellationToken) : null;
        return WriteResult.Unmet(failed, demand.Explain(about));
    }

    private static ResourceKey? KeyOf(Precondition condition) =>
        condition switch
        {
            VersionIs version => version.Key,
            VersionIsAny any => any.Key,
            NotPresent absent => absent.Key,
            _ => null,
        };

    /// <summary>One write, as it was decided last.</summary>
    private sealed class Attempt(CareSession session, DecideWrites decide)
    {
        private FhirResponse? _answer;

        public WriteSet? Writes { get; private set; }

        /// <summary>Null where nothing is to be written.</summary>
        public Commit? Commit { get; private set; }

        public ImmutableArray<WriteNote> Notes { get; private set; } = [];

        /// <summary>The commit rests on more than the writer's own conditions, which hold or not however often it is decided.</summary>
        public bool MayBeDecidedAgain => Commit!.Preconditions.Length > Writes!.Demands.Length;

        public WriteResult WithoutWriting() => _answer is { } answer ? answer : new Written(Writes!, []);

        public async ValueTask RunAsync(CancellationToken cancellationToken)
        {
            (_answer, Writes, Commit) = (null, null, null);
            var decision = await decide(cancellationToken);
            if (decision.Writes is not { } writes)
            {
                _answer = decision.Answer;
                return;
            }

            Writes = writes;
            var completed = await session._pipeline().CompleteAsync(writes, session.Caller, cancellationToken);
            if (!completed.TryGet(out var done, out var refusal))
                _answer = refusal;
            else if (!done.Commit.IsEmpty)
                (Commit, Notes) = (await session._dueDays().ResolveAsync(done.Commit, cancellationToken), done.Notes);
        }

        public async ValueTask<Commit?> AgainAsync(IStoreReads reads, CancellationToken cancellationToken)
        {
            using (session._gate.Within(reads))
                await RunAsync(cancellationToken);
            return Commit;
        }
    }
}
