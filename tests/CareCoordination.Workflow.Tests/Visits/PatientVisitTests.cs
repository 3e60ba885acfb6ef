using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Tests.Visits;

/// <summary>What appointments make of a visit: told from all of them, so that no order and no repetition makes a difference.</summary>
public sealed class PatientVisitTests
{
    /// <summary>Appointments as <c>id status day of December</c>, then what they come to.</summary>
    public static TheoryData<string, string, int> Outcomes =>
        new()
        {
            { "a proposed 1", "ready proposed a", 0 },
            { "a pending 1", "ready proposed a", 0 },
            { "a waitlist 1", "ready proposed a", 0 },
            { "a booked 1", "ready booked a", 0 },
            { "a booked 4", "ready booked a", 0 },
            { "a booked 5", "ready booked-late a", 0 },
            { "a arrived 1", "ready arrived a", 0 },
            { "a checked-in 1", "ready arrived a", 0 },
            { "a fulfilled 1", "completed kept a", 0 },
            { "a noshow 1", "ready missed a, reschedule ready a", 1 },
            { "a cancelled 1", "ready called-off a, reschedule ready a", 0 },
            { "a entered-in-error 1", "ready - -", 0 },
            { "a noshow 1; b booked 3", "ready booked b", 1 },
            { "a noshow 1; b booked 8", "ready booked-late b", 1 },
            { "a cancelled 1; b booked 3", "ready booked b", 0 },
            { "a cancelled 3; b booked 1", "ready booked b", 0 },
            { "a noshow 1; b proposed 3", "ready proposed b, reschedule ready a", 1 },
            { "a booked 1; b booked 3", "ready booked a", 0 },
            { "a noshow 1; b fulfilled 3", "completed kept b", 1 },
            { "a fulfilled 1; b booked 3", "completed kept a", 0 },
            { "a fulfilled 1; b cancelled 3", "completed kept a", 0 },
            { "a fulfilled 1; b entered-in-error 3", "completed kept a", 0 },
            { "a noshow 1; b cancelled 3", "ready called-off b, reschedule ready b", 1 },
            { "a cancelled 1; b noshow 3", "ready missed b, reschedule ready b", 1 },
            { "a noshow 1; b noshow 2", "ready missed b, escalate requested Task/v, reschedule ready b", 2 },
            { "a noshow 1; b noshow 2; c booked 3", "ready booked c, escalate requested Task/v", 2 },
            { "a noshow 1; b entered-in-error 2", "ready missed a, reschedule ready a", 1 },
            { "a noshow 1; b noshow 2; c fulfilled 3", "completed kept c, escalate requested Task/v", 2 },
        };

    [Theory]
    [MemberData(nameof(Outcomes))]
    public void It_is_the_same_in_every_order_and_with_repetitions(string appointments, string state, int noShows)
    {
        var all = appointments.Split("; ").Select(a => a.Split(' ')).ToArray();
        foreach (var order in Orders(all))
        {
            var ward = new VisitWard { Now = new DateTimeOffset(2026, 12, 12, 15, 0, 0, TimeSpan.Zero) }.Planned();
            foreach (var a in order.Concat(order))
                ward.Write(a[0], a[1], $"2026-12-{a[2].PadLeft(2, '0')}T15:00:00Z");

            Assert.Equal((state, noShows), (ward.State, ward.NoShows));
        }
    }

    /// <summary>From any status to any other that the lifecycle allows, the state is that of the last one alone.</summary>
    public static TheoryData<string, string> Changes =>
        new()
        {
            { "proposed", "booked" },
            { "proposed", "cancelled" },
            { "booked", "pending" },
            { "booked", "arrived" },
            { "booked", "noshow" },
            { "booked", "cancelled" },
            { "booked", "fulfilled" },
            { "arrived", "fulfilled" },
            { "booked", "entered-in-error" },
            { "noshow", "entered-in-error" },
            { "cancelled", "entered-in-error" },
            { "fulfilled", "entered-in-error" },
            { "arrived", "entered-in-error" },
        };

