using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Json;
using CareCoordination.Workflow.Apply;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Caseload;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Goals;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Tests;

/// <summary>A plan from its template to its end, every decision of it carried out: what is written is valid FHIR at every step.</summary>
public sealed class StoryTests
{
    private const string Manager = "PractitionerRole/manager";

    private static readonly DateOnly Today = new(2026, 11, 23);
    private static readonly Reason Because = new("because");
    private static readonly BusinessCalendar Calendar = BusinessCalendar.UnitedStates(Given.NewYork);
    private static readonly CareRules Rules = CareRules.Defaults;

    private const string Template = """
        {
          "resourceType": "PlanDefinition", "id": "chf", "url": "http://example.org/PlanDefinition/chf", "version": "1", "status": "active",
          "title": "Heart failure",
          "extension": [{ "url": "https://carecoordination.example/fhir/StructureDefinition/plan-duration", "valueDuration": { "value": 30, "code": "d", "system": "http://unitsofmeasure.org" } }],
          "topic": [{ "coding": [{ "system": "http://snomed.info/sct", "code": "42343007" }] }],
          "goal": [
            {
              "id": "weight", "description": { "text": "Stable weight" }, "category": { "text": "clinical" },
              "priority": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/goal-priority", "code": "high-priority" }] },
              "target": [{
                "measure": { "coding": [{ "system": "http://loinc.org", "code": "29463-7" }] },
                "detailQuantity": { "value": 80, "comparator": "<=", "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg" },
                "due": { "value": 30, "code": "d", "unit": "days", "system": "http://unitsofmeasure.org" }
              }]
            },
            { "id": "walk", "description": { "text": "Walk every day" } }
          ],
          "action": [
            {
              "id": "call", "title": "Call", "code": [{ "text": "call" }], "goalId": ["weight"],
              "timingTiming": { "repeat": { "count": 3, "frequency": 1, "period": 1, "periodUnit": "wk" } }
            },
            {
              "id": "review", "title": "Review discharge papers", "priority": "urgent", "reason": [{ "text": "discharge" }],
              "extension": [{ "url": "https://carecoordination.example/fhir/StructureDefinition/due-in-business-days", "valuePositiveInt": 1 }],
              "participant": [{ "type": "practitioner", "role": { "text": "nurse", "coding": [{ "code": "nurse" }] } }]
            },
            { "id": "transport", "definitionCanonical": "http://example.org/ActivityDefinition/transport", "relatedAction": [{ "actionId": "review", "relationship": "after-end" }] },
            { "id": "group", "title": "Education", "action": [{ "title": "Salt" }, { "title": "Weigh yourself", "participant": [{ "type": "patient" }] }] }
          ]
        }
        """;

    private const string Transport = """
        { "resourceType": "ActivityDefinition", "id": "transport", "url": "http://example.org/ActivityDefinition/transport", "status": "active", "kind": "ServiceRequest", "code": { "text": "Transport" }, "timingDuration": { "value": 7, "code": "d" } }
        """;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_plan_is_worked_from_its_template_to_its_end(bool flatten)
    {
        var ward = new Ward();
        ward.Put(Given.Resource("Patient", "1", "'birthDate':'1950-05-05'") with { Version = 1 });
        ward.Put(
            Given.Resource("EpisodeOfCare", "e", "'status':'active','patient':{'reference':'Patient/1'}") with
            {
                Version = 1,
            }
        );
        ward.Do(
            CareManagerAssignment.Assign(
                new(new(Manager, 0, 0), [], [], 0),
                new(ward["EpisodeOfCare/e"], null, [], []),
                ward.Now,
                Today,
                "team"
            )
        );

        var applied = DefinitionApplication.Plan(Document(Template), Request(ward) with { Flatten = flatten }).Value;
        var plan = ward.Do(applied.Decision).Answer.ToString();
        foreach (var goal in Of(ward, "Goal"))
            ward.Do(GoalSteps.Accept(goal, "Patient/1", Given.Anyone, Today));
        ward.Do(PlanSteps.Activate(ward[plan], Members(ward), new([], []), Rules, new(Given.Anyone, ward.Now, Today)));
        Assert.All(Of(ward, "Goal"), g => Assert.Equal("active", ward.Status(g.Key.ToString())));

        ward.Do(PlanSteps.Hold(ward[plan], Members(ward), new(Given.Anyone, ward.Now, Today, Because)), Because);
        Assert.All(Of(ward, "Task"), t => Assert.Equal("on-hold", ward.Status(t.Key.ToString())));
        ward.Do(PlanSteps.Resume(ward[plan], Members(ward), new([], []), Rules, new(Given.Anyone, ward.Now, Today)));

        var goalWithTarget = Of(ward, "Goal")
            .First(g => Encoding.UTF8.GetString(g.Utf8Json.Span).Contains("29463-7", StringComparison.Ordinal));
        ward.Do(
            ProgressRecord.FromValue(
                goalWithTarget,
                new(79, null, ward.Now),
                "Patient/1",
                KnownReadings.None,
                Rules,
                ward.NewId()
            )
        );
        Work(ward, plan);

        ward.Do(
            PlanRevision.InPlace(
                ward[plan],
                Resources(ward),
                new([], [], [NewTask(ward)]),
                new(Given.Anyone, ward.Now, Today, Because)
            ),
            Because
        );
        ward.Do(
            PlanReview.Review(
                ward[plan],
                Members(ward),
                new(
                    Manager,
                    Today,
                    [new(goalWithTarget.Key.ToString(), GoalReviewAction.Complete, "achieved", "fine")],
                    null,
                    null
                ),
                new(Given.Anyone, ward.Now, Today),
                Calendar,
                Rules,
                ward.NewId()
            )
        );
        Assert.Equal("completed", ward.Status(goalWithTarget.Key.ToString()));
        ward.Do(
            PatientTransfer.Offer(
                ward["EpisodeOfCare/e"],
                [Manager],
                new(new("PractitionerRole/next", 0, 0), [], [], 0),
                new("knows all", ward.Now.AddDays(1)),
                false,
                ward.Now,
                "offer"
            )
        );
        ward.Do(
            PatientTransfer.Accept(
                ward["Task/offer"],
                new(ward["EpisodeOfCare/e"], ward["CareTeam/team"], [ward[plan]], [.. Of(ward, "Task")]),
                Given.Anyone,
                ward.Now,
                Workflow.Calendars.BusinessCalendar.UnitedStates(Given.NewYork),
                ward.NewId
            )
        );

        ward.Do(
            EndPlan.Close(
                ward[plan],
                Members(ward),
                new(Because, "well", new Unfinished.Cancel()),
                new(Given.Anyone, ward.Now, Today)
            ),
            Because
        );
        Assert.Equal("completed", ward.Status(plan));
        Assert.All(
            Of(ward, "Task"),
            t => Assert.Contains(ward.Status(t.Key.ToString()), new[] { "completed", "cancelled" })
        );
        ward.Do(PlanSteps.Reopen(ward[plan], new([], []), Rules, new(Given.Anyone, ward.Now, Today, Because)), Because);
        ward.Do(EndPlan.Revoke(ward[plan], Members(ward), new(Given.Anyone, ward.Now, Today, Because)), Because);

        var versions = ward.All.Where(s => s.Key.Type is not ("Provenance" or "Patient")).Sum(s => s.Version);
        var told = Of(ward, "Provenance")
            .SelectMany(p => JsonNode.Parse(p.Utf8Json.Span)!["target"]!.AsArray())
            .Select(t => (string)t!["reference"]!)
            .ToArray();
        // The first version of the episode was there before; every other version of everything is told exactly once.
        Assert.Equal(versions - 1, told.Length);
        Assert.Equal(told.Length, told.Distinct().Count());
    }

