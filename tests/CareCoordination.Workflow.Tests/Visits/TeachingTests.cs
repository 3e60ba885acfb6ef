using System.Globalization;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;
using CareCoordination.Workflow.Visits;

namespace CareCoordination.Workflow.Tests.Visits;

/// <summary>Teaching with teach-back: asked for, said back, taught again, brought before a lead.</summary>
public sealed class TeachingTests
{
    private const string Work = "https://carecoordination.example/fhir/CodeSystem/education-work";
    private const string Outcomes = "https://carecoordination.example/fhir/CodeSystem/teach-back-outcome";
    private const string Gravity =
        "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes";

    private readonly Ward _ward = new() { Now = new DateTimeOffset(2026, 11, 23, 15, 0, 0, TimeSpan.Zero) };
    private CarePolicy _policy = new(BusinessCalendar.UnitedStates(TimeZoneInfo.Utc), []);
    private string? _manager;

    [Theory]
    [InlineData("409073007", "active", "order", 1)]
    [InlineData("409073007", "on-hold", "order", 1)]
    [InlineData("409073007", "draft", "order", 0)]
    [InlineData("409073007", "active", "proposal", 0)]
    [InlineData("409073007", "active", "option", 0)]
    [InlineData("409073007", "completed", "order", 0)]
    [InlineData("409063005", "active", "order", 0)]
    public void A_request_for_education_that_is_ordered_gives_a_task(
        string category,
        string status,
        string intent,
        int expected
    )
    {
        Request(status, category, intent);
        Request(status, category, intent);

        Assert.Equal(expected, Open().Count);
    }

    [Theory]
    [InlineData("revoked")]
    [InlineData("completed")]
    [InlineData("entered-in-error")]
    public void It_ends_with_its_request(string status)
    {
        Request();
        Request(status);
        Assert.Empty(Open());
    }

    [Fact]
    public void Where_somebody_has_a_task_about_the_request_there_is_none_besides()
    {
        Put(
            "Task",
            "own",
            "'status':'ready','intent':'order','for':{'reference':'Patient/p'},'focus':{'reference':'ServiceRequest/r'}"
        );
        Request();
        Assert.Empty(Open());
    }

    /// <summary>What came of it, with whether there is something to do again, how urgent, and by when.</summary>
    [Theory]
    [InlineData("understood", null, null)]
    [InlineData("not-understood", "urgent", "2026-11-25T23:59:59Z")]
    [InlineData("needs-reinforcement", "routine", "2026-12-01T23:59:59Z")]
    public void What_was_not_understood_is_taught_again(string outcome, string? priority, string? due)
    {
        Request();
        Complete(Assert.Single(Open()), outcome);

        var again = Open().SingleOrDefault();
        Assert.Equal(priority, again?["priority"]?.GetValue<string>());
        Assert.Equal(due is null ? default : At(due), again is null ? default : DueOf(again));
        if (again is not null)
            Assert.Equal("ServiceRequest/r", again["focus"]!["reference"]!.GetValue<string>());
    }