    [Theory]
    [MemberData(nameof(Changes))]
    public void What_it_was_before_leaves_nothing_behind(string before, string after)
    {
        var (changed, alone) = (new VisitWard().Planned(), new VisitWard().Planned());
        changed.Write("a", before);
        changed.Write("a", after);
        alone.Write("a", after);

        Assert.Equal(alone.State, changed.State);
        Assert.Equal(alone.NoShows, changed.NoShows);
        Assert.Equal(
            alone[VisitWard.Visit]["executionPeriod"]?.ToJsonString(),
            changed[VisitWard.Visit]["executionPeriod"]?.ToJsonString()
        );
    }

    [Fact]
    public void A_new_appointment_that_never_was_or_is_lost_again_leaves_the_rescheduling_open()
    {
        var ward = new VisitWard().Planned();
        ward.Write("a", "noshow");
        ward.Write("b", "booked", "2026-12-02T15:00:00Z");
        Assert.Equal("ready booked b", ward.State);

        ward.Write("b", "entered-in-error", "2026-12-02T15:00:00Z");
        Assert.Equal("ready missed a, reschedule ready a", ward.State);

        ward.Write("c", "booked", "2026-12-02T15:00:00Z");
        ward.Write("c", "cancelled", "2026-12-02T15:00:00Z");
        Assert.Equal("ready called-off c, reschedule ready c", ward.State);
        Assert.Equal(2, ward.Made);
    }

    [Theory]
    [InlineData("America/New_York", "2026-12-05T04:30:00Z", "booked")]
    [InlineData("America/New_York", "2026-12-05T05:00:00Z", "booked-late")]
    [InlineData("America/Los_Angeles", "2026-12-05T05:00:00Z", "booked")]
    [InlineData("America/Los_Angeles", "2026-12-05T08:00:00Z", "booked-late")]
    [InlineData("Pacific/Auckland", "2026-12-04T10:59:00Z", "booked")]
    [InlineData("Pacific/Auckland", "2026-12-04T11:00:00Z", "booked-late")]
    public void Whether_it_is_too_late_is_told_by_the_days_of_whose_visit_it_is(string zone, string start, string state)
    {
        var ward = new VisitWard(TimeZoneInfo.FindSystemTimeZoneById(zone)).Planned(
            visit: "'status':'ready','owner':{'reference':'Practitioner/1'}"
        );
        // Due on a day, whose end is another instant in every zone.
        ward.Put(
            "Task",
            "v",
            $"'status':'ready','intent':'order','code':{{'coding':[{{'system':'{VisitWard.Transitions}','code':'visit'}}]}},'for':{{'reference':'Patient/p'}},'basedOn':[{{'reference':'CarePlan/plan'}}],'restriction':{{'period':{{'end':'2026-12-04'}}}}"
        );
        ward.Write("a", "booked", start);

        Assert.Equal($"ready {state} a", ward.State);
    }

    /// <summary>When it was lost, and when the visit is due: then by when a new one is to be made.</summary>
    [Theory]
    [InlineData("2026-11-23T15:00:00Z", "2026-12-04", "2026-11-24T23:59:59+00:00")]
    [InlineData("2026-11-25T15:00:00Z", "2026-12-04", "2026-11-27T23:59:59+00:00")]
    [InlineData("2026-11-27T15:00:00Z", "2026-12-04", "2026-11-30T23:59:59+00:00")]
    [InlineData("2026-11-27T15:00:00Z", "2026-11-28", "2026-11-28T23:59:59+00:00")]
    [InlineData("2026-12-11T15:00:00Z", "2026-12-04", "2026-12-14T23:59:59+00:00")]
    public void A_new_one_is_made_in_a_business_day_and_before_the_visit_is_due(string now, string due, string expected)
    {
        var ward = new VisitWard
        {
            Now = DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture),
        }.Planned(due);
        ward.Write("a", "noshow", "2026-11-23T10:00:00Z");

