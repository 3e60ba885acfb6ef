using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Json;

namespace CareCoordination.Fhir.FhirPath.Evaluation;

/// <summary><c>%name</c>. https://hl7.org/fhir/R4/fhirpath.html#variables</summary>
internal static class Constants
{
    /// <summary>True for the names that FHIR gives a meaning.</summary>
    public static bool IsStandard(string name) => IsText(name) || name is "context" or "resource" or "rootResource";

    /// <summary>True for the names that stand for a String.</summary>
    public static bool IsText(string name) =>
        name is "ucum" or "sct" or "loinc"
        || name.StartsWith("vs-", StringComparison.Ordinal)
        || name.StartsWith("ext-", StringComparison.Ordinal);

    public static Node Compile(string name) =>
        name switch
        {
            "ucum" => new LiteralNode("http://unitsofmeasure.org"),
            "sct" => new LiteralNode("http://snomed.info/sct"),
            "loinc" => new LiteralNode("http://loinc.org"),
            _ when name.StartsWith("vs-", StringComparison.Ordinal) => new LiteralNode(
                $"http://hl7.org/fhir/ValueSet/{name[3..]}"
            ),
            _ when name.StartsWith("ext-", StringComparison.Ordinal) => new LiteralNode(
                $"http://hl7.org/fhir/StructureDefinition/{name[4..]}"
            ),
            "context" => new ResourceNode(static context => context.Focus),
            "resource" => new ResourceNode(static context => context.CurrentResource),
            "rootResource" => new ResourceNode(static context => context.CurrentRoot),
            _ => new ConstantNode(name),
        };
}

internal sealed class ResourceNode(Func<EvaluationContext, Element> select) : ScalarNode
{
    public override FhirPathValue Single(in Frame frame, EvaluationContext context) => select(context);
}

/// <summary>A variable of the context; one that is not set is an error, not nothing: it is most likely misspelt.</summary>
internal sealed class ConstantNode(string name) : Node
{
    public override void Evaluate(in Frame frame, EvaluationContext context, FhirPathCollection output)
    {
        if (!context.Variables.TryGetValue(name, out var values))
            throw new FhirPathException($"There is no variable %{name}.");
        context.Step(1 + values.Count);
        output.AddRange(values.Span);
    }
}
