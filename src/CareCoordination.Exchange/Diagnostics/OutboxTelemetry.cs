using System.Diagnostics.Metrics;
using CareCoordination.Storage;

namespace CareCoordination.Exchange.Diagnostics;

/// <summary>
/// What is measured of the outbox, named <c>CareCoordination.Exchange</c>; what partners answer is measured by the connectors. Tags are
/// topics and states: nothing of patients.
/// </summary>
public static class OutboxTelemetry
{
    public const string Name = "CareCoordination.Exchange";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Attempts = Meter.CreateCounter<long>(
        "carecoordination.outbox.attempts",
        "{attempt}",
        "Attempts to bring a message to its destination, by topic and by the state of the message afterwards."
    );

    internal static void Attempted(string topic, MessageState? state) =>
        Attempts.Add(1, new("topic", topic), new("state", state?.ToString() ?? "unknown"));
}
