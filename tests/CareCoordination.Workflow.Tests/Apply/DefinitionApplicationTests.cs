using System.Text.Json.Nodes;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Workflow.Apply;
using CareCoordination.Workflow.Calendars;

namespace CareCoordination.Workflow.Tests.Apply;

public sealed class DefinitionApplicationTests
{
    private const string Call =
        "'kind':'Task','code':{'coding':[{'system':'http://example.org/codes','code':'call'}]},'title':'Call'";

    [Fact]
    public void Makes_a_draft_plan_with_proposed_goals_and_draft_tasks()
    {
        var applied = Plan(
            "'title':'Heart failure','version':'2','goal':[{'id':'weight','description':{'text':'Stable weight'},'target':[{'measure':{'coding':[{'system':'http://loinc.org','code':'29463-7'}]},'detailRange':{'high':{'value':80,'unit':'kg'}},'due':{'value':30,'code':'d'}}]}],"
                + "'action':[{'title':'Weigh daily','goalId':['weight'],'priority':'urgent','participant':[{'type':'patient'}]},{'definitionCanonical':'http://example.org/ActivityDefinition/call','timingDuration':{'value':2,'code':'d'}}]"
        ).Value;

        Assert.Equal(
            ["CarePlan/new-1", "Goal/new-2", "Task/new-3", "Task/new-4"],
            applied.Decision.Writes.Select(w => w.Key.ToString())
        );
        Assert.All(applied.Decision.Writes, w => Assert.Equal(0, w.DecidedFrom));
        Given.AssertJson(
            """{"resourceType":"CarePlan","id":"new-1","status":"draft","intent":"plan","title":"Heart failure","subject":{"reference":"Patient/1"},"period":{"start":"2026-11-23"},"created":"2026-11-23T15:00:00Z","author":{"reference":"Practitioner/manager"},"instantiatesCanonical":["http://example.org/PlanDefinition/p|2"],"category":[{"coding":[{"system":"http://hl7.org/fhir/us/core/CodeSystem/careplan-category","code":"assess-plan"}]},{"coding":[{"system":"http://snomed.info/sct","code":"734163000"}]}],"goal":[{"reference":"Goal/new-2"}],"activity":[{"reference":{"reference":"Task/new-3"}},{"reference":{"reference":"Task/new-4"}}],"text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Heart failure</p><p>Goals</p><ul><li>Stable weight: proposed</li></ul><p>Activities</p><ul><li>Weigh daily: draft</li><li>Call: draft</li></ul></div>"}}""",
            applied.Decision.Written("CarePlan/new-1")
        );
        Given.AssertJson(
            """{"resourceType":"Goal","id":"new-2","lifecycleStatus":"proposed","description":{"text":"Stable weight"},"subject":{"reference":"Patient/1"},"startDate":"2026-11-23","statusDate":"2026-11-23","target":[{"measure":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},"detailRange":{"high":{"value":80,"unit":"kg"}},"dueDate":"2026-12-23"}]}""",
            applied.Decision.Written("Goal/new-2")
        );
        Given.AssertJson(
            """{"resourceType":"Task","id":"new-3","status":"draft","intent":"order","priority":"urgent","description":"Weigh daily","for":{"reference":"Patient/1"},"authoredOn":"2026-11-23T15:00:00Z","lastModified":"2026-11-23T15:00:00Z","requester":{"reference":"Practitioner/manager"},"restriction":{"period":{"start":"2026-11-23T15:00:00Z"}},"basedOn":[{"reference":"CarePlan/new-1"}],"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/resource-pertainsToGoal","valueReference":{"reference":"Goal/new-2"}}],"owner":{"reference":"Patient/1"}}""",
            applied.Decision.Written("Task/new-3")
        );
        Given.AssertJson(
            """{"resourceType":"Task","id":"new-4","instantiatesCanonical":"http://example.org/ActivityDefinition/call","status":"draft","intent":"order","description":"Call","for":{"reference":"Patient/1"},"authoredOn":"2026-11-23T15:00:00Z","lastModified":"2026-11-23T15:00:00Z","requester":{"reference":"Practitioner/manager"},"restriction":{"period":{"start":"2026-11-23T15:00:00Z","end":"2026-11-25T23:59:59-05:00"}},"basedOn":[{"reference":"CarePlan/new-1"}],"code":{"coding":[{"system":"http://example.org/codes","code":"call"}]},"owner":{"reference":"Practitioner/manager"}}""",
            applied.Decision.Written("Task/new-4")
        );
    }

