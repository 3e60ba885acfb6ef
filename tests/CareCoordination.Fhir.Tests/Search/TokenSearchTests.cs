using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Types;
using static CareCoordination.Fhir.Tests.Search.SearchFixture;

namespace CareCoordination.Fhir.Tests.Search;

/// <summary>https://hl7.org/fhir/R4/search.html#token</summary>
public sealed class TokenSearchTests
{
    private const string Coded =
        """ "code":{"coding":[{"system":"http://loinc.org","code":"8867-4"},{"code":"HR"}],"text":"Heart rate"} """;

    [Theory]
    [InlineData("code=8867-4", true)]
    [InlineData("code=http://loinc.org|8867-4", true)]
    [InlineData("code=http://loinc.org|", true)]
    [InlineData("code=|HR", true)]
    [InlineData("code=hr", true)]
    [InlineData("code=|8867-4", false)]
    [InlineData("code=http://snomed.info/sct|8867-4", false)]
    [InlineData("code=http://loinc.org|HR", false)]
    [InlineData("code=http://snomed.info/sct|", false)]
    [InlineData("code=http://loinc.org", false)]
    [InlineData("code=x,8867-4", true)]
    [InlineData("code=8867-4&code=HR", true)]
    [InlineData("code=8867-4&code=x", false)]
    [InlineData("code:not=8867-4", false)]
    [InlineData("code:not=x", true)]
    [InlineData("code:not=x,HR", false)]
    [InlineData("code:missing=false", true)]
    [InlineData("code:missing=true", false)]
    [InlineData("combo-code=8867-4", true)]
    [InlineData("category:missing=true", true)]
    [InlineData("category:not=vital-signs", true)]
    public void Codeable_concepts_are_found_by_system_and_code(string query, bool found) =>
        Assert.Equal(found, Finds("Observation", Coded, query));

    [Theory]
    [InlineData("identifier=urn:mrn|A1", true)]
    [InlineData("identifier=A1", true)]
    [InlineData("identifier=a1", false)]
    [InlineData("identifier=urn:mrn|", true)]
    [InlineData("identifier=|A1", false)]
    [InlineData("identifier=|B2", true)]
    public void Identifiers_are_case_sensitive(string query, bool found) =>
        Assert.Equal(
            found,
            Finds("Patient", """ "identifier":[{"system":"urn:mrn","value":"A1"},{"value":"B2"}] """, query)
        );

    [Theory]
    [InlineData("status=requested", true)]
    [InlineData("status=REQUESTED", true)]
    [InlineData("status=http://hl7.org/fhir/task-status|requested", true)]
    [InlineData("status=http://hl7.org/fhir/request-status|requested", false)]
    [InlineData("status=draft", false)]
    public void A_code_is_of_the_system_of_its_binding(string query, bool found) =>
        Assert.Equal(found, Finds("Task", """ "status":"requested" """, query));

    [Theory]
    [InlineData("Patient", """ "active":true """, "active=true", true)]
    [InlineData("Patient", """ "active":true """, "active=false", false)]
    [InlineData("Patient", """ "active":true """, "active=http://hl7.org/fhir/special-values|true", true)]
    [InlineData(
        "Patient",
        """ "telecom":[{"system":"email","value":"Ann@Example.org"}] """,
        "email=ann@example.org",
        true
    )]
    [InlineData(
        "Patient",
        """ "telecom":[{"system":"email","value":"ann@example.org"}] """,
        "phone=ann@example.org",
        false
    )]
    [InlineData("Patient", """ "telecom":[{"system":"phone","value":"555"}] """, "telecom=555", true)]
    [InlineData("Patient", """ "deceasedBoolean":false """, "deceased=false", true)]
    [InlineData("Patient", """ "deceasedDateTime":"2020-01-01" """, "deceased=true", true)]
    [InlineData("Patient", "", "deceased=false", true)]
    [InlineData("CarePlan", """ "meta":{"tag":[{"system":"urn:t","code":"x"}]} """, "_tag=urn:t|x", true)]
    [InlineData("CarePlan", """ "meta":{"security":[{"system":"urn:s","code":"R"}]} """, "_security=urn:s|r", true)]
    [InlineData("Encounter", """ "class":{"system":"urn:c","code":"AMB"} """, "class=amb", true)]
    [InlineData("Questionnaire", """ "subjectType":["Patient"] """, "subject-type=Patient", true)]
    [InlineData("Composition", """ "relatesTo":[{"targetIdentifier":{"value":"v"}}] """, "related-id=v", true)]
    [InlineData("ValueSet", """ "version":"1.0" """, "version=1.0", true)]
    [InlineData(
        "Group",
        """ "characteristic":[{"code":{"coding":[{"code":"c"}]},"valueBoolean":true}] """,
        "value=true",
        true
    )]
    [InlineData(
        "Group",
        """ "characteristic":[{"code":{"coding":[{"code":"c"}]},"valueCodeableConcept":{"coding":[{"code":"v"}]}}] """,
        "value=v",
        true
    )]
    public void Every_type_that_can_be_a_token_is_found(string type, string members, string query, bool found) =>
        Assert.Equal(found, Finds(type, members, query));

    [Fact]
    public void Escaped_bars_and_commas_belong_to_the_value() =>
        Assert.True(
            Finds("Patient", """ "identifier":[{"system":"urn:a|b","value":"1,2"}] """, @"identifier=urn:a\|b|1\,2")
        );

    [Fact]
    public void The_same_code_twice_is_one_entry_and_its_system_one_more()
    {
        var entries = Extract(
            "Account",
            """ "identifier":[{"system":"s","value":"1"},{"system":"s","value":"1"},{"system":"s","value":"2"}] """
        );
        var parameter = Parameter("Account", "identifier");
        var system = TokenParameter.SystemHash("s");
        Assert.Equal(
            [
                new TokenEntry(
                    TokenParameter.Lookups(parameter, new TokenValue("s", null))[0].Code,
                    TokenEntry.SystemOnly
                ),
                new TokenEntry(TokenParameter.CodeKey(parameter, "1"), system),
                new TokenEntry(TokenParameter.CodeKey(parameter, "2"), system),
            ],
            entries.Tokens
        );
    }

    [Theory]
    [InlineData(
        "code:text=x",
        "Modifier ':text' is not offered for the token parameter 'code'; use :missing, :not or none."
    )]
    [InlineData(
        "code=|",
        "'code' has neither system nor code; use code=code, code=system|code, code=system| or code=|code."
    )]
    [InlineData(
        "code=a,",
        "'code' has a comma without a value beside it; write alternatives as a,b and a comma within a value as '\\,'."
    )]
    [InlineData(
        "code=",
        "'code' has no value; give one or leave it out. To find resources without a value use ':missing=true'."
    )]
    [InlineData("code:missing=maybe", "'code:missing' is true or false.")]
    public void What_cannot_be_understood_is_refused(string query, string sentence) =>
        Assert.Equal([sentence], Refusal("Observation", query));
}
