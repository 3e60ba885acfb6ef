using CareCoordination.Application.Answers;
using CareCoordination.Connectors;
using CareCoordination.Exchange.Partners;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Storage.Outbox;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Exchange.PartnerDesk;

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
        var mark = await deliveries.MarkAsync(id, cancellationToken);
        var depth = await deliveries.DepthAsync(Outgoing.Topic, id, cancellationToken);
        var seen = connectors.Health(id);
        var parameters = new ParametersEditor
        {
            Parameter =
            {
                new()
                {
                    Name = "partner",
                    ValueReference = new() { Reference = endpoint.Key.ToString() },
                },
                new() { Name = "paused", ValueBoolean = mark.IsPaused },
                new() { Name = "breaker", ValueCode = BreakerOf(seen) },
                new() { Name = "queued", ValueInteger = depth.Queued },
                new() { Name = "sending", ValueInteger = depth.Sending },
                new() { Name = "retry", ValueInteger = depth.Retry },
                new() { Name = "parked", ValueInteger = depth.Parked },
                new() { Name = "failuresInARow", ValueInteger = seen?.FailuresInARow ?? mark.ConsecutiveFailures },
            },
        };
        if (entry.Partner is { } partner)
            parameters.Parameter.Add(new() { Name = "strategy", ValueCode = partner.Options.Strategy.ToString() });
        if ((entry.Problem ?? seen?.LastProblem ?? mark.LastProblem) is { } problem)
            parameters.Parameter.Add(new() { Name = "problem", ValueString = problem });
        AddTime(parameters, "quietUntil", seen?.QuietUntil);
        AddTime(parameters, "lastSuccess", Later(seen?.LastSuccessAt, mark.LastSuccessAt));
        AddTime(parameters, "lastFailure", Later(seen?.LastFailureAt, mark.LastFailureAt));
        AddTime(parameters, "lastPoll", mark.PolledAt);
        AddTime(parameters, "polledThrough", mark.PolledThrough);
        AddTime(parameters, "oldest", depth.Oldest);
        AddLag(parameters, depth.Oldest);
        return FhirResponse.Of(new BytesContent(parameters.ToUtf8Json()));
    }

    private static void AddTime(ParametersEditor parameters, string name, DateTimeOffset? at)
    {
        if (at is { } instant)
            parameters.Parameter.Add(new() { Name = name, ValueInstant = DeskAnswers.Instant(instant) });
    }

    /// <summary>How long the oldest message has waited.</summary>
    private void AddLag(ParametersEditor parameters, DateTimeOffset? since)
    {
        if (since is not { } oldest)
            return;
        parameters.Parameter.Add(
            new()
            {
                Name = "lag",
                ValueQuantity = new()
                {
                    Value = Math.Max(0, (long)(time.GetUtcNow() - oldest).TotalSeconds),
                    Unit = "seconds",
                    System = "http://unitsofmeasure.org",
                    Code = "s",
                },
            }
        );
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
