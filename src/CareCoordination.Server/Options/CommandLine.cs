using System.Collections.Immutable;
using CareCoordination.Application.Settings;

namespace CareCoordination.Server.Options;

/// <summary>
/// The command line of the program: words, and settings as <c>--Section:Key value</c> or <c>--Section:Key=value</c>. What nothing here would
/// read is refused, so that a misspelt setting is not one that does not hold.
/// </summary>
internal sealed record CommandLine(ImmutableArray<string> Words, ImmutableArray<KeyValuePair<string, string>> Settings)
{
    /// <summary>The sections that are read, each of which refuses the keys it does not know.</summary>
    private static readonly string[] Sections =
    [
        "Access",
        "Analytics",
        "Audit",
        "Care",
        "Connectors",
        "Deliveries",
        "Exports",
        "Imports",
        "Kestrel",
        "Limits",
        "Logging",
        "Partners",
        "Security",
        "Server",
        "Storage",
        "Telemetry",
        "Transitions",
    ];

    /// <summary>Settings that are whole by themselves.</summary>
    private static readonly string[] Names =
    [
        "ConnectionStrings:CareCoordination",
        "environment",
        "http_ports",
        "https_ports",
        "urls",
    ];

    /// <summary>As the configuration takes them.</summary>
    public string[] Arguments => [.. Settings.Select(s => $"--{s.Key}={s.Value}")];

    /// <summary>True where somebody asks for <c>--help</c> in one of its spellings.</summary>
    public static bool AsksForHelp(IEnumerable<string> args) => args.Any(a => a is "--help" or "-h" or "-?" or "/?");

    /// <param name="own">Options of the verb, which are no settings.</param>
    public static CommandLine Parse(IReadOnlyList<string> args, params ReadOnlySpan<string> own)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        var settings = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        for (var i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith('-'))
            {
                words.Add(args[i]);
                continue;
            }

            var name = args[i].TrimStart('-');
            string? value = null;
            if (name.IndexOf('=', StringComparison.Ordinal) is var equals and >= 0)
                (name, value) = (name[..equals], name[(equals + 1)..]);
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || !(own.Contains(name) || IsSetting(name)))
                throw new ConfigurationProblem(
                    $"'{args[i].Split('=')[0]}' is no option of this program: --help names those there are."
                );
            if (value is null && (++i == args.Count || args[i].StartsWith("--", StringComparison.Ordinal)))
                throw new ConfigurationProblem($"--{name} needs a value, as in --{name}=value.");
            settings.Add(new(name, value ?? args[i]));
        }

        return new(words.ToImmutable(), settings.ToImmutable());
    }

    /// <summary>The command line of what takes no words.</summary>
    public static CommandLine ParseSettings(IReadOnlyList<string> args)
    {
        var given = Parse(args);
        return given.Words is [var word, ..]
            ? throw new ConfigurationProblem($"'{word}' means nothing here: settings are given as --Section:Key=value.")
            : given;
    }

    private static bool IsSetting(string name) =>
        Names.Contains(name, StringComparer.OrdinalIgnoreCase)
        // https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
        || name.StartsWith("OTEL_", StringComparison.OrdinalIgnoreCase)
        || Sections.Any(s => name.StartsWith(s + ":", StringComparison.OrdinalIgnoreCase));
}