        Assert.Equal(
            DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture),
            DateTimeOffset.Parse(ward.Due(Reschedule(ward))!, System.Globalization.CultureInfo.InvariantCulture)
        );
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(4, 4)]
    public void The_number_from_which_a_lead_is_told_is_of_the_rules(int threshold, int expected)
    {
        var ward = new VisitWard(
            rules: CareRules.Defaults with
            {
                Visits = new VisitRules { NoShowsToLead = threshold },
            }
        ).Planned();
        for (var n = 1; n <= 4; n++)
        {
            ward.Write($"a{n}", "noshow", $"2026-11-2{n}T15:00:00Z");
            Assert.Equal(n >= expected, ward.State.Contains("escalate", StringComparison.Ordinal));
        }
    }

    /// <summary>While the lead has not looked at it there is nothing more to tell; afterwards the next time is told anew.</summary>
    [Fact]
    public void A_lead_who_has_looked_at_it_is_told_of_the_next_time()
    {
        var ward = new VisitWard().Planned();
        ward.Write("a", "noshow", "2026-11-20T15:00:00Z");
        ward.Write("b", "noshow", "2026-11-21T15:00:00Z");
        ward.Write("c", "noshow", "2026-11-22T15:00:00Z");
        Assert.Single(ward.Open("escalate"));

        var told = ward.Open("escalate").Single();
        Assert.Equal("The patient did not come 3 times", ward[told]["reasonCode"]!["text"]!.GetValue<string>());
        ward.Close(told);
        ward.Follow();
        Assert.Empty(ward.Open("escalate"));

        ward.Write("d", "noshow", "2026-11-23T12:00:00Z");
        Assert.Single(ward.Open("escalate"), t => t != told);

        // Never was: two of the four are left, and a lead knows of three.
        ward.Write("d", "entered-in-error", "2026-11-23T12:00:00Z");
        ward.Write("c", "entered-in-error", "2026-11-22T15:00:00Z");
        ward.Write("b", "entered-in-error", "2026-11-21T15:00:00Z");
        Assert.Empty(ward.Open("escalate"));
        ward.Write("e", "noshow", "2026-11-23T13:00:00Z");
        Assert.Empty(ward.Open("escalate"));
        ward.Write("f", "noshow", "2026-11-23T14:00:00Z");
        ward.Write("g", "noshow", "2026-11-23T14:30:00Z");
        Assert.Single(ward.Open("escalate"));
    }

    [Theory]
    [InlineData("completed", "'status':'completed','owner':{'reference':'Practitioner/1'}", "active")]
    [InlineData("cancelled", "'status':'cancelled'", "active")]
    [InlineData("failed", "'status':'failed'", "active")]
    [InlineData("ready", "'status':'ready'", "revoked")]
    [InlineData("ready", "'status':'ready'", "completed")]
    public void What_is_over_is_left_as_people_left_it(string status, string visit, string plan)
    {
        var ward = new VisitWard().Planned(planStatus: plan, visit: visit);
        ward.Write("a", "noshow");
        ward.Write("b", "fulfilled", "2026-11-22T15:00:00Z");

        Assert.Equal($"{status} - -", ward.State);
        Assert.Equal(0, ward.Made);
    }

    /// <summary>Kept when the visit began; told before that it is kept now.</summary>
    [Theory]
    [InlineData("2026-11-22T15:00:00Z", "2026-11-22T15:00:00Z")]
    [InlineData("2026-11-23T15:00:00Z", "2026-11-23T15:00:00Z")]
    [InlineData("2026-11-25T15:00:00Z", "2026-11-23T15:00:00Z")]
    public void It_was_done_when_the_visit_was(string start, string end)
    {
        var ward = new VisitWard().Planned();
        ward.Write("a", "fulfilled", start);

        Assert.Equal(
            DateTimeOffset.Parse(end, System.Globalization.CultureInfo.InvariantCulture),
            DateTimeOffset.Parse(
                ward[VisitWard.Visit]["executionPeriod"]!["end"]!.GetValue<string>(),
                System.Globalization.CultureInfo.InvariantCulture
            )
        );
    }

    [Theory]
    [InlineData("finished", "completed kept a")]
    [InlineData("in-progress", "ready booked a")]
    [InlineData("cancelled", "ready booked a")]
    [InlineData("entered-in-error", "ready booked a")]
    public void A_finished_encounter_says_that_its_appointment_was_kept(string status, string state)
    {
        foreach (var isFirst in (bool[])[false, true])
        {
            var ward = new VisitWard().Planned();
            if (!isFirst)
                ward.Write("a", "booked", "2026-11-23T10:00:00Z");
            ward.Put(
                "Encounter",
                "e",
                $"'status':'{status}','class':{{'code':'AMB'}},'subject':{{'reference':'Patient/p'}},'appointment':[{{'reference':'Appointment/a'}}],'period':{{'start':'2026-11-23T10:05:00Z'}}"
            );
            if (isFirst)
                ward.Write("a", "booked", "2026-11-23T10:00:00Z");

            Assert.Equal(state, ward.State);
        }
    }

    /// <summary>Appointments that say nothing of what they are for.</summary>
    [Theory]
    [InlineData("2026-12-01T15:00:00Z", "", "ready booked a")]
    [InlineData("2026-11-20T00:00:00Z", "", "ready booked a")]
    [InlineData("2026-12-19T23:00:00Z", "", "ready booked-late a")]
    [InlineData("2026-11-19T23:59:00Z", "", "ready - -")]
    [InlineData("2026-12-20T00:00:00Z", "", "ready - -")]
    [InlineData("2026-12-01T15:00:00Z", "FOLLOWUP", "ready booked a")]
    [InlineData("2026-12-01T15:00:00Z", "CHECKUP", "ready booked a")]
    [InlineData("2026-12-01T15:00:00Z", "ROUTINE", "ready booked a")]
    [InlineData("2026-12-01T15:00:00Z", "WALKIN", "ready - -")]
    [InlineData("2026-12-01T15:00:00Z", "EMERGENCY", "ready - -")]
    public void One_that_names_nothing_is_the_only_visits_in_the_days_of_its_plan(
        string start,
        string type,
        string state
    )
    {
        var ward = new VisitWard().Planned();
        ward.Write(
            "a",
            "booked",
            start,
            type.Length == 0
                ? "'description':'visit'"
                : $"'appointmentType':{{'coding':[{{'system':'http://terminology.hl7.org/CodeSystem/v2-0276','code':'{type}'}}]}}"
        );

        Assert.Equal(state, ward.State);
    }

    [Theory]
    [InlineData("'supportingInformation':[{'reference':'Task/v'}]", "ready booked a")]
    [InlineData("'supportingInformation':[{'reference':'CarePlan/plan'}]", "ready booked a")]
    [InlineData("'supportingInformation':[{'reference':'Task/v/_history/3'}]", "ready booked a")]
    [InlineData("'supportingInformation':[{'reference':'DocumentReference/d'}]", "ready booked a")]
    [InlineData("'supportingInformation':[{'reference':'Task/other'}]", "ready - -")]
    [InlineData("'supportingInformation':[{'reference':'CarePlan/other'}]", "ready - -")]
    [InlineData("'basedOn':[{'reference':'ServiceRequest/other'}]", "ready - -")]
    [InlineData(
        "'basedOn':[{'reference':'ServiceRequest/other'}],'supportingInformation':[{'reference':'Task/v'}]",
        "ready booked a"
    )]
    public void What_an_appointment_is_for_is_what_it_says(string links, string state)
    {
        var ward = new VisitWard().Planned();
        ward.Write("a", "booked", more: links);

        Assert.Equal(state, ward.State);
    }

    [Fact]
    public void One_that_was_the_visits_is_no_longer_once_it_says_something_else()
    {
        var ward = new VisitWard().Planned();
        ward.Write("a", "booked", more: "'description':'visit'");
        Assert.Equal("ready booked a", ward.State);

        ward.Write("a", "booked", more: "'supportingInformation':[{'reference':'Task/other'}]");
        Assert.Equal("ready - -", ward.State);
        Assert.Null(ward[VisitWard.Visit]["output"]);
    }

    /// <summary>Medications are to be reconciled by the day of the visit; never later than they were.</summary>
    [Theory]
    [InlineData("booked", "2026-11-25T15:00:00Z", "2026-11-25T23:59:59+00:00")]
    [InlineData("booked", "2026-11-27T09:00:00Z", "2026-11-27T23:59:59Z")]
    [InlineData("booked", "2026-12-03T15:00:00Z", "2026-11-27T23:59:59Z")]
    [InlineData("proposed", "2026-11-25T15:00:00Z", "2026-11-27T23:59:59Z")]
    [InlineData("cancelled", "2026-11-25T15:00:00Z", "2026-11-27T23:59:59Z")]
    public void Medications_are_due_by_the_day_of_the_visit(string status, string start, string due)
    {
        var ward = new VisitWard().Planned();
        ward.Write("a", status, start);

        Assert.Equal(
            DateTimeOffset.Parse(due, System.Globalization.CultureInfo.InvariantCulture),
            DateTimeOffset.Parse(ward.Due(VisitWard.Medications)!, System.Globalization.CultureInfo.InvariantCulture)
        );
    }

    /// <summary>Times at the ends of what dates can say, in zones that lead beyond them.</summary>
    [Theory]
    [InlineData("0001-01-01T00:00:00Z", "America/Los_Angeles")]
    [InlineData("0001-01-01T00:00:00Z", "Pacific/Auckland")]
    [InlineData("9999-12-31T23:59:59Z", "Pacific/Kiritimati")]
    [InlineData("9999-12-31T23:59:59Z", "America/Los_Angeles")]
    [InlineData("2026-03-08T02:30:00-05:00", "America/New_York")]
    [InlineData("2026-11-01T01:30:00-04:00", "America/New_York")]
    public void No_time_is_too_strange_to_be_told(string start, string zone)
    {
        foreach (
            var status in (string[])
                ["proposed", "booked", "arrived", "fulfilled", "noshow", "cancelled", "entered-in-error"]
        )
        foreach (var isNamed in (bool[])[true, false])
        {
            var ward = new VisitWard(TimeZoneInfo.FindSystemTimeZoneById(zone)).Planned();
            ward.Put(
                "Appointment",
                "a",
                $"'status':'{status}','start':'{start}','end':'{start}',{(isNamed ? "'supportingInformation':[{'reference':'Task/v'}]" : "'description':'x'")},'participant':[{{'actor':{{'reference':'Patient/p'}},'status':'accepted'}}]"
            );
            Assert.NotEqual("", ward.State);
        }
    }

    [Theory]
    [InlineData("proposed", "ready proposed a")]
    [InlineData("waitlist", "ready proposed a")]
    [InlineData("cancelled", "ready called-off a, reschedule ready a")]
    public void One_without_a_time_counts_too(string status, string state)
    {
        var ward = new VisitWard().Planned();
        ward.Put(
            "Appointment",
            "a",
            $"'status':'{status}','supportingInformation':[{{'reference':'Task/v'}}],'participant':[{{'actor':{{'reference':'Patient/p'}},'status':'accepted'}}]"
        );
        Assert.Equal(state, ward.State);
    }

    private static string Reschedule(VisitWard ward) =>
        $"Task/{ward.Facts().Parts.Single(p => System.Text.Encoding.UTF8.GetString(p.Utf8Json.Span).Contains("reschedule", StringComparison.Ordinal)).Key.Id}";

    private static IEnumerable<string[][]> Orders(string[][] all)
    {
        if (all.Length <= 1)
        {
            yield return all;
            yield break;
        }

        for (var i = 0; i < all.Length; i++)
        {
            var first = all[i];
            foreach (var rest in Orders([.. all.Where((_, n) => n != i)]))
                yield return [first, .. rest];
        }
    }
}
