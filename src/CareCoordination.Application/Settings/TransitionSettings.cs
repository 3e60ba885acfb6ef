using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Application.Settings;

/// <summary>The numbers of transitions of care in a rule set: <c>Rules:0:Transitions:VisitDays</c>, ...</summary>
internal static class TransitionSettings
{
    private const int MostDays = 366;
    private const int MostDaysLate = 36_600;

    public static Func<TransitionRules, TransitionRules> Read(OptionsSection rules)
    {
        var section = rules.Section(nameof(CareRules.Transitions));
        var contact = section.OptionalNumber(nameof(TransitionRules.ContactBusinessDays), 0, MostDays);
        var review = section.OptionalNumber(nameof(TransitionRules.ReviewBusinessDays), 0, MostDays);
        var services = section.OptionalNumber(nameof(TransitionRules.ServicesBusinessDays), 0, MostDays);
        var visit = section.OptionalNumber(nameof(TransitionRules.VisitDays), 0, MostDays);
        var visitAtHighRisk = section.OptionalNumber(nameof(TransitionRules.VisitDaysAtHighRisk), 0, MostDays);
        var reconciliation = section.OptionalNumber(nameof(TransitionRules.ReconciliationDays), 0, MostDays);
        var period = section.OptionalNumber(nameof(TransitionRules.PeriodDays), 1, MostDays);
        var ahead = section.OptionalNumber(nameof(TransitionRules.MostMinutesAhead), 0, 24 * 60);
        var calls = Days(section, nameof(TransitionRules.CallDays));
        var callsAtHighRisk = Days(section, nameof(TransitionRules.CallDaysAtHighRisk));
        var latest = section.OptionalNumber(nameof(TransitionRules.LatestDays), 0, MostDaysLate);
        var anybody = section.Flag(nameof(TransitionRules.AssignsAnybody));
        section.RefuseOthers();
        return before =>
            before with
            {
                ContactBusinessDays = contact ?? before.ContactBusinessDays,
                ReviewBusinessDays = review ?? before.ReviewBusinessDays,
                ServicesBusinessDays = services ?? before.ServicesBusinessDays,
                VisitDays = visit ?? before.VisitDays,
                VisitDaysAtHighRisk = visitAtHighRisk ?? before.VisitDaysAtHighRisk,
                ReconciliationDays = reconciliation ?? before.ReconciliationDays,
                PeriodDays = period ?? before.PeriodDays,
                MostMinutesAhead = ahead ?? before.MostMinutesAhead,
                LatestDays = latest ?? before.LatestDays,
                AssignsAnybody = anybody ?? before.AssignsAnybody,
                CallDays = calls.IsEmpty ? before.CallDays : calls,
                CallDaysAtHighRisk = callsAtHighRisk.IsEmpty ? before.CallDaysAtHighRisk : callsAtHighRisk,
            };
    }

    private static ImmutableArray<int> Days(OptionsSection section, string key) =>
        [
            .. section
                .List(key)
                .Select(text =>
                    int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var day)
                    && day is > 0 and <= MostDays
                        ? day
                        : throw section.Problem(
                            key,
                            text,
                            $"days after the discharge are numbers from 1 to {MostDays}."
                        )
                )
                .Distinct()
                .Order(),
        ];
}
