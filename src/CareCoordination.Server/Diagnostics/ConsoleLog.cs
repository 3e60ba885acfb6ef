using CareCoordination.Application.Settings;
using Microsoft.Extensions.Logging.Console;

namespace CareCoordination.Server.Diagnostics;

/// <summary>
/// The log on standard output: a line an entry, or JSON where <c>Logging:Console:FormatterName</c> says so.
/// https://learn.microsoft.com/dotnet/core/extensions/console-log-formatter
/// </summary>
internal static class ConsoleLog
{
    private const string Section = "Logging:Console";
    private const string Time = "yyyy-MM-ddTHH:mm:ss.fffZ";

    private static readonly string[] Formats =
    [
        ConsoleFormatterNames.Simple,
        ConsoleFormatterNames.Json,
        ConsoleFormatterNames.Systemd,
    ];

    public static void AddLog(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var format = configuration[$"{Section}:FormatterName"] ?? ConsoleFormatterNames.Simple;
        // The framework would go on in silence with another one.
        if (!Formats.Contains(format, StringComparer.OrdinalIgnoreCase))
            throw new ConfigurationProblem(
                $"{Section}:FormatterName is '{format}'; it must be one of {string.Join(", ", Formats)}."
            );
        // The framework's formats and their options, without its provider.
        builder.Logging.AddConsole();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<ILoggerProvider>(services => new GatheredConsole(
            services
                .GetServices<ConsoleFormatter>()
                .Single(f => f.Name.Equals(format, StringComparison.OrdinalIgnoreCase)),
            Console.OpenStandardOutput()
        ));
        builder.Services.Configure<SimpleConsoleFormatterOptions>(line =>
        {
            line.SingleLine = true;
            line.ColorBehavior = LoggerColorBehavior.Disabled;
            line.TimestampFormat = $"{Time} ";
            line.UseUtcTimestamp = true;
        });
        builder.Services.Configure<JsonConsoleFormatterOptions>(json =>
        {
            json.TimestampFormat = Time;
            json.UseUtcTimestamp = true;
        });
        // What is configured goes before what is set here.
        var options = configuration.GetSection($"{Section}:FormatterOptions");
        builder.Services.Configure<SimpleConsoleFormatterOptions>(options);
        builder.Services.Configure<JsonConsoleFormatterOptions>(options);
    }
}
