using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace CareCoordination.Application.Diagnostics;

/// <summary>What is measured of timers, named <c>CareCoordination.Application</c>. Tags are types of resources: nothing of patients.</summary>
public static class TimerTelemetry
{
    public const string Name = "CareCoordination.Application";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Count = Meter.CreateCounter<long>(
        "carecoordination.timers",
        "{timer}",
        "Timers that were due, by what became of them: fired, or postponed because they failed."
    );

    private static readonly Histogram<double> Lateness = Meter.CreateHistogram<double>(
        "carecoordination.timers.lateness",
        "s",
        "How long after its time a timer was fired."
    );

    internal static void Fired(string resourceType, bool isFired, TimeSpan late)
    {
        var tags = new TagList
        {
            { "fhir.resource.type", resourceType },
            { "outcome", isFired ? "fired" : "postponed" },
        };
        Count.Add(1, tags);
        Lateness.Record(late.TotalSeconds, tags);
    }
}
