using System.Text.Json.Nodes;
using CareCoordination.Workflow.CarePlans;

namespace CareCoordination.Workflow.Tests.CarePlans;

public sealed class CareSummaryTests
{
    [Fact]
    public void The_copy_for_the_patient_is_a_document_that_carries_all_it_names()
    {
        var content = new CareSummaryContent(
            Given.Resource("Patient", "1", "'name':[{'family':'Byron'}]"),
            [PlanStepTests.Plan("active", ",'title':'Heart & health'" + PlanStepTests.Activities("Task/a"))],
            [PlanStepTests.Goal("g", "active"), PlanStepTests.Task("a", "ready", ",'description':'Call'")],
            [
                Given.Resource(
                    "Condition",
                    "c",
                    "'clinicalStatus':{'coding':[{'code':'active'}]},'code':{'text':'Heart failure'}"
                ),
                Given.Resource("Practitioner", "1"),
            ],
            "http://localhost:5080/fhir",
            "Practitioner/1"
        );

        var bundle = JsonNode.Parse(CareSummary.Document(content, Given.Now, "comp", "doc"))!;

        Assert.Equal(("document", "2026-11-23T15:00:00Z"), ((string?)bundle["type"], (string?)bundle["timestamp"]));
        Given.AssertJson("""{"system":"http://localhost:5080/fhir/Bundle","value":"doc"}""", bundle["identifier"]);
        Assert.Equal(
            ["Composition/comp", "Patient/1", "CarePlan/p", "Goal/g", "Task/a", "Condition/c", "Practitioner/1"],
            bundle["entry"]!.AsArray().Select(e => ((string)e!["fullUrl"]!)["http://localhost:5080/fhir/".Length..])
        );
        var composition = bundle["entry"]![0]!["resource"]!;
        Assert.Equal("18776-5", (string?)composition["type"]!["coding"]![0]!["code"]);
        Assert.Equal(
            ["Patient", "Plan", "Goals", "Tasks", "Problems"],
            composition["section"]!.AsArray().Select(s => (string?)s!["title"])
        );
        Assert.Equal(
            "<div xmlns=\"http://www.w3.org/1999/xhtml\"><ul><li>Heart failure: active</li></ul></div>",
            (string?)composition["section"]![4]!["text"]!["div"]
        );
        Assert.Contains(
            "<li>Heart &amp; health: active</li>",
            (string?)composition["text"]!["div"],
            StringComparison.Ordinal
        );
        var carried = bundle["entry"]!
            .AsArray()
            .Select(e => ((string)e!["fullUrl"]!)["http://localhost:5080/fhir/".Length..])
            .ToHashSet();
        foreach (var entry in composition["section"]!.AsArray().SelectMany(s => s!["entry"]!.AsArray()))
            Assert.Contains((string)entry!["reference"]!, carried);
    }
}
