using System.Globalization;
using System.Text;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Patch;
using CareCoordination.Fhir.Tests.Json;

namespace CareCoordination.Fhir.Tests.Budgets;

/// <summary>A patch of a few characters can ask for work without end, as an expression can.</summary>
public sealed class PatchBudgetTests
{
    private const string TooManySteps =
        "The expressions and patches of this request take more than 300000 steps (limit MaxEvaluationSteps): let them visit fewer elements, or send less at a time.";

    private const string TooManyBytes =
        "The patches of this request copy and write more than 6710886 bytes (limit MaxPatchedBytes): send fewer operations at a time.";

    private static readonly string Patient = Large.PatientOf(names: 400);

    [Fact]
    public void A_list_that_is_copied_into_itself_again_and_again_is_refused()
    {
        var copies = Enumerable.Repeat("""{"op":"copy","from":"/name","path":"/name/-"}""", 60);

        AssertRefused(
            Json(Patient, [.. copies]),
            "Operation 9 of the patch (copy /name/-) cannot be done: " + TooManyBytes
        );
    }

    [Fact]
    public void A_large_value_that_is_copied_many_times_is_refused()
    {
        var copies = Enumerable.Range(0, 900).Select(i => $$"""{"op":"copy","from":"/name","path":"/x{{i}}"}""");

        AssertRefused(Json(Patient, [.. copies]), TooManyBytes);
    }

    [Fact]
    public void A_large_value_that_is_moved_to_and_fro_is_refused()
    {
        var there = """{"op":"move","from":"/name","path":"/contact"}""";
        var back = """{"op":"move","from":"/contact","path":"/name"}""";
        var touch = """{"op":"replace","path":"/name/0/family","value":"x"}""";

        AssertRefused(
            Json(Large.PatientOf(names: 20_000), [touch, .. Enumerable.Repeat($"{there},{back}", 400)]),
            TooManySteps
        );
    }

    [Fact]
    public void Objects_are_compared_in_work_that_grows_as_they_do()
    {
        var members = string.Join(',', Enumerable.Range(0, 60_000).Select(i => $"\"k{i}\":{i}"));
        var reversed = string.Join(',', Enumerable.Range(0, 60_000).Reverse().Select(i => $"\"k{i}\":{i}"));

        var patched = Json(
            Patient,
            """{"op":"add","path":"/x","value":{""" + members + "}}",
            """{"op":"test","path":"/x","value":{""" + reversed + "}}",
            """{"op":"remove","path":"/x"}"""
        );

        Assert.Equal(Patient, Documents.Text(patched.Value.Utf8.ToArray()));
    }

    [Fact]
    public void Every_operation_on_a_long_list_takes_from_the_budget()
    {
        var insert = """{"op":"add","path":"/name/0","value":{"family":"x"}}""";

        AssertRefused(Json(Large.PatientOf(names: 40_000), [.. Enumerable.Repeat(insert, 999)]), TooManySteps);
    }

