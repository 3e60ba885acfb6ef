using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Workflow.Tests.Transitions;

/// <summary>A discharge that is told when all of its days are over begins nothing: days are those of the organisation, at both ends.</summary>
public sealed class LateDischargeTests
{
    [Theory]
    // The day of the discharge is the first of thirty: the last is 29 days after it.
    [InlineData("2026-11-20T16:00:00Z", "2026-12-19T23:59:59Z", "UTC", true)]
    [InlineData("2026-11-20T16:00:00Z", "2026-12-20T00:00:00Z", "UTC", false)]
    [InlineData("2026-11-20T00:00:00Z", "2026-12-19T23:59:59Z", "UTC", true)]
    [InlineData("2026-11-19T23:59:59Z", "2026-12-19T00:00:00Z", "UTC", false)]
    [InlineData("2026-11-20", "2026-12-19T23:59:59Z", "UTC", true)]
    [InlineData("2026-11-20", "2026-12-20T00:00:00Z", "UTC", false)]
    // New York is five hours behind.
    [InlineData("2026-11-21T04:59:59Z", "2026-12-20T04:59:59Z", "America/New_York", true)]
    [InlineData("2026-11-21T04:59:59Z", "2026-12-20T05:00:00Z", "America/New_York", false)]
    [InlineData("2026-11-21T05:00:00Z", "2026-12-20T05:00:00Z", "America/New_York", true)]
    [InlineData("2026-11-21T05:00:00Z", "2026-12-21T04:59:59Z", "America/New_York", true)]
    [InlineData("2026-11-21T05:00:00Z", "2026-12-21T05:00:00Z", "America/New_York", false)]
    // Over the night in which its clocks go back, an hour longer.
    [InlineData("2026-10-21T03:59:59Z", "2026-11-19T04:59:59Z", "America/New_York", true)]
    [InlineData("2026-10-21T03:59:59Z", "2026-11-19T05:00:00Z", "America/New_York", false)]
    // Tokyo is nine hours ahead, Kiritimati fourteen, Pago Pago eleven behind.
    [InlineData("2026-11-20T14:59:59Z", "2026-12-19T14:59:59Z", "Asia/Tokyo", true)]
    [InlineData("2026-11-20T14:59:59Z", "2026-12-19T15:00:00Z", "Asia/Tokyo", false)]
    [InlineData("2026-11-20T15:00:00Z", "2026-12-19T15:00:00Z", "Asia/Tokyo", true)]
    [InlineData("2026-11-20T09:59:59Z", "2026-12-19T10:00:00Z", "Pacific/Kiritimati", false)]
    [InlineData("2026-11-20T10:00:00Z", "2026-12-19T10:00:00Z", "Pacific/Kiritimati", true)]
    [InlineData("2026-11-20T10:59:59Z", "2026-12-19T11:00:00Z", "Pacific/Pago_Pago", false)]
    [InlineData("2026-11-20T11:00:00Z", "2026-12-19T11:00:00Z", "Pacific/Pago_Pago", true)]
    // A year later, and a day ahead of the clock within what is allowed.
    [InlineData("2025-11-20T16:00:00Z", "2026-12-19T00:00:00Z", "UTC", false)]
    [InlineData("2026-11-20T00:05:00Z", "2026-11-19T23:55:00Z", "UTC", true)]
    public void A_plan_begins_until_the_end_of_its_last_day(string discharged, string now, string zone, bool begins)
    {
        var decision = Decide(Context(discharged, now, zone));

        Assert.Equal(begins ? 1 : 0, decision.Writes.Count(w => w.Key.Type == "CarePlan"));
        Assert.Equal(begins, decision.Writes.Any(w => w.Key.Type == "Goal"));
        // The stay and the record are stored whenever it is told, and the record says why nothing begins.
        Assert.Contains(decision.Writes, w => w.Key.Type == "Encounter");
        var record = JsonNode.Parse(decision.Writes.Single(w => w.Key == decision.Answer).Utf8Json.Span)!;
        Assert.Equal("completed", (string?)record["status"]);
        Assert.Equal(
            begins ? null : "The discharge is told later than 29 days after it: no plan begins.",
            (string?)record["note"]?[0]!["text"]
        );
    }

    [Fact]
    public void A_number_of_the_rules_says_until_when()
    {
        var context = Context("2026-11-20T16:00:00Z", "2026-11-23T00:00:00Z", "UTC");
        var rules = new CareRules(new DateOnly(2000, 1, 1)) { Transitions = new TransitionRules { LatestDays = 2 } };

        Assert.DoesNotContain(
            Decide(context with { Policy = context.Policy with { Rules = [rules] } }).Writes,
            w => w.Key.Type == "CarePlan"
        );
    }

    /// <summary>The plan of another stay is not taken away by one that is told when it begins nothing any more.</summary>
    [Fact]
    public void A_plan_that_is_open_stays_where_nothing_takes_its_place()
    {
        var earlier = Decide(Context("2026-09-01T16:00:00Z", "2026-09-02T00:00:00Z", "UTC"));
        var plan = earlier.Writes.Single(w => w.Key.Type == "CarePlan");
        var late = Context("2026-10-01T16:00:00Z", "2026-11-29T00:00:00Z", "UTC", "stay-2", "2026-09-20T10:00:00Z");

        var decision = Decide(
            late with
            {
                Plans = [new OpenTransitionPlan(new Snapshot(plan.Key, 1, plan.Utf8Json), new PlanMembers([]))],
            }
        );

        Assert.DoesNotContain(decision.Writes, w => w.Key.Type == "CarePlan");
    }

    private static Decision Decide(IntakeContext context)
    {
        var decided = TransitionDecision.Decide(context);
        Assert.True(decided.IsSuccess, decided.Failure?.Issues[0].Diagnostics);
        return decided.Value;
    }

    private static IntakeContext Context(
        string discharged,
        string now,
        string zone,
        string stay = "stay-1",
        string start = "2025-08-20T10:00:00Z"
    )
    {
        var calendar = BusinessCalendar.UnitedStates(TimeZoneInfo.FindSystemTimeZoneById(zone));
        var policy = new CarePolicy(calendar, [new CareRules(new DateOnly(2000, 1, 1))]);
        var at = DateTimeOffset.Parse(now, CultureInfo.InvariantCulture);
        var encounter = JsonNode
            .Parse(
                $$$"""{"resourceType":"Encounter","status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IMP"},"subject":{"reference":"Patient/p"},"period":{"start":"{{{start}}}","end":"{{{discharged}}}"}}"""
            )!
            .AsObject();
        var notice = new TransitionNotice(TransitionEvent.Discharge, "https://hospital.example", stay, at)
        {
            Bundle = ResourceDocument
                .Parse(Encoding.UTF8.GetBytes("""{"resourceType":"Bundle","type":"message"}"""))
                .Value,
            Digest = "d",
            Stay = stay,
        };
        return new IntakeContext(
            notice,
            encounter,
            "Patient/p",
            new CommandContext(new Agent("Organization/o"), at, policy.Today(at)) { Zone = policy.TimeZone },
            policy
        )
        {
            Stay = Stay.Of([new StayNotice(TransitionEvent.Discharge, at, "r", encounter)]),
            EncounterKey = new ResourceKey("Encounter", stay),
        };
    }
}