    /// <summary>A visit before that, booked or only due, is the end of it; one that is over is not.</summary>
    [Theory]
    [InlineData("'restriction':{'period':{'end':'2026-11-24T23:59:59Z'}}", "2026-11-24T23:59:59Z")]
    [InlineData("'restriction':{'period':{'end':'2026-12-04T23:59:59Z'}}", "2026-11-25T23:59:59Z")]
    [InlineData("'restriction':{'period':{'end':'2026-11-22T23:59:59Z'}}", "2026-11-25T23:59:59Z")]
    [InlineData(
        "'restriction':{'period':{'end':'2026-12-04T23:59:59Z'}},'output':[{'type':{'coding':[{'system':'https://carecoordination.example/fhir/CodeSystem/visit-value','code':'start'}]},'valueDateTime':'2026-11-24T09:00:00Z'}]",
        "2026-11-24T09:00:00Z"
    )]
    public void It_is_taught_again_before_the_visit(string visit, string due)
    {
        Put(
            "Task",
            "visit",
            $"'status':'ready','intent':'order','for':{{'reference':'Patient/p'}},'code':{{'coding':[{{'system':'{VisitWard.Transitions}','code':'visit'}}]}},{visit}"
        );
        Teach("t");
        Complete(Task("t"), "not-understood");

        Assert.Equal(At(due), DueOf(Assert.Single(Open())));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    public void What_fails_again_and_again_comes_to_a_lead(int threshold, int expected)
    {
        _policy = _policy with
        {
            Rules = [CareRules.Defaults with { Visits = new VisitRules { TeachingsToLead = threshold } }],
        };
        Teach("t");
        for (var times = 1; times <= 4; times++)
        {
            // What was said in part between does not count and does not begin anew.
            Complete(Assert.Single(Open()), "needs-reinforcement");
            Complete(Assert.Single(Open()), "not-understood");
            _ward.Now = _ward.Now.AddHours(1);
            Assert.Equal(Math.Max(0, times - expected + 1), Escalations("requested").Count);
        }
    }

    [Fact]
    public void A_correction_takes_back_what_followed()
    {
        Teach("t");
        Complete(Task("t"), "not-understood");
        Complete(Assert.Single(Open()), "not-understood");
        Assert.Single(Escalations("requested"));
        var second = All("teach")
            .Single(t => t["status"]!.GetValue<string>() == "completed" && t["id"]!.GetValue<string>() != "t");

        Complete(second, "understood");

        Assert.Empty(Open());
        Assert.Empty(Escalations("requested"));
        Assert.Single(Escalations("cancelled"));

        var first = Task("t");
        first["status"] = "entered-in-error";
        Store(first);
        Assert.Empty(Open());
    }

    [Theory]
    [InlineData("completed", "understood", 0)]
    [InlineData("completed", "needs-reinforcement", 1)]
    [InlineData("completed", "not-understood", 1)]
    [InlineData("in-progress", "understood", 1)]
    [InlineData("not-done", "not-understood", 1)]
    [InlineData("completed", "unheard-of", 1)]
    public void Education_that_was_done_as_a_procedure_does_the_task(string status, string outcome, int open)
    {
        Request();
        var task = Assert.Single(Open())["id"]!.GetValue<string>();
        Procedure(status, outcome);
        Procedure(status, outcome);

        var isDone = status == "completed" && outcome != "unheard-of";
        Assert.Equal(isDone ? "completed" : "requested", Task(task)["status"]!.GetValue<string>());
        Assert.Equal(open, Open().Count);
        if (!isDone)
            return;
        Assert.Equal(At("2026-11-22T10:00:00Z"), At(Task(task)["executionPeriod"]!["end"]!.GetValue<string>()));

        Procedure("entered-in-error", outcome);
        Assert.Equal("requested", Task(task)["status"]!.GetValue<string>());
        Assert.Equal(task, Assert.Single(Open())["id"]!.GetValue<string>());
    }

    [Fact]
    public void A_procedure_whose_outcome_is_corrected_corrects_what_followed()
    {
        Request();
        Procedure("completed", "understood");
        Assert.Empty(Open());
        Procedure("completed", "not-understood");
        Assert.Single(Open());
        Procedure("completed", "understood");
        Assert.Empty(Open());
    }

    [Fact]
    public void A_patient_who_has_reviewed_material_is_asked_what_they_take_from_it()
    {
        _manager = "Practitioner/manager";
        Review("in-progress");
        Assert.Empty(Open());
        Review("completed");
        Review("completed");

        var ask = Assert.Single(Open());
        Assert.Equal(
            ("Task/review", "Practitioner/manager", "ready"),
            (
                ask["focus"]!["reference"]!.GetValue<string>(),
                ask["owner"]!["reference"]!.GetValue<string>(),
                ask["status"]!.GetValue<string>()
            )
        );

        Review("entered-in-error");
        Assert.Empty(Open());
    }

    /// <summary>Outputs of a task that is written as completed: whether it is let in.</summary>
    [Theory]
    [InlineData(
        "'output':[{'type':{'coding':[{'system':'@w','code':'teach-back'}]},'valueCodeableConcept':{'coding':[{'system':'@o','code':'understood'}]}}]",
        true
    )]
    [InlineData(
        "'output':[{'type':{'coding':[{'system':'@w','code':'teach-back'}]},'valueCodeableConcept':{'coding':[{'system':'@o','code':'not-understood'}]}}]",
        true
    )]
    [InlineData(
        "'output':[{'type':{'text':'x'},'valueString':'y'},{'type':{'coding':[{'system':'@w','code':'teach-back'}]},'valueCodeableConcept':{'coding':[{'system':'@o','code':'needs-reinforcement'}]}}]",
        true
    )]
    [InlineData(
        "'output':[{'type':{'coding':[{'system':'@w','code':'teach-back'}]},'valueCodeableConcept':{'coding':[{'system':'@o','code':'fine'}]}}]",
        false
    )]
    [InlineData(
        "'output':[{'type':{'coding':[{'system':'@w','code':'teach-back'}]},'valueCodeableConcept':{'coding':[{'system':'urn:x','code':'understood'}]}}]",
        false
    )]
    [InlineData(
        "'output':[{'type':{'coding':[{'system':'@w','code':'teach-back'}]},'valueCodeableConcept':{'text':'understood'}}]",
        false
    )]
    [InlineData(
        "'output':[{'type':{'text':'teach-back'},'valueCodeableConcept':{'coding':[{'system':'@o','code':'understood'}]}}]",
        false
    )]
    [InlineData(
        "'output':[{'type':{'coding':[{'system':'@w','code':'teach-back'}]},'valueString':'understood'}]",
        false
    )]
    [InlineData("'description':'x'", false)]
    public void Teaching_is_not_completed_without_what_came_of_it(string more, bool isLetIn)
    {
        var elements = more.Replace("@w", Work, StringComparison.Ordinal)
            .Replace("@o", Outcomes, StringComparison.Ordinal);
        var (open, done) = (Document("in-progress", "'description':'x'"), Document("completed", elements));

        foreach (var refusal in new[] { TeachBack.Check(open, done), TeachBack.Check(null, done) })
        {
            Assert.Equal(isLetIn, refusal is null);
            if (refusal is null)
                continue;
            Assert.Equal(("teach-back-missing", 422), (refusal.Issues[0].Details, refusal.Status));
            Assert.Contains("needs-reinforcement", refusal.Issues[0].Diagnostics, StringComparison.Ordinal);
        }

        // What is over already may be written again, and other tasks are no teaching.
        Assert.Null(TeachBack.Check(done, done));
        Assert.Null(TeachBack.Check(open, Document("failed", elements)));
        Assert.Null(TeachBack.Check(open, Document("completed", elements, "other")));
    }

    private static ResourceDocument Document(string status, string more, string code = "teach") =>
        ResourceDocument
            .Parse(
                Given.Task("t", status, $"'code':{{'coding':[{{'system':'{Work}','code':'{code}'}}]}},{more}").Utf8Json
            )
            .Value;

    private void Teach(string id) =>
        Put(
            "Task",
            id,
            $"'status':'requested','intent':'order','authoredOn':'2026-11-23T10:00:00Z','for':{{'reference':'Patient/p'}},'code':{{'coding':[{{'system':'{Work}','code':'teach'}}]}}"
        );

    private void Review(string status) =>
        Put(
            "Task",
            "review",
            $"'status':'{status}','intent':'order','for':{{'reference':'Patient/p'}},'owner':{{'reference':'Patient/p'}},'code':{{'coding':[{{'system':'{Gravity}','code':'review-material'}}]}}"
        );

    private void Request(string status = "active", string category = "409073007", string intent = "order") =>
        Put(
            "ServiceRequest",
            "r",
            $"'status':'{status}','intent':'{intent}','category':[{{'coding':[{{'system':'http://snomed.info/sct','code':'{category}'}}]}}],'subject':{{'reference':'Patient/p'}}"
        );

    private void Procedure(string status, string outcome) =>
        Put(
            "Procedure",
            "e",
            $"'status':'{status}','subject':{{'reference':'Patient/p'}},'basedOn':[{{'reference':'ServiceRequest/r'}}],'performedDateTime':'2026-11-22T10:00:00Z','outcome':{{'coding':[{{'system':'{Outcomes}','code':'{outcome}'}}]}}"
        );

    private void Complete(JsonObject task, string outcome)
    {
        task["status"] = "completed";
        task["output"] = JsonNode.Parse(
            $$$"""[{"type":{"coding":[{"system":"{{{Work}}}","code":"teach-back"}]},"valueCodeableConcept":{"coding":[{"system":"{{{Outcomes}}}","code":"{{{outcome}}}"}]} }]"""
        );
        Store(task);
    }

    private void Put(string type, string id, string elements)
    {
        var written = Given.Resource(type, id, elements);
        var version = _ward.All.Where(s => s.Key == written.Key).Select(s => s.Version).FirstOrDefault();
        _ward.Put(written with { Version = version + 1 });
        Follow();
    }

    private void Store(JsonObject task)
    {
        var before = _ward[$"Task/{task["id"]!.GetValue<string>()}"];
        _ward.Put(new(before.Key, before.Version + 1, System.Text.Encoding.UTF8.GetBytes(task.ToJsonString())));
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
        var tasks = Of("Task").ToArray();
        var changed = Teaching.Decide(
            new TeachingFacts(
                [.. tasks.Where(t => CodeOf(t) is "teach" or "review-material" or null)],
                [.. tasks.Where(t => CodeOf(t) == "escalate")],
                [.. Of("ServiceRequest").Where(IsEducation)],
                [.. Of("Procedure")],
                [.. tasks.Where(t => CodeOf(t) == "visit")],
                _manager,
                new CommandContext(Given.Anyone, _ward.Now, _policy.Today(_ward.Now)) { Zone = _policy.TimeZone },
                _policy
            )
        );
        return new Decision(
            new(ResourceTypes.Patient, "p"),
            [.. changed.Select(t => new ResourceWrite(t.Key, t.Version, t.ToUtf8Json()))]
        )
        {
            Activity = "update",
        };
    }

    private static bool IsEducation(Snapshot request) =>
        Teaching.IsEducation(ServiceRequestView.From(ResourceDocument.Parse(request.Utf8Json).Value));

    private IEnumerable<Snapshot> Of(string type) => _ward.All.Where(s => s.Key.Type == type);

    private static string? CodeOf(Snapshot task) =>
        JsonNode.Parse(task.Utf8Json.Span)!["code"]?["coding"]?[0]?["code"]?.GetValue<string>();

    private List<JsonObject> All(string code) =>
        [.. Of("Task").Where(t => CodeOf(t) == code).Select(t => (JsonObject)JsonNode.Parse(t.Utf8Json.Span)!)];

    private List<JsonObject> Open() =>
        [.. All("teach").Where(t => t["status"]!.GetValue<string>() is "requested" or "ready")];

    private List<JsonObject> Escalations(string status) =>
        [.. All("escalate").Where(t => t["status"]!.GetValue<string>() == status)];

    private JsonObject Task(string id) => (JsonObject)JsonNode.Parse(_ward[$"Task/{id}"].Utf8Json.Span)!;

    private static DateTimeOffset DueOf(JsonObject task) =>
        At(task["restriction"]!["period"]!["end"]!.GetValue<string>());

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
