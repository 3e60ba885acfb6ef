using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Caseload;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tests.Referrals;

namespace CareCoordination.Workflow.Tests.Calendars;

/// <summary>
/// The days of consents, licences, absences and roles are those of the organisation that asks: they begin and end at its midnight, in
/// every zone and when clocks change.
/// </summary>
public sealed class CarePeriodTests
{
    private static readonly string[] Zones =
    [
        "Pacific/Pago_Pago",
        "Pacific/Honolulu",
        "America/Los_Angeles",
        "America/New_York",
        "America/St_Johns",
        "America/Sao_Paulo",
        "UTC",
        "Europe/Berlin",
        "Asia/Kolkata",
        "Asia/Tokyo",
        "Australia/Lord_Howe",
        "Pacific/Kiritimati",
    ];

    // An ordinary day, the two on which most of these clocks change, and the last one of a year.
    private static readonly string[] Days = ["2026-11-23", "2026-03-08", "2026-11-01", "2026-12-31"];

    public static TheoryData<string, string> ZonesAndDays()
    {
        var data = new TheoryData<string, string>();
        foreach (var zone in Zones)
        {
            foreach (var day in Days)
                data.Add(zone, day);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(ZonesAndDays))]
    public void A_period_of_a_day_is_that_day_there(string zone, string day)
    {
        var (period, begins, ends) = Of(zone, day);

        Assert.False(period.View.IncludesInstant(begins.AddTicks(-1), period.Zone));
        Assert.True(period.View.IncludesInstant(begins, period.Zone));
        Assert.True(period.View.IncludesInstant(ends.AddTicks(-1), period.Zone));
        Assert.False(period.View.IncludesInstant(ends, period.Zone));
        var date = DateOnly.Parse(day);
        Assert.Equal(
            [false, true, false],
            new[] { date.AddDays(-1), date, date.AddDays(1) }.Select(d => period.View.IncludesDay(d, period.Zone))
        );
    }

    [Theory]
    [MemberData(nameof(ZonesAndDays))]
    public void A_consent_lets_a_plan_begin_on_its_days_there(string zone, string day)
    {
        var (period, begins, ends) = Of(zone, day);
        var consent = Consent($"'provision':{{'type':'permit','period':{{'start':'{day}','end':'{day}'}}}}");

        Assert.Equal(
            [false, true, true, false],
            Around(begins, ends).Select(now => Activates(consent, now, period.Zone))
        );
        var signed = Consent($"'dateTime':'{day}','provision':{{'type':'permit'}}");
        Assert.Equal(
            [false, true, true, true],
            Around(begins, ends).Select(now => Activates(signed, now, period.Zone))
        );
    }

    [Theory]
    [MemberData(nameof(ZonesAndDays))]
    public void A_consent_lets_a_referral_go_on_its_days_there(string zone, string day)
    {
        var (period, begins, ends) = Of(zone, day);
        var consent = Given.Resource(
            "Consent",
            "c",
            $"'status':'active','scope':{{'coding':[{{'code':'patient-privacy'}}]}},'patient':{{'reference':'Patient/p'}},'provision':{{'type':'permit','period':{{'start':'{day}','end':'{day}'}}}}"
        );

        bool Goes(DateTimeOffset now) =>
            Disclosure
                .Of(
                    Referred.Request(),
                    Referred.Request(),
                    Recipient.Of(Referred.Task(ReferralProfile.R4), Referred.Endpoint(), needsConsent: true),
                    [consent],
                    CareRules.Defaults,
                    now,
                    period.Zone
                )
                .MayGo;

        Assert.Equal([false, true, true, false], Around(begins, ends).Select(Goes));
    }

