using System.Text;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Fhir.R4.Tests;

public sealed class ViewTests
{
    private static readonly TaskView Task = TaskView.From(
        Document(
            """
            {
              "resourceType": "Task", "id": "t1", "status": "in-progress", "intent": "order",
              "for": { "reference": "Patient/p1" }, "owner": { "reference": "http://other.example/fhir/Practitioner/9" },
              "authoredOn": "2026-03-01T10:00:00+01:00",
              "restriction": { "repetitions": 2, "period": { "end": "2026-03-08" } },
              "reasonCode": { "coding": [ { "system": "http://a", "code": "x" }, { "system": "http://b", "code": "y" } ] },
              "input": [
                { "type": { "text": "weight" }, "valueQuantity": { "value": 70.50, "unit": "kg" } },
                { "type": { "text": "note" }, "valueString": "said \"fine\"" }
              ]
            }
            """
        )
    );

    private static ResourceDocument Document(string json) => ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).Value;

    [Fact]
    public void Reads_primitives_as_values()
    {
        Assert.Equal(TaskStatusCodes.InProgress, Task.Status);
        Assert.Equal(2, Task.Restriction.Repetitions);
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero), Task.AuthoredOn!.Value.Instant);
        Assert.Equal(DatePrecision.Day, Task.Restriction.Period.End!.Value.Precision);
    }

    [Fact]
    public void Reads_lists_and_choices_by_type()
    {
        Assert.Equal(["weight", "note"], Task.Input.Select(i => i.Type.Text));
        Assert.Equal([70.50m, null], Task.Input.Select(i => i.ValueQuantity.Value));
        Assert.Equal([null, "said \"fine\""], Task.Input.Select(i => i.ValueString));
    }

    [Fact]
    public void Reads_on_through_what_is_absent()
    {
        Assert.False(Task.Focus.Exists);
        Assert.Null(Task.Focus.Identifier.Assigner.Reference);
        Assert.Empty(Task.Output);
        Assert.Empty(Task.Meta.Profile);
        Assert.Null(default(TaskView).Restriction.Period.Start);
    }

    [Fact]
    public void Knows_what_a_reference_names()
    {
        Assert.Equal(new ResourceKey("Patient", "p1"), Task.For.Key);
        Assert.Null(Task.Owner.Key);
        Assert.Equal(
            ("http://other.example/fhir", "Practitioner"),
            (Task.Owner.Literal.BaseUrl, Task.Owner.Literal.Type)
        );
    }

    [Fact]
    public void Asks_a_concept_for_a_code()
    {
        Assert.True(Task.ReasonCode.Has("http://b", "y"));
        Assert.False(Task.ReasonCode.Has("http://a", "y"));
    }

    [Fact]
    public void Does_not_take_one_resource_type_for_another() =>
        Assert.False(GoalView.From(Document("""{"resourceType":"Task"}""")).Exists);

    [Fact]
    public void Names_elements_as_issues_do()
    {
        Assert.Equal("Task.restriction", TaskView.At.Restriction);
        Assert.Equal("CarePlan.activity.detail.status", CarePlanActivityDetailView.At.Status);
    }

    [Fact]
    public void Resources_inside_resources_are_seen_by_their_own_type()
    {
        var bundle = BundleView.From(
            Document(
                """{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","name":[{"given":["A","B"]}]}}]}"""
            )
        );

        var patient = PatientView.From(bundle.Entry.Single().Resource.Element);

        Assert.Equal(ResourceTypes.Patient, patient.Element.Type.Name);
        Assert.Equal(["A", "B"], patient.Name.Single().Given);
    }
}
