using System.Text;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Fhir.Tests.Validation;

/// <summary>What R4's prose asks of elements of every type.</summary>
public sealed class ElementRuleTests
{
    private const string Spaces = "The id of an element has no spaces; remove them.";
    private const string Twice = "Another element of this resource has this id; give each its own.";
    private const string Relative = "The url of an extension is absolute: send the canonical URL of its definition.";
    private const string Modifier =
        "This server does not know what this modifierExtension changes; it is stored, and nothing here heeds it.";

    [Theory]
    [InlineData("\"name\":[{\"id\":\"a b\"}]", $"Value Patient.name[0].id: {Spaces}")]
    [InlineData("\"name\":[{\"id\":\" \"}]", $"Value Patient.name[0].id: {Spaces}")]
    [InlineData("\"name\":[{\"id\":\"a\\tb\"}]", $"Value Patient.name[0].id: {Spaces}")]
    [InlineData("\"birthDate\":\"1970\",\"_birthDate\":{\"id\":\"a b\"}", $"Value Patient.birthDate.id: {Spaces}")]
    [InlineData("\"contact\":[{\"id\":\"a b\",\"name\":{\"text\":\"x\"}}]", $"Value Patient.contact[0].id: {Spaces}")]
    [InlineData("\"name\":[{\"id\":\"a\"},{\"id\":\"a\"}]", $"Duplicate Patient.name[1].id: {Twice}")]
    [InlineData(
        "\"name\":[{\"id\":\"a\"}],\"birthDate\":\"1970\",\"_birthDate\":{\"id\":\"a\"}",
        $"Duplicate Patient.birthDate.id: {Twice}"
    )]
    [InlineData("\"name\":[{\"id\":\"a\"},{\"id\":\"A\"},{\"id\":\"a-b.c_d\"}]")]
    public void Ids_of_elements_have_no_spaces_and_stand_once(string elements, params string[] issues) =>
        Check.Issues(Patient(elements), issues);

    [Fact]
    public void Ids_of_elements_are_unique_in_a_resource_and_not_beyond() =>
        Check.Issues(
            Patient(
                """
                "contained":[{"resourceType":"Organization","id":"o","contact":[{"id":"x"}]}],"name":[{"id":"x"}],"managingOrganization":{"reference":"#o"}
                """
            )
        );

    /// <summary>A snapshot and a differential name the same elements; what is within those has ids as anything else.</summary>
    [Theory]
    [InlineData("\"id\":\"Extension\",", "\"id\":\"Extension\",")]
    [InlineData("\"id\":\"a b\",", "", $"Value StructureDefinition.snapshot.element[0].id: {Spaces}")]
    [InlineData(
        "\"base\":{\"id\":\"x\",\"path\":\"Extension\",\"min\":0,\"max\":\"*\"},",
        "\"base\":{\"id\":\"x\",\"path\":\"Extension\",\"min\":0,\"max\":\"*\"},",
        $"Duplicate StructureDefinition.differential.element[0].base.id: {Twice}"
    )]
    public void Ids_of_the_elements_of_a_structure_are_those_of_its_views(
        string snapshot,
        string differential,
        params string[] issues
    ) =>
        Check.Issues(
            $$$"""
            {"resourceType":"StructureDefinition","url":"http://a.example/x","name":"X","status":"draft","kind":"complex-type","abstract":false,"type":"Extension",
             "snapshot":{"element":[{{{{snapshot}}}"path":"Extension"}]},"differential":{"element":[{{{{differential}}}"path":"Extension"}]}}
            """,
            issues
        );

    [Theory]
    [InlineData(
        "\"extension\":[{\"url\":\"race\",\"valueCode\":\"x\"}]",
        $"Value Patient.extension[0].url: {Relative}"
    )]
    [InlineData(
        "\"name\":[{\"extension\":[{\"url\":\"a/b\",\"valueCode\":\"x\"}]}]",
        $"Value Patient.name[0].extension[0].url: {Relative}"
    )]
    [InlineData(
        "\"_birthDate\":{\"extension\":[{\"url\":\"x\",\"valueCode\":\"x\"}]}",
        $"Value Patient.birthDate.extension[0].url: {Relative}"
    )]
    [InlineData(
        "\"modifierExtension\":[{\"url\":\"x\",\"valueCode\":\"x\"}]",
        $"NotSupported Patient.modifierExtension[0]: {Modifier}",
        $"Value Patient.modifierExtension[0].url: {Relative}"
    )]
    [InlineData(
        "\"extension\":[{\"url\":\"http://example.org/race\",\"extension\":[{\"url\":\"text\",\"valueString\":\"x\"}]}]"
    )]
    [InlineData("\"extension\":[{\"url\":\"urn:oid:1.2.3\",\"valueString\":\"x\"}]")]
    public void The_url_of_an_extension_is_absolute_but_inside_another(string elements, params string[] issues) =>
        Check.Issues(Patient(elements), issues);

    [Theory]
    [InlineData(
        "\"modifierExtension\":[{\"url\":\"http://a.org/x\",\"valueBoolean\":true}]",
        "Patient.modifierExtension[0]"
    )]
    [InlineData(
        "\"contact\":[{\"modifierExtension\":[{\"url\":\"http://a.org/x\",\"valueBoolean\":true}],\"gender\":\"male\"}]",
        "Patient.contact[0].modifierExtension[0]"
    )]
    public void A_modifier_that_is_not_known_is_warned_of(string elements, string expression)
    {
        var document = ResourceDocument.Parse(Encoding.UTF8.GetBytes(Patient(elements))).Value;

        var issue = Assert.Single(Check.Validator.Validate(document));

        Assert.Equal(
            (IssueSeverity.Warning, expression, Modifier),
            (issue.Severity, issue.Expression, issue.Diagnostics)
        );
    }

