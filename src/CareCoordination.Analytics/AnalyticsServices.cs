using System.Collections.Immutable;
using CareCoordination.Analytics.Measures;
using CareCoordination.Analytics.Mirror;
using CareCoordination.Analytics.Queries;
using CareCoordination.Analytics.Settings;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Settings;
using CareCoordination.Views.Shipped;

namespace CareCoordination.Analytics;

/// <summary>Adds outcomes to a server.</summary>
public static class AnalyticsServices
{
    /// <summary>The operations of this room.</summary>
    public static readonly ImmutableArray<Operation> Operations =
    [
        EvaluateMeasure.Operation,
        CareGaps.Operation,
        RunSqlQuery.Operation,
    ];

    /// <summary>The resources that this room is the source of.</summary>
    public static IEnumerable<BuiltIn> BuiltIns => MeasureResources.BuiltIns;

    /// <param name="care">The days and business days of the server are those of measures, those of an organisation those of its caseloads.</param>
    public static IServiceCollection AddAnalytics(
        this IServiceCollection services,
        AnalyticsOptions options,
        CareOptions care
    ) =>
        services
            .AddSingleton(options)
            .AddSingleton(provider => new OutcomeTables(
                options,
                new MirrorTables(
                    provider.GetRequiredService<FhirDefinitions>().SearchParameters,
                    ShippedViews.All.Select(view => view.Utf8Json)
                ),
                provider.GetRequiredService<CareSessions>(),
                new CalendarDays(care.Default.Calendar),
                new PolicyTables(care),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<OutcomeTables>>()
            ))
            .AddScoped<MeasureEvaluation>()
            .AddHostedService<OutcomeWorker>();
}
