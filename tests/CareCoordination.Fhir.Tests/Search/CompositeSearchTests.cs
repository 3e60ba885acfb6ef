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

    private const string Sequence = """
        "coordinateSystem":0,"referenceSeq":{"chromosome":{"coding":[{"system":"urn:chr","code":"7"}]},
        "referenceSeqId":{"coding":[{"system":"urn:ncbi","code":"NC_1"}]},"windowStart":100,"windowEnd":900},
        "variant":[{"start":128,"end":129},{"start":500,"end":600},{"start":700}]
        """;

    /// <summary>https://hl7.org/fhir/R4/molecularsequence.html#search</summary>
    [Theory]
    [InlineData("chromosome-variant-coordinate=7$128$129", true)]
    [InlineData("chromosome-variant-coordinate=urn:chr|7$128$129", true)]
    [InlineData("chromosome-variant-coordinate=urn:other|7$128$129", false)]
    [InlineData("chromosome-variant-coordinate=8$128$129", false)]
    [InlineData("chromosome-variant-coordinate=7$128$600", false)]
    [InlineData("chromosome-variant-coordinate=7$500$129", false)]
    [InlineData("chromosome-variant-coordinate=7$gt128$lt600", false)]
    [InlineData("chromosome-variant-coordinate=7$gt128$le600", true)]
    [InlineData("chromosome-variant-coordinate=7$ge500$gt599", true)]
    [InlineData("chromosome-variant-coordinate=7$lt345$gt120", true)]
    [InlineData("chromosome-variant-coordinate=7$sa600$ge0", false)]
    [InlineData("chromosome-variant-coordinate=7$ne128$ne600", false)]
    [InlineData("chromosome-variant-coordinate=7$ne128$600", true)]
    [InlineData("chromosome-variant-coordinate=7$700$ge0", false)]
    [InlineData("chromosome-variant-coordinate=8$1$2,7$1$2,7$500$600", true)]
    [InlineData("chromosome-variant-coordinate:missing=false", true)]
    [InlineData("chromosome-window-coordinate=7$100$900", true)]
    [InlineData("chromosome-window-coordinate=7$100$901", false)]
    [InlineData("referenceseqid-variant-coordinate=urn:ncbi|NC_1$eb600$sa500", true)]
    [InlineData("referenceseqid-variant-coordinate=NC_2$1$2", false)]
    [InlineData("referenceseqid-window-coordinate=nc_1$le100$ge900", true)]
    public void A_token_with_two_numbers_is_found_by_all_three(string query, bool found) =>
        Assert.Equal(found, Finds("MolecularSequence", Sequence, query));

    [Theory]
    [InlineData(""" "coordinateSystem":0,"variant":[{"start":1,"end":2}] """)]
    [InlineData(""" "coordinateSystem":0,"referenceSeq":{"chromosome":{"coding":[{"code":"7"}]}} """)]
    [InlineData(
        """ "coordinateSystem":0,"referenceSeq":{"chromosome":{"text":"7"}},"variant":[{"start":1,"end":2}] """
    )]
    public void One_without_a_part_has_no_tuple(string members)
    {
        Assert.False(Finds("MolecularSequence", members, "chromosome-variant-coordinate=7$ge0$ge0"));
        Assert.True(Finds("MolecularSequence", members, "chromosome-variant-coordinate:missing=true"));
    }

    [Theory]
    [InlineData(
        "chromosome-window-coordinate=7$1",
        "'chromosome-window-coordinate' needs 3 parts; use chromosome-window-coordinate=chromosome$window-start$window-end."
    )]
    [InlineData(
        "chromosome-window-coordinate=7$1$x",
        "'window-end' is not a number; use digits such as 5.4, -3 or 1e2, after eq, ne, gt, lt, ge, le, sa, eb or ap."
    )]
    public void A_tuple_of_three_has_three_parts(string query, string sentence) =>
        Assert.Equal([sentence], Refusal("MolecularSequence", query));

    [Fact]
    public void A_string_of_a_tuple_is_compared_by_its_first_128_characters_and_no_more() =>
        Assert.Equal(
            ["'value-string' compares 128 characters at most; give fewer."],
            Refusal("Observation", $"code-value-string=a${new string('x', 129)}")
        );

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
