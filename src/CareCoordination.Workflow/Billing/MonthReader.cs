using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Billing;

/// <summary>Facts of a programme, with the days of the service that they are about.</summary>
/// <param name="Episode">What they are billed in.</param>
/// <param name="IsFirst">False for a further window that ended in the same month.</param>
internal sealed record MonthFacts(ProgramEpisode Episode, BillingFacts Facts, DayRange Service, bool IsFirst)
{
    public ImmutableArray<string> Evidence { get; init; } = [];
}

/// <summary>Reads of the record what the rules ask of a programme's month.</summary>
internal sealed class MonthReader(
    BillingRecord record,
    BillingMonth month,
    MonthLog log,
    CarePolicy policy,
    BillingRules rules
)
{
    private const int WindowDays = 30;

    /// <summary>Acts by which a plan is established or revised, as <c>Provenance.activity</c> has them.</summary>
    private static readonly ImmutableArray<string> Revisions = ["apply", "activate", "revise", "reconcile"];

    private readonly DayRange _days = new(month.First, month.Last);
    private readonly PlanFacts _plans = PlanFacts.Of(record, month);

    public IEnumerable<MonthFacts> Of(ProgramEpisode episode) =>
        episode.Program switch
        {
            CarePrograms.Remote => Windows(episode),
            CarePrograms.Transitional => [],
            _ => [new MonthFacts(episode, Common(episode, episode.Program, month.First), _days, IsFirst: true)],
        };

    /// <summary>The visit after a discharge, in the episode of the programme or of whatever programme the patient is in.</summary>
    public MonthFacts? TransitionIn(IReadOnlyCollection<ProgramEpisode> episodes)
    {
        var own = episodes.FirstOrDefault(e => e.Program == CarePrograms.Transitional);
        var host = own ?? episodes.OrderBy(e => e.Program, StringComparer.Ordinal).FirstOrDefault();
        if (host is null)
            return null;
        var transition = TransitionFacts.Of(record, month, policy);
        if (transition is null && own is null)
            return null;
        var day = transition?.Visit ?? month.First;
        var facts = Common(host, CarePrograms.Transitional, day);
        return new MonthFacts(
            host,
            transition is null ? facts : facts with { HasTransition = true, Met = facts.Met.Union(transition.Met) },
            transition is null ? _days : new DayRange(day, day),
            IsFirst: true
        )
        {
            Evidence = transition?.Evidence ?? [],
        };
    }

    /// <summary>What of it is ready, with what speaks for it.</summary>
    public ProgramMonth Month(ProgramBilling billing, ImmutableArray<MonthFacts> told)
    {
        var first = told.First(t => t.IsFirst);
        var lines = billing.Codes.Select(c => Line(c, first)).ToList();
        // Another window of thirty days that ended in the month is another service.
        foreach (var more in told.Where(t => !t.IsFirst))
            lines.AddRange(BillingThresholds.Of(more.Facts, rules).Codes.Select(c => Line(c, more)));
        return new ProgramMonth(first.Episode, billing.Program, billing, [.. lines], first.Facts)
        {
            LeftOut = log.LeftOut(billing.Program),
        };
    }

    private BillingLine Line(ReadyCode ready, MonthFacts told)
    {
        var code = ready.Code;
        DayTime[] worked =
            code.Basis == BillingBasis.Minutes
                ?
                [
                    .. log.Counted(code.Program, code.CountsStays)
                        .Where(p => code.Time == TimeOf.Any || p.Entry.Role == code.Time),
                ]
                : [];
        string?[] evidence =
        [
            .. worked.Select(p => p.Entry.Source),
            .. told.Evidence,
            code.Needs.Contains(BillingNeeds.Consent) ? told.Episode.Consent : null,
            .. code.Needs.Contains(BillingNeeds.Plan) ? _plans.InForce : [],
        ];
        return new BillingLine(
            ready,
            told.Service,
            [.. evidence.OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]
        )
        {
            Performers = [.. worked.Select(p => p.Entry.Performer).Distinct().Order(StringComparer.Ordinal)],
        };
    }

    /// <summary>The windows of thirty days, from the beginning of the episode on, that ended in the month.</summary>
    private IEnumerable<MonthFacts> Windows(ProgramEpisode episode)
    {
        var common = Common(episode, episode.Program, month.First);
        var ended = Ended(episode.Days.First).ToArray();
        if (ended.Length == 0)
            yield return new MonthFacts(episode, common, _days, IsFirst: true);
        for (var i = 0; i < ended.Length; i++)
        {
            var readings = record.Readings.Select(r => (Reading: r, Day: DayOf(r))).Where(r => IsIn(r.Day, ended[i]));
            var days = readings.GroupBy(r => r.Day!.Value).ToArray();
            var facts = i == 0 ? common : common with { Minutes = default, OutsideStays = default };
            yield return new MonthFacts(episode, facts with { DataDays = days.Length }, ended[i], i == 0)
            {
                Evidence = [.. days.Select(d => d.First().Reading.Key.ToString())],
            };
        }

        static bool IsIn(DateOnly? day, DayRange window) => day is { } d && window.Includes(d);
    }

    private IEnumerable<DayRange> Ended(DateOnly start)
    {
        if (start > month.Last || start == DateOnly.MinValue)
            yield break;
        var passed = Math.Max(0, (month.First.DayNumber - start.DayNumber) / WindowDays);
        for (var i = passed; ; i++)
        {
            var last = (long)start.DayNumber + ((i + 1L) * WindowDays) - 1;
            if (last > month.Last.DayNumber)
                yield break;
            if (last >= month.First.DayNumber)
                yield return new DayRange(
                    DateOnly.FromDayNumber((int)last - WindowDays + 1),
                    DateOnly.FromDayNumber((int)last)
                );
        }
    }

    private DateOnly? DayOf(Snapshot reading)
    {
        var view = ObservationView.From(Parse(reading));
        var at = view.EffectiveDateTime ?? view.EffectivePeriod.Start ?? view.EffectiveInstant;
        return view.Status is "final" or "amended" or "corrected" ? CareDate.Of(at)?.DayIn(month.Zone) : null;
    }

    private BillingFacts Common(ProgramEpisode episode, string program, DateOnly day)
    {
        var charges = new ChargeFacts(record, episode, month, rules);
        return new BillingFacts(program, day)
        {
            Minutes = log.Minutes(program, countsStays: true),
            OutsideStays = log.Minutes(program, countsStays: false),
            Met = [.. Met(episode, program)],
            Claimed = charges.Claimed,
            Billed = charges.BilledFor(program),
            BilledBefore = charges.BilledBefore,
        };
    }

    private IEnumerable<string> Met(ProgramEpisode episode, string program)
    {
        if (episode.Consented is { } consented && consented.First <= month.Last && consented.Last >= month.First)
            yield return BillingNeeds.Consent;
        if (!_plans.InForce.IsEmpty)
            yield return BillingNeeds.Plan;
        if (_plans.IsRevised)
            yield return BillingNeeds.PlanRevised;
        var conditions = ConditionFacts.Count(record, episode);
        if (conditions >= 1)
            yield return BillingNeeds.OneCondition;
        if (conditions >= 2)
            yield return BillingNeeds.TwoConditions;
        if (record.Coverages.Any(IsQualified))
            yield return BillingNeeds.QualifiedBeneficiary;
        if (BeganWithVisit(episode))
            yield return BillingNeeds.InitiatingVisit;
        yield return month.Includes(episode.Days.First) ? BillingNeeds.FirstMonth : BillingNeeds.LaterMonth;
        foreach (var need in Worked(program))
            yield return need;
    }

    /// <summary>What the work of the month itself says.</summary>
    private IEnumerable<string> Worked(string program)
    {
        var worked = log.Counted(program, countsStays: true).Select(p => p.Entry).ToArray();
        if (worked.Any(e => e.IsContact))
            yield return BillingNeeds.InteractiveContact;
        if (worked.Any(e => e.Decisions is "moderate" or "high"))
            yield return BillingNeeds.ModerateDecisions;
        if (worked.Any(e => e.Decisions == "high"))
            yield return BillingNeeds.HighDecisions;
        if (worked.Any(e => e.Activity == CarePrograms.Collaborative))
            yield return BillingNeeds.CollaborativeService;
        if (worked.Any(e => e.Activity == CarePrograms.Behavioral))
            yield return BillingNeeds.BehavioralService;
    }

    private bool BeganWithVisit(ProgramEpisode episode)
    {
        var months = rules.InitiatingVisitMonths.GetValueOrDefault(episode.Program);
        var from = episode.Days.First.PlusMonths(-months) ?? DateOnly.MinValue;
        return months == 0
            || record
                .Encounters.Select(e => TimeEntries.VisitOf(e, month.Zone))
                .OfType<TimeSpanOf>()
                .Select(v => month.DayOf(v.Start))
                .Any(day => day >= from && day <= month.Last);
    }

    private bool IsQualified(Snapshot coverage)
    {
        var view = CoverageView.From(Parse(coverage));
        return view.Status == "active"
            && view.Period.IncludesDay(month.Last, month.Zone)
            && view.Type.Coding.Any(c => c.Code is { } code && rules.QualifiedCoverage.Contains(code));
    }

    private static ResourceDocument Parse(Snapshot snapshot) => ResourceDocument.Parse(snapshot.Utf8Json).Value;

    /// <summary>The care plans of the month.</summary>
    /// <param name="InForce">Active in the month, as references.</param>
    /// <param name="IsRevised">One was established or revised in the month.</param>
    private sealed record PlanFacts(ImmutableArray<string> InForce, bool IsRevised)
    {
        public static PlanFacts Of(BillingRecord record, BillingMonth month)
        {
            var inForce = ImmutableArray.CreateBuilder<string>();
            var isRevised = record
                .PlanActs.Select(a => ProvenanceView.From(Parse(a)))
                .Any(a =>
                    a.Recorded is { } recorded
                    && month.Includes(month.DayOf(recorded.Instant))
                    && a.Activity.Coding.Any(c => Revisions.Contains(c.Code ?? ""))
                );
            foreach (var plan in record.Plans)
            {
                var view = CarePlanView.From(Parse(plan));
                if (!IsInForce(view, month))
                    continue;
                inForce.Add(plan.Key.ToString());
                isRevised |=
                    (CareDate.Of(view.Created) ?? CareDate.Of(view.Period.Start)) is { } made
                    && month.Includes(made.DayIn(month.Zone));
            }

            return new PlanFacts(inForce.ToImmutable(), isRevised);
        }

        private static bool IsInForce(CarePlanView plan, BillingMonth month) =>
            plan.Status is RequestStatusCodes.Active or RequestStatusCodes.Completed or RequestStatusCodes.Revoked
            && !(CareDate.Of(plan.Period.Start)?.DayIn(month.Zone) > month.Last)
            && (
                plan.Status == RequestStatusCodes.Active
                || CareDate.Of(plan.Period.End)?.LastDayIn(month.Zone) >= month.First
            );
    }
}