    [Fact]
    public void An_unpersisted_plan_and_a_summary_are_valid_too()
    {
        var ward = new Ward();
        ward.Put(Given.Resource("Patient", "1", "'birthDate':'1950-05-05'") with { Version = 1 });

        var loose = DefinitionApplication.Plan(Document(Template), Request(ward) with { Persist = false }).Value;
        var kept = DefinitionApplication.Plan(Document(Template), Request(ward)).Value;
        var plan = ward.Do(kept.Decision).Answer.ToString();
        var summary = CareSummary.Document(
            new(ward["Patient/1"], [ward[plan]], [.. Resources(ward)], [], "http://localhost/fhir", Manager),
            ward.Now,
            "comp",
            "0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"
        );

        ward.Put(new(new("CarePlan", "loose"), 1, loose.Answer));
        ward.Put(new(new("Bundle", "doc"), 1, summary));
    }

    /// <summary>Every task that can be is claimed, started and completed; a series goes on for its three calls.</summary>
    private static void Work(Ward ward, string plan)
    {
        for (var i = 0; i < 20; i++)
        {
            if (
                Of(ward, "Task").FirstOrDefault(t => ward.Status(t.Key.ToString()) is "ready" or "requested")
                is not { Key.Id: not null } next
            )
                return;
            var key = next.Key.ToString();
            if (ward.Status(key) == "requested")
                ward.Do(TaskSteps.Accept(next, Given.Anyone, ward.Now));
            ward.Do(TaskSteps.Start(ward[key], Given.Anyone, ward.Now));
            ward.Now = ward.Now.AddHours(1);
            ward.Do(
                FinishTask.Complete(
                    ward[key],
                    new([], ward[plan]),
                    new([])
                    {
                        Outcome = new("reached"),
                        Work = new()
                        {
                            Minutes = 20,
                            Note = "done",
                            Zone = Given.NewYork,
                        },
                    },
                    Given.Anyone,
                    ward.Now,
                    ward.NewId
                )
            );
        }
    }

    private static Snapshot NewTask(Ward ward)
    {
        var id = ward.NewId();
        return Given.Task(id, "draft", "'for':{'reference':'Patient/1'},'description':'Later'") with { Version = 0 };
    }

    private static ApplyRequest Request(Ward ward) =>
        new(
            new("Patient", "1"),
            ResourceDocument.Parse(ward["Patient/1"].Utf8Json).Value,
            Given.Anyone,
            ward.Now,
            ward.Now,
            Calendar,
            canonical => canonical.EndsWith("transport", StringComparison.Ordinal) ? Document(Transport) : null,
            ward.NewId
        )
        {
            Budget = new WorkBudget(),
            CareManager = Manager,
        };

    private static PlanMembers Members(Ward ward) => new(Resources(ward));

    private static Snapshot[] Resources(Ward ward) =>
        [.. ward.All.Where(s => s.Key.Type is "Goal" or "Task" or "ServiceRequest" or "RequestGroup")];

    private static Snapshot[] Of(Ward ward, string type) => [.. ward.All.Where(s => s.Key.Type == type)];

    private static ResourceDocument Document(string json) => ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).Value;
}
