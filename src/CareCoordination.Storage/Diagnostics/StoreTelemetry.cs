using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace CareCoordination.Storage.Diagnostics;

/// <summary>
/// What is measured of writing, named <c>CareCoordination.Storage</c>. Costs nothing while nobody listens. What single statements take
/// is measured by the drivers themselves, as Npgsql does.
/// </summary>
public static class StoreTelemetry
{
    public const string Name = "CareCoordination.Storage";

    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> Durations = Meter.CreateHistogram<double>(
        "carecoordination.store.commit.duration",
        "s",
        "How long a database transaction of commits took, with its repetitions."
    );

    private static readonly Histogram<int> Sizes = Meter.CreateHistogram<int>(
        "carecoordination.store.commit.size",
        "{commit}",
        "How many commits were written together by one database transaction."
    );

    private static readonly UpDownCounter<long> Waiting = Meter.CreateUpDownCounter<long>(
        "carecoordination.store.commit.waiting",
        "{commit}",
        "Commits that were handed in and are not answered yet."
    );

    private static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "carecoordination.store.commit.failures",
        "{transaction}",
        "Database transactions that were given up, by the kind of exception."
    );

    internal static void HandedIn() => Waiting.Add(1);

    internal static void Answered() => Waiting.Add(-1);

    internal static void Written(int commits, long startedAt)
    {
        Sizes.Record(commits);
        Durations.Record(Stopwatch.GetElapsedTime(startedAt).TotalSeconds);
    }

    internal static void Failed(Exception problem) =>
        Failures.Add(1, new KeyValuePair<string, object?>("error.type", problem.GetType().Name));
}
