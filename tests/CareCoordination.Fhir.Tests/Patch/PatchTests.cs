using System.Text;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Patch;
using CareCoordination.Fhir.Tests.Json;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace CareCoordination.Fhir.Tests.Patch;

/// <summary>What the suites do not ask: FHIR's JSON, bad input, and bounds.</summary>
public sealed class PatchTests
{
    private const string Patient =
        """{"resourceType":"Patient","id":"p","birthDate":"1970-01-01","_birthDate":{"id":"b"},"name":[{"family":"Berg","given":["Ada","Bo","Cy"],"_given":[null,{"id":"bo"}]}],"deceasedBoolean":false,"multipleBirthInteger":2}""";

    [Fact]
    public void What_is_not_touched_stays_byte_for_byte() =>
        Assert.Equal(
            """{"resourceType":"Observation","valueQuantity":{"value":1.50,"unit":"\u0041"},"status":"final"}""",
            Text(
                JsonPatch(
                    """{"resourceType":"Observation","valueQuantity":{"value":1.50,"unit":"\u0041"},"status":"amended"}""",
                    """[{"op":"test","path":"/valueQuantity/value","value":1.5},{"op":"replace","path":"/status","value":"final"}]"""
                )
            )
        );

    [Theory]
    [InlineData("{}", 400, "The body is JSON, but no array; send an array of operations.")]
    [InlineData("[{}]", 400, "Operation 1 of the patch needs 'op'.")]
    [InlineData(
        """[{"op":"jump","path":"/id"}]""",
        400,
        "Operation 1 of the patch has an 'op' that is none of add, remove, replace, move, copy and test."
    )]
    [InlineData(
        """[{"op":"remove","path":"/a~2"}]""",
        400,
        "Operation 1 of the patch has a 'path' that is no JSON Pointer: write it as /contact/0/gender."
    )]
    [InlineData(
        """[{"op":"test","path":"/id","value":"p"},{"op":"remove","path":"/gender"}]""",
        422,
        "Operation 2 of the patch (remove /gender) cannot be done: there is nothing there."
    )]
    [InlineData(
        """[{"op":"test","path":"/birthDate","value":"1971-01-01"}]""",
        422,
        "Operation 1 of the patch (test /birthDate) cannot be done: the value there is another one, or there is none."
    )]
    [InlineData(
        """[{"op":"move","from":"/name","path":"/name/0/given"}]""",
        422,
        "Operation 1 of the patch (move /name/0/given) cannot be done: a value cannot be moved into itself."
    )]
    [InlineData("""[{"op":"remove","path":""}]""", 422, "What the patch leaves is no resource.")]
    [InlineData("""[{"op":"replace","path":"","value":[]}]""", 422, "What the patch leaves is no resource.")]
    public void A_JSON_Patch_that_cannot_be_done_says_which_operation(string patch, int status, string sentence)
    {
        var failure = JsonPatch(Patient, patch).Failure!;

        Assert.Equal((status, sentence), (failure.Status, failure.Issues[0].Diagnostics));
    }

