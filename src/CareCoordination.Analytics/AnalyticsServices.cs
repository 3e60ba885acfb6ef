using System.Collections.Immutable;
using CareCoordination.Analytics.Measures;
using CareCoordination.Analytics.Mirror;
using CareCoordination.Analytics.Queries;
using CareCoordination.Analytics.Settings;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.R4;
using CareCoordination.Views.Shipped;

namespace CareCoordination.Analytics;

/// <summary>Adds outcomes to a server.</summary>
public static class AnalyticsServices
{
    /// <summary>The operations of this room.</summary>
    public static readonly ImmutableArray<Operation> Operations =
    [
        EvaluateMeasure.Operation,
        RunSqlQuery.OfSystem,
        RunSqlQuery.OfLibrary,
    ];

    /// <summary>The resources that this room is the source of.</summary>
    public static IEnumerable<BuiltIn> BuiltIns => MeasureResources.BuiltIns;

    /// <param name="zone">Of the calendar of the server: whose days its days are.</param>
    public static IServiceCollection AddAnalytics(
        this IServiceCollection services,
        AnalyticsOptions options,
        TimeZoneInfo zone
    ) =>
        services
            .AddSingleton(options)
            .AddSingleton(provider => new OutcomeTables(
                options,
                new MirrorTables(R4Definitions.Schema, ShippedViews.All.Select(view => view.Utf8Json)),
                provider.GetRequiredService<CareSessions>(),
                zone,
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddHostedService<OutcomeWorker>();
}
