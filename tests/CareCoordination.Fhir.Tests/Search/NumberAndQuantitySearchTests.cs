using CareCoordination.Fhir.Search;
using static CareCoordination.Fhir.Tests.Search.SearchFixture;

namespace CareCoordination.Fhir.Tests.Search;

/// <summary>https://hl7.org/fhir/R4/search.html#number, https://hl7.org/fhir/R4/search.html#quantity</summary>
public sealed class NumberAndQuantitySearchTests
{
    [Theory]
    [InlineData("100", "100", true)]
    [InlineData("99.5", "100", true)]
    [InlineData("100.49", "100", true)]
    [InlineData("100.5", "100", false)]
    [InlineData("99.49", "100", false)]
    [InlineData("100.004", "100.00", true)]
    [InlineData("100.005", "100.00", false)]
    [InlineData("120", "1e2", true)]
    [InlineData("150", "1e2", false)]
    [InlineData("-3", "-3", true)]
    [InlineData("0.00051", "5e-4", true)]
    [InlineData("100", "ne100", false)]
    [InlineData("101", "ne100", true)]
    [InlineData("100.1", "gt100", true)]
    [InlineData("100", "gt100", false)]
    [InlineData("99.9", "lt100", true)]
    [InlineData("100", "lt100", false)]
    [InlineData("100", "ge100", true)]
    [InlineData("99.9", "ge100", false)]
    [InlineData("100", "le100", true)]
    [InlineData("100.1", "le100", false)]
    [InlineData("100.1", "sa100", true)]
    [InlineData("99.9", "eb100", true)]
    [InlineData("91", "ap100", true)]
    [InlineData("89", "ap100", false)]
    [InlineData("89", "x,ap90", false)]
    public void A_decimal_is_compared_by_prefix_and_digits(string resource, string query, bool found)
    {
        var isUnderstood = !query.StartsWith('x');
        Assert.Equal(isUnderstood, Refusal("ChargeItem", $"factor-override={query}").Length == 0);
        if (isUnderstood)
            Assert.Equal(found, Finds("ChargeItem", $""" "factorOverride":{resource} """, $"factor-override={query}"));
    }

    [Theory]
    [InlineData("0.3", true)]
    [InlineData("gt0.3", true)]
    [InlineData("lt0.2", false)]
    [InlineData("sa0.1", true)]
    [InlineData("eb0.9", true)]
    [InlineData("ap0.3", true)]
    public void A_range_is_compared_as_an_interval(string query, bool found) =>
        Assert.Equal(
            found,
            Finds(
                "RiskAssessment",
                """ "prediction":[{"probabilityRange":{"low":{"value":0.26},"high":{"value":0.34}}}] """,
                $"probability={query}"
            )
        );

    [Fact]
    public void An_integer_is_found() =>
        Assert.True(Finds("MolecularSequence", """ "variant":[{"start":5}] """, "variant-start=5"));

    private const string Weight =
        """ "valueQuantity":{"value":5.4,"unit":"milligram","system":"http://unitsofmeasure.org","code":"mg"} """;

    [Theory]
    [InlineData("5.4", true)]
    [InlineData("5.40", true)]
    [InlineData("5", true)]
    [InlineData("6", false)]
    [InlineData("5.4|http://unitsofmeasure.org|mg", true)]
    [InlineData("5.4||mg", true)]
    [InlineData("5.4||milligram", true)]
    [InlineData("5.4|http://unitsofmeasure.org|milligram", false)]
    [InlineData("5.4||g", false)]
    [InlineData("5.4|urn:other|mg", false)]
    [InlineData("5.4|http://unitsofmeasure.org|", true)]
    [InlineData("gt5|http://unitsofmeasure.org|mg", true)]
    [InlineData("le5.39||mg", false)]
    [InlineData("ap5||mg", true)]
    [InlineData("ne5.4", false)]
    [InlineData("1,5.4", true)]
    public void A_quantity_is_compared_by_number_system_and_unit(string query, bool found)
    {
        Assert.Equal(found, Finds("Observation", Weight, $"value-quantity={query}"));
        Assert.Equal(found, Finds("Observation", Weight, $"combo-value-quantity={query}"));
    }

    [Theory]
    [InlineData("""{"value":5,"comparator":"<"}""", "lt3", true)]
    [InlineData("""{"value":5,"comparator":"<"}""", "gt6", false)]
    [InlineData("""{"value":5,"comparator":">="}""", "gt100", true)]
    [InlineData("""{"value":5,"comparator":">="}""", "lt4", false)]
    [InlineData("""{"value":5,"comparator":">"}""", "5", false)]
    public void A_comparator_opens_one_end(string quantity, string query, bool found) =>
        Assert.Equal(found, Finds("Observation", $""" "valueQuantity":{quantity} """, $"value-quantity={query}"));

