using System.Collections.Immutable;
using CareCoordination.Workflow.Billing;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Application.Reads;

/// <summary>How months of patients stand, by the rules of the organisations that bill them.</summary>
public sealed class ProgramMonths(BillingReads billing, CarePolicies policies)
{
    /// <summary>Of each patient who is in a programme.</summary>
    /// <param name="day">A day of the month; null: the month that it is there now.</param>
    public async Task<ImmutableArray<PatientMonth>> OfAsync(
        IEnumerable<string> patients,
        DateOnly? day,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var months = ImmutableArray.CreateBuilder<PatientMonth>();
        var records = await billing.RecordsAsync(patients, day ?? policies.Default.Today(now), cancellationToken);
        foreach (var record in records.Values)
        {
            if (record.Episodes.IsEmpty)
                continue;
            var policy = await policies.OfAsync(record.Episodes[0], cancellationToken);
            months.Add(Of(record, day, policy, now));
        }

        return months.ToImmutable();
    }

    public static PatientMonth Of(BillingRecord record, DateOnly? day, CarePolicy policy, DateTimeOffset now) =>
        PatientMonth.Of(record, BillingMonth.Of(day ?? policy.Today(now), policy.TimeZone), policy, now);
}
