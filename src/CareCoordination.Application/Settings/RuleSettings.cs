using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Application.Settings;

/// <summary>What changes on a day; everything else stays as it was.</summary>
internal sealed record RuleChange(DateOnly From, Func<CareRules, CareRules> Apply);

/// <summary>The effective-dated rule sets of a section: <c>Rules:0:EffectiveFrom</c>, <c>Rules:0:MostPatients</c>, ...</summary>
internal static class RuleSettings
{
    public static RuleChange[] Read(IEnumerable<OptionsSection> sections)
    {
        var changes = new List<RuleChange>();
        foreach (var section in sections)
        {
            var change = Read(section);
            if (changes.Exists(c => c.From == change.From))
                throw new ConfigurationProblem(
                    $"{section.Name}:EffectiveFrom is '{change.From:yyyy-MM-dd}', as of another rule set; put what changes on one day into one."
                );
            changes.Add(change);
        }

        return [.. changes.OrderBy(c => c.From)];
    }

    /// <summary>Complete rule sets: on each day on which something changes, the changes of the first layer up to then, then of the next.</summary>
    public static ImmutableArray<CareRules> Layered(params RuleChange[][] layers) =>
        [
            .. layers
                .SelectMany(layer => layer.Select(c => c.From))
                .Distinct()
                .Order()
                .Select(day =>
                    layers
                        .SelectMany(layer => layer.Where(c => c.From <= day))
                        .Aggregate(CareRules.Defaults, (rules, change) => change.Apply(rules)) with
                    {
                        EffectiveFrom = day,
                    }
                ),
        ];

    private static RuleChange Read(OptionsSection section)
    {
        const string From = nameof(CareRules.EffectiveFrom);
        var text = section.Text(From) ?? "";
        if (
            !DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var from)
        )
            throw section.Problem(From, text, "a rule set needs the first day on which it holds, such as 2027-01-01.");
        var readings = section.OptionalNumber(nameof(CareRules.RequiredReadings), 1, 100);
        var deadBand = section.Share(nameof(CareRules.DeadBandShare));
        var lateness = Lateness(section);
        var tiers = section.Numbers(nameof(CareRules.TierPoints), 0, 1000);
        var transition = section.OptionalNumber(nameof(CareRules.TransitionPoints), 0, 1000);
        var patients = section.OptionalNumber(nameof(CareRules.MostPatients), 1, 100_000);
        var points = section.OptionalNumber(nameof(CareRules.MostPoints), 1, 1_000_000);
        var warn = section.Share(nameof(CareRules.WarnAtShare));
        var categories = section.List(nameof(CareRules.ConsentCategories));
        var kinds = section.List(nameof(CareRules.ConsentKinds));
        var handover = section.OptionalNumber(nameof(CareRules.HandoverBusinessDays), 0, 366);
        var review = section.OptionalNumber(nameof(CareRules.ReviewAfterDays), 1, 3660);
        var referrals = ReferralSettings.Read(section);
        var transitions = TransitionSettings.Read(section);
        var visits = VisitSettings.Read(section);
        var risk = RiskSettings.Read(section);
        var assessments = AssessmentSettings.Read(section);
        var monitoring = MonitoringSettings.Read(section);
        var billing = BillingSettings.Read(section);
        section.RefuseOthers();
        return new RuleChange(
            from,
            before =>
                before with
                {
                    RequiredReadings = readings ?? before.RequiredReadings,
                    DeadBandShare = deadBand ?? before.DeadBandShare,
                    Lateness = lateness.IsEmpty ? before.Lateness : lateness,
                    TierPoints = before.TierPoints.SetItems(tiers),
                    TransitionPoints = transition ?? before.TransitionPoints,
                    MostPatients = patients ?? before.MostPatients,
                    MostPoints = points ?? before.MostPoints,
                    WarnAtShare = warn ?? before.WarnAtShare,
                    ConsentCategories = categories.Length == 0 ? before.ConsentCategories : [.. categories],
                    ConsentKinds = kinds.Length == 0 ? before.ConsentKinds : [.. kinds],
                    HandoverBusinessDays = handover ?? before.HandoverBusinessDays,
                    ReviewAfterDays = review ?? before.ReviewAfterDays,
                    Referrals = referrals(before.Referrals),
                    Transitions = transitions(before.Transitions),
                    Visits = visits(before.Visits),
                    Risk = risk(before.Risk),
                    Assessments = assessments(before.Assessments),
                    Monitoring = monitoring(before.Monitoring),
                    Billing = billing(before.Billing),
                }
        );
    }

    private static ImmutableArray<LatenessThreshold> Lateness(OptionsSection section)
    {
        var thresholds = ImmutableArray.CreateBuilder<LatenessThreshold>();
        foreach (var threshold in section.Sections(nameof(CareRules.Lateness)))
        {
            const string Code = nameof(LatenessThreshold.Code);
            var code = threshold.Text(Code) ?? "";
            if (code.Length == 0 || thresholds.Any(t => t.Code == code))
                throw threshold.Problem(Code, code, "every threshold needs a code of its own, such as overdue-lead.");
            var days = threshold.Number(nameof(LatenessThreshold.BusinessDaysAfterDue), 0, 0, 366);
            var toLead = threshold.Flag(nameof(LatenessThreshold.ToLead)) ?? false;
            const string Priority = nameof(LatenessThreshold.LeastPriority);
            var priority = threshold.Text(Priority) ?? "routine";
            if (!Priorities.All.Contains(priority))
                throw threshold.Problem(Priority, priority, $"it must be one of {string.Join(", ", Priorities.All)}.");
            var work = threshold.Text(nameof(LatenessThreshold.Work));
            threshold.RefuseOthers();
            thresholds.Add(new LatenessThreshold(code, days, toLead, priority) { Work = work });
        }

        return thresholds.ToImmutable();
    }
}
