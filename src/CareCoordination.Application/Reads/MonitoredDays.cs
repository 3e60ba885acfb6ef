using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Billing;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Application.Reads;

/// <summary>
/// Readings of devices that show on which days there are any. A meter that tells its value every five minutes has thousands in a month: where
/// there are many, a few of each day are read, and what that costs depends on the days.
/// </summary>
public sealed class MonitoredDays(CareReads reads)
{
    /// <summary>The month, and the window of thirty days that ends in it.</summary>
    private const int WindowDays = 62;

    /// <summary>Eight a day: who measures less has all of them read at once.</summary>
    private const int Few = 500;

    /// <summary>More than one, since some that are entered in error may be among the first.</summary>
    private const int OfDay = 10;

    /// <summary>All readings of a patient, or at least one of each day that has any by each of the clocks.</summary>
    public async Task<ImmutableArray<Snapshot>> OfAsync(
        string patient,
        BillingMonth month,
        IReadOnlyCollection<TimeZoneInfo> zones,
        CancellationToken cancellationToken
    )
    {
        var (first, last) = (month.First.PlusDays(-WindowDays), month.Last.PlusDays(1));
        var of =
            $"patient={Uri.EscapeDataString(patient)}&device:missing=false&status=final,amended,corrected&_sort=date&date=le{Day(last)}";
        var few = await reads.FirstAsync(
            ResourceTypes.Observation,
            $"{of}&date=ge{Day(first)}",
            Few,
            cancellationToken
        );
        if (few.Length < Few || first is not { } begin || last is not { } end)
            return few;
        var found = new Dictionary<Fhir.Primitives.ResourceKey, Snapshot>();
        foreach (var zone in zones)
        {
            for (var day = begin; day <= end; )
            {
                var start = ((CareDate)day).StartIn(zone).ToUniversalTime();
                // What began more than a day before tells of no day from here on, however long it goes on.
                var some = await reads.FirstAsync(
                    ResourceTypes.Observation,
                    $"{of}&date=ge{Instant(start)}&date=sa{Instant(start.AddDays(-1))}",
                    OfDay,
                    cancellationToken
                );
                if (some.IsEmpty)
                    break;
                foreach (var reading in some)
                    found[reading.Key] = reading;
                // What began on a day before and goes on is found again: it tells of no new day.
                var latest = some.Select(r => DayOf(r, zone)).Max();
                day = (latest > day ? latest.Value : day).PlusDays(1) ?? DateOnly.MaxValue;
            }
        }

        return [.. found.Values];
    }

    private static DateOnly? DayOf(Snapshot reading, TimeZoneInfo zone)
    {
        var view = ObservationView.From(ResourceDocument.Parse(reading.Utf8Json).Value);
        return CareDate.Of(view.EffectiveDateTime ?? view.EffectivePeriod.Start ?? view.EffectiveInstant)?.DayIn(zone);
    }

    private static string Instant(DateTimeOffset at) =>
        at.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static string Day(DateOnly? day) =>
        (day ?? DateOnly.MinValue).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
