using System.Globalization;
using CareCoordination.Fhir.Json;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;
using CareCoordination.Workflow.Timers;

namespace CareCoordination.Workflow.Tests.Tasks;

/// <summary>What patients and their families do themselves.</summary>
public sealed class PatientTaskTests
{
    private static readonly string[] Statuses =
    [
        "draft",
        "requested",
        "received",
        "accepted",
        "rejected",
        "ready",
        "cancelled",
        "in-progress",
        "on-hold",
        "failed",
        "completed",
        "entered-in-error",
    ];

    public static TheoryData<string, bool> Owners =>
        new()
        {
            { "Patient/p", true },
            { "RelatedPerson/r", true },
            { "https://other.example/fhir/Patient/p", true },
            { "https://other.example/fhir/RelatedPerson/r", true },
            { "Practitioner/1", false },
            { "PractitionerRole/1", false },
            { "Organization/1", false },
            { "CareTeam/1", false },
            { "Device/1", false },
            { "urn:uuid:4c0b21ae-0f9a-4a3a-9a7f-6e7a4d0b7f11", false },
            { "#contained", false },
        };

    [Theory]
    [MemberData(nameof(Owners))]
    public void Whose_it_is_says_which_statuses_it_may_have(string owner, bool isPatients)
    {
        foreach (var status in Statuses)
        {
            var isRefused = isPatients && status is "requested" or "received" or "accepted" or "rejected" && isPatients;
            var refusal = PatientTask.Check(null, Document(status, owner));
            Assert.Equal(isRefused, refusal is not null);
            Assert.Equal(
                isRefused,
                PatientTask.Check(Document(status, "Practitioner/1"), Document(status, owner)) is not null
            );
            Assert.Equal(isRefused, PatientTask.Check(Document("ready", owner), Document(status, owner)) is not null);
            // What came from elsewhere like this may be corrected in other respects.
            Assert.Null(PatientTask.Check(Document(status, owner), Document(status, owner)));
            if (refusal is null)
                continue;
            Assert.Equal(("patient-task-status", 422), (refusal.Issues[0].Details, refusal.Status));
            Assert.Contains("Send it as 'ready'", refusal.Issues[0].Diagnostics, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void One_without_an_owner_is_nobodys() =>
        Assert.All(
            Statuses,
            status =>
                Assert.Null(PatientTask.Check(null, ResourceDocument.Parse(Given.Task("t", status).Utf8Json).Value))
        );

    [Theory]
    [InlineData("requested", "ready")]
    [InlineData("received", "ready")]
    [InlineData("accepted", "ready")]
    [InlineData("ready", "ready")]
    [InlineData("draft", "draft")]
    [InlineData("in-progress", "ready")]
    public void One_that_is_given_to_a_patient_is_ready(string before, string after)
    {
        foreach (var owner in (string[])["Patient/p", "RelatedPerson/r"])
        {
            var task = Given.Task("t", before, "'owner':{'reference':'Practitioner/1'}");
            var decided = TaskSteps.Reassign(task, owner, null, Given.Anyone, Given.Now);
            Assert.Equal(after, decided.Value.Status("Task/t"));
            Assert.Null(PatientTask.Check(null, ResourceDocument.Parse(decided.Value.After("Task/t").Utf8Json).Value));
        }
    }

    [Fact]
    public void A_patient_who_claims_what_nobody_has_has_it_ready()
    {
        var decided = TaskSteps.Claim(Given.Task("t", "requested"), "Patient/p", Given.Anyone, Given.Now);
        Assert.Equal("ready", decided.Value.Status("Task/t"));
    }

    /// <summary>The due time, business days of the rules, zone; then when somebody asks the patient.</summary>
    [Theory]
    [InlineData("2026-11-23T12:00:00Z", 1, "UTC", "2026-11-24T23:59:59Z")]
    [InlineData("2026-11-23T12:00:00Z", 0, "UTC", "2026-11-23T12:00:00Z")]
    [InlineData("2026-11-25T12:00:00Z", 1, "UTC", "2026-11-27T23:59:59Z")]
    [InlineData("2026-11-25T12:00:00Z", 2, "UTC", "2026-11-30T23:59:59Z")]
    [InlineData("2026-11-25", 1, "America/New_York", "2026-11-28T04:59:59Z")]
    [InlineData("2026-11-27", 1, "America/Los_Angeles", "2026-12-01T07:59:59Z")]
    [InlineData("2026-11-28", 1, "UTC", "2026-11-30T23:59:59Z")]
    public void Somebody_asks_when_it_is_overdue(string due, int days, string zone, string at)
    {
        var policy = Policy(days, zone);
        var task = Task("ready", $"'restriction':{{'period':{{'end':'{due}'}}}}");
        var document = ResourceDocument.Parse(task.Utf8Json).Value;
        var when = DateTimeOffset.Parse(at, CultureInfo.InvariantCulture);

        Assert.Equal(when, PatientFollowUp.Rule.NextAt(document, policy));
        Assert.Null(Fire(task, policy, when.AddSeconds(-1), null));
        var decision = Fire(task, policy, when, "Practitioner/manager")!;

        Given.AssertJson("""{"reference":"Practitioner/manager"}""", decision.Written("Task/new-1")["owner"]);
        Assert.Equal("ready", decision.Status("Task/new-1"));
        Assert.Equal("follow-up", decision.Written("Task/new-1")["code"]!["coding"]![0]!["code"]!.GetValue<string>());
        Assert.Equal("Task/t", decision.Written("Task/new-1")["partOf"]![0]!["reference"]!.GetValue<string>());
        // Once.
        Assert.Null(Fire(decision.After("Task/t"), policy, when.AddDays(400), "Practitioner/manager"));
        Assert.Null(
            PatientFollowUp.Rule.NextAt(ResourceDocument.Parse(decision.After("Task/t").Utf8Json).Value, policy)
        );
    }

    [Theory]
    [InlineData("draft", false)]
    [InlineData("ready", true)]
    [InlineData("in-progress", true)]
    [InlineData("on-hold", false)]
    [InlineData("completed", false)]
    [InlineData("failed", false)]
    [InlineData("cancelled", false)]
    [InlineData("entered-in-error", false)]
    public void Only_what_is_to_be_done_now_is_asked_about(string status, bool isAsked) =>
        Assert.Equal(
            isAsked,
            PatientFollowUp.Rule.NextAt(
                ResourceDocument
                    .Parse(Task(status, "'restriction':{'period':{'end':'2026-11-23T12:00:00Z'}}").Utf8Json)
                    .Value,
                Policy(1, "UTC")
            )
                is not null
        );

    [Theory]
    [InlineData("Practitioner/asked", "Practitioner/asked")]
    [InlineData("PractitionerRole/asked", "PractitionerRole/asked")]
    [InlineData("Organization/asked", null)]
    [InlineData("Patient/p", null)]
    public void Where_nobody_manages_the_care_it_is_of_whoever_asked_for_it(string requester, string? owner)
    {
        var task = Task(
            "ready",
            $"'requester':{{'reference':'{requester}'}},'restriction':{{'period':{{'end':'2026-11-23T12:00:00Z'}}}}"
        );
        var decision = Fire(task, Policy(1, "UTC"), Given.Now.AddDays(9), null)!;

        Assert.Equal(owner, decision.Written("Task/new-1")["owner"]?["reference"]?.GetValue<string>());
        Assert.Equal(owner is null ? "requested" : "ready", decision.Status("Task/new-1"));
    }

    [Fact]
    public void No_lead_is_told_of_it_however_late_it_is_and_the_patient_is_reminded_once()
    {
        var task = Task("ready", "'priority':'stat','restriction':{'period':{'end':'2026-11-23T12:00:00Z'}}");
        var crossed = Lateness.Crossed(
            Fhir.R4.TaskView.From(ResourceDocument.Parse(task.Utf8Json).Value),
            CareRules.Defaults.Lateness,
            BusinessCalendar.UnitedStates(TimeZoneInfo.Utc),
            Given.Now.AddYears(1)
        );
        Assert.Equal(["overdue"], crossed.Select(t => t.Code));
    }

    private static CarePolicy Policy(int days, string zone) =>
        new(
            BusinessCalendar.UnitedStates(TimeZoneInfo.FindSystemTimeZoneById(zone)),
            [CareRules.Defaults with { Visits = new VisitRules { PatientTaskBusinessDays = days } }]
        );

    private static Decision? Fire(Snapshot task, CarePolicy policy, DateTimeOffset now, string? manager) =>
        PatientFollowUp.Rule.Fire(
            task,
            new TimerContext(policy, new Agent("Device/care") { IsUnchecked = true }, now, Given.Ids())
            {
                Manager = manager,
            }
        )
            is { } decided
            ? decided.Value
            : null;

    private static Snapshot Task(string status, string more) =>
        Given.Task(
            "t",
            status,
            $"'description':'Weigh daily','for':{{'reference':'Patient/p'}},'owner':{{'reference':'Patient/p'}},{more}"
        );

    private static ResourceDocument Document(string status, string owner) =>
        ResourceDocument.Parse(Given.Task("t", status, $"'owner':{{'reference':'{owner}'}}").Utf8Json).Value;
}
