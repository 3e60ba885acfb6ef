using System.Collections.Immutable;
using CareCoordination.Workflow.Billing;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Tests.Billing;

public sealed class BillingThresholdTests
{
    private static readonly BillingRules Rules = new();
    private static readonly DateOnly November = new(2026, 11, 1);

    [Theory]
    [InlineData(0, "", "99490 in 20")]
    [InlineData(19, "", "99490 in 1")]
    [InlineData(20, "99490", "99439 in 20")]
    [InlineData(39, "99490", "99439 in 1")]
    [InlineData(40, "99490 99439", "99439 in 20")]
    [InlineData(59, "99490 99439", "99439 in 1")]
    [InlineData(60, "99490 99439x2", null)]
    [InlineData(61, "99490 99439x2", null)]
    [InlineData(600, "99490 99439x2", null)]
    public void Chronic_care_by_staff_has_two_further_units_at_most(int minutes, string codes, string? next) =>
        AssertIs(Chronic(staff: minutes), codes, next);

    [Theory]
    [InlineData(59, "99490 99439", "99487 in 1")]
    [InlineData(60, "99487", "99489 in 30")]
    [InlineData(61, "99487", "99489 in 29")]
    [InlineData(89, "99487", "99489 in 1")]
    [InlineData(90, "99487 99489", "99489 in 30")]
    [InlineData(119, "99487 99489", "99489 in 1")]
    [InlineData(120, "99487 99489x2", "99489 in 30")]
    [InlineData(300, "99487 99489x8", "99489 in 30")]
    public void An_hour_of_complex_care_is_another_code(int minutes, string codes, string? next) =>
        AssertIs(Chronic(minutes, 0, BillingNeeds.ModerateDecisions, BillingNeeds.PlanRevised), codes, next);

    [Theory]
    [InlineData(BillingNeeds.ModerateDecisions)]
    [InlineData(BillingNeeds.PlanRevised)]
    public void Care_is_complex_with_decisions_and_a_new_plan_and_not_with_one_of_them(string only) =>
        AssertIs(Chronic(60, 0, only), "99490 99439x2", null);

    [Theory]
    [InlineData(29, "", "99491 in 1")]
    [InlineData(30, "99491", "99437 in 30")]
    [InlineData(59, "99491", "99437 in 1")]
    [InlineData(60, "99491 99437", "99437 in 30")]
    [InlineData(90, "99491 99437x2", "99437 in 30")]
    public void The_practitioners_own_time_has_codes_of_its_own(int minutes, string codes, string? next) =>
        AssertIs(Chronic(staff: 0, practitioner: minutes), codes, next);

    [Fact]
    public void The_practitioners_time_comes_first_only_where_the_practice_elects_it()
    {
        var facts = Chronic(staff: 25, practitioner: 30);

        AssertIs(facts, "99491", "99437 in 30");
        Assert.Equal("99490", Print(BillingThresholds.Of(facts, Rules with { ElectsPractitionerTime = false })));
    }

    [Fact]
    public void Time_of_staff_and_of_the_practitioner_are_not_added_up() =>
        AssertIs(Chronic(staff: 15, practitioner: 15), "", "99490 in 5");

    [Theory]
    [InlineData(29, 0, "")]
    [InlineData(30, 0, "99426")]
    [InlineData(59, 0, "99426")]
    [InlineData(60, 0, "99426 99427")]
    [InlineData(90, 0, "99426 99427x2")]
    [InlineData(120, 0, "99426 99427x2")]
    [InlineData(120, 29, "99426 99427x2")]
    [InlineData(120, 30, "99424")]
    [InlineData(0, 60, "99424 99425")]
    [InlineData(0, 120, "99424 99425x3")]
    public void Principal_care_begins_with_half_an_hour(int staff, int practitioner, string codes) =>
        Assert.Equal(codes, Print(BillingThresholds.Of(Facts("pcm", staff, practitioner), Rules)));