    [Theory]
    [InlineData("%patient.gender = 'female'", 1)]
    [InlineData("gender = 'male'", 0)]
    [InlineData("birthDate < today() - 65 years", 1)]
    [InlineData("{}", 0)]
    public void Actions_apply_where_their_conditions_hold(string expression, int tasks)
    {
        var result = Plan(
            $"'action':[{{'title':'A','condition':[{{'kind':'applicability','expression':{{'language':'text/fhirpath','expression':\"{expression}\"}}}}]}},{{'title':'always'}}]"
        );

        Assert.Equal(tasks + 2, result.Value.Decision.Writes.Length);
    }

    [Fact]
    public void Nothing_that_applies_is_refused()
    {
        var result = Plan(
            "'action':[{'title':'A','condition':[{'kind':'applicability','expression':{'language':'text/fhirpath','expression':'false'}}]}]"
        );

        Assert.Equal((422, "no-applicable-actions"), Told(result));
    }

    [Theory]
    [InlineData("'expression':'gender = '", "expression-failed")]
    [InlineData("'expression':'(1 | 2) and true'", "expression-failed")]
    [InlineData("'language':'text/cql','expression':'Is Old'", "expression-language")]
    public void An_expression_that_fails_changes_nothing_and_is_named(string expression, string rule)
    {
        var language = expression.Contains("language", StringComparison.Ordinal) ? "" : "'language':'text/fhirpath',";
        var result = Plan(
            $"'action':[{{'title':'A'}},{{'title':'B','condition':[{{'kind':'applicability','expression':{{{language}{expression}}}}}]}}]"
        );

        Assert.Equal((422, rule), Told(result));
        Assert.Equal("PlanDefinition.action[1].condition[0].expression", result.Failure!.Issues[0].Expression);
    }

    [Fact]
    public void A_missing_or_cyclic_definition_is_named()
    {
        var missing = Plan("'action':[{'definitionCanonical':'http://example.org/ActivityDefinition/gone'}]");
        var self = Plan("'action':[{'definitionCanonical':'http://example.org/PlanDefinition/p'}]");
        var loop = Plan("'action':[{'definitionCanonical':'http://example.org/PlanDefinition/loop'}]");

        Assert.Equal((404, "definition-missing"), Told(missing));
        Assert.Equal("PlanDefinition.action[0]", missing.Failure!.Issues[0].Expression);
        Assert.Equal((422, "definition-cycle"), Told(self));
        Assert.Equal((422, "definition-cycle"), Told(loop));
    }

    [Fact]
    public void A_subject_of_another_type_or_a_retired_definition_is_refused()
    {
        var group =
            "'subjectCodeableConcept':{'coding':[{'system':'http://hl7.org/fhir/resource-types','code':'Group'}]},'action':[{'title':'A'}]";

        Assert.Equal((422, "subject-type"), Told(Plan(group)));
        Assert.Equal((422, "definition-retired"), Told(Plan("'action':[{'title':'A'}]", status: "retired")));
    }

    [Fact]
    public void A_nested_plan_contributes_its_actions_and_a_parent_its_parts()
    {
        var applied = Plan(
            "'action':[{'definitionCanonical':'http://example.org/PlanDefinition/nested'},{'definitionCanonical':'http://example.org/ActivityDefinition/call','action':[{'title':'Part'}]},{'title':'Group','action':[{'title':'Member'}]}]"
        ).Value;

        Assert.Equal(["Nested", "Call", "Part", "Member"], Tasks(applied).Select(t => (string?)t["description"]));
        Assert.Equal("Task/new-3", (string?)Tasks(applied)[2]["partOf"]![0]!["reference"]);
        Assert.Null(Tasks(applied)[3]["partOf"]);
    }

    [Theory]
    [InlineData("", "a,b,c")]
    [InlineData("'selectionBehavior':'all',", "a,b,c")]
    [InlineData("'selectionBehavior':'any',", "a,b")]
    [InlineData("'selectionBehavior':'one-or-more',", "a,b")]
    [InlineData("'selectionBehavior':'exactly-one',", "b")]
    [InlineData("'selectionBehavior':'at-most-one',", "b")]
    public void Selection_behaviour_and_prechecks_choose_among_actions(string selection, string chosen)
    {
        var applied = Plan(
            $"'action':[{{'title':'g',{selection}'action':[{{'title':'a'}},{{'title':'b','precheckBehavior':'yes'}},{{'title':'c','precheckBehavior':'no'}}]}}]"
        ).Value;

        Assert.Equal(chosen, string.Join(',', Tasks(applied).Select(t => (string?)t["description"])));
        Assert.Equal(chosen == "a,b,c" ? 0 : 1, applied.Decision.Notes.Length);
    }

