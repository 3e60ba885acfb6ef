using CareCoordination.Application.Settings;

namespace CareCoordination.Server.Verbs;

/// <summary>The verbs of the program, by the first word of its command line. Without one it serves.</summary>
internal static class VerbTable
{
    private static readonly Dictionary<string, Func<string[], Task<int>>> All = new(StringComparer.Ordinal)
    {
        ["clients"] = ClientsCommand.RunAsync,
        ["audit"] = AuditCommand.RunAsync,
        ["health"] = HealthCommand.RunAsync,
        ["import"] = ImportCommand.RunAsync,
        ["messages"] = MessagesCommand.RunAsync,
        ["migrate"] = MigrateCommand.RunAsync,
        ["outcomes"] = OutcomesCommand.RunAsync,
        ["reindex"] = ReindexCommand.RunAsync,
        ["users"] = UsersCommand.RunAsync,
    };

    /// <summary>The verb, or null where the first word is a setting or nothing.</summary>
    public static Func<string[], Task<int>>? Find(string[] args)
    {
        if (args.Length == 0 || args[0].StartsWith('-') || args[0].Contains('=', StringComparison.Ordinal))
            return null;
        return All.TryGetValue(args[0], out var verb)
            ? verb
            : throw new ConfigurationProblem(
                $"'{args[0]}' is no verb of this program; there are {string.Join(", ", All.Keys)}, and without one it serves."
            );
    }
}
