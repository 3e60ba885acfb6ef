using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace CareCoordination.Connectors.Diagnostics;

/// <summary>
/// What is measured about partners, named <c>CareCoordination.Connectors</c>. Tags are ids of Endpoints, kinds and statuses: nothing
/// of patients.
/// </summary>
public static class Telemetry
{
    public const string Name = "CareCoordination.Connectors";

    internal static readonly ActivitySource Activities = new(Name);

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Attempts = Meter.CreateCounter<long>(
        "carecoordination.connectors.attempts",
        "{attempt}",
        "Requests and messages that were tried at a partner, by what became of them."
    );

    private static readonly Counter<long> Outcomes = Meter.CreateCounter<long>(
        "carecoordination.connectors.outcomes",
        "{message}",
        "What became of telling a partner, after all retries."
    );

    private static readonly Histogram<double> Durations = Meter.CreateHistogram<double>(
        "carecoordination.connectors.duration",
        "s",
        "How long telling a partner took, with its retries and waiting."
    );

    private static readonly UpDownCounter<long> OpenBreakers = Meter.CreateUpDownCounter<long>(
        "carecoordination.connectors.breaker.open",
        "{partner}",
        "1 while the breaker of a partner is open."
    );

    internal static void Attempt(string partner, string name, string answer, int? status) =>
        Attempts.Add(1, new("partner", partner), new("request", name), new("answer", answer), new("status", status));

    internal static void Outcome(string partner, string kind, string outcome, TimeSpan duration)
    {
        var tags = new TagList
        {
            { "partner", partner },
            { "kind", kind },
            { "outcome", outcome },
        };
        Outcomes.Add(1, tags);
        Durations.Record(duration.TotalSeconds, tags);
    }

    internal static void BreakerMoved(string partner, bool opened) =>
        OpenBreakers.Add(opened ? 1 : -1, new KeyValuePair<string, object?>("partner", partner));
}