    [Theory]
    [InlineData("'timingDateTime':'2026-12-01'", "2026-12-01T05:00:00Z", "2026-12-02T04:59:59Z")]
    [InlineData(
        "'timingPeriod':{'start':'2026-12-01','end':'2026-12-02'}",
        "2026-12-01T05:00:00Z",
        "2026-12-03T04:59:59Z"
    )]
    [InlineData(
        "'timingPeriod':{'start':'2026-12-01T10:00:00Z','end':'2026-12-02T10:00:00Z'}",
        "2026-12-01T10:00:00Z",
        "2026-12-02T10:00:00Z"
    )]
    [InlineData("'timingDuration':{'value':4,'unit':'hours'}", "2026-11-23T15:00:00Z", "2026-11-23T19:00:00Z")]
    [InlineData(
        "'timingRange':{'low':{'value':7,'code':'d'},'high':{'value':14,'code':'d'}}",
        "2026-11-30T15:00:00Z",
        "2026-12-08T04:59:59Z"
    )]
    [InlineData(
        "'extension':[{'url':'https://carecoordination.example/fhir/StructureDefinition/due-in-business-days','valuePositiveInt':2}]",
        "2026-11-23T15:00:00Z",
        "2026-11-26T04:59:59Z"
    )]
    [InlineData(
        "'relatedAction':[{'actionId':'first','relationship':'after-end','offsetDuration':{'value':3,'code':'d'}}]",
        "2026-12-02T04:59:59Z",
        "2026-12-02T04:59:59Z"
    )]
    [InlineData(
        "'relatedAction':[{'actionId':'first','relationship':'after-start','offsetDuration':{'value':3,'code':'d'}}]",
        "2026-11-26T15:00:00Z",
        "2026-11-27T04:59:59Z"
    )]
    [InlineData(
        "'relatedAction':[{'actionId':'first','relationship':'after-start','offsetRange':{'low':{'value':1,'code':'d'},'high':{'value':2,'code':'d'}}}]",
        "2026-11-24T15:00:00Z",
        "2026-11-26T04:59:59Z"
    )]
    [InlineData(
        "'relatedAction':[{'actionId':'first','relationship':'before-end','offsetDuration':{'value':1,'code':'d'}}]",
        "2026-11-23T15:00:00Z",
        "2026-11-28T04:59:59Z"
    )]
    [InlineData(
        "'relatedAction':[{'actionId':'first','relationship':'concurrent-with-end'}]",
        "2026-11-23T15:00:00Z",
        "2026-11-29T04:59:59Z"
    )]
    [InlineData("'relatedAction':[{'actionId':'skipped','relationship':'after'}]", "2026-11-23T15:00:00Z", null)]
    public void Actions_are_timed_by_themselves_and_by_each_other(string timing, string? start, string? due)
    {
        var applied = Plan(
            $"'action':[{{'title':'second',{timing}}},{{'id':'first','title':'first','timingDuration':{{'value':5,'code':'d'}}}},{{'id':'skipped','title':'no','condition':[{{'kind':'applicability','expression':{{'language':'text/fhirpath','expression':'false'}}}}]}}]"
        ).Value;

        var period = Tasks(applied)[0]["restriction"]!["period"]!;
        if (start is not null)
            Assert.Equal(DateTimeOffset.Parse(start), DateTimeOffset.Parse((string)period["start"]!));
        Assert.Equal(Instant(due), Instant((string?)period["end"]));
    }

    [Fact]
    public void Relations_that_lead_nowhere_or_in_a_circle_are_named()
    {
        var nowhere = Plan(
            "'action':[{'id':'a','title':'a','relatedAction':[{'actionId':'z','relationship':'after'}]}]"
        );
        var circle = Plan(
            "'action':[{'id':'a','title':'a','relatedAction':[{'actionId':'b','relationship':'after'}]},{'id':'b','title':'b','relatedAction':[{'actionId':'a','relationship':'after'}]}]"
        );

        Assert.Equal((422, "related-action-missing"), Told(nowhere));
        Assert.Equal("PlanDefinition.action[0].relatedAction[0]", nowhere.Failure!.Issues[0].Expression);
        Assert.Equal((422, "related-action-cycle"), Told(circle));
    }

