using static CareCoordination.Fhir.Tests.Search.SearchFixture;

namespace CareCoordination.Fhir.Tests.Search;

/// <summary>https://hl7.org/fhir/R4/search.html#composite</summary>
public sealed class CompositeSearchTests
{
    private const string BloodPressure = """
        "code":{"coding":[{"system":"http://loinc.org","code":"85354-9"}]},
        "component":[
          {"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":120,"system":"http://unitsofmeasure.org","code":"mm[Hg]"}},
          {"code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},"valueQuantity":{"value":80,"system":"http://unitsofmeasure.org","code":"mm[Hg]"}}]
        """;

    [Theory]
    [InlineData("component-code-value-quantity=8480-6$120", true)]
    [InlineData("component-code-value-quantity=http://loinc.org|8480-6$gt100|http://unitsofmeasure.org|mm[Hg]", true)]
    [InlineData("component-code-value-quantity=8480-6$80", false)]
    [InlineData("component-code-value-quantity=8462-4$lt100||mm[Hg]", true)]
    [InlineData("component-code-value-quantity=8462-4$lt100||kPa", false)]
    [InlineData("component-code-value-quantity=urn:x|8480-6$120", false)]
    [InlineData("component-code-value-quantity=8480-6$80,8462-4$80", true)]
    [InlineData("combo-code-value-quantity=8480-6$120", true)]
    [InlineData("code-value-quantity=85354-9$120", false)]
    [InlineData("code-value-quantity:missing=true", true)]
    [InlineData("combo-code-value-quantity:missing=false", true)]
    public void Both_parts_must_hold_in_the_same_component(string query, bool found) =>
        Assert.Equal(found, Finds("Observation", BloodPressure, query));

    [Theory]
    [InlineData(
        "Observation",
        """ "code":{"coding":[{"code":"c"}]},"valueCodeableConcept":{"coding":[{"system":"s","code":"V"}]} """,
        "code-value-concept=C$s|v",
        true
    )]
    [InlineData(
        "Observation",
        """ "code":{"coding":[{"code":"c"}]},"valueCodeableConcept":{"coding":[{"system":"s","code":"V"}]} """,
        "code-value-concept=c$x|v",
        false
    )]
    [InlineData(
        "Observation",
        """ "code":{"coding":[{"code":"c"}]},"valueString":"Weak" """,
        "code-value-string=c$we",
        true
    )]
    [InlineData(
        "Observation",
        """ "code":{"coding":[{"code":"c"}]},"valueDateTime":"2020-02-02T10:11:12Z" """,
        "code-value-date=c$2020-02-02",
        true
    )]
    [InlineData(
        "Observation",
        """ "code":{"coding":[{"code":"c"}]},"valueDateTime":"2020-02-02T10:11:12Z" """,
        "code-value-date=c$2020-02-02T10:11:12Z",
        true
    )]
    [InlineData(
        "Observation",
        """ "code":{"coding":[{"code":"c"}]},"valuePeriod":{"start":"2020-02-02"} """,
        "code-value-date=c$gt2030",
        true
    )]
    [InlineData(
        "DocumentReference",
        """ "relatesTo":[{"code":"replaces","target":{"reference":"DocumentReference/9"}}] """,
        "relationship=DocumentReference/9$replaces",
        true
    )]
    [InlineData(
        "DocumentReference",
        """ "relatesTo":[{"code":"replaces","target":{"reference":"DocumentReference/9"}}] """,
        "relationship=9$appends",
        false
    )]
    [InlineData(
        "Group",
        """ "characteristic":[{"code":{"coding":[{"code":"c"}]},"valueBoolean":true}] """,
        "characteristic-value=c$true",
        true
    )]
    [InlineData(
        "PlanDefinition",
        """ "useContext":[{"code":{"code":"age"},"valueRange":{"low":{"value":18},"high":{"value":65}}}] """,
        "context-type-quantity=age$gt60",
        true
    )]
    [InlineData(
        "PlanDefinition",
        """ "useContext":[{"code":{"code":"focus"},"valueCodeableConcept":{"coding":[{"code":"d"}]}}] """,
        "context-type-value=focus$d",
        true
    )]
    public void Every_kind_of_second_part_is_compared_as_its_type(
        string type,
        string members,
        string query,
        bool found
    ) => Assert.Equal(found, Finds(type, members, query));

    [Theory]
    [InlineData(
        "code-value-quantity=a",
        "'code-value-quantity' needs 2 parts; use code-value-quantity=code$value-quantity."
    )]
    [InlineData(
        "code-value-quantity=a$",
        "'code-value-quantity' needs 2 parts; use code-value-quantity=code$value-quantity."
    )]
    [InlineData("code-value-quantity=s|$1", "'code' needs a code within a composite; use code or system|code.")]
    [InlineData(
        "code-value-quantity=a$b",
        "'value-quantity' is not a number; use digits such as 5.4, -3 or 1e2, after eq, ne, gt, lt, ge, le, sa, eb or ap."
    )]
    public void What_cannot_be_understood_is_refused(string query, string sentence) =>
        Assert.Equal([sentence], Refusal("Observation", query));
}
