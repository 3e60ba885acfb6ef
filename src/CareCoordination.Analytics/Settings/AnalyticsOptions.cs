using CareCoordination.Application.Settings;

namespace CareCoordination.Analytics.Settings;

/// <summary>Where tables of outcomes are kept, and what questions of them may cost: section <c>Analytics</c>.</summary>
public sealed record AnalyticsOptions
{
    /// <summary>False: nothing is kept, and questions are refused.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>The file of the tables, of this node alone. It is made of what is stored, and may be thrown away.</summary>
    public required string File { get; init; }

    /// <summary>True: it follows what is stored from the start on; else from the first question on.</summary>
    public bool FollowsFromStart { get; init; }

    /// <summary>How often it looks for changes.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>What tables and questions may take together; beyond it questions use the disk, and then fail.</summary>
    public int MemoryMegabytes { get; init; } = 1024;

    public int Threads { get; init; } = 2;

    /// <summary>How long a question may take.</summary>
    public TimeSpan QueryTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many are answered at once; others wait.</summary>
    public int Queries { get; init; } = 2;

    /// <summary>Rows of an answer; a question that has more is refused.</summary>
    public int MaxRows { get; init; } = 100_000;

    /// <summary>A count of patients that is smaller than this is not shown in reports about populations; 0: all are.</summary>
    public int SmallestCell { get; init; }

    /// <param name="defaultFile">Each database has its own.</param>
    public static AnalyticsOptions Read(IConfiguration configuration, string defaultFile)
    {
        var section = new OptionsSection(configuration, "Analytics");
        var defaults = new AnalyticsOptions { File = defaultFile };
        var options = new AnalyticsOptions
        {
            IsEnabled = section.Flag("Enabled") ?? defaults.IsEnabled,
            File = section.Text(nameof(File)) ?? defaults.File,
            FollowsFromStart = section.Flag("FollowFromStart") ?? defaults.FollowsFromStart,
            Interval = TimeSpan.FromMilliseconds(
                section.Number("IntervalMilliseconds", (int)defaults.Interval.TotalMilliseconds, 50, 3_600_000)
            ),
            MemoryMegabytes = section.Number(nameof(MemoryMegabytes), defaults.MemoryMegabytes, 64, 1_000_000),
            Threads = section.Number(nameof(Threads), defaults.Threads, 1, 256),
            QueryTime = TimeSpan.FromSeconds(
                section.Number("QuerySeconds", (int)defaults.QueryTime.TotalSeconds, 1, 3600)
            ),
            Queries = section.Number(nameof(Queries), defaults.Queries, 1, 64),
            MaxRows = section.Number(nameof(MaxRows), defaults.MaxRows, 1, 10_000_000),
            SmallestCell = section.Number(nameof(SmallestCell), defaults.SmallestCell, 0, 1000),
        };
        section.RefuseOthers();
        return options;
    }
}
