using CareCoordination.Application.Interactions;
using CareCoordination.Application.Settings;
using CareCoordination.Storage;

namespace CareCoordination.Server.Options;

/// <summary>Which database: section <c>Storage</c> and <c>ConnectionStrings:CareCoordination</c>.</summary>
internal static class StorageSettings
{
    private const string ConnectionName = "CareCoordination";

    public static StorageOptions Read(IConfiguration configuration)
    {
        var section = new OptionsSection(configuration, "Storage");
        var defaults = new StorageOptions { ConnectionString = "" };
        var provider = Provider(section.Text(nameof(StorageOptions.Provider)));
        var options = new StorageOptions
        {
            Provider = provider,
            ConnectionString = "",
            MaxReadConnections = section.Number(
                nameof(StorageOptions.MaxReadConnections),
                defaults.MaxReadConnections,
                1,
                1000
            ),
            MaxGroupChanges = section.Number(
                nameof(StorageOptions.MaxGroupChanges),
                defaults.MaxGroupChanges,
                1,
                100_000
            ),
            MaxGroupBytes = section.Number(
                nameof(StorageOptions.MaxGroupBytes),
                defaults.MaxGroupBytes,
                1024,
                1024 * 1024 * 1024
            ),
            MaxCommitRows = section.Number(
                nameof(StorageOptions.MaxCommitRows),
                defaults.MaxCommitRows,
                1000,
                10_000_000
            ),
            MaxDecisionTime = TimeSpan.FromMilliseconds(
                section.Number("MaxDecisionMilliseconds", (int)defaults.MaxDecisionTime.TotalMilliseconds, 1, 60_000)
            ),
            MaxWaitingCommits = section.Number(
                nameof(StorageOptions.MaxWaitingCommits),
                defaults.MaxWaitingCommits,
                1,
                1_000_000
            ),
            MaxAttempts = section.Number(nameof(StorageOptions.MaxAttempts), defaults.MaxAttempts, 1, 100),
            CommandTimeout = TimeSpan.FromSeconds(
                section.Number("CommandTimeoutSeconds", (int)defaults.CommandTimeout.TotalSeconds, 1, 3600)
            ),
            MaxClockAhead = TimeSpan.FromSeconds(
                section.Number("MaxClockAheadSeconds", (int)defaults.MaxClockAhead.TotalSeconds, 1, 1_000_000_000)
            ),
            MaxIncluded = section.Number(nameof(StorageOptions.MaxIncluded), defaults.MaxIncluded, 1, 1_000_000),
        };
        section.RefuseOthers();
        // Last, because a folder is made for the file where nothing is said.
        options = options with
        {
            ConnectionString = ConnectionString(configuration, provider),
        };
        return options.ReadConnection().Problem is { } problem
            ? throw new ConfigurationProblem($"ConnectionStrings:{ConnectionName} {problem}")
            : options;
    }

    private static StorageProvider Provider(string? text)
    {
        if (text is null)
            return StorageProvider.Sqlite;
        foreach (var provider in Enum.GetValues<StorageProvider>())
        {
            if (provider.ToString().Equals(text, StringComparison.OrdinalIgnoreCase))
                return provider;
        }

        throw new ConfigurationProblem(
            $"Storage:Provider is '{text}'; it must be one of {string.Join(", ", Enum.GetNames<StorageProvider>())}."
        );
    }

    private static string ConnectionString(IConfiguration configuration, StorageProvider provider)
    {
        if (configuration.GetConnectionString(ConnectionName) is { Length: > 0 } given)
            return given;
        if (provider != StorageProvider.Sqlite)
            throw new ConfigurationProblem($"ConnectionStrings:{ConnectionName} is missing; {provider} needs one.");
        var folder = Path.Combine(Environment.CurrentDirectory, "data");
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationProblem(
                $"The folder {folder} cannot be made: start the server in a folder that may be written, or say with ConnectionStrings:{ConnectionName} where the database is."
            );
        }

        return $"Data Source={Path.Combine(folder, "carecoordination.db")}";
    }
}