    [Fact]
    public void Copies_of_copies_end_at_the_bounds_of_a_document()
    {
        var wide = string.Join(',', Enumerable.Repeat("""{"op":"copy","from":"/name","path":"/name/-"}""", 60));
        var deep = string.Join(',', Enumerable.Repeat("""{"op":"copy","from":"/name","path":"/name/0"}""", 60));

        Assert.Equal(422, JsonPatch(Patient, $"[{wide}]").Failure!.Status);
        Assert.Equal(422, JsonPatch(Patient, $"[{deep}]").Failure!.Status);
        Assert.Equal(
            413,
            JsonPatch(
                Patient,
                $"[{string.Join(',', Enumerable.Repeat("""{"op":"remove","path":"/id"}""", 1001))}]"
            ).Failure!.Status
        );
    }

    [Theory]
    [InlineData("Patient.birthDate", "'valueDate':'1980'", "birthDate", "'1980'", "_birthDate")]
    [InlineData("Patient.deceased", "'valueDateTime':'2026'", "deceasedDateTime", "'2026'", "deceasedBoolean")]
    [InlineData("Patient.name[0]", "'valueHumanName':{'text':'B'}", "name", "[{'text':'B'}]", "none")]
    [InlineData(
        "Patient.name.given[1]",
        "'valueString':'Di'",
        "name",
        "[{'family':'Berg','given':['Ada','Di','Cy']}]",
        "none"
    )]
    public void Replacing_takes_the_shadow_and_the_type_of_a_choice_with_it(
        string path,
        string value,
        string name,
        string expected,
        string gone
    )
    {
        var part = $"{{'name':'value',{value}}}".Replace('\'', '"');

        var patched = Json(FhirPathPatch(Patient, Operation("replace", path, part))).AsObject();

        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(expected.Replace('\'', '"')), patched[name]),
            patched.ToJsonString()
        );
        Assert.False(patched.ContainsKey(gone));
    }

    [Theory]
    [InlineData("Patient.name.given[0]", """{"family":"Berg","given":["Bo","Cy"],"_given":[{"id":"bo"},null]}""")]
    [InlineData("Patient.name.given[1]", """{"family":"Berg","given":["Ada","Cy"]}""")]
    public void Deleting_keeps_values_and_shadows_side_by_side(string path, string name) =>
        Assert.True(
            JsonNode.DeepEquals(
                JsonNode.Parse(name),
                Json(FhirPathPatch(Patient, Operation("delete", path)))["name"]![0]
            )
        );

    [Fact]
    public void Deleting_what_is_not_there_is_no_error() =>
        Assert.Equal(Patient, Text(FhirPathPatch(Patient, Operation("delete", "Patient.gender"))));

    [Fact]
    public void An_extension_is_added_to_a_primitive()
    {
        var patched = Json(
            FhirPathPatch(
                Patient,
                Operation(
                    "add",
                    "Patient.name.given[0]",
                    """{"name":"name","valueString":"extension"}""",
                    """{"name":"value","part":[{"name":"url","valueUri":"urn:x"},{"name":"value","valueBoolean":true}]}"""
                )
            )
        );

        Assert.True((bool?)patched["name"]![0]!["_given"]![0]!["extension"]![0]!["valueBoolean"]);
        Assert.Equal("bo", (string?)patched["name"]![0]!["_given"]![1]!["id"]);
    }

    [Fact]
    public void A_backbone_element_is_made_of_parts()
    {
        var patched = Json(
            FhirPathPatch(
                """{"resourceType":"CarePlan","status":"active"}""",
                Operation(
                    "add",
                    "CarePlan",
                    """{"name":"name","valueString":"activity"}""",
                    """{"name":"value","part":[{"name":"reference","valueReference":{"reference":"Task/1"}},{"name":"outcomeReference","valueReference":{"reference":"Observation/1"}}]}"""
                )
            )
        );

        Assert.True(
            JsonNode.DeepEquals(
                JsonNode.Parse(
                    """[{"reference":{"reference":"Task/1"},"outcomeReference":[{"reference":"Observation/1"}]}]"""
                ),
                patched["activity"]
            ),
            patched.ToJsonString()
        );
    }

    [Theory]
    [InlineData("""{"name":"change"}""", 400, "Every parameter of a patch is named 'operation'.")]
    [InlineData("""{"name":"operation"}""", 400, "Operation 1 of the patch needs the part 'type', sent as valueCode.")]
    [InlineData(
        """{"name":"operation","part":[{"name":"type","valueCode":"delete"},{"name":"path","valueString":"Patient."}]}""",
        400,
        "Operation 1 of the patch has a 'path' that is no FHIRPath"
    )]
    [InlineData(
        """{"name":"operation","part":[{"name":"type","valueCode":"move"},{"name":"path","valueString":"Patient.name"}]}""",
        400,
        "Operation 1 of the patch (move) needs the parts source, destination."
    )]
    [InlineData(
        """{"name":"operation","part":[{"name":"type","valueCode":"replace"},{"name":"path","valueString":"Patient.gender"},{"name":"value","valueCode":"male"}]}""",
        422,
        "Operation 1 of the patch (replace Patient.gender) cannot be done: the path finds nothing."
    )]
    [InlineData(
        """{"name":"operation","part":[{"name":"type","valueCode":"delete"},{"name":"path","valueString":"Patient.name.given"}]}""",
        422,
        "Operation 1 of the patch (delete Patient.name.given) cannot be done: the path finds more than one element."
    )]
    [InlineData(
        """{"name":"operation","part":[{"name":"type","valueCode":"delete"},{"name":"path","valueString":"Patient.nam"}]}""",
        422,
        "Operation 1 of the patch (delete Patient.nam) cannot be done:"
    )]
    [InlineData(
        """{"name":"operation","part":[{"name":"type","valueCode":"delete"},{"name":"path","valueString":"Patient"}]}""",
        422,
        "Operation 1 of the patch (delete Patient) cannot be done: the path is that of the whole resource."
    )]
    [InlineData(
        """{"name":"operation","part":[{"name":"type","valueCode":"delete"},{"name":"path","valueString":"Patient.name.count()"}]}""",
        422,
        "Operation 1 of the patch (delete Patient.name.count()) cannot be done: the path gives a value that is no element of the resource."
    )]
    [InlineData(
        """{"name":"operation","part":[{"name":"type","valueCode":"add"},{"name":"path","valueString":"Patient"},{"name":"name","valueString":"birthDate"},{"name":"value","valueDate":"1980"}]}""",
        422,
        "Operation 1 of the patch (add Patient) cannot be done: birthDate is there already; replace it."
    )]
    [InlineData(
        """{"name":"operation","part":[{"name":"type","valueCode":"add"},{"name":"path","valueString":"Patient"},{"name":"name","valueString":"colour"},{"name":"value","valueCode":"red"}]}""",
        422,
        "Operation 1 of the patch (add Patient) cannot be done: Patient has no element 'colour'."
    )]
    [InlineData(
        """{"name":"operation","part":[{"name":"type","valueCode":"insert"},{"name":"path","valueString":"Patient.name.given.where($this != 'Bo')"},{"name":"index","valueInteger":0},{"name":"value","valueString":"Di"}]}""",
        422,
        "cannot be done: the path is not that of one whole list."
    )]
    [InlineData(
        """{"name":"operation","part":[{"name":"type","valueCode":"move"},{"name":"path","valueString":"Patient.name.given"},{"name":"source","valueInteger":3},{"name":"destination","valueInteger":0}]}""",
        422,
        "Operation 1 of the patch (move Patient.name.given) cannot be done: the list has 3 items."
    )]
    public void A_FHIRPath_Patch_that_cannot_be_done_says_which_operation(string parameter, int status, string sentence)
    {
        var failure = FhirPathPatch(Patient, parameter).Failure!;

        Assert.Equal(status, failure.Status);
        Assert.Contains(sentence, failure.Issues[0].Diagnostics, StringComparison.Ordinal);
    }

    private static Result<ResourceDocument> JsonPatch(string resource, string patch) =>
        Fhir
            .Patch.JsonPatch.Parse(Encoding.UTF8.GetBytes(patch), JsonLimits.Default)
            .Then(p => p.Apply(Documents.Parse(resource), new WorkBudget()));

    private static Result<ResourceDocument> FhirPathPatch(string resource, string parameter) =>
        Fhir
            .Patch.FhirPathPatch.Parse(
                Documents.Parse($$"""{"resourceType":"Parameters","parameter":[{{parameter}}]}"""),
                R4.R4Definitions.Schema,
                JsonLimits.Default
            )
            .Then(p => p.Apply(Documents.Parse(resource), new WorkBudget()));

    private static string Operation(string type, string path, params string[] parts)
    {
        string[] all =
        [
            $$"""{"name":"type","valueCode":"{{type}}"}""",
            $$"""{"name":"path","valueString":"{{path}}"}""",
            .. parts,
        ];
        return $$"""{"name":"operation","part":[{{string.Join(',', all)}}]}""";
    }

    private static string Text(Result<ResourceDocument> result) => Encoding.UTF8.GetString(result.Value.Utf8.Span);

    private static JsonNode Json(Result<ResourceDocument> result) => JsonNode.Parse(result.Value.Utf8.Span)!;
}
