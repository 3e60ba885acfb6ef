using System.Collections.Immutable;
using CareCoordination.Analytics.Measures;
using CareCoordination.Analytics.Mirror;
using CareCoordination.Analytics.Queries;
using CareCoordination.Analytics.Settings;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Sessions;
using CareCoordination.Views.Shipped;
using CareCoordination.Workflow.Calendars;

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

    /// <param name="calendar">Of the server: its days and business days are those of measures.</param>
    public static IServiceCollection AddAnalytics(
        this IServiceCollection services,
        AnalyticsOptions options,
        BusinessCalendar calendar
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
                new CalendarDays(calendar),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<OutcomeTables>>()
            ))
            .AddHostedService<OutcomeWorker>();
}
