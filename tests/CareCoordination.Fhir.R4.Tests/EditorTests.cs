using System.Text;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Fhir.R4.Tests;

public sealed class EditorTests
{
    private static ResourceDocument Document(string json) => ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).Value;

    private static TaskEditor Edit(string json) => new(TaskView.From(Document(json)));

    private static string Json(ResourceEditor editor) => Encoding.UTF8.GetString(editor.ToUtf8Json());

    [Fact]
    public void Makes_a_resource_that_reads_like_FHIR()
    {
        var task = new TaskEditor
        {
            Status = TaskStatusCodes.Requested,
            Intent = TaskIntentCodes.Order,
            Code = CodeableConceptEditor.Of(TaskCodeCodes.System, TaskCodeCodes.Fulfill),
            For = ReferenceEditor.To(new ResourceKey(ResourceTypes.Patient, "p1")),
            AuthoredOn = new DateTimeOffset(2026, 3, 1, 9, 30, 0, TimeSpan.Zero),
            Restriction = { Repetitions = 1, Period = { End = new DateOnly(2026, 3, 8) } },
            Input =
            {
                new() { Type = { Text = "dose" }, ValueDecimal = 2.50m },
                new() { Type = { Text = "stop" }, ValueBoolean = false },
            },
        };
        task.Restriction.Recipient.Add(new() { Reference = "Group/g" });

        Assert.Equal(
            """{"resourceType":"Task","status":"requested","intent":"order","code":{"coding":[{"system":"http://hl7.org/fhir/CodeSystem/task-code","code":"fulfill"}]}"""
                + ""","for":{"reference":"Patient/p1"},"authoredOn":"2026-03-01T09:30:00Z","restriction":{"repetitions":1,"period":{"end":"2026-03-08"},"recipient":[{"reference":"Group/g"}]}"""
                + ""","input":[{"type":{"text":"dose"},"valueDecimal":2.50},{"type":{"text":"stop"},"valueBoolean":false}]}""",
            Json(task)
        );
    }

    [Fact]
    public void Changes_one_element_and_leaves_the_rest_as_written()
    {
        var task = Edit(
            """{"resourceType":"Task","status":"requested","_status":{"id":"s"},"intent":"order","x-unknown":{"n":1.500e1},"input":[{"type":{"text":"a"},"valueDecimal":2.500},{"type":{"text":"\u0062"}}]}"""
        );

        task.Status = TaskStatusCodes.Accepted;
        task.Input[1].ValueString = "x";

        Assert.Equal(
            """{"resourceType":"Task","status":"accepted","_status":{"id":"s"},"intent":"order","x-unknown":{"n":1.500e1},"input":[{"type":{"text":"a"},"valueDecimal":2.500},{"type":{"text":"\u0062"},"valueString":"x"}]}""",
            Json(task)
        );
    }

    [Fact]
    public void A_copy_without_changes_is_the_original()
    {
        const string json = """{"resourceType":"Task","status":"requested","intent":"order","owner":{},"note":[]}""";
        var task = Edit(json);

        _ = task.Owner.Reference;
        _ = task.Focus.Reference;
        _ = task.Note.Count;

        Assert.Equal(json, Json(task));
    }

    [Fact]
    public void Null_takes_a_primitive_away_with_its_extensions()
    {
        var task = Edit(
            """{"resourceType":"Task","description":"d","_description":{"id":"x"},"status":"draft","intent":"order"}"""
        );

        task.Description = null;

        Assert.Equal("""{"resourceType":"Task","status":"draft","intent":"order"}""", Json(task));
    }

    [Fact]
    public void Objects_that_become_empty_are_not_written()
    {
        var task = Edit(
            """{"resourceType":"Task","intent":"order","restriction":{"period":{"end":"2026"}},"output":[{"valueCode":"a"}]}"""
        );

        task.Restriction.Period.End = null;
        task.Output.RemoveAt(0);

        Assert.Equal("""{"resourceType":"Task","intent":"order"}""", Json(task));
    }

    [Fact]
    public void Of_a_choice_only_the_type_last_written_is_kept()
    {
        var task = Edit(
            """{"resourceType":"Task","input":[{"type":{"text":"a"},"valueString":"s","_valueString":{"id":"x"}}]}"""
        );

        task.Input[0].ValueQuantity.Unit = "kg";
        Assert.Equal(
            """{"resourceType":"Task","input":[{"type":{"text":"a"},"valueQuantity":{"unit":"kg"}}]}""",
            Json(task)
        );

        task.Input[0].ValueInteger = 3;
        Assert.Equal("""{"resourceType":"Task","input":[{"type":{"text":"a"},"valueInteger":3}]}""", Json(task));
    }

    [Fact]
    public void Looking_at_another_type_of_a_choice_changes_nothing()
    {
        var task = Edit("""{"resourceType":"Task","input":[{"type":{"text":"a"},"valueString":"s"}]}""");

        Assert.Null(task.Input[0].ValueQuantity.Unit);
        task.Status = TaskStatusCodes.Draft;

        Assert.Equal(
            """{"resourceType":"Task","input":[{"type":{"text":"a"},"valueString":"s"}],"status":"draft"}""",
            Json(task)
        );
    }

    [Fact]
    public void Copies_an_element_of_another_resource_as_written()
    {
        var source = TaskView.From(
            Document("""{"resourceType":"Task","for":{"reference":"Patient/1","display":"P\u00e9"}}""")
        );

        var copy = new TaskEditor { Focus = new(source.For), For = new(source.Focus) };

        Assert.Equal("""{"resourceType":"Task","focus":{"reference":"Patient/1","display":"P\u00e9"}}""", Json(copy));
    }

    [Fact]
    public void Reads_back_what_was_written()
    {
        var task = new TaskEditor { Description = "\u00FCber \"alles\"", Restriction = { Repetitions = 4 } };
        task.InstantiatesUri = "urn:x";
        task.Description += "\n";

        Assert.Equal("\u00FCber \"alles\"\n", task.Description);
        Assert.Equal(4, task.Restriction.Repetitions);
        Assert.Null(task.Status);
        Assert.Equal(
            """{"resourceType":"Task","description":"über \"alles\"\n","restriction":{"repetitions":4},"instantiatesUri":"urn:x"}""",
            Json(task)
        );
    }

    [Fact]
    public void Adds_to_and_clears_lists_of_primitives()
    {
        var patient = new PatientEditor(
            PatientView.From(
                Document(
                    """{"resourceType":"Patient","name":[{"given":["A",null],"_given":[null,{"id":"g"}]},{"given":["X"],"_given":[{"id":"g"}]}]}"""
                )
            )
        );

        patient.Name[0].Given.Add("B");
        patient.Name[1].Given.Clear();
        patient.Name[1].Given.Add("Y");

        Assert.Equal(["A", "B"], patient.Name[0].Given);
        Assert.Equal(
            """{"resourceType":"Patient","name":[{"given":["A",null,"B"],"_given":[null,{"id":"g"}]},{"given":["Y"]}]}""",
            Json(patient)
        );
    }

    [Fact]
    public void Puts_resources_into_bundles_and_parameters()
    {
        var stored = Document("""{"resourceType":"Patient","id":"1","x":1.0}""");
        var parameters = new ParametersEditor
        {
            Parameter =
            {
                new()
                {
                    Name = "return",
                    Resource = new GoalEditor { LifecycleStatus = GoalStatusCodes.Active },
                },
                new() { Name = "patient", Resource = new ResourceEditor(stored) },
            },
        };

        Assert.Equal(
            """{"resourceType":"Parameters","parameter":[{"name":"return","resource":{"resourceType":"Goal","lifecycleStatus":"active"}},{"name":"patient","resource":{"resourceType":"Patient","id":"1","x":1.0}}]}""",
            Json(parameters)
        );
    }

    [Fact]
    public void A_part_belongs_to_one_whole()
    {
        var period = new PeriodEditor { Start = new DateOnly(2026, 1, 1) };
        var plan = new CarePlanEditor { Period = period };

        Assert.Throws<InvalidOperationException>(() => new CarePlanEditor { Period = period });
        period.End = new DateOnly(2026, 2, 1);
        Assert.Equal("""{"resourceType":"CarePlan","period":{"start":"2026-01-01","end":"2026-02-01"}}""", Json(plan));
    }

    [Fact]
    public void Edits_a_document_by_hand_where_the_type_is_not_known()
    {
        var resource = new ResourceEditor(
            Document("""{ "resourceType" : "Basic", "code" : { "text" : "a" }, "author" : {} }""")
        );

        resource.SetJson("code", """{"text":"b"}"""u8.ToArray());
        resource.Remove("author");

        Assert.Equal("Basic", resource.ResourceType);
        Assert.Equal(
            """{"resourceType":"Basic","code":{"text":"b"}}""",
            Encoding.UTF8.GetString(resource.ToDocument().Utf8.Span)
        );
    }

    [Theory]
    [InlineData("2026")]
    [InlineData("2026-03")]
    [InlineData("2026-03-01")]
    [InlineData("2026-03-01T10:05Z")]
    [InlineData("2026-03-01T10:05:06-05:30")]
    [InlineData("2026-03-01T10:05:06.120+14:00")]
    public void Dates_are_written_to_their_own_precision(string text)
    {
        Assert.True(FhirDateTime.TryParse(text, out var value));

        Assert.Equal(text, value.ToString());
    }
}
