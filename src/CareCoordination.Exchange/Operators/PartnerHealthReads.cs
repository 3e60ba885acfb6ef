using CareCoordination.Application.Answers;
using CareCoordination.Connectors;
using CareCoordination.Exchange.Partners;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Storage.Stores;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Exchange.Operators;

/// <summary>How a partner fares: what all nodes remember of it, and how this node finds it.</summary>
public sealed class PartnerHealthReads(
    OutboxStore deliveries,
    PartnerDirectory directory,
    PartnerConnectors connectors,
    TimeProvider time
)
{
    public async Task<FhirResponse> AnswerAsync(Snapshot endpoint, CancellationToken cancellationToken)
    {
        var id = endpoint.Key.Id;
        var entry = await directory.FindAsync(id, cancellationToken);
        var status = await deliveries.PartnerStatusAsync(id, cancellationToken);
        var depth = await deliveries.DepthAsync(Outgoing.Topic, id, cancellationToken);
        var seen = connectors.Health(id);
        var answer = new ParametersEditor();
        var add = answer.Parameter;
        add.Add(
            new()
            {
                Name = "partner",
                ValueReference = new() { Reference = endpoint.Key.ToString() },
            }
        );
        add.Add(new() { Name = "paused", ValueBoolean = status.IsPaused });
        add.Add(new() { Name = "breaker", ValueCode = BreakerOf(seen) });
        Queue(answer, depth);
        add.Add(new() { Name = "failuresInARow", ValueInteger = seen?.FailuresInARow ?? status.ConsecutiveFailures });
        if (seen is not null)
            add.Add(new() { Name = "concurrency", ValueInteger = seen.Concurrency });
        if (entry.Partner is { } partner)
            add.Add(new() { Name = "strategy", ValueCode = partner.Options.Strategy });
        Text(answer, "problem", entry.Problem ?? ProblemOf(seen, status));
        Text(answer, "pollProblem", status.PollProblem);
        When(answer, "quietUntil", seen?.QuietUntil);
        When(answer, "lastSuccess", Later(seen?.LastSuccessAt, status.LastSuccessAt));
        When(answer, "lastFailure", Later(seen?.LastFailureAt, status.LastFailureAt));
        When(answer, "lastPoll", status.PolledAt);
        When(answer, "polledThrough", status.PolledThrough);
        Lag(answer, depth.Oldest);
        return FhirResponse.Of(new BytesContent(answer.ToUtf8Json()));
    }

    /// <summary>What this node saw last holds; what all remember is older, and holds where this node has sent nothing.</summary>
    private static string? ProblemOf(PartnerHealth? seen, PartnerStatus status) =>
        Later(seen?.LastSuccessAt, seen?.LastFailureAt) is { } here
        && here >= Later(status.LastSuccessAt, status.LastFailureAt).GetValueOrDefault()
            ? seen!.LastProblem
            : status.LastProblem;

    private static void Queue(ParametersEditor answer, QueueDepth depth)
    {
        answer.Parameter.Add(new() { Name = "queued", ValueInteger = depth.Queued });
        answer.Parameter.Add(new() { Name = "sending", ValueInteger = depth.Sending });
        answer.Parameter.Add(new() { Name = "retry", ValueInteger = depth.Retry });
        answer.Parameter.Add(new() { Name = "parked", ValueInteger = depth.Parked });
    }

    /// <summary>Since when the oldest message waits.</summary>
    private void Lag(ParametersEditor answer, DateTimeOffset? oldest)
    {
        if (oldest is not { } since)
            return;
        When(answer, "oldest", since);
        answer.Parameter.Add(
            new()
            {
                Name = "lag",
                ValueQuantity = new()
                {
                    Value = Math.Max(0, (long)(time.GetUtcNow() - since).TotalSeconds),
                    Unit = "seconds",
                    System = "http://unitsofmeasure.org",
                    Code = "s",
                },
            }
        );
    }

    private static void When(ParametersEditor answer, string name, DateTimeOffset? at)
    {
        if (at is { } instant)
            answer.Parameter.Add(new() { Name = name, ValueInstant = OperatorAnswers.Instant(instant) });
    }

    private static void Text(ParametersEditor answer, string name, string? text)
    {
        if (text is not null)
            answer.Parameter.Add(new() { Name = name, ValueString = text });
    }

    private static string BreakerOf(PartnerHealth? health) =>
        health?.Breaker switch
        {
            Connectors.Exchanges.BreakerState.Open => "open",
            Connectors.Exchanges.BreakerState.HalfOpen => "half-open",
            _ => "closed",
        };

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other > one ? other : one;
}
