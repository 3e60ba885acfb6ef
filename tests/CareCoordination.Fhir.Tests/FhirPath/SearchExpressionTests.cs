using System.Text;
using CareCoordination.Fhir.FhirPath;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Fhir.Tests.FhirPath;

/// <summary>The expressions of R4's search parameters. https://hl7.org/fhir/R4/searchparameter-registry.html</summary>
public sealed class SearchExpressionTests
{
    [Fact]
    public void Every_search_parameter_of_R4_compiles()
    {
        var failures = R4
            .R4Definitions.Schema.SearchParameters.Where(p => p.Expression.Length > 0)
            .Select(p => (p.Url, Result: FhirPathExpression.Compile(p.Expression, R4.R4Definitions.Schema)))
            .Where(p => !p.Result.IsSuccess)
            .Select(p => $"{p.Url}: {p.Result.Failure!.Issues[0].Diagnostics}")
            .ToList();

        Assert.False(failures.Count > 0, string.Join('\n', failures));
    }

    [Fact]
    public void Every_invariant_of_R4_compiles()
    {
        var failures = R4
            .R4Definitions.Schema.Types.Values.SelectMany(t =>
                t.Invariants.Select(i => (Type: t, Invariant: i))
                    .Concat(t.Elements.SelectMany(e => e.Invariants.Select(i => (Type: t, Invariant: i))))
            )
            .DistinctBy(i => i.Invariant.Expression)
            .Select(i =>
                (
                    i.Type,
                    i.Invariant.Key,
                    Result: FhirPathExpression.Compile(i.Invariant.Expression, R4.R4Definitions.Schema)
                )
            )
            .Where(i => !i.Result.IsSuccess)
            .Select(i => $"{i.Type} {i.Key}: {i.Result.Failure!.Issues[0].Diagnostics}")
            .ToList();

        Assert.False(failures.Count > 0, string.Join('\n', failures));
    }

    [Theory]
    [InlineData("Observation.code", "Observation.code")]
    [InlineData("(Observation.value as Quantity) | (Observation.value as SampledData)", "Observation.valueQuantity")]
    [InlineData("Observation.subject.where(resolve() is Patient)", "Observation.subject")]
    [InlineData("Observation.subject.where(resolve() is Group)", "")]
    [InlineData("(Observation.value as string) | (Observation.value as CodeableConcept).text", "")]
    [InlineData(
        "Observation.component.value as Quantity",
        "Observation.component[0].valueQuantity, Observation.component[1].valueQuantity"
    )]
    [InlineData("(Observation.component.value as CodeableConcept)", "")]
    [InlineData("Observation.extension('http://example.org/a')", "Observation.extension[1]")]
    [InlineData("Patient.name", "")]
    [InlineData("Resource.id", "Observation.id")]
    public void Finds_the_elements_of_an_observation(string expression, string expected)
    {
        const string Json = """
            {
              "resourceType": "Observation",
              "id": "o1",
              "extension": [{ "url": "http://example.org/b", "valueString": "b" }, { "url": "http://example.org/a", "valueString": "a" }],
              "status": "final",
              "code": { "text": "Blood pressure" },
              "subject": { "reference": "Patient/p1" },
              "valueQuantity": { "value": 1.50 },
              "component": [
                { "code": { "text": "a" }, "valueQuantity": { "value": 120 } },
                { "code": { "text": "b" }, "valueQuantity": { "value": 80 } }
              ]
            }
            """;
        var document = ResourceDocument.Parse(Encoding.UTF8.GetBytes(Json)).Value;
        var observation = Element.Root(document, R4.R4Definitions.Schema);

        var values = FhirPathExpression
            .Compile(expression, R4.R4Definitions.Schema)
            .Value.Evaluate(observation, Given.Context())
            .Value;

        Assert.Equal(expected, string.Join(", ", values));
    }
}