    [Theory]
    [InlineData(2026, 9, "")]
    [InlineData(2026, 10, "99470")]
    [InlineData(2026, 19, "99470")]
    [InlineData(2026, 20, "99457")]
    [InlineData(2026, 39, "99457")]
    [InlineData(2026, 40, "99457 99458")]
    [InlineData(2026, 60, "99457 99458x2")]
    [InlineData(2025, 10, "")]
    [InlineData(2025, 19, "")]
    [InlineData(2025, 20, "99457")]
    public void Remote_management_has_a_code_of_ten_minutes_since_2026(int year, int minutes, string codes)
    {
        var facts = Facts("rpm", minutes / 2, minutes - (minutes / 2)) with { Day = new DateOnly(year, 3, 1) };

        Assert.Equal(codes, Print(BillingThresholds.Of(facts, Rules)));
        var silent = facts with { Met = facts.Met.Remove(BillingNeeds.InteractiveContact) };
        Assert.Equal("", Print(BillingThresholds.Of(silent, Rules)));
        if (codes.Length > 0)
            Assert.Equal([BillingNeeds.InteractiveContact], Reasons(silent));
    }

    [Theory]
    [InlineData(2026, 1, "")]
    [InlineData(2026, 2, "99453 99445")]
    [InlineData(2026, 15, "99453 99445")]
    [InlineData(2026, 16, "99453 99454")]
    [InlineData(2026, 30, "99453 99454")]
    [InlineData(2025, 2, "")]
    [InlineData(2025, 15, "")]
    [InlineData(2025, 16, "99453 99454")]
    public void Days_with_data_say_which_supply_it_is(int year, int days, string codes)
    {
        var facts = Facts("rpm", 0) with { DataDays = days, Day = new DateOnly(year, 3, 1) };

        Assert.Equal(codes, Print(BillingThresholds.Of(facts, Rules)));
        var again = facts with { BilledBefore = ["99453"] };
        Assert.Equal(codes.Replace("99453 ", "", StringComparison.Ordinal), Print(BillingThresholds.Of(again, Rules)));
        Assert.Empty(BillingThresholds.Of(again, Rules).Reasons);
    }

    [Theory]
    [InlineData("bhi", 19, "", "")]
    [InlineData("bhi", 20, "99484", "99484")]
    [InlineData("bhi", 80, "99484", "99484")]
    [InlineData("cocm", 59, "", "")]
    [InlineData("cocm", 60, "", "99493")]
    [InlineData("cocm", 69, "", "99493")]
    [InlineData("cocm", 70, "99492", "99493")]
    [InlineData("cocm", 90, "99492", "99493 99494")]
    [InlineData("cocm", 100, "99492 99494", "99493 99494")]
    [InlineData("chi", 59, "", "")]
    [InlineData("chi", 60, "G0019", "G0019")]
    [InlineData("chi", 90, "G0019 G0022", "G0019 G0022")]
    [InlineData("pin", 60, "G0023", "G0023")]
    [InlineData("pin", 120, "G0023 G0024x2", "G0023 G0024x2")]
    public void Other_programmes_have_thresholds_of_their_own(string program, int minutes, string first, string later)
    {
        var facts = Facts(program, minutes);
        Assert.Equal(first, Print(BillingThresholds.Of(facts with { Met = facts.Met.Add("first-month") }, Rules)));
        Assert.Equal(later, Print(BillingThresholds.Of(facts with { Met = facts.Met.Add("later-month") }, Rules)));
    }

    [Theory]
    [InlineData("2024-12-01", "one-condition", "")]
    [InlineData("2025-01-01", "one-condition", "G0556")]
    [InlineData("2025-01-01", "two-conditions", "G0557")]
    [InlineData("2025-01-01", "two-conditions qualified-beneficiary", "G0558")]
    [InlineData("2025-01-01", "qualified-beneficiary", "G0556")]
    [InlineData("2025-12-01", "one-condition collaborative-service first-month", "G0556")]
    [InlineData("2026-01-01", "one-condition collaborative-service first-month", "G0556 G0568")]
    [InlineData("2026-01-01", "one-condition collaborative-service later-month", "G0556 G0569")]
    [InlineData("2026-01-01", "one-condition behavioral-service later-month", "G0556 G0570")]
    public void Primary_care_has_levels_and_no_time(string day, string met, string codes)
    {
        var facts = new BillingFacts("apcm", DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture))
        {
            Met = ["consent", "plan", .. met.Split(' ')],
        };

