using CareCoordination.Fhir.Search;
using static CareCoordination.Fhir.Tests.Search.SearchFixture;

namespace CareCoordination.Fhir.Tests.Search;

/// <summary>
/// References with versions and by identifiers, and canonical addresses with versions.
/// https://hl7.org/fhir/R4/search.html#reference, https://hl7.org/fhir/R4/references.html
/// </summary>
public sealed class ReferenceFormTests
{
    [Theory]
    [InlineData("Patient/1/_history/3", "subject=Patient/1/_history/3", true)]
    [InlineData("Patient/1/_history/3", "subject=Patient/1/_history/2", false)]
    [InlineData("Patient/1/_history/3", "subject:Patient=Patient/1/_history/3", true)]
    [InlineData("Patient/1/_history/3", "patient=Patient/1/_history/3", true)]
    [InlineData("Patient/1/_history/3", "patient=Patient/2,Patient/1/_history/3", true)]
    [InlineData("Patient/1/_history/3", "subject=http://localhost:5080/fhir/Patient/1/_history/3", true)]
    [InlineData("Patient/1/_history/3", "subject=Patient/1", true)]
    [InlineData("Patient/1/_history/3", "subject=1", true)]
    [InlineData("Patient/1/_history/3", "subject:Patient=1", true)]
    [InlineData("Patient/1", "subject=Patient/1/_history/3", false)]
    [InlineData(
        "https://other.example/fhir/Patient/9/_history/2",
        "subject=https://other.example/fhir/Patient/9",
        true
    )]
    [InlineData(
        "https://other.example/fhir/Patient/9/_history/2",
        "subject=https://other.example/fhir/Patient/9/_history/2",
        true
    )]
    [InlineData(
        "https://other.example/fhir/Patient/9/_history/2",
        "subject=https://other.example/fhir/Patient/9/_history/1",
        false
    )]
    [InlineData(
        "https://other.example/fhir/Patient/9",
        "subject=https://other.example/fhir/Patient/9/_history/2",
        false
    )]
    [InlineData("https://other.example/fhir/Patient/9/_history/2", "subject=Patient/9", false)]
    [InlineData("https://other.example/docs/_history/2", "subject=https://other.example/docs", false)]
    public void Versions_are_found_with_and_without(string reference, string query, bool found) =>
        Assert.Equal(found, Finds("CarePlan", $$""" "subject":{"reference":"{{reference}}"} """, query));

    [Theory]
    [InlineData("subject:identifier=urn:mrn|A1", true)]
    [InlineData("subject:identifier=A1", true)]
    [InlineData("subject:identifier=a1", false)]
    [InlineData("subject:identifier=urn:mrn|", true)]
    [InlineData("subject:identifier=|A1", false)]
    [InlineData("subject:identifier=urn:other|A1", false)]
    [InlineData("subject:identifier=x,urn:mrn|A1", true)]
    [InlineData("patient:identifier=urn:mrn|A1", true)]
    [InlineData("care-team:identifier=|T7", true)]
    [InlineData("care-team:identifier=urn:mrn|A1", false)]
    [InlineData("subject=A1", false)]
    [InlineData("subject.identifier=urn:mrn|A1", false)]
    public void A_reference_is_found_by_the_identifier_that_it_holds(string query, bool found) =>
        Assert.Equal(
            found,
            Finds(
                "CarePlan",
                """ "subject":{"type":"Patient","identifier":{"system":"urn:mrn","value":"A1"}},"careTeam":[{"reference":"CareTeam/1","identifier":{"value":"T7"}}] """,
                query
            )
        );

    [Theory]
    [InlineData("""[{"reference":"#p","identifier":{"value":"x"}}]""", "performer:identifier=x")]
    [InlineData("""[{"identifier":{"value":"x"},"reference":"Patient/1"}]""", "performer:identifier=x")]
    [InlineData(
        """[{"display":"d"},{"identifier":{"system":"s","value":"x"},"type":"Organization"}]""",
        "performer:identifier=s|x"
    )]
    public void Wherever_it_stands(string performers, string query) =>
        Assert.True(Finds("Observation", $""" "performer":{performers} """, query));

    [Theory]
    [InlineData("url=http://ex.org/v|2.0", true)]
    [InlineData("url=http://ex.org/v", true)]
    [InlineData("url=http://ex.org/v|2", false)]
    [InlineData("url=http://ex.org/v|", false)]
    [InlineData("url=http://ex.org/w|2.0", false)]
    [InlineData("url=http://ex.org/w,http://ex.org/v|2.0", true)]
    [InlineData(@"url=http://ex.org/v\|2.0", true)]
    [InlineData("url=a|1,b|2,c|3,http://ex.org/v|2.0", true)]
    public void A_definition_is_found_by_its_address_with_and_without_its_version(string query, bool found) =>
        Assert.Equal(found, Finds("ValueSet", """ "url":"http://ex.org/v","version":"2.0" """, query));

    /// <summary>One mechanism for all of them.</summary>
    [Fact]
    public void Every_definition_with_an_address_and_a_version_is_found_by_both()
    {
        var types = Registry.Schema.Resources.Where(type => Registry.Find(type.Name, "url") is { HasVersions: true });
        var names = types.Select(type => type.Name).ToList();
        Assert.InRange(names.Count, 25, 40);
        Assert.Contains("PlanDefinition", names);
        Assert.All(
            names,
            name =>
            {
                const string Members = """ "version":"3","url":"http://ex.org/d" """;
                Assert.True(Finds(name, Members, "url=http://ex.org/d|3"));
                Assert.False(Finds(name, Members, "url=http://ex.org/d|4"));
                Assert.True(Finds(name, Members, "url=http://ex.org/d"));
                Assert.False(Finds(name, """ "url":"http://ex.org/d" """, "url=http://ex.org/d|3"));
            }
        );
    }

    [Theory]
    [InlineData("http://ex.org/q|1.0", "instantiates-canonical=http://ex.org/q|1.0", true)]
    [InlineData("http://ex.org/q|1.0", "instantiates-canonical=http://ex.org/q", true)]
    [InlineData("http://ex.org/q|1.0", "instantiates-canonical=http://ex.org/q|2.0", false)]
    public void A_canonical_reference_is_found_with_and_without_its_version(
        string canonical,
        string query,
        bool found
    ) => Assert.Equal(found, Finds("CarePlan", $""" "instantiatesCanonical":["{canonical}"] """, query));

    /// <summary>They are of other numbers than those of parameters, so that nothing is found by the wrong one.</summary>
    [Fact]
    public void Derived_numbers_are_no_others()
    {
        var all = Registry.Schema.Resources.SelectMany(type => Registry.Of(type.Name)).ToList();
        var numbers = all.Select(p => p.Id)
            .Concat(
                all.Where(p => p.HasIdentifiers).Select(p => Criterion<TokenCriterion>(p, "identifier").Parameter.Id)
            );
        Assert.Equal(numbers.Distinct().Count(), numbers.Count());
    }

    private static T Criterion<T>(SearchParameter parameter, string modifier)
        where T : Criterion =>
        Assert.IsType<T>(Assert.Single(Query(parameter.ResourceType, $"{parameter.Code}:{modifier}=x").Criteria));

    [Theory]
    [InlineData("QuestionnaireResponse", "questionnaire:identifier=x", "identifier")]
    [InlineData("CarePlan", "subject:ident=x", "ident")]
    public void A_canonical_holds_no_identifier(string type, string query, string modifier) =>
        Assert.StartsWith(
            $"Modifier ':{modifier}' is not offered for the reference parameter",
            Assert.Single(Refusal(type, query)),
            StringComparison.Ordinal
        );
}