    [Fact]
    public void What_repeats_begins_with_its_first_occurrence_and_an_anchor()
    {
        var applied = Plan(
            "'action':[{'title':'Call','timingTiming':{'repeat':{'count':4,'frequency':1,'period':1,'periodUnit':'wk'}}}]"
        ).Value;

        var task = Tasks(applied)[0];
        Given.AssertJson(
            """{"period":{"start":"2026-11-23T10:00:00-05:00","end":"2026-11-23T23:59:59-05:00"}}""",
            task["restriction"]
        );
        Given.AssertJson(
            """[{"url":"https://carecoordination.example/fhir/StructureDefinition/series","valueTiming":{"repeat":{"count":4,"frequency":1,"period":1,"periodUnit":"wk","boundsPeriod":{"start":"2026-11-23T10:00:00-05:00"}}}},{"url":"https://carecoordination.example/fhir/StructureDefinition/occurrence","valuePositiveInt":1}]""",
            task["extension"]
        );
    }

    [Theory]
    [InlineData("description", "'Call ' + %patient.name.first().given.first()", "$.description", "\"Call Ada\"")]
    [InlineData("priority", "iif(gender = 'female', 'stat', 'routine')", "$.priority", "\"stat\"")]
    [InlineData("restriction.repetitions", "1 + 2", "$.restriction.repetitions", "3")]
    [InlineData("code.coding[0].display", "'Phone'", "$.code.coding.display", "\"Phone\"")]
    [InlineData("input.valueString", "'x'", null, null)]
    [InlineData("description", "{}", "$.description", "\"Call\"")]
    public void Dynamic_values_set_elements_by_path(string path, string expression, string? at, string? expected)
    {
        var result = Plan(
            $"'action':[{{'definitionCanonical':'http://example.org/ActivityDefinition/call','dynamicValue':[{{'path':'{path}','expression':{{'language':'text/fhirpath','expression':\"{expression}\"}}}}]}}]"
        );

        if (at is null)
        {
            Assert.Equal((422, "dynamic-path"), Told(result));
            return;
        }

        JsonNode? node = Tasks(result.Value)[0];
        foreach (var step in at.Split('.')[1..])
            node = node is JsonArray array ? array[0]![step] : node![step];
        Assert.Equal(expected, node!.ToJsonString());
    }

    [Fact]
    public void Roles_become_owners_where_somebody_fills_them()
    {
        var applied = Plan(
            "'action':[{'title':'a','participant':[{'type':'practitioner','role':{'coding':[{'code':'nurse'}]}}]},{'title':'b','participant':[{'type':'practitioner','role':{'coding':[{'code':'pharmacist'}]}}]},{'title':'c','participant':[{'type':'practitioner','role':{'coding':[{'system':'http://snomed.info/sct','code':'768820003'}]}}]}]"
        ).Value;

        Assert.Equal(
            ["Practitioner/nurse", null, "Practitioner/manager"],
            Tasks(applied).Select(t => (string?)t["owner"]?["reference"])
        );
        Assert.Equal("pharmacist", (string?)Tasks(applied)[1]["performerType"]![0]!["coding"]![0]!["code"]);
    }

    [Fact]
    public void An_unflattened_plan_has_one_request_group_with_options()
    {
        var applied = Plan(
            "'action':[{'id':'g','title':'g','selectionBehavior':'exactly-one','action':[{'id':'a','title':'a'},{'id':'b','title':'b','relatedAction':[{'actionId':'a','relationship':'after','offsetDuration':{'value':1,'code':'d'}}]}]}]",
            r => r with { Flatten = false }
        ).Value;

        Assert.Equal(
            ["CarePlan/new-1", "Task/new-2", "Task/new-3", "RequestGroup/new-4"],
            applied.Decision.Writes.Select(w => w.Key.ToString())
        );
        Assert.Equal(
            "RequestGroup/new-4",
            (string?)
                Assert.Single(applied.Decision.Written("CarePlan/new-1")["activity"]!.AsArray())!["reference"]![
                    "reference"
                ]
        );
        Assert.Equal("option", (string?)applied.Decision.Written("Task/new-2")["intent"]);
        Given.AssertJson(
            """[{"id":"g","title":"g","selectionBehavior":"exactly-one","action":[{"id":"a","title":"a","resource":{"reference":"Task/new-2"}},{"id":"b","title":"b","relatedAction":[{"actionId":"a","relationship":"after","offsetDuration":{"value":1,"code":"d"}}],"timingPeriod":{"start":"2026-11-24T10:00:00-05:00","end":"2026-11-24T23:59:59-05:00"},"resource":{"reference":"Task/new-3"}}]}]""",
            applied.Decision.Written("RequestGroup/new-4")["action"]
        );
    }