    [Theory]
    [InlineData(
        "Invoice",
        """ "totalNet":{"value":12.5,"currency":"EUR"} """,
        "totalnet=12.5|urn:iso:std:iso:4217|EUR"
    )]
    [InlineData("Invoice", """ "totalNet":{"value":12.5,"currency":"EUR"} """, "totalnet=12.5||EUR")]
    [InlineData(
        "Condition",
        """ "onsetAge":{"value":40,"system":"http://unitsofmeasure.org","code":"a"} """,
        "onset-age=ge40||a"
    )]
    [InlineData("Condition", """ "onsetRange":{"low":{"value":40},"high":{"value":45}} """, "onset-age=gt44")]
    [InlineData(
        "ActivityDefinition",
        """ "useContext":[{"valueRange":{"low":{"value":2,"unit":"a"}}}] """,
        "context-quantity=gt1000||a"
    )]
    [InlineData(
        "Observation",
        """ "valueSampledData":{"origin":{"value":10,"code":"mV"},"factor":2,"data":"1 E 5 L"} """,
        "value-quantity=gt19.9||mV"
    )]
    [InlineData("Observation", """ "component":[{"valueQuantity":{"value":80}}] """, "component-value-quantity=80")]
    public void Every_type_that_can_be_a_quantity_is_found(string type, string members, string query) =>
        Assert.True(Finds(type, members, query));

    [Fact]
    public void Samples_are_indexed_from_the_smallest_to_the_largest() =>
        Assert.Equal(
            new QuantityEntry(Parameter("Observation", "value-quantity").Id, 12, 20, 0, 0),
            Assert.Single(
                Extract(
                    "Observation",
                    """ "valueSampledData":{"origin":{"value":10},"factor":2,"data":"1 E 5 L"} """
                ).Quantities,
                entry => entry.Parameter == Parameter("Observation", "value-quantity").Id
            )
        );

    [Theory]
    [InlineData(
        "value-quantity=x5",
        "'value-quantity' starts with an unknown prefix; use eq, ne, gt, lt, ge, le, sa, eb, ap or none."
    )]
    [InlineData(
        "value-quantity=5.4.3",
        "'value-quantity' is not a number; use digits such as 5.4, -3 or 1e2, after eq, ne, gt, lt, ge, le, sa, eb or ap."
    )]
    [InlineData(
        "value-quantity=1e999",
        "'value-quantity' is not a number; use digits such as 5.4, -3 or 1e2, after eq, ne, gt, lt, ge, le, sa, eb or ap."
    )]
    [InlineData(
        "value-quantity=1e99999999999",
        "'value-quantity' is not a number; use digits such as 5.4, -3 or 1e2, after eq, ne, gt, lt, ge, le, sa, eb or ap."
    )]
    [InlineData(
        "value-quantity=5|mg",
        "'value-quantity' is not a quantity; use value-quantity=5.4, value-quantity=5.4|system|code or value-quantity=5.4||unit."
    )]
    [InlineData(
        "value-quantity:exact=5",
        "Modifier ':exact' is not offered for the quantity parameter 'value-quantity'; use :missing or none."
    )]
    public void What_cannot_be_understood_is_refused(string query, string sentence) =>
        Assert.Equal([sentence], Refusal("Observation", query));

    [Theory]
    [InlineData("probability=0.123456789012345", false)]
    [InlineData("probability=0.1234567890123456", true)]
    [InlineData("probability=gt0.12345678901234567", true)]
    [InlineData("probability=0.1,0.12345678901234567", true)]
    [InlineData("probability=1234567890123450000", false)]
    [InlineData("probability=9007199254740993", true)]
    [InlineData("probability=1.0000000000000000000", false)]
    [InlineData("probability=1.5e-300", false)]
    public void What_has_more_digits_than_are_compared_comes_with_a_warning(string query, bool warns) =>
        Assert.Equal(
            warns
                ?
                [
                    "Numbers are compared by 15 digits, so that 'probability' may also find neighbours that differ only behind them.",
                ]
                : Array.Empty<string>(),
            Parse("RiskAssessment", query).Value.Warnings.Select(warning => warning.Diagnostics)
        );

    [Theory]
    [InlineData("Observation", "value-quantity=5.1234567890123456||mg")]
    [InlineData("QuestionnaireResponse", "questionnaire.title=x")]
    [InlineData("QuestionnaireResponse", "_include=QuestionnaireResponse:questionnaire")]
    public void What_may_find_something_else_is_said(string type, string query) =>
        Assert.Single(Parse(type, query).Value.Warnings);
}