    [Theory]
    [MemberData(nameof(ZonesAndDays))]
    public void A_licence_and_an_absence_are_of_their_days_there(string zone, string day)
    {
        var (period, begins, ends) = Of(zone, day);
        var role = Given.Resource(
            "PractitionerRole",
            "r",
            $"'notAvailable':[{{'description':'leave','during':{{'start':'{day}','end':'{day}'}}}}]"
        );
        var person = Given.Resource(
            "Practitioner",
            "p",
            $"'qualification':[{{'code':{{'text':'RN'}},'period':{{'end':'{day}'}}}}]"
        );
        var calendar = new BusinessCalendar(period.Zone, [], []);

        CareManagerCandidate At(DateTimeOffset now) =>
            CareManagerProfile.Of(role, person, calendar.DayOf(now), period.Zone);

        Assert.Equal([false, true, true, false], Around(begins, ends).Select(now => At(now).IsAway));
        Assert.Equal(
            [false, false, false, true],
            Around(begins, ends).Select(now => At(now).LicensedUntil < calendar.DayOf(now))
        );
    }

    [Theory]
    [InlineData("2026-11-23T10:00:00-05:00", "2026-11-23T14:59:59.999Z", true)]
    [InlineData("2026-11-23T10:00:00-05:00", "2026-11-23T15:00:00.5Z", true)]
    [InlineData("2026-11-23T10:00:00-05:00", "2026-11-23T15:00:01Z", false)]
    public void An_instant_is_the_same_everywhere(string end, string now, bool includes)
    {
        foreach (var zone in Zones)
            Assert.Equal(
                includes,
                Period($"'end':'{end}'")
                    .IncludesInstant(DateTimeOffset.Parse(now), TimeZoneInfo.FindSystemTimeZoneById(zone))
            );
    }

    [Theory]
    [InlineData("", "2026-01-01", true)]
    [InlineData("'start':'2026'", "2025-12-31", false)]
    [InlineData("'start':'2026'", "2026-01-01", true)]
    [InlineData("'end':'2026-02'", "2026-02-28", true)]
    [InlineData("'end':'2026-02'", "2026-03-01", false)]
    public void Months_and_years_are_all_of_their_days_and_a_missing_side_is_open(
        string period,
        string day,
        bool includes
    )
    {
        foreach (var zone in Zones)
            Assert.Equal(
                includes,
                Period(period).IncludesDay(DateOnly.Parse(day), TimeZoneInfo.FindSystemTimeZoneById(zone))
            );
    }

    private static IEnumerable<DateTimeOffset> Around(DateTimeOffset begins, DateTimeOffset ends) =>
        [begins.AddTicks(-1), begins, ends.AddTicks(-1), ends];

    private static (Dated Period, DateTimeOffset Begins, DateTimeOffset Ends) Of(string zone, string day)
    {
        var there = TimeZoneInfo.FindSystemTimeZoneById(zone);
        var midnight = DateTime.Parse(day);
        // The tests ask the framework, not the calendar they test.
        return (
            new(Period($"'start':'{day}','end':'{day}'"), there),
            new DateTimeOffset(midnight, there.GetUtcOffset(midnight)),
            new DateTimeOffset(midnight.AddDays(1), there.GetUtcOffset(midnight.AddDays(1)))
        );
    }

    private static PeriodView Period(string elements)
    {
        var role = Given.Resource("PractitionerRole", "r", $"'period':{{{elements}}}");
        return PractitionerRoleView.From(ResourceDocument.Parse(role.Utf8Json).Value).Period;
    }

    private static Snapshot Consent(string elements) =>
        Given.Resource("Consent", "c", $"'status':'active','patient':{{'reference':'Patient/1'}},{elements}");

    private static bool Activates(Snapshot consent, DateTimeOffset now, TimeZoneInfo zone)
    {
        var plan = Given.Resource(
            "CarePlan",
            "p",
            "'status':'draft','intent':'plan','subject':{'reference':'Patient/1'},'category':[{'coding':[{'system':'urn:p','code':'ccm'}]}],'goal':[{'reference':'Goal/g'}]"
        );
        var goal = Given.Resource("Goal", "g", "'lifecycleStatus':'accepted','subject':{'reference':'Patient/1'}");
        var rules = CareRules.Defaults with { ConsentCategories = ["ccm"] };
        var context = new CommandContext(Given.Anyone, now, new BusinessCalendar(zone, [], []).DayOf(now))
        {
            Zone = zone,
        };
        return PlanSteps
            .Activate(plan, new PlanMembers([goal]), new ActivationContext([consent], [], true), rules, context)
            .IsSuccess;
    }

    private readonly record struct Dated(PeriodView View, TimeZoneInfo Zone);
}
