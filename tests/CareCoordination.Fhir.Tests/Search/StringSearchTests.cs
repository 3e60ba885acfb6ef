using CareCoordination.Fhir.Search.Types;
using static CareCoordination.Fhir.Tests.Search.SearchFixture;

namespace CareCoordination.Fhir.Tests.Search;

/// <summary>https://hl7.org/fhir/R4/search.html#string</summary>
public sealed class StringSearchTests
{
    private const string Named =
        """ "name":[{"text":"Zoë von Łódź","family":"von Łódź","given":["Zoë","Anna Maria"],"prefix":["Dr."]}] """;

    [Theory]
    [InlineData("name=zoe", true)]
    [InlineData("name=ZOË", true)]
    [InlineData("name=von lodz", true)]
    [InlineData("name=lodz", true)]
    [InlineData("name=odz", false)]
    [InlineData("name:contains=lodz", true)]
    [InlineData("name:exact=Zoë", true)]
    [InlineData("name:exact=Zoe", false)]
    [InlineData("name:exact=Zo", false)]
    [InlineData("family=von", true)]
    [InlineData("family:exact=von Łódź", true)]
    [InlineData("given=anna  maria", true)]
    [InlineData("given=x,anna", true)]
    [InlineData("given=zoe&given=anna", true)]
    [InlineData("given=zoe&given=berta", false)]
    [InlineData("name=dr.", true)]
    [InlineData("phonetic=zoe", true)]
    [InlineData("address:missing=true", true)]
    [InlineData("name:missing=true", false)]
    public void Names_are_found_by_the_start_of_any_part(string query, bool found) =>
        Assert.Equal(found, Finds("Patient", Named, query));

    [Theory]
    [InlineData("address=main", true)]
    [InlineData("address=apt", true)]
    [InlineData("address=springfield", true)]
    [InlineData("address=usa", true)]
    [InlineData("address-city=SPRING", true)]
    [InlineData("address-postalcode=12345", true)]
    [InlineData("address-state=ny", false)]
    public void Addresses_are_found_by_the_start_of_any_part(string query, bool found) =>
        Assert.Equal(
            found,
            Finds(
                "Patient",
                """ "address":[{"line":["Main St 1","Apt 2"],"city":"Springfield","postalCode":"12345","country":"USA"}] """,
                query
            )
        );

    [Theory]
    [InlineData("Observation", """ "valueString":"Weak pulse" """, "value-string=weak")]
    [InlineData("PlanDefinition", """ "description":"Markdown *text*" """, "description=markdown")]
    [InlineData("Organization", """ "name":"A","alias":["Bee"] """, "name=bee")]
    [InlineData(
        "Patient",
        """ "extension":[{"url":"http://hl7.org/fhir/StructureDefinition/patient-extensions-Patient-mothersMaidenName","valueString":"Ash"}] """,
        "mothersMaidenName=ash"
    )]
    public void Strings_markdown_and_extensions_are_found(string type, string members, string query) =>
        Assert.True(Finds(type, members, query));

    [Theory]
    [InlineData("Ærøskøbing", "aeroskobing")]
    [InlineData("STRASSE", "strasse")]
    [InlineData("Straße", "strasse")]
    [InlineData("  a \t b  ", "a b")]
    [InlineData("Cafe\u0301", "cafe")]
    [InlineData("Ἀθῆναι", "αθηναι")]
    [InlineData("Йод", "иод")]
    [InlineData("東京", "東京")]
    [InlineData("", "")]
    public void Folding_removes_case_accents_and_superfluous_blanks(string text, string folded) =>
        Assert.Equal(folded, StringParameter.Fold(text));

    [Fact]
    public void Folding_keeps_the_first_128_characters()
    {
        Assert.Equal(new string('a', 128), StringParameter.Fold(new string('A', 1000)));
        Assert.Equal(new string('s', 128), StringParameter.Fold(new string('ß', 1000)));
    }

    [Fact]
    public void A_long_string_is_found_by_its_start_and_exactly()
    {
        var text = new string('x', 300) + "y";
        Assert.True(Finds("Organization", $""" "name":"{text}" """, $"name={text}"));
        Assert.True(Finds("Organization", $""" "name":"{text}" """, $"name:exact={text}"));
        Assert.False(Finds("Organization", $""" "name":"{text}" """, $"name:exact={text}z"));
    }

    [Theory]
    [InlineData(
        "name:text=a",
        "Modifier ':text' is not offered for the string parameter 'name'; use :contains, :exact, :missing or none."
    )]
    [InlineData("name= ", "'name' has nothing to compare with; give some letters or digits.")]
    public void What_cannot_be_understood_is_refused(string query, string sentence) =>
        Assert.Equal([sentence], Refusal("Patient", query));
}