    [Theory]
    [InlineData("\"data\":\"YWJj\",\"size\":3")]
    [InlineData("\"data\":\"YWI=\",\"size\":2")]
    [InlineData("\"data\":\"YQ==\",\"size\":1")]
    [InlineData("\"data\":\"Y W\\nI =\",\"size\":2")]
    [InlineData("\"data\":\"YWJj\"")]
    [InlineData("\"url\":\"http://a.org/x\",\"size\":17")]
    [InlineData("\"data\":\"YWJj\",\"size\":4", "The data has 3 bytes; send that size, or none.")]
    [InlineData("\"data\":\"YWI=\",\"size\":3", "The data has 2 bytes; send that size, or none.")]
    [InlineData("\"data\":\"YQ==\",\"size\":0", "The data has 1 bytes; send that size, or none.")]
    public void The_size_of_an_attachment_is_that_of_its_data(string attachment, string? sentence = null) =>
        Check.Issues(
            Patient($"\"photo\":[{{\"contentType\":\"text/plain\",{attachment}}}]"),
            sentence is null ? [] : [$"Value Patient.photo[0].size: {sentence}"]
        );

    [Theory]
    [InlineData("http://a.org/fhir/Patient/1", "")]
    [InlineData("http://a.org/Patient/1", "")]
    [InlineData("urn:uuid:0198c0de-0000-7000-8000-000000000001", "")]
    [InlineData("http://a.org/something/else", "")]
    [InlineData("http://a.org/fhir/Patient/2", "x")]
    [InlineData("https://a.org/fhir/Person/1", "x")]
    [InlineData("http://a.org/fhir/Patient/1.", "x")]
    public void A_fullUrl_names_the_resource_of_its_entry(string url, string issue) =>
        Check.Issues(
            $$$"""{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"{{{url}}}","resource":{"resourceType":"Patient","id":"1"}}]}""",
            issue.Length == 0
                ? []
                :
                [
                    "Value Bundle.entry[0].fullUrl: The fullUrl names another resource than this entry holds; send the URL of the resource, or urn:uuid:.",
                ]
        );

    [Theory]
    [InlineData("POST", "Patient", 0)]
    [InlineData("PUT", "Patient/1", 1)]
    public void What_is_carried_out_is_about_one_resource(string method, string url, int errors)
    {
        var document = ResourceDocument.Parse(
            Encoding.UTF8.GetBytes(
                $$$"""{"resourceType":"Bundle","type":"transaction","entry":[{"fullUrl":"http://a.org/Patient/2","resource":{"resourceType":"Patient","id":"1"},"request":{"method":"{{{method}}}","url":"{{{url}}}"}}]}"""
            )
        );

        Assert.Equal(errors, Check.Validator.Validate(document.Value).Count(i => i.IsError));
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("\\n")]
    [InlineData("\\u00a0")]
    public void A_string_of_white_space_is_a_string(string text) =>
        Check.Issues(Patient($"\"name\":[{{\"text\":\"{text}\"}}]"));

    [Theory]
    [InlineData('a', PrimitiveFormat.MaxStringLength, true)]
    [InlineData('a', PrimitiveFormat.MaxStringLength + 1, false)]
    [InlineData('é', PrimitiveFormat.MaxStringLength, true)]
    [InlineData('漢', PrimitiveFormat.MaxStringLength, true)]
    [InlineData('漢', PrimitiveFormat.MaxStringLength + 1, false)]
    public void The_length_of_a_string_is_counted_in_characters(char letter, int length, bool isValid) =>
        Assert.Equal(isValid, PrimitiveFormat.IsString(Encoding.UTF8.GetBytes(new string(letter, length))));

    [Fact]
    public void Companions_without_content_are_warned_of_by_name()
    {
        var document = ResourceDocument
            .Parse(
                """{"resourceType":"Patient","meta":{"profile":["http://a.org/p"],"_profile":[{}]},"gender":"male"}"""u8.ToArray()
            )
            .Value;

        var issue = Assert.Single(Check.Validator.Validate(document));

        Assert.Equal(IssueSeverity.Warning, issue.Severity);
        Assert.Equal("_profile has an object without id and extensions; leave it out.", issue.Diagnostics);
    }

    /// <summary>However much is only worth knowing.</summary>
    [Fact]
    public void Warnings_do_not_hide_an_error_behind_them()
    {
        var ids = string.Join(',', Enumerable.Repeat("{\"id\":\"a\"}", 500));
        var document = ResourceDocument.Parse(
            Encoding.UTF8.GetBytes($$"""{"resourceType":"Patient","name":[{{ids}}],"gender":"x"}""")
        );

        var issues = Check.Validator.Validate(document.Value);

        Assert.Equal("Patient.gender", Assert.Single(issues, i => i.IsError).Expression);
        Assert.Equal(100, issues.Count(i => !i.IsError));
    }

    private static string Patient(string elements) => $"{{\"resourceType\":\"Patient\",{elements.Trim()}}}";
}