    [Fact]
    public void Without_persistence_everything_is_contained_and_nothing_is_written()
    {
        var applied = Plan(
            "'goal':[{'description':{'text':'g'}}],'action':[{'title':'a'}]",
            r => r with { Persist = false }
        ).Value;

        var plan = JsonNode.Parse(applied.Answer.Span)!;
        Assert.True(applied.Decision.IsEmpty);
        Assert.Equal(["new-2", "new-3"], plan["contained"]!.AsArray().Select(c => (string?)c!["id"]));
        Assert.Equal("#new-3", (string?)plan["activity"]![0]!["reference"]!["reference"]);
        Assert.Equal("#", (string?)plan["contained"]![1]!["basedOn"]![0]!["reference"]);
    }

    [Fact]
    public void An_activity_definition_becomes_one_resource_of_its_kind()
    {
        var service = DefinitionApplication
            .Activity(
                Definition(
                    "ActivityDefinition",
                    "s",
                    "'kind':'ServiceRequest','code':{'text':'Transport'},'timingDuration':{'value':3,'code':'d'},'participant':[{'type':'practitioner','role':{'coding':[{'code':'nurse'}]}}]"
                ),
                Request()
            )
            .Value;
        var other = DefinitionApplication.Activity(
            Definition("ActivityDefinition", "v", "'kind':'VisionPrescription'"),
            Request()
        );

        Given.AssertJson(
            """{"resourceType":"ServiceRequest","id":"new-1","status":"draft","intent":"order","subject":{"reference":"Patient/1"},"authoredOn":"2026-11-23T15:00:00Z","requester":{"reference":"Practitioner/manager"},"instantiatesCanonical":["http://example.org/ActivityDefinition/s"],"code":{"text":"Transport"},"occurrencePeriod":{"start":"2026-11-23T15:00:00Z","end":"2026-11-26T23:59:59-05:00"},"performer":[{"reference":"Practitioner/nurse"}],"performerType":{"coding":[{"code":"nurse"}]}}""",
            JsonNode.Parse(service.Answer.Span)
        );
        Assert.Equal((422, "activity-kind"), Told(other));
    }

    private static (int, string?) Told(Result<Applied> result) =>
        (result.Failure!.Status, result.Failure.Issues[0].Details);

    private static JsonObject[] Tasks(Applied applied) =>
        [
            .. applied
                .Decision.Writes.Where(w => w.Key.Type == "Task")
                .Select(w => (JsonObject)JsonNode.Parse(w.Utf8Json.Span)!),
        ];

    private static Result<Applied> Plan(
        string elements,
        Func<ApplyRequest, ApplyRequest>? with = null,
        string status = "active"
    ) => DefinitionApplication.Plan(Definition("PlanDefinition", "p", elements, status), (with ?? (r => r))(Request()));

    private static ResourceDocument Definition(string type, string id, string elements, string status = "active") =>
        ResourceDocument
            .Parse(
                System.Text.Encoding.UTF8.GetBytes(
                    $$"""{"resourceType":"{{type}}","id":"{{id}}","url":"http://example.org/{{type}}/{{id}}","status":"{{status}}",{{Json(elements)}}}"""
                )
            )
            .Value;

    /// <summary>Single quotes to double ones, except within double ones, where they quote strings of FHIRPath.</summary>
    private static string Json(string elements) =>
        string.Join('"', elements.Split('"').Select((part, i) => i % 2 == 0 ? part.Replace('\'', '"') : part));

    private static ApplyRequest Request() =>
        new(
            new("Patient", "1"),
            ResourceDocument
                .Parse(
                    """{"resourceType":"Patient","id":"1","gender":"female","birthDate":"1950-05-05","name":[{"given":["Ada"]}]}"""u8.ToArray()
                )
                .Value,
            Given.Anyone,
            Given.Now,
            Given.Now,
            BusinessCalendar.UnitedStates(Given.NewYork),
            Resolve,
            Given.Ids()
        )
        {
            Budget = new WorkBudget(),
            CareManager = "Practitioner/manager",
            Owners = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add(
                "nurse",
                "Practitioner/nurse"
            ),
        };

    private static ResourceDocument? Resolve(string canonical) =>
        canonical switch
        {
            "http://example.org/ActivityDefinition/call" => Definition("ActivityDefinition", "call", Call),
            "http://example.org/PlanDefinition/nested" => Definition(
                "PlanDefinition",
                "nested",
                "'action':[{'title':'Nested'}]"
            ),
            "http://example.org/PlanDefinition/p" => Definition("PlanDefinition", "p", "'action':[{'title':'again'}]"),
            "http://example.org/PlanDefinition/loop" => Definition(
                "PlanDefinition",
                "loop",
                "'action':[{'definitionCanonical':'http://example.org/PlanDefinition/loop'}]"
            ),
            _ => null,
        };

    private static DateTimeOffset? Instant(string? text) => text is null ? null : DateTimeOffset.Parse(text);
}
