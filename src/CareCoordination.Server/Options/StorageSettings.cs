using CareCoordination.Application.Interactions;
using CareCoordination.Application.Settings;
using CareCoordination.Storage;
using CareCoordination.Storage.Connections;

namespace CareCoordination.Server.Options;

/// <summary>Which database: section <c>Storage</c> and <c>ConnectionStrings:CareCoordination</c>.</summary>
internal static class StorageSettings
{
    private const string ConnectionName = "CareCoordination";

    public static StorageOptions Read(IConfiguration configuration)
    {
        var section = new OptionsSection(configuration, "Storage");
        var provider = Provider(section.Text(nameof(StorageOptions.Provider)));
        var options = Limits(section, new StorageOptions { Provider = provider, ConnectionString = "" });
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

    private static StorageOptions Limits(OptionsSection section, StorageOptions defaults)
    {
        return defaults with
        {
            MaxReadConnections = Number(nameof(defaults.MaxReadConnections), defaults.MaxReadConnections, 1, 1000),
            MaxGroupChanges = Number(nameof(defaults.MaxGroupChanges), defaults.MaxGroupChanges, 1, 100_000),
            MaxGroupBytes = Number(nameof(defaults.MaxGroupBytes), defaults.MaxGroupBytes, 1024, 1024 * 1024 * 1024),
            MaxCommitRows = Number(nameof(defaults.MaxCommitRows), defaults.MaxCommitRows, 1000, 10_000_000),
            MaxDecisionTime = TimeSpan.FromMilliseconds(
                Number("MaxDecisionMilliseconds", (int)defaults.MaxDecisionTime.TotalMilliseconds, 1, 60_000)
            ),
            MaxWaitingCommits = Number(nameof(defaults.MaxWaitingCommits), defaults.MaxWaitingCommits, 1, 1_000_000),
            MaxAttempts = Number(nameof(defaults.MaxAttempts), defaults.MaxAttempts, 1, 100),
            CommandTimeout = Seconds("CommandTimeoutSeconds", defaults.CommandTimeout, 3600),
            MaxClockAhead = Seconds("MaxClockAheadSeconds", defaults.MaxClockAhead, 1_000_000_000),
            MaxIncluded = Number(nameof(defaults.MaxIncluded), defaults.MaxIncluded, 1, 1_000_000),
        };

        int Number(string key, int otherwise, int least, int most) => section.Number(key, otherwise, least, most);
        TimeSpan Seconds(string key, TimeSpan otherwise, int most) =>
            TimeSpan.FromSeconds(section.Number(key, (int)otherwise.TotalSeconds, 1, most));
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