    [Theory]
    [InlineData("'a'.repeat($this & 'a').count() > 0", "characters of text (limit MaxEvaluationText)")]
    [InlineData(
        "%resource.descendants().where(%resource.descendants().where(%resource.descendants().exists()).exists()).count() > 0",
        "steps (limit MaxEvaluationSteps)"
    )]
    [InlineData(
        "id.matches('(?=(a+)+b)') or ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa').matches('(?=(a+)+b)a')",
        "ms (limit MaxRegexMilliseconds)"
    )]
    [InlineData("%resource.descendants().select(%resource.descendants()).exists()", "at once: let it give fewer.")]
    public void A_path_has_the_limits_of_any_expression(string condition, string limit)
    {
        var failure = FhirPath(Patient, Operation("delete", $"Patient.where({condition}).birthDate")).Failure!;

        Assert.Equal((422, IssueCode.TooCostly), (failure.Status, failure.Issues[0].Code));
        Assert.StartsWith(
            "Operation 1 of the patch (delete Patient.where(",
            failure.Issues[0].Diagnostics,
            StringComparison.Ordinal
        );
        Assert.Contains(limit, failure.Issues[0].Diagnostics, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_that_cannot_be_evaluated_says_why()
    {
        string[] paths =
        [
            "Patient.name.where(family > 1)",
            "Patient.where(id.matches('('))",
            "Patient.name.where($this.given.single() = 'x')",
        ];

        Assert.Equal(
            [
                "System.String and System.Integer have no order.",
                "The pattern is no regular expression.",
                "single() takes one item, but there are 2.",
            ],
            paths.Select(p =>
                FhirPath(Patient, Operation("delete", p)).Failure!.Issues[0].Diagnostics.Split("cannot be done: ")[1]
            )
        );
    }

    [Fact]
    public void Each_operation_writes_the_resource_anew_and_takes_its_bytes()
    {
        var replace = Operation("replace", "Patient.id", """{"name":"value","valueId":"y"}""");

        AssertRefused(FhirPath(Large.PatientOf(names: 4000), [.. Enumerable.Repeat(replace, 100)]), TooManyBytes);
    }

    [Fact]
    public void Many_small_operations_take_steps()
    {
        var replace = Operation("replace", "Patient.gender", """{"name":"value","valueCode":"male"}""");

        AssertRefused(
            FhirPath("""{"resourceType":"Patient","gender":"other"}""", [.. Enumerable.Repeat(replace, 20_000)]),
            TooManySteps
        );
    }

    [Fact]
    public void A_list_that_is_put_together_of_many_parts_takes_steps()
    {
        var parts = string.Join(',', Enumerable.Repeat("""{"name":"given","valueString":"a"}""", 20_000));

        AssertRefused(
            FhirPath(
                Patient,
                Operation(
                    "add",
                    "Patient",
                    """{"name":"name","valueString":"contact"}""",
                    $$"""{"name":"value","part":[{"name":"name","part":[{{parts}}]}]}"""
                )
            ),
            TooManySteps
        );
    }

    [Fact]
    public void The_items_of_a_long_list_are_moved_in_work_that_grows_as_it_does()
    {
        var names = 20_000;
        var move = Operation(
            "move",
            "Patient.name",
            $$"""{"name":"source","valueInteger":{{names - 1}}}""",
            """{"name":"destination","valueInteger":0}"""
        );

        var moved = FhirPath(Large.PatientOf(names), new WorkBudget(), move, move, move).Value;

        Assert.StartsWith(
            """{"resourceType":"Patient","id":"large","name":[{"family":"F19997","given":["A19997","B"],"period":{"start":"2027"}},{"family":"F19998",""",
            Documents.Text(moved.Utf8.ToArray()),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void All_patches_of_a_request_take_from_one_budget()
    {
        var budget = new WorkBudget(Large.Limits);
        var replace = Operation("replace", "Patient.id", """{"name":"value","valueId":"y"}""");

        var outcomes = Enumerable.Range(0, 400).Select(_ => FhirPath(Patient, budget, replace).IsSuccess).ToList();

        Assert.Equal(MaxPatches(), outcomes.Count(ok => ok));
        Assert.Equal(outcomes.OrderDescending(), outcomes);
        static int MaxPatches() =>
            (int)(Large.Limits.MaxPatchedBytes / Encoding.UTF8.GetByteCount(Patient)) is var n && n < 400 ? n : 400;
    }

    private static void AssertRefused(Result<ResourceDocument> result, string sentence)
    {
        var failure = result.Failure;

        Assert.NotNull(failure);
        Assert.Equal((422, IssueCode.TooCostly), (failure.Status, Assert.Single(failure.Issues).Code));
        Assert.EndsWith(sentence, failure.Issues[0].Diagnostics, StringComparison.Ordinal);
    }

    private static Result<ResourceDocument> Json(string resource, params string[] operations) =>
        JsonPatch
            .Parse(Encoding.UTF8.GetBytes($"[{string.Join(',', operations)}]"), JsonLimits.Default)
            .Then(p => p.Apply(Documents.Parse(resource), new WorkBudget(Large.Limits)));

    private static Result<ResourceDocument> FhirPath(string resource, params string[] operations) =>
        FhirPath(resource, new WorkBudget(Large.Limits), operations);

    private static Result<ResourceDocument> FhirPath(string resource, WorkBudget budget, params string[] operations) =>
        FhirPathPatch
            .Parse(
                Documents.Parse($$"""{"resourceType":"Parameters","parameter":[{{string.Join(',', operations)}}]}"""),
                R4.R4Definitions.Schema,
                JsonLimits.Default
            )
            .Then(p => p.Apply(Documents.Parse(resource), budget));

    private static string Operation(string type, string path, params string[] parts)
    {
        string[] all =
        [
            $$"""{"name":"type","valueCode":"{{type}}"}""",
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"name":"path","valueString":{{System.Text.Json.JsonSerializer.Serialize(path)}}}"""
            ),
            .. parts,
        ];
        return $$"""{"name":"operation","part":[{{string.Join(',', all)}}]}""";
    }
}
