using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Application.Operations;

public delegate Result<Decision> Decide(Snapshot target, DateTimeOffset now);

public delegate Task<Result<Decision>> DecideAsync(Snapshot target, DateTimeOffset now);

/// <summary>A decision by the calendar and rules of the organisation whose work the target is.</summary>
public delegate Result<Decision> DecideByPolicy(Snapshot target, DateTimeOffset now, CarePolicy policy);

public delegate Task<Result<Decision>> DecideByPolicyAsync(Snapshot target, DateTimeOffset now, CarePolicy policy);

/// <summary>
/// Runs a command: reads its target, asks for a decision, and writes it with its Provenance, its AuditEvent and what the client's
/// Idempotency-Key promises, as one commit that holds only while all that was read is current.
/// </summary>
public sealed class CommandRunner(
    ResourceStore store,
    FhirDefinitions definitions,
    CarePolicies policies,
    ReferralAnswers answers,
    TimeProvider time
)
{
    public Task<FhirResponse> RunAsync(Command command, Decide decide, CancellationToken cancellationToken) =>
        RunAsync(command, (target, now) => Task.FromResult(decide(target, now)), cancellationToken);

    public Task<FhirResponse> RunAsync(Command command, DecideByPolicy decide, CancellationToken cancellationToken) =>
        RunAsync(
            command,
            async (target, now) => decide(target, now, await policies.OfAsync(target, cancellationToken)),
            cancellationToken
        );

    public Task<FhirResponse> RunAsync(
        Command command,
        DecideByPolicyAsync decide,
        CancellationToken cancellationToken
    ) =>
        RunAsync(
            command,
            async (target, now) => await decide(target, now, await policies.OfAsync(target, cancellationToken)),
            cancellationToken
        );

    /// <summary>A command of one resource.</summary>
    public async Task<FhirResponse> RunAsync(Command command, DecideAsync decide, CancellationToken cancellationToken)
    {
        if (await ReplayAsync(command.Call, cancellationToken) is { } replay)
            return replay;
        var response = await RunOnceAsync(command, decide, cancellationToken);
        // What refuses may be what the same request did a moment ago.
        return response.IsSuccess || response.IsLostRace
            ? response
            : await ReplayAsync(command.Call, cancellationToken) ?? response;
    }

    /// <summary>A command of a type, which makes new resources.</summary>
    public async Task<FhirResponse> RunOnTypeAsync(
        Command command,
        Func<DateTimeOffset, Task<Result<Decision>>> decide,
        CancellationToken cancellationToken
    )
    {
        if (await ReplayAsync(command.Call, cancellationToken) is { } replay)
            return replay;
        var now = Now();
        return await ActAsync(command, await decide(now), now, cancellationToken);
    }

    /// <summary>
    /// What the server does of itself, as a part of a longer work: the decision, told, and the record that it was done. False where
    /// another write came first, or somebody did it already.
    /// </summary>
    public async Task<bool> TryDoAsync(
        Decision decision,
        ResourceWrite? record,
        Agent by,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var commit = WorkflowCommit.Of(decision, definitions);
        if (!decision.IsEmpty)
            commit.Tell(decision, "operation", by, reason: null, now, NewId);
        if (record is not null)
            commit.Keep(record);
        return (await store.CommitAsync(commit.ToCommit(), cancellationToken)).IsCommitted;
    }

    public string NewId() => FhirId.New(time.GetUtcNow());

    /// <summary>Whole milliseconds, as the store keeps them.</summary>
    public DateTimeOffset Now()
    {
        var now = time.GetUtcNow();
        return new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
    }

    private async Task<FhirResponse> RunOnceAsync(
        Command command,
        DecideAsync decide,
        CancellationToken cancellationToken
    )
    {
        var call = command.Call;
        switch (await store.ReadAsync(call.Key, cancellationToken))
        {
            case null:
                return Failure.NotFound($"There is no {call.Key}.");
            case { IsDeleted: true } gone:
                return FhirResponse.Of(Failure.Gone($"{call.Key} was deleted."), gone);
            case { } current when call.RequiredVersion is { } required && required != current.Version:
                return LostUpdate.Explain(new VersionIs(call.Key, required), current);
            case { } current:
                var now = Now();
                var decided = await decide(new Snapshot(current.Key, current.Version, current.Utf8Json), now);
                return await ActAsync(command, decided, now, cancellationToken);
        }
    }

    private async Task<FhirResponse> ActAsync(
        Command command,
        Result<Decision> decided,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (!decided.TryGet(out var decision, out var failure))
            return failure;
        decision = await answers.CompleteAsync(decision, now, cancellationToken);
        var commit = WorkflowCommit.Of(decision, definitions);
        if (commit.Refusal is { } refusal)
            return refusal;
        if (!decision.IsEmpty)
            commit.Tell(decision, "operation", command.Call.By, command.Call.Reason, now, NewId);
        if (command.Call.Idempotency is { } key)
            commit.Remember(key, decision, now);
        if (commit.IsEmpty)
            return await AnswerAsync(command.Call, decision, cancellationToken);
        var result = await store.CommitAsync(commit.ToCommit(), cancellationToken);
        if (!result.IsCommitted)
            return FhirResponse.LostRace();
        foreach (var change in result.Changes)
        {
            if (change.Resource.Key == decision.Answer)
                return Answer(command.Call, change.Resource, decision.Notes);
        }

        return await AnswerAsync(command.Call, decision, cancellationToken);
    }

    private async Task<FhirResponse> AnswerAsync(
        CommandCall call,
        Decision decision,
        CancellationToken cancellationToken
    ) =>
        await store.ReadAsync(decision.Answer, cancellationToken) is { IsDeleted: false } current
            ? Answer(call, current, decision.Notes)
            : FhirResponse.LostRace();

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
        if (await store.ReadAsync(key.Record, cancellationToken) is not { IsDeleted: false } record)
            return null;
        if (!key.Recall(record.Utf8Json).TryGet(out var first, out var failure))
            return failure;
        return await store.ReadVersionAsync(first.Answer, first.Version, cancellationToken) is { } answer
            ? Answer(call, answer, [])
            : Failure.Gone($"The answer to the first request, {first.Answer}, is there no more.");
    }
}
