using System.Collections.Immutable;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Billing;

/// <summary>Which codes a patient's month is ready for, by the rules that hold: a pure function of minutes, days and what is on record.</summary>
public static class BillingThresholds
{
    /// <summary>
    /// Of all programmes of a patient and a month. Of those that exclude each other the one comes first that was billed already, and else the
    /// one whose codes stand first in the table.
    /// </summary>
    public static ImmutableArray<ProgramBilling> Of(IEnumerable<BillingFacts> programs, BillingRules rules)
    {
        var order = rules.Codes.Select(c => c.Program).Distinct().ToList();
        var facts = programs.OrderBy(f => order.IndexOf(f.Program)).ToArray();
        var taken = facts.SelectMany(f => f.Billed).ToHashSet(StringComparer.Ordinal);
        var decided = ImmutableArray.CreateBuilder<ProgramBilling>();
        foreach (var fact in facts)
        {
            var one = Of(fact, taken, rules);
            taken.UnionWith(one.Codes.Select(c => c.Code.Family));
            decided.Add(one);
        }

        return decided.ToImmutable();
    }

    /// <summary>Of one programme, with nothing else billed.</summary>
    public static ProgramBilling Of(BillingFacts facts, BillingRules rules) => Of(facts, facts.Billed, rules);

    private static ProgramBilling Of(BillingFacts facts, IReadOnlySet<string> taken, BillingRules rules)
    {
        var (codes, reasons) = Decide(facts, taken, rules);
        return new ProgramBilling(facts.Program, codes, reasons, Next(facts, rules));
    }

    private static (ImmutableArray<ReadyCode> Codes, ImmutableArray<BillingReason> Reasons) Decide(
        BillingFacts facts,
        IReadOnlySet<string> taken,
        BillingRules rules
    )
    {
        var codes = ImmutableArray.CreateBuilder<ReadyCode>();
        var reasons = new List<BillingReason>();
        var valid = rules.On(facts.Day).Where(c => c.Program == facts.Program).ToArray();
        foreach (var line in valid.Where(c => c.AddsTo.IsEmpty).GroupBy(c => c.Line))
        {
            var reached = line.Where(c => IsReached(c, facts)).Select(c => (Code: c, Missing: Missing(c))).ToArray();
            var ready = reached.FirstOrDefault(r => r.Missing.IsEmpty);
            if (ready.Code is { } code)
            {
                codes.Add(new ReadyCode(code, 1));
                codes.AddRange(Additions(code, facts, valid));
                reasons.AddRange(Noted(code));
            }
            else if (
                // The code that wants least is the one that is nearest to being billed; of several the last, which asks for less.
                reached
                    .Where(r => !r.Missing.Any(BillingNeeds.Silent.Contains))
                    .Reverse()
                    .OrderBy(r => r.Missing.Length)
                    .FirstOrDefault() is
                { Code: { } nearest } near
            )
                reasons.AddRange(near.Missing.Select(m => new BillingReason(m, nearest.Code, IsNote: false)));
        }

        return (codes.ToImmutable(), [.. reasons]);

        ImmutableArray<string> Missing(BillingCode code) => [.. code.Needs.Where(need => !IsMet(need)), .. Kept(code)];

        bool IsMet(string need) =>
            need == BillingNeeds.PrimaryCare
                ? codes.Any(c => c.Code.Family == CarePrograms.Primary)
                : facts.Met.Contains(need)
                    || rules.Advisory.Contains(need)
                    || (need == BillingNeeds.PractitionerElected && rules.ElectsPractitionerTime);

        IEnumerable<string> Kept(BillingCode code)
        {
            if (facts.Claimed.Contains(code.Family))
                yield return BillingNeeds.ClaimedElsewhere;
            if (taken.Any(other => rules.Excludes(code.Family, other, facts.Day)))
                yield return BillingNeeds.OtherProgram;
            if (code.IsOnce && facts.BilledBefore.Contains(code.Code))
                yield return BillingNeeds.BilledBefore;
        }

        IEnumerable<BillingReason> Noted(BillingCode code) =>
            code
                .Needs.Where(need => rules.Advisory.Contains(need) && !facts.Met.Contains(need))
                .Select(need => new BillingReason(need, code.Code, IsNote: true));
    }

