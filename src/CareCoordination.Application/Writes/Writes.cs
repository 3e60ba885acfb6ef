using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Application.Writes;

/// <summary>
/// What is to be written, as one commit or not at all, before what follows from it is known. A value: it is decided again from
/// fresh reads where another write came first.
/// </summary>
public sealed record WriteSet
{
    public static readonly WriteSet Nothing = new();

    /// <summary>What a client sends itself: guarded, and followed by what follows. On distinct resources.</summary>
    public ImmutableArray<PlannedChange> Changes { get; init; } = [];

    /// <summary>What commands and this server itself decided.</summary>
    public ImmutableArray<RecordedDecision> Decisions { get; init; } = [];

    /// <summary>
    /// Records as they were elsewhere, prepared by an import: they come in any status and with a history of their own, so that they
    /// are neither guarded nor followed by anything. They are validated and indexed as all others are.
    /// </summary>
    public ImmutableArray<Change> Records { get; init; } = [];

    /// <summary>What the writer itself made its request depend on: where one does not hold the request is refused.</summary>
    public ImmutableArray<Demand> Demands { get; init; } = [];

    /// <summary>What was relied on: where it does not hold any more, it is decided again.</summary>
    public ImmutableArray<Precondition> ReliedOn { get; init; } = [];

    /// <summary>As <see cref="Commit.AsOf"/>.</summary>
    public StorePoint? AsOf { get; init; }

    public ImmutableArray<OutboxChange> Outbox { get; init; } = [];

    /// <summary>What has left for somebody else: for the audit trail, because it was disclosed.</summary>
    public ImmutableArray<Sent> Sent { get; init; } = [];

    /// <summary>Jobs, and what became of their steps.</summary>
    public ImmutableArray<JobChange> Jobs { get; init; } = [];

    /// <summary>Rows of projections that change without their resource: a timer that is moved on, an index that is written anew.</summary>
    public ImmutableArray<Change> Projections { get; init; } = [];

    /// <summary>The key under which the request may come again, and what it is then answered with.</summary>
    public PromisedAnswer? Remembered { get; init; }

    public static WriteSet Of(params ImmutableArray<PlannedChange> changes) => new() { Changes = changes };

    public static WriteSet Of(RecordedDecision decision) => new() { Decisions = [decision] };
}

/// <summary>A decision, and how it is recorded.</summary>
/// <param name="Interaction"><c>operation</c> for a command; what the AuditEvent has as its subtype.</param>
public sealed record RecordedDecision(Decision Decision, string Interaction, Agent By, Reason? Reason)
{
    /// <summary>False where it is a record of the server's own, as of a job's progress: neither Provenance nor AuditEvent tell of it.</summary>
    public bool IsRecorded { get; init; } = true;

    /// <summary>
    /// It is about whom the caller says, without a relation to them: what a hospital or a partner hands in, a glass that is broken.
    /// </summary>
    public bool NeedsNoRelation { get; init; }
}

/// <summary>What somebody else has received; the caller of the session is who.</summary>
/// <param name="Subject">What the message is about.</param>
/// <param name="About">What else it is about; null: nothing.</param>
/// <param name="Patients">The ids of those whose data it told.</param>
public sealed record Sent(ResourceKey Subject, ResourceKey? About, ImmutableArray<string> Patients);

/// <summary>A condition of whoever writes.</summary>
/// <param name="Explain">The refusal where it does not hold, given what is stored; the resource is the one that the condition is about.</param>
public sealed record Demand(Precondition Condition, Func<StoredResource?, FhirResponse> Explain);

/// <summary>What a request with an Idempotency-Key is answered with when it comes again.</summary>
public sealed record PromisedAnswer(IdempotencyKey Key, Decision Decision);

/// <summary>What a write is decided to be: something to write, or an answer without writing.</summary>
public readonly struct WriteDecision
{
    private WriteDecision(WriteSet? writes, FhirResponse? answer) => (Writes, Answer) = (writes, answer);

    public WriteSet? Writes { get; }

    /// <summary>A refusal, or that it is so already; null where there is something to write.</summary>
    public FhirResponse? Answer { get; }

    public static implicit operator WriteDecision(WriteSet writes) => new(writes, null);

    public static implicit operator WriteDecision(Failure failure) => new(null, failure);

    public static implicit operator WriteDecision(FhirResponse answer) => new(null, answer);
}

/// <summary>
/// Decides what to write, from reads of the session. May be called more than once, and the last call counts: its outcome depends on
/// nothing but what it reads.
/// </summary>
public delegate ValueTask<WriteDecision> DecideWrites(CancellationToken cancellationToken);

/// <summary>What was written.</summary>
/// <param name="Changes">First those of <see cref="WriteSet.Changes"/>, in their order; then what follows.</param>
public sealed record Written(WriteSet Writes, ImmutableArray<ChangeResult> Changes)
{
    /// <summary>As <see cref="CommitResult.Outbox"/>.</summary>
    public ImmutableArray<OutboxMessage?> Outbox { get; init; } = [];

    /// <summary>As <see cref="CommitResult.ChangedPartners"/>.</summary>
    public ImmutableArray<string> ChangedPartners { get; init; } = [];

    /// <summary>What the caller should know of what did not follow.</summary>
    public ImmutableArray<WriteNote> Notes { get; init; } = [];

    /// <summary>What the client should know of one of the changes although it was made.</summary>
    public ImmutableArray<Issue> IssuesOf(int change) =>
        [
            .. Writes.Changes[change].Resource?.Warnings ?? [],
            .. Notes.Where(n => n.About == Writes.Changes[change].Key).Select(n => n.Issue),
        ];
}

/// <summary>What became of a write: it is stored, or there is an answer that says why not. One of the two has to be looked at.</summary>
public readonly struct WriteResult
{
    private WriteResult(Written? written, FhirResponse? answer, Precondition? failed) =>
        (_written, _answer, Failed) = (written, answer, failed);

    private readonly Written? _written;
    private readonly FhirResponse? _answer;

    /// <summary>The condition that did not hold, where that is why nothing was written.</summary>
    public Precondition? Failed { get; }

    public bool TryGet(
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Written? written,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out FhirResponse? answer
    )
    {
        (written, answer) = (_written, _written is null ? _answer! : null);
        return written is not null;
    }

    /// <summary>The answer to what was written, or the one that says why nothing was.</summary>
    public FhirResponse Then(Func<Written, FhirResponse> answer) =>
        _written is { } written ? answer(written) : _answer!;

    public static implicit operator WriteResult(Written written) => new(written, null, null);

    public static implicit operator WriteResult(FhirResponse answer) => new(null, answer, null);

    public static WriteResult Unmet(Precondition failed, FhirResponse answer) => new(null, answer, failed);
}