/// <summary>The conditions that a programme is for.</summary>
internal static class ConditionFacts
{
    private static readonly ImmutableArray<string> Over = ["inactive", "remission", "resolved"];
    private static readonly ImmutableArray<string> Wrong = ["refuted", "entered-in-error"];

    /// <summary>
    /// Different ones that are active: of those that the episode names, or of the problems of the patient where it names none. That they
    /// last twelve months is for whoever names them to say.
    /// </summary>
    public static int Count(BillingRecord record, ProgramEpisode episode)
    {
        var named = episode.Conditions.ToHashSet(StringComparer.Ordinal);
        return record
            .Conditions.Select(c => (c.Key, View: ConditionView.From(ResourceDocument.Parse(c.Utf8Json).Value)))
            .Where(c =>
                named.Count > 0
                    ? named.Contains(c.Key.ToString())
                    : c.View.Category.Any(k => k.Coding.Any(x => x.Code == "problem-list-item"))
            )
            .Where(c => !Says(c.View.ClinicalStatus, Over) && !Says(c.View.VerificationStatus, Wrong))
            .Select(c => c.View.Code.Coding.Select(k => $"{k.System}|{k.Code}").FirstOrDefault() ?? c.Key.ToString())
            .Distinct(StringComparer.Ordinal)
            .Count();
    }

    private static bool Says(CodeableConceptView concept, ImmutableArray<string> codes) =>
        concept.Coding.Any(c => c.Code is { } code && codes.Contains(code));
}
