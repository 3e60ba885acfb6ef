using System.Collections.Immutable;

namespace CareCoordination.Application.Settings;

/// <summary>Where <c>$import</c> may fetch from, and how much: section <c>Imports</c>. docs/import.md</summary>
public sealed record ImportOptions
{
    /// <summary>Nothing may be fetched from anywhere else.</summary>
    public ImmutableArray<ImportSource> Sources { get; init; } = [];

    /// <summary>Imports that go on at once, on all nodes together; one more is refused with 429.</summary>
    public int MaxRunning { get; init; } = 1;

    /// <summary>A file is at most so large, on its way and unpacked.</summary>
    public long FileBytes { get; init; } = 4096L * 1024 * 1024;

    /// <summary>How long the download of one file may take, with all its tries.</summary>
    public TimeSpan FileTime { get; init; } = TimeSpan.FromMinutes(60);

    /// <summary>How often something is asked for that cannot be had at the moment.</summary>
    public int Tries { get; init; } = 5;

    /// <summary>The source that an address is of, of several the narrowest; null: it is of none.</summary>
    public ImportSource? Find(Uri address) =>
        Sources.Where(source => source.Holds(address)).MaxBy(source => source.Url.AbsolutePath.Length);

    /// <summary>Why nothing is fetched from an address; null where something may be.</summary>
    public string? WhyNot(Uri address) =>
        Find(address) is not null ? null
        : Sources.IsEmpty
            ? "Nothing may be imported from anywhere: name the addresses that may be fetched from in Imports:Sources, as Imports:Sources:north:Url=https://north.example.org/fhir/."
        : $"{address.GetLeftPart(UriPartial.Authority)} is no place to import from, or not with this path: the addresses that may be fetched from stand in Imports:Sources.";

    public static ImportOptions Read(IConfiguration configuration)
    {
        var section = new OptionsSection(configuration, "Imports");
        var defaults = new ImportOptions();
        var options = new ImportOptions
        {
            Sources = [.. section.Sections(nameof(Sources)).Select(ReadSource)],
            MaxRunning = section.Number(nameof(MaxRunning), defaults.MaxRunning, 1, 100),
            FileBytes = (long)section.Number("FileMegabytes", (int)(defaults.FileBytes >> 20), 1, 1024 * 1024) << 20,
            FileTime = TimeSpan.FromMinutes(
                section.Number("FileMinutes", (int)defaults.FileTime.TotalMinutes, 1, 1440)
            ),
            Tries = section.Number(nameof(Tries), defaults.Tries, 1, 20),
        };
        section.RefuseOthers();
        return options;
    }

    private static ImportSource ReadSource(OptionsSection section)
    {
        var text = section.Text("Url") ?? "";
        if (
            !Uri.TryCreate(text, UriKind.Absolute, out var url)
            || url.Scheme is not ("http" or "https")
            || url.UserInfo.Length > 0
            || url.Query.Length > 0
        )
            throw section.Problem(
                "Url",
                text,
                "it must be what the addresses of the files begin with, such as https://north.example.org/fhir/."
            );
        var source = new ImportSource(url, section.Text("Token"));
        section.RefuseOthers();
        return source;
    }
}

/// <summary>A server, or a folder of one, that is imported from.</summary>
/// <param name="Url">What addresses of it begin with.</param>
/// <param name="Token">Sent to it, where its files ask for one; null: there is none.</param>
public sealed record ImportSource(Uri Url, string? Token)
{
    /// <summary>It is this machine itself, by an address that says so.</summary>
    public bool IsOfThisMachine => Url.IsLoopback;

    /// <summary>True for what is below it: of the same scheme, host and port.</summary>
    public bool Holds(Uri address)
    {
        var folder = Url.AbsolutePath.TrimEnd('/') + "/";
        return address.IsAbsoluteUri
            && address.UserInfo.Length == 0
            && address.Scheme == Url.Scheme
            && address.IdnHost.Equals(Url.IdnHost, StringComparison.OrdinalIgnoreCase)
            && address.Port == Url.Port
            && (address.AbsolutePath + "/").StartsWith(folder, StringComparison.Ordinal)
            // What is no step up for an address may be one for the server that unescapes it.
            && !Uri.UnescapeDataString(address.AbsolutePath).Split('/', '\\').Contains("..");
    }
}
