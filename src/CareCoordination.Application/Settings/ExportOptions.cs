namespace CareCoordination.Application.Settings;

/// <summary>Files that are made for whoever asked for them: section <c>Exports</c>. docs/bulk-data.md</summary>
public sealed record ExportOptions
{
    /// <summary>
    /// Where files are made and kept, a folder for each job. All nodes have the same one: what one has made another hands out. It is made
    /// when it is needed first.
    /// </summary>
    public string Folder { get; init; } = Path.Combine(Environment.CurrentDirectory, "data", "exports");

    /// <summary>How long files are kept, and their addresses are good, after the last of them was made.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Exports that go on at once, on all nodes together; one more is refused with 429.</summary>
    public int MaxRunning { get; init; } = 2;

    /// <summary>A file has so many resources and no more.</summary>
    public int FileResources { get; init; } = 100_000;

    /// <summary>A file ends after the resource by which it is this large.</summary>
    public long FileBytes { get; init; } = 256L * 1024 * 1024;

    public static ExportOptions Read(IConfiguration configuration)
    {
        var section = new OptionsSection(configuration, "Exports");
        var defaults = new ExportOptions();
        var options = new ExportOptions
        {
            Folder = Path.GetFullPath(section.Text(nameof(Folder)) ?? defaults.Folder),
            Keep = TimeSpan.FromHours(section.Number("KeepHours", (int)defaults.Keep.TotalHours, 1, 24 * 366)),
            MaxRunning = section.Number(nameof(MaxRunning), defaults.MaxRunning, 1, 100),
            FileResources = section.Number(nameof(FileResources), defaults.FileResources, 1, 10_000_000),
            FileBytes = (long)section.Number("FileMegabytes", (int)(defaults.FileBytes >> 20), 1, 16 * 1024) << 20,
        };
        section.RefuseOthers();
        return options;
    }
}
