using System.Globalization;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Visits;

namespace CareCoordination.Workflow.Tests.Visits;

/// <summary>A ride to an appointment: made sure of in time, moved with it, and not needed where it does not take place.</summary>
public sealed class RideTests
{
    private const string Own = "https://carecoordination.example/fhir/CodeSystem/request-category|transport";
    private const string Gravity =
        "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes|transportation-insecurity";

    private readonly Ward _ward = new() { Now = new DateTimeOffset(2026, 11, 23, 15, 0, 0, TimeSpan.Zero) };
    private CarePolicy _policy = new(BusinessCalendar.UnitedStates(TimeZoneInfo.Utc), []);

    /// <summary>When it is asked for, the zone, when the appointment is; then when the ride is to be sure, and whether it is urgent.</summary>
    public static TheoryData<string> Times =>
        [
            // Monday 2026-11-23 is the day on which it is asked for; Thursday the 26th is Thanksgiving.
            "2026-11-23T15:00:00Z UTC 2026-11-27T15:00:00Z 2026-11-25T23:59:59Z routine | Friday after the holiday: Wednesday",
            "2026-11-23T15:00:00Z UTC 2026-11-25T15:00:00Z 2026-11-24T23:59:59Z routine | Wednesday: Tuesday",
            "2026-11-23T15:00:00Z UTC 2026-11-24T15:00:00Z 2026-11-23T15:00:00Z urgent | tomorrow: now",
            "2026-11-23T15:00:00Z UTC 2026-11-23T20:00:00Z 2026-11-23T15:00:00Z urgent | today: now",
            "2026-11-23T15:00:00Z UTC 2026-11-30T15:00:00Z 2026-11-27T23:59:59Z routine | Monday: Friday",
            "2026-11-23T15:00:00Z UTC 2026-11-28T15:00:00Z 2026-11-27T23:59:59Z routine | Saturday: Friday",
            "2026-11-23T15:00:00Z UTC 2026-11-29T15:00:00Z 2026-11-27T23:59:59Z routine | Sunday: Friday",
            "2026-11-20T15:00:00Z UTC 2026-11-23T15:00:00Z 2026-11-20T15:00:00Z urgent | Monday, asked on Friday: now",
            "2026-11-21T15:00:00Z UTC 2026-11-23T15:00:00Z 2026-11-21T15:00:00Z urgent | Monday, asked on Saturday: now",
            "2026-11-25T15:00:00Z UTC 2026-11-27T15:00:00Z 2026-11-25T15:00:00Z urgent | Friday, asked on the day before the holiday: now",
            "2026-12-22T15:00:00Z UTC 2026-12-28T15:00:00Z 2026-12-24T23:59:59Z routine | after Christmas on a Friday",
            "2026-12-28T15:00:00Z UTC 2027-01-04T15:00:00Z 2026-12-31T23:59:59Z routine | after New Year on a Friday",
            "2026-11-23T15:00:00Z America/New_York 2026-11-28T04:30:00Z 2026-11-26T04:59:59Z routine | late on Friday there is Saturday elsewhere",
            "2026-11-23T15:00:00Z America/New_York 2026-11-28T05:30:00Z 2026-11-28T04:59:59Z routine | Saturday there",
            "2026-11-24T04:30:00Z America/New_York 2026-11-25T04:30:00Z 2026-11-24T04:30:00Z urgent | still Monday there, for Tuesday",
            "2026-11-24T04:30:00Z America/New_York 2026-11-25T15:00:00Z 2026-11-25T04:59:59Z routine | still Monday there, for Wednesday",
            "2026-03-05T15:00:00Z America/New_York 2026-03-09T14:00:00Z 2026-03-07T04:59:59Z routine | over the change of the clocks",
            "2026-11-23T15:00:00Z Pacific/Auckland 2026-11-25T20:00:00Z 2026-11-25T10:59:59Z routine | Thursday morning there",
        ];

