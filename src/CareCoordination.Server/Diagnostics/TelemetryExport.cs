using System.Reflection;
using CareCoordination.Access.Roles;
using CareCoordination.Application.Diagnostics;
using CareCoordination.Application.Settings;
using CareCoordination.Connectors.Diagnostics;
using CareCoordination.Exchange.Diagnostics;
using CareCoordination.Rest.Http;
using CareCoordination.Storage.Diagnostics;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CareCoordination.Server.Diagnostics;

/// <summary>
/// Traces and metrics for whoever collects them: by OTLP where the standard's own variables name a collector
/// (https://opentelemetry.io/docs/specs/otel/protocol/exporter/), and at <c>/metrics</c> for Prometheus where
/// <c>Telemetry:Prometheus</c> is true. Without either nothing is measured.
/// </summary>
public static class TelemetryExport
{
    private const string CollectorSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Of this server, of ASP.NET Core and its client, and of the PostgreSQL driver.</summary>
    private static readonly string[] Meters =
    [
        StoreTelemetry.Name,
        TimerTelemetry.Name,
        OutboxTelemetry.Name,
        Telemetry.Name,
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
        "System.Net.Http",
        "Npgsql",
    ];

    private static readonly string[] Sources = [Telemetry.Name, "Npgsql"];

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var isPrometheus = IsPrometheus(builder.Configuration);
        var isCollected = builder.Configuration[CollectorSetting] is { Length: > 0 };
        if (!isPrometheus && !isCollected)
            return;
        var telemetry = builder
            .Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("carecoordination", serviceVersion: Version))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(Meters).AddRuntimeInstrumentation();
                if (isPrometheus)
                    metrics.AddPrometheusExporter();
                if (isCollected)
                    metrics.AddOtlpExporter();
            });
        if (isCollected)
        {
            // Their queries may name patients: both instrumentations write the values of a query as "Redacted" unless told otherwise.
            telemetry.WithTracing(traces =>
                traces
                    .AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation()
                    .AddSource(Sources)
                    .AddOtlpExporter()
            );
        }
    }

    public static void MapTelemetry(this WebApplication app)
    {
        if (IsPrometheus(app.Configuration))
            app.MapPrometheusScrapingEndpoint("/metrics")
                .WithMetadata(new NeedsRole([CareRole.Operator, CareRole.Administrator]));
    }

    private static string Version =>
        typeof(TelemetryExport)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion;

    private static bool IsPrometheus(IConfiguration configuration)
    {
        var section = new OptionsSection(configuration, "Telemetry");
        var isOn = section.Flag("Prometheus") ?? false;
        section.RefuseOthers();
        return isOn;
    }
}