        Assert.Equal(codes, Print(BillingThresholds.Of(facts, Rules)));
        Assert.Null(BillingThresholds.Of(facts, Rules).Next);
        Assert.Equal("", Print(BillingThresholds.Of(facts with { Met = facts.Met.Remove("consent") }, Rules)));
    }

    [Theory]
    [InlineData("visit-7 visit-14 high-decisions moderate-decisions", "99496", "")]
    [InlineData("visit-14 high-decisions moderate-decisions", "99495", "")]
    [InlineData("visit-7 visit-14 moderate-decisions", "99495", "")]
    [InlineData("visit-7 visit-14", "", "moderate-decisions")]
    [InlineData("moderate-decisions", "", "visit-14")]
    public void The_visit_and_the_decisions_say_which_transition_it_is(string met, string codes, string missing)
    {
        var facts = new BillingFacts("tcm", November)
        {
            HasTransition = true,
            Met = ["timely-contact", "medications", "alive", .. met.Split(' ')],
        };

        Assert.Equal(codes, Print(BillingThresholds.Of(facts, Rules)));
        Assert.Equal(missing, string.Join(' ', Reasons(facts)));
        foreach (var needed in new[] { "timely-contact", "medications", "alive" })
            Assert.Contains(needed, Reasons(facts with { Met = facts.Met.Remove(needed) }));
        Assert.Equal("", Print(BillingThresholds.Of(facts with { HasTransition = false }, Rules)));
    }

    [Theory]
    [InlineData("consent")]
    [InlineData("plan")]
    [InlineData("two-conditions")]
    public void What_is_missing_keeps_a_month_away_and_is_named(string missing)
    {
        var facts = Chronic(staff: 45);
        facts = facts with { Met = facts.Met.Remove(missing) };
        var billing = BillingThresholds.Of(facts, Rules);

        Assert.Empty(billing.Codes);
        Assert.True(billing.IsLeaking);
        Assert.Equal([new BillingReason(missing, "99490", IsNote: false)], billing.Reasons);
        Assert.Equal(new NextThreshold("99439", TimeOf.ClinicalStaff, 15), billing.Next);
    }

    [Fact]
    public void Below_the_threshold_nothing_is_missing_but_time()
    {
        var billing = BillingThresholds.Of(Chronic(staff: 19) with { Met = [] }, Rules);

        Assert.Empty(billing.Reasons);
        Assert.False(billing.IsLeaking);
    }

    [Fact]
    public void A_visit_to_begin_with_is_noted_unless_the_rules_demand_it()
    {
        var facts = Chronic(staff: 20);
        facts = facts with { Met = facts.Met.Remove("initiating-visit") };
        var billing = BillingThresholds.Of(facts, Rules);

        Assert.Equal("99490", Print(billing));
        Assert.Equal([new BillingReason("initiating-visit", "99490", IsNote: true)], billing.Reasons);
        Assert.Equal("", Print(BillingThresholds.Of(facts, Rules with { Advisory = [] })));
    }

    [Fact]
    public void What_somebody_else_has_claimed_is_not_billed()
    {
        var facts = Chronic(staff: 45) with { Claimed = ["ccm"] };

        Assert.Equal("", Print(BillingThresholds.Of(facts, Rules)));
        Assert.Equal([BillingNeeds.ClaimedElsewhere], Reasons(facts));
    }

    /// <summary>domain: {99490} ⊕ {99487} ⊕ {99491} ⊕ {PCM} ⊕ {APCM}, and what may stand together.</summary>
    [Theory]
    [InlineData("ccm", "pcm", true)]
    [InlineData("ccm", "apcm", true)]
    [InlineData("pcm", "apcm", true)]
    [InlineData("apcm", "tcm", true)]
    [InlineData("bhi", "cocm", true)]
    [InlineData("ccm", "rpm", false)]
    [InlineData("ccm", "tcm", false)]
    [InlineData("apcm", "chi", false)]
    [InlineData("apcm", "pin", false)]
    [InlineData("ccm", "bhi", false)]
    public void Programmes_that_exclude_each_other_are_billed_once_whichever_is_named_first(
        string one,
        string other,
        bool exclude
    )
    {
        foreach (var pair in new[] { new[] { one, other }, [other, one] })
        {
            var billed = BillingThresholds.Of(pair.Select(Full), Rules);
            Assert.Equal(exclude ? 1 : 2, billed.Count(b => !b.Codes.IsEmpty));
            if (exclude)
                Assert.Contains(billed.Single(b => b.Codes.IsEmpty).Reasons, r => r.Code == BillingNeeds.OtherProgram);
        }

        // What is billed already stays.
        var second = BillingThresholds.Of([Full(one), Full(other) with { Billed = [other] }], Rules);
        Assert.Equal(exclude, second.Single(b => b.Program == one).Codes.IsEmpty);
        Assert.False(second.Single(b => b.Program == other).Codes.IsEmpty);
    }

    [Fact]
    public void Rules_hold_from_their_day_to_their_day()
    {
        var rules = Rules with
        {
            Codes =
            [
                .. Rules.Codes.Select(c => c.Code == "99490" ? c with { ValidTo = new DateOnly(2026, 12, 31) } : c),
                .. Rules
                    .Codes.Where(c => c.Code == "99490")
                    .Select(c => c with { From = 25, ValidFrom = new(2027, 1, 1) }),
            ],
        };

        Assert.Equal("99490", Print(BillingThresholds.Of(Chronic(staff: 20), rules)));
        Assert.Equal("", Print(BillingThresholds.Of(Chronic(staff: 20) with { Day = new(2027, 1, 1) }, rules)));
        Assert.Equal("99490", Print(BillingThresholds.Of(Chronic(staff: 25) with { Day = new(2027, 1, 1) }, rules)));
    }

    [Fact]
    public void Days_in_hospital_do_not_count_for_the_codes_that_leave_them_out()
    {
        var facts = Chronic(staff: 65, needs: [BillingNeeds.ModerateDecisions, BillingNeeds.PlanRevised]) with
        {
            OutsideStays = new RoleMinutes(19, 0, 19),
        };

        Assert.Equal("99487", Print(BillingThresholds.Of(facts, Rules)));
        Assert.Equal("", Print(BillingThresholds.Of(facts with { Met = facts.Met.Remove("plan-revised") }, Rules)));
    }

    /// <summary>More time never makes less of a month, and the next threshold is the first at which it makes more.</summary>
    [Fact]
    public void A_minute_more_never_takes_anything_away_and_the_next_threshold_is_exact()
    {
        var random = new Random(20261130);
        for (var i = 0; i < 2000; i++)
        {
            var facts = Random(random);
            var now = BillingThresholds.Of(facts, Rules);
            var time = random.Next(2) == 0 ? TimeOf.ClinicalStaff : TimeOf.Practitioner;
            var more = BillingThresholds.Of(Add(facts, time, 1), Rules);
            Assert.True(Worth(more) >= Worth(now), $"{facts.Program} {facts.Minutes} {Print(now)} -> {Print(more)}");
            foreach (var (code, units) in now.Codes)
                Assert.InRange(units, 1, code.MostUnits ?? int.MaxValue);
            if (now.Next is not { } next)
                continue;
            var kind = next.Time == TimeOf.Any ? TimeOf.ClinicalStaff : next.Time;
            var hopeful = facts with
            {
                Met = facts.Met.Union([
                    "consent",
                    "plan",
                    "one-condition",
                    "two-conditions",
                    "interactive-contact",
                    "initiating-visit",
                ]),
            };
            var here = Print(BillingThresholds.Of(hopeful, Rules));
            Assert.Equal(here, Print(BillingThresholds.Of(Add(hopeful, kind, next.Minutes - 1), Rules)));
            Assert.NotEqual(here, Print(BillingThresholds.Of(Add(hopeful, kind, next.Minutes), Rules)));
        }
    }

    [Fact]
    public void Of_all_programmes_of_a_month_no_two_that_exclude_each_other_are_ready()
    {
        var random = new Random(20261201);
        for (var i = 0; i < 1000; i++)
        {
            var facts = CarePrograms.All.Select(p => Random(random, p.Code)).Where(_ => random.Next(2) == 0).ToArray();
            var families = BillingThresholds
                .Of(facts, Rules)
                .SelectMany(b => b.Codes)
                .Select(c => c.Code.Family)
                .Distinct()
                .ToArray();
            foreach (var one in families)
            foreach (var other in families)
                Assert.False(Rules.Excludes(one, other, November), $"{one} and {other}");
        }
    }

    [Fact]
    public void Every_row_of_the_table_can_be_reached_and_says_where_it_is_from()
    {
        foreach (var code in Rules.Codes)
        {
            Assert.False(string.IsNullOrWhiteSpace(code.Source));
            Assert.True(CarePrograms.Is(code.Program), code.Code);
            Assert.All(code.Needs, need => Assert.Contains(BillingNeeds.All, known => known.Code == need));
            Assert.All(code.AddsTo, of => Assert.Contains(Rules.Codes, c => c.Code == of));
            Assert.True(code.AddsTo.IsEmpty || code.From > 0);
        }
    }

    private static int Worth(ProgramBilling billing) =>
        billing.Codes.Sum(c =>
            c.Code.Code switch
            {
                "99487" => 100,
                "99491" or "99424" => 200,
                "99489" or "99437" or "99425" => 1000 * c.Units,
                "99470" => 1,
                "99457" => 2,
                _ => c.Units,
            }
        );

    private static BillingFacts Random(Random random, string? program = null)
    {
        program ??= CarePrograms.All[random.Next(CarePrograms.All.Length)].Code;
        var facts = Facts(program, random.Next(200), random.Next(3) == 0 ? random.Next(120) : 0);
        var met = BillingNeeds.All.Select(n => n.Code).Where(_ => random.Next(6) > 0).ToImmutableHashSet();
        return facts with { Met = met.Remove("practitioner-elected"), HasTransition = random.Next(2) == 0 };
    }

    private static BillingFacts Add(BillingFacts facts, TimeOf time, int minutes)
    {
        var all = facts.Minutes;
        var more = new RoleMinutes(
            all.Staff + (time == TimeOf.ClinicalStaff ? minutes : 0),
            all.Practitioner + (time == TimeOf.Practitioner ? minutes : 0),
            all.All + minutes
        );
        return facts with { Minutes = more, OutsideStays = more };
    }

    private static BillingFacts Full(string program) =>
        Facts(program, 70) with
        {
            HasTransition = true,
            Met =
            [
                .. BillingNeeds
                    .All.Select(n => n.Code)
                    .Except(["moderate-decisions", "plan-revised", "qualified-beneficiary", "later-month"])
                    .Append(program == "tcm" ? "moderate-decisions" : "alive"),
            ],
        };

    private static BillingFacts Chronic(int staff, int practitioner = 0, params string[] needs)
    {
        var facts = Facts("ccm", staff, practitioner);
        return facts with { Met = facts.Met.Union(needs) };
    }

    private static BillingFacts Facts(string program, int staff, int practitioner = 0)
    {
        var minutes = new RoleMinutes(staff, practitioner, staff + practitioner);
        return new BillingFacts(program, November)
        {
            Minutes = minutes,
            OutsideStays = minutes,
            Met = ["consent", "plan", "one-condition", "two-conditions", "initiating-visit", "interactive-contact"],
        };
    }

    private static string[] Reasons(BillingFacts facts) =>
        [.. BillingThresholds.Of(facts, Rules).Reasons.Where(r => !r.IsNote).Select(r => r.Code)];

    private static void AssertIs(BillingFacts facts, string codes, string? next)
    {
        var billing = BillingThresholds.Of(facts, Rules);
        Assert.Equal(codes, Print(billing));
        Assert.Equal(next, billing.Next is { } n ? $"{n.Code} in {n.Minutes}" : null);
    }

    private static string Print(ProgramBilling billing) =>
        string.Join(' ', billing.Codes.Select(c => c.Units == 1 ? c.Code.Code : $"{c.Code.Code}x{c.Units}"));
}