    private static bool IsReached(BillingCode code, BillingFacts facts) =>
        code.Basis switch
        {
            BillingBasis.Minutes => IsWithin(code, facts.MinutesFor(code)),
            BillingBasis.DataDays => facts.DataDays is { } days && IsWithin(code, days),
            BillingBasis.Transition => facts.HasTransition,
            _ => true,
        };

    private static bool IsWithin(BillingCode code, int measured) =>
        measured >= code.From && (code.To is not { } most || measured <= most);

    private static IEnumerable<ReadyCode> Additions(BillingCode code, BillingFacts facts, BillingCode[] valid)
    {
        foreach (var addition in valid.Where(c => c.AddsTo.Contains(code.Code) && c.From > 0))
        {
            var units = (facts.MinutesFor(addition) - code.From) / addition.From;
            units = Math.Min(units, addition.MostUnits ?? units);
            if (units > 0)
                yield return new ReadyCode(addition, units);
        }
    }

    /// <summary>
    /// The least further minutes after which the month is ready for another code or a further unit, were all on record that does not choose
    /// between codes: whoever plans work wants to know it before the consent is signed.
    /// </summary>
    private static NextThreshold? Next(BillingFacts facts, BillingRules rules)
    {
        var valid = rules
            .On(facts.Day)
            .Where(c => c.Program == facts.Program && c.Basis == BillingBasis.Minutes)
            .ToArray();
        if (valid.Length == 0)
            return null;
        var hopeful = facts with
        {
            Met = facts.Met.Union(valid.SelectMany(c => c.Needs).Where(n => !BillingNeeds.Choosing.Contains(n))),
            Claimed = [],
            Billed = [],
        };
        var now = Codes(hopeful);
        NextThreshold? next = null;
        // Where there is a code of one kind of time, more of the other would replace it rather than add to it.
        var times = valid.Where(c => now.Length == 0 || now.Any(n => n.Code == c.Code)).Select(c => c.Time);
        foreach (var time in times.Distinct().Order())
        {
            foreach (var more in Steps(hopeful, valid, time))
            {
                if (next is { } nearest && more >= nearest.Minutes)
                    break;
                if (Codes(Add(hopeful, time, more)).Except(now).FirstOrDefault() is not { Code: not null } gained)
                    continue;
                next = new NextThreshold(gained.Code, time, more);
                break;
            }
        }

        return next;

        (string Code, int Units)[] Codes(BillingFacts at) =>
            [
                .. Decide(at, ImmutableHashSet<string>.Empty, rules)
                    .Codes.Where(c => c.Code.Basis == BillingBasis.Minutes)
                    .Select(c => (c.Code.Code, c.Units)),
            ];
    }

    /// <summary>Further minutes at which something may change, the fewest first.</summary>
    private static IEnumerable<int> Steps(BillingFacts facts, BillingCode[] valid, TimeOf time)
    {
        var steps = new SortedSet<int>();
        foreach (var code in valid.Where(c => c.Time == time && c.AddsTo.IsEmpty))
        {
            var has = facts.MinutesFor(code);
            if (has < code.From)
                steps.Add(code.From - has);
            foreach (var addition in valid.Where(c => c.AddsTo.Contains(code.Code) && c.From > 0))
            {
                var beyond = facts.MinutesFor(addition) - code.From;
                steps.Add(beyond < 0 ? addition.From - beyond : addition.From - (beyond % addition.From));
            }
        }

        return steps.Where(s => s > 0);
    }

    private static BillingFacts Add(BillingFacts facts, TimeOf time, int more)
    {
        return facts with { Minutes = With(facts.Minutes), OutsideStays = With(facts.OutsideStays) };

        RoleMinutes With(RoleMinutes minutes) =>
            new(
                minutes.Staff + (time == TimeOf.ClinicalStaff ? more : 0),
                minutes.Practitioner + (time == TimeOf.Practitioner ? more : 0),
                minutes.All + more
            );
    }
}