    [Theory]
    [MemberData(nameof(Times))]
    public void It_is_to_be_sure_a_business_day_before(string line)
    {
        var t = line.Split(' ');
        _ward.Now = At(t[0]);
        _policy = new(BusinessCalendar.UnitedStates(TimeZoneInfo.FindSystemTimeZoneById(t[1])), []);
        Appointment("booked", t[2]);
        Request();

        var task = Assert.Single(Tasks("confirm-transport"));
        Assert.Equal((At(t[3]), t[4]), (DueOf(task), task["priority"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData(0, "2026-12-02T15:00:00Z")]
    [InlineData(1, "2026-12-01T23:59:59Z")]
    [InlineData(2, "2026-11-30T23:59:59Z")]
    [InlineData(3, "2026-11-27T23:59:59Z")]
    [InlineData(4, "2026-11-25T23:59:59Z")]
    public void How_many_days_before_is_of_the_rules(int days, string due)
    {
        _policy = _policy with
        {
            Rules = [CareRules.Defaults with { Visits = new VisitRules { TransportBusinessDays = days } }],
        };
        Appointment("booked", "2026-12-02T15:00:00Z");
        Request();

        Assert.Equal(At(due), DueOf(Assert.Single(Tasks("confirm-transport"))));
    }

    [Theory]
    [InlineData(Own, "active", "order", 1)]
    [InlineData(Gravity, "active", "order", 1)]
    [InlineData(Gravity, "on-hold", "order", 1)]
    [InlineData(Gravity, "active", "original-order", 1)]
    [InlineData(Gravity, "active", "proposal", 0)]
    [InlineData(Gravity, "active", "option", 0)]
    [InlineData(Gravity, "draft", "order", 0)]
    [InlineData(Gravity, "revoked", "order", 0)]
    [InlineData(Gravity, "completed", "order", 0)]
    [InlineData(Gravity, "entered-in-error", "order", 0)]
    [InlineData("http://snomed.info/sct|transport", "active", "order", 0)]
    public void Only_a_ride_that_was_ordered_is_to_be_made_sure_of(
        string category,
        string status,
        string intent,
        int expected
    )
    {
        Appointment("booked");
        Request(status, category: category, intent: intent);

        Assert.Equal(expected, Tasks("confirm-transport").Count);
    }

    /// <summary>The appointment as it becomes, with a confirmation that is open or done before: what is open then, of both kinds.</summary>
    [Theory]
    [InlineData("booked", false, "confirm")]
    [InlineData("booked", true, "")]
    [InlineData("pending", false, "confirm")]
    [InlineData("arrived", false, "")]
    [InlineData("checked-in", false, "")]
    [InlineData("fulfilled", false, "")]
    [InlineData("noshow", false, "")]
    [InlineData("noshow", true, "")]
    [InlineData("cancelled", false, "")]
    [InlineData("cancelled", true, "call-off")]
    [InlineData("entered-in-error", false, "")]
    [InlineData("entered-in-error", true, "call-off")]
    [InlineData("deleted", false, "")]
    [InlineData("deleted", true, "call-off")]
    public void It_goes_the_way_of_its_appointment(string status, bool isConfirmed, string open)
    {
        Appointment("booked");
        Request();
        if (isConfirmed)
            Close("confirm-transport");
        if (status == "deleted")
            _isDeleted = true;
        else
            Appointment(status);
        Follow();
        Follow();

        Assert.Equal(
            open,
            string.Join(
                ' ',
                Tasks("confirm-transport")
                    .Select(_ => "confirm")
                    .Concat(Tasks("call-off-transport").Select(_ => "call-off"))
            )
        );
        if (status is "noshow" or "cancelled" && !isConfirmed)
            Assert.Contains(
                "needs a request of its own",
                Assert.Single(All("confirm-transport"))["statusReason"]!["text"]!.GetValue<string>(),
                StringComparison.Ordinal
            );
    }

    [Fact]
    public void It_moves_with_its_appointment_and_a_time_that_somebody_chose_stays_until_then()
    {
        Appointment("booked", "2026-12-02T15:00:00Z");
        Request();
        var task = Assert.Single(Tasks("confirm-transport"));
        task["restriction"]!["period"]!["end"] = "2026-11-24T12:00:00Z";
        Store(task);
        Appointment("booked", "2026-12-02T15:00:00Z");
        Assert.Equal(At("2026-11-24T12:00:00Z"), DueOf(Assert.Single(Tasks("confirm-transport"))));

        Appointment("booked", "2026-12-09T15:00:00Z");
        Assert.Equal(At("2026-12-08T23:59:59Z"), DueOf(Assert.Single(Tasks("confirm-transport"))));

        Appointment("booked", "2026-11-24T15:00:00Z");
        var moved = Assert.Single(Tasks("confirm-transport"));
        Assert.Equal((_ward.Now, "urgent"), (DueOf(moved), moved["priority"]!.GetValue<string>()));

        Appointment("booked", "2026-12-09T15:00:00Z");
        Assert.Equal("routine", Assert.Single(Tasks("confirm-transport"))["priority"]!.GetValue<string>());
        Assert.Single(All("confirm-transport"));
    }

    [Fact]
    public void What_was_sure_is_to_be_made_sure_of_again_where_the_appointment_was_moved()
    {
        Appointment("booked", "2026-12-02T15:00:00Z");
        Request();
        Close("confirm-transport");
        Appointment("booked", "2026-12-02T15:00:00Z");
        Assert.Empty(Tasks("confirm-transport"));

        Appointment("booked", "2026-12-03T15:00:00Z");

        var again = Assert.Single(Tasks("confirm-transport"));
        Assert.StartsWith(
            "The appointment was moved",
            again["description"]!.GetValue<string>(),
            StringComparison.Ordinal
        );
        Assert.Equal(2, All("confirm-transport").Count);
    }

    [Theory]
    [InlineData("revoked")]
    [InlineData("completed")]
    [InlineData("entered-in-error")]
    public void It_ends_with_its_request(string status)
    {
        Appointment("booked");
        Request();
        Request(status);
        Assert.Empty(Tasks("confirm-transport"));
    }

    [Fact]
    public void A_request_that_names_another_appointment_is_for_that_one()
    {
        Appointment("booked", id: "a");
        Appointment("booked", "2026-12-09T15:00:00Z", id: "b");
        Request();
        Request(appointment: "b");

        var open = Assert.Single(Tasks("confirm-transport"));
        Assert.Equal("Appointment/b", open["input"]![0]!["valueReference"]!["reference"]!.GetValue<string>());

        // And back again.
        Request();
        Assert.Equal(
            "Appointment/a",
            Assert.Single(Tasks("confirm-transport"))["input"]![0]!["valueReference"]!["reference"]!.GetValue<string>()
        );
    }

    [Theory]
    [InlineData("Practitioner/manager", "Practitioner/requester", "Practitioner/manager")]
    [InlineData(null, "Practitioner/requester", "Practitioner/requester")]
    [InlineData(null, "PractitionerRole/requester", "PractitionerRole/requester")]
    [InlineData(null, "Organization/requester", null)]
    [InlineData(null, "Patient/p", null)]
    [InlineData(null, null, null)]
    public void Whoever_cares_for_the_patient_makes_sure_of_it(string? manager, string? requester, string? owner)
    {
        _manager = manager;
        Appointment("booked");
        Request(requester: requester);

        var task = Assert.Single(Tasks("confirm-transport"));
        Assert.Equal(owner, task["owner"]?["reference"]?.GetValue<string>());
        Assert.Equal(owner is null ? "requested" : "ready", task["status"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z", "America/Los_Angeles", 0)]
    [InlineData("0001-01-03T00:00:00Z", "Pacific/Auckland", 0)]
    [InlineData("9999-12-31T23:00:00Z", "Pacific/Kiritimati", 1)]
    [InlineData("9999-12-31T23:00:00Z", "America/Los_Angeles", 1)]
    public void No_time_is_too_strange_to_be_told(string start, string zone, int expected)
    {
        _policy = new(BusinessCalendar.UnitedStates(TimeZoneInfo.FindSystemTimeZoneById(zone)), []);
        Put(
            "Appointment",
            "a",
            $"'status':'booked','start':'{start}','end':'{start}','participant':[{{'actor':{{'reference':'Patient/p'}},'status':'accepted'}}]"
        );
        Request();
        Assert.Equal(expected, Tasks("confirm-transport").Count);
    }

    private string? _manager;
    private bool _isDeleted;

    private void Appointment(string status, string start = "2026-12-02T15:00:00Z", string id = "a") =>
        Put(
            "Appointment",
            id,
            $"'status':'{status}','start':'{start}','end':'{At(start).AddMinutes(30):yyyy-MM-ddTHH:mm:sszzz}','participant':[{{'actor':{{'reference':'Patient/p'}},'status':'accepted'}}]"
        );

    private void Request(
        string status = "active",
        string appointment = "a",
        string category = Own,
        string intent = "order",
        string? requester = null
    ) =>
        Put(
            "ServiceRequest",
            "r",
            $"'status':'{status}','intent':'{intent}','category':[{{'coding':[{{'system':'{category.Split('|')[0]}','code':'{category.Split('|')[1]}'}}]}}],'subject':{{'reference':'Patient/p'}},'supportingInfo':[{{'reference':'Appointment/{appointment}'}}]{(requester is null ? "" : $",'requester':{{'reference':'{requester}'}}")}"
        );

    private void Put(string type, string id, string elements)
    {
        var written = Given.Resource(type, id, elements);
        var version = _ward.All.Where(s => s.Key == written.Key).Select(s => s.Version).FirstOrDefault();
        _ward.Put(written with { Version = version + 1 });
        Follow();
    }

    private void Follow()
    {
        if (Decide() is { IsEmpty: false } decision)
            _ward.Do(decision);
        Assert.True(Decide().IsEmpty, "It is told once.");
    }

    private Decision Decide()
    {
        var changed = Rides.Decide(
            new RideFacts(
                [.. Of("ServiceRequest")],
                _isDeleted ? [] : [.. Of("Appointment")],
                [.. Of("Task")],
                _manager,
                new CommandContext(Given.Anyone, _ward.Now, _policy.Today(_ward.Now)) { Zone = _policy.TimeZone },
                _policy
            )
        );
        return new Decision(
            new(ResourceTypes.ServiceRequest, "r"),
            [.. changed.Select(t => new ResourceWrite(t.Key, t.Version, t.ToUtf8Json()))]
        )
        {
            Activity = "update",
        };
    }

    private IEnumerable<Snapshot> Of(string type) => _ward.All.Where(s => s.Key.Type == type);

    private List<JsonObject> All(string code) =>
        [
            .. Of("Task")
                .Select(t => (JsonObject)JsonNode.Parse(t.Utf8Json.Span)!)
                .Where(t => t["code"]!["coding"]![0]!["code"]!.GetValue<string>() == code),
        ];

    private List<JsonObject> Tasks(string code) =>
        [.. All(code).Where(t => t["status"]!.GetValue<string>() is not ("completed" or "cancelled"))];

    private void Close(string code)
    {
        var task = Assert.Single(Tasks(code));
        task["status"] = "completed";
        Store(task);
        Follow();
    }

    private void Store(JsonObject task)
    {
        var before = _ward[$"Task/{task["id"]!.GetValue<string>()}"];
        _ward.Put(new(before.Key, before.Version + 1, System.Text.Encoding.UTF8.GetBytes(task.ToJsonString())));
    }

    private static DateTimeOffset DueOf(JsonObject task) =>
        At(task["restriction"]!["period"]!["end"]!.GetValue<string>());

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
