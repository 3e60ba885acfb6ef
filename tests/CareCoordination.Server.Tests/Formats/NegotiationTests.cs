using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Formats;

/// <summary>https://hl7.org/fhir/R4/http.html#mime-type, https://www.rfc-editor.org/rfc/rfc9110#name-accept</summary>
public sealed class NegotiationTests(SqliteServer shared) : ServerTests(shared)
{
    private const string NotAcceptable =
        "error not-supported: FHIR 4.0 is spoken here, as JSON and XML: accept application/fhir+json or application/fhir+xml, or ask for _format=json or _format=xml.";

    [Theory]
    // Each name, in any case, with parameters that change nothing.
    [InlineData("application/fhir+json", "application/fhir+json")]
    [InlineData("APPLICATION/FHIR+JSON", "application/fhir+json")]
    [InlineData("application/json", "application/json")]
    [InlineData("Text/JSON", "application/json")]
    [InlineData("application/fhir+xml", "application/fhir+xml")]
    [InlineData("Application/Fhir+Xml; charset=utf-8", "application/fhir+xml")]
    [InlineData("application/xml", "application/xml")]
    [InlineData("text/xml", "text/xml")]
    [InlineData("text/xml; profile=\"a,b;q=0\"", "text/xml")]
    // Ranges.
    [InlineData("*/*", "application/fhir+json")]
    [InlineData("application/*", "application/fhir+json")]
    [InlineData("text/*", "application/json")]
    [InlineData("text/html, application/*;q=0.8", "application/fhir+json")]
    // The highest quality, then the more exact, then the first.
    [InlineData("application/fhir+xml, application/fhir+json;q=0.5", "application/fhir+xml")]
    [InlineData("application/fhir+xml;q=0.5, application/fhir+json", "application/fhir+json")]
    [InlineData("application/fhir+xml;q=0.50 , application/fhir+json ; Q=0.501", "application/fhir+json")]
    [InlineData("application/fhir+xml, application/fhir+json", "application/fhir+xml")]
    [InlineData("application/fhir+json, application/fhir+xml", "application/fhir+json")]
    [InlineData("*/*, application/fhir+xml", "application/fhir+xml")]
    [InlineData("application/fhir+xml;q=0.9, */*", "application/fhir+json")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/xml")]
    // What is excluded.
    [InlineData("application/fhir+json;q=0, application/json;q=0, text/json;q=0, */*", "application/fhir+xml")]
    [InlineData("*/*;q=0.1, application/fhir+json;q=0", "application/json")]
    // Versions.
    [InlineData("application/fhir+xml; fhirVersion=4.0", "application/fhir+xml")]
    [InlineData("application/fhir+json;fhirversion=\"4.0\"", "application/fhir+json")]
    [InlineData(
        "application/fhir+xml; fhirVersion=3.0, application/fhir+json; fhirVersion=4.0; q=0.1",
        "application/fhir+json"
    )]
    public async Task The_accept_header_chooses(string accept, string type)
    {
        var answer = (await Server.GetAsync("Patient?_count=1", $"Accept: {accept}")).ShouldBe(200);

        Assert.Equal($"{type}; charset=utf-8", answer.ContentType);
        Assert.Equal(type.EndsWith("xml", StringComparison.Ordinal) ? '<' : '{', answer.Body[0]);
        Assert.Contains("Accept", answer.Header("Vary"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("json", "application/fhir+json")]
    [InlineData("JSON", "application/fhir+json")]
    [InlineData("application/fhir+json", "application/fhir+json")]
    [InlineData("application/fhir%2Bjson", "application/fhir+json")]
    [InlineData("application/json", "application/json")]
    [InlineData("text/json", "application/json")]
    [InlineData("xml", "application/fhir+xml")]
    [InlineData("application/fhir+xml", "application/fhir+xml")]
    [InlineData("application/fhir%2Bxml", "application/fhir+xml")]
    [InlineData("application/xml", "application/xml")]
    [InlineData("text/xml", "text/xml")]
    [InlineData("application/fhir%2Bxml%3B%20fhirVersion%3D4.0", "application/fhir+xml")]
    public async Task The_format_parameter_goes_before_the_header(string format, string type)
    {
        var id = Given.Id();
        await Server.PutAsync($"Patient/{id}", Given.Patient(id));

        foreach (var accept in (string[])["application/fhir+json", "application/fhir+xml", "image/png", "*/*"])
            Assert.Equal(
                $"{type}; charset=utf-8",
                (await Server.GetAsync($"Patient/{id}?_format={format}", $"Accept: {accept}")).ShouldBe(200).ContentType
            );
    }

    [Theory]
    [InlineData("text/turtle")]
    [InlineData("image/png, text/html")]
    [InlineData("application/fhir+json;q=0")]
    [InlineData("application/fhir+json; fhirVersion=3.0")]
    [InlineData("application/fhir+xml; fhirVersion=4.3")]
    [InlineData("application/fhir+json; fhirVersion=5.0, */*;fhirVersion=3.0")]
    public async Task Other_formats_and_versions_are_not_acceptable(string accept) =>
        (await Server.GetAsync("Patient/1", $"Accept: {accept}")).ShouldRefuse(406, NotAcceptable);

    [Theory]
    [InlineData("ttl")]
    [InlineData("html")]
    [InlineData("application/fhir%2Bjson%3BfhirVersion%3D3.0")]
    public async Task Other_values_of_the_format_parameter_are_not_acceptable(string format) =>
        (await Server.GetAsync($"Patient/1?_format={format}", "Accept: */*")).ShouldRefuse(406, NotAcceptable);

    [Theory]
    [InlineData("_format=xml", "application/fhir+xml; charset=utf-8", "<?xml ")]
    [InlineData("_format=json&_pretty=true", "application/fhir+json; charset=utf-8", "{\n  ")]
    [InlineData("_format=xml&_pretty=true", "application/fhir+xml; charset=utf-8", "<?xml ")]
    [InlineData("_pretty=true", "application/fhir+json; charset=utf-8", "{\n  ")]
    public async Task A_form_says_how_its_answer_is_written(string form, string type, string start)
    {
        var answer = (
            await Server.SendAsync(
                HttpMethod.Post,
                "Patient/_search",
                "_count=1&" + form,
                "Content-Type: application/x-www-form-urlencoded"
            )
        ).ShouldBe(200);

        Assert.Equal(type, answer.ContentType);
        Assert.StartsWith(start, answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_that_asks_for_another_format_is_refused() =>
        (
            await Server.SendAsync(
                HttpMethod.Post,
                "Patient/_search",
                "_format=ttl",
                "Content-Type: application/x-www-form-urlencoded"
            )
        ).ShouldRefuse(406, NotAcceptable);

    [Theory]
    [InlineData("application/fhir+json")]
    [InlineData("application/JSON ;charset=UTF-8")]
    [InlineData("text/json; fhirVersion=4.0")]
    [InlineData("Application/FHIR+json; charset=\"utf-8\"; fhirVersion=\"4.0\"")]
    public async Task Json_is_taken_under_each_of_its_names(string type) =>
        (await Server.PostAsync("Patient", """{"resourceType":"Patient"}""", $"Content-Type: {type}")).ShouldBe(201);

    [Theory]
    [InlineData("application/fhir+xml")]
    [InlineData("application/XML ;charset=UTF-8")]
    [InlineData("text/xml; fhirVersion=4.0")]
    [InlineData("Application/FHIR+xml; charset=\"utf-8\"; fhirVersion=\"4.0\"")]
    public async Task Xml_is_taken_under_each_of_its_names(string type) =>
        (
            await Server.PostAsync(
                "Patient",
                "<Patient xmlns='http://hl7.org/fhir'><active value='true'/></Patient>",
                $"Content-Type: {type}"
            )
        ).ShouldBe(201);
}
