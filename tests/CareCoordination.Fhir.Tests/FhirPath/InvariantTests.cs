using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.FhirPath;
using CareCoordination.Fhir.FhirPath.Evaluation;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Tests.FhirPath;

/// <summary>The invariants of R4 on R4's own examples. https://hl7.org/fhir/R4/conformance-rules.html#constraints</summary>
public sealed class InvariantTests
{
    /// <summary>Four narratives without content.</summary>
    private static readonly string[] Broken =
    [
        "txt-1 ActivityDefinition-blood-tubes-supply.json",
        "txt-1 ActivityDefinition-heart-valve-replacement.json",
        "txt-1 EventDefinition-example.json",
        "txt-1 Questionnaire-zika-virus-exposure-assessment.json",
        "txt-2 ActivityDefinition-blood-tubes-supply.json",
        "txt-2 ActivityDefinition-heart-valve-replacement.json",
        "txt-2 EventDefinition-example.json",
        "txt-2 Questionnaire-zika-virus-exposure-assessment.json",
    ];

    private readonly Dictionary<string, FhirPathExpression> _compiled = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _findings = new(StringComparer.Ordinal);

    [Fact]
    public void Official_examples_keep_the_invariants_of_their_types()
    {
        foreach (var file in Conformance.Files("r4-examples", "*.json"))
        {
            if (
                ResourceDocument.Parse(Conformance.Read(file)).TryGet(out var document, out _)
                && Element.Root(document, R4.R4Definitions.Schema) is { Exists: true } root
            )
                Check(root, root, Path.GetFileName(file));
        }

        Assert.Equal(Broken, _findings);
    }

    private void Check(Element element, Element resource, string file)
    {
        if (element.Type.IsResource)
            resource = element;
        var invariants = element.Type.Invariants.AsEnumerable();
        if (element.Definition is { } definition)
            invariants = invariants.Concat(definition.Invariants);
        foreach (var invariant in invariants.Where(i => i.IsError))
            Check(element, resource, invariant, file);
        foreach (var child in element.Children())
            Check(child, resource, file);
    }

    private void Check(Element element, Element resource, Invariant invariant, string file)
    {
        if (!_compiled.TryGetValue(invariant.Expression, out var expression))
            _compiled[invariant.Expression] = expression = FhirPathExpression
                .Compile(invariant.Expression, R4.R4Definitions.Schema)
                .Value;
        var context = new EvaluationContext(new WorkBudget())
        {
            Resource = resource,
            RootResource = Element.Root(element.Document, R4.R4Definitions.Schema),
        };
        if (!expression.Truth(element, context).TryGet(out var truth, out var failure))
            _findings.Add($"{invariant.Key} {file} {element.Location}: {failure.Issues[0].Diagnostics}");
        else if (truth == false)
            _findings.Add($"{invariant.Key} {file}");
    }
}
