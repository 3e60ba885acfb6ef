using System.Collections.Immutable;

namespace CareCoordination.Workflow.Adherence;

/// <summary>The days on which a patient had a medication of a class, of the days of their treatment.</summary>
/// <param name="First">The day of the first fill.</param>
/// <param name="Days">Of the treatment period.</param>
/// <param name="Covered">Of these, those with a supply of any medication of the class.</param>
public readonly record struct CoveredPeriod(DateOnly First, DateOnly Last, int Days, int Covered)
{
    /// <summary>From 0 to 1.</summary>
    public decimal Share => Days == 0 ? 0 : (decimal)Covered / Days;

    /// <summary>Compared exactly: 79.99 percent is not 80.</summary>
    public bool Reaches(int percent) => Covered * 100L >= Days * (long)percent;
}

/// <summary>
/// The proportion of days covered for one class of medications: the measure of the Pharmacy Quality Alliance, as far as its steps are public.
/// A day counts once, whatever is at hand. What is filled before the same ingredient has run out begins after it; another ingredient of
/// the class begins at once. A combination waits for each of its ingredients.
/// </summary>
public static class DaysCovered
{
    /// <summary>Null where the patient is not counted: excluded, too few fills, or the first of them too late.</summary>
    /// <param name="fills">Of the class; those outside of the period do not count, and bring nothing along.</param>
    public static CoveredPeriod? Of(IEnumerable<MedicationFill> fills, AdherencePeriod period, AdherenceRules rules)
    {
        MedicationFill[] inPeriod =
        [
            .. fills
                .Where(f => f.DaysSupply > 0 && period.First <= f.Day && f.Day <= period.Last)
                .OrderBy(f => f.Day)
                .ThenBy(f => string.Join('|', f.Ingredients.Order(StringComparer.Ordinal)), StringComparer.Ordinal),
        ];
        if (
            !period.Exclusions.IsEmpty
            || inPeriod.Select(f => f.Day).Distinct().Count() < Math.Max(1, rules.LeastFills)
            || period.Last.DayNumber - inPeriod[0].Day.DayNumber + 1 < rules.LeastDays
        )
            return null;
        var stays = rules.AdjustsStays ? period.Stays : [];
        return Count(inPeriod, inPeriod[0].Day, period.Last, stays);
    }

    private static CoveredPeriod Count(
        MedicationFill[] fills,
        DateOnly first,
        DateOnly last,
        ImmutableArray<(DateOnly First, DateOnly Last)> stays
    )
    {
        var left = fills.Select(f => f.DaysSupply).ToArray();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var (days, covered, begun) = (0, 0, 0);
        for (var number = first.DayNumber; number <= last.DayNumber; number++)
        {
            var day = DateOnly.FromDayNumber(number);
            if (stays.Any(s => s.First <= day && day <= s.Last))
                continue;
            days++;
            taken.Clear();
            while (begun < fills.Length && fills[begun].Day <= day)
                begun++;
            var has = false;
            for (var i = 0; i < begun; i++)
            {
                // An earlier fill of one of its ingredients is used up first.
                if (left[i] == 0 || fills[i].Ingredients.Any(taken.Contains))
                    continue;
                taken.UnionWith(fills[i].Ingredients);
                left[i]--;
                has = true;
            }

            if (has)
                covered++;
        }

        return new CoveredPeriod(first, last, days, covered);
    }
}
