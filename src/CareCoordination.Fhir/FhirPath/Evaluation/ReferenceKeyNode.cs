using System.Text;
using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.FhirPath.Evaluation;

/// <summary>
/// <c>getReferenceKey([type])</c> of SQL on FHIR: the key of the resource that a Reference points at, and nothing where it points at
/// another type, or at what is not stored here: a contained resource, a URN, another server, an identifier alone.
/// https://build.fhir.org/ig/FHIR/sql-on-fhir-v2/StructureDefinition-ViewDefinition.html#required-additional-functions
/// </summary>
internal sealed class ReferenceKeyNode(Node source, TypeDefinition? wanted) : Node
{
    private static readonly PathStep Reference = new("reference");

    public override void Evaluate(in Frame frame, EvaluationContext context, FhirPathCollection output)
    {
        var items = context.Rent();
        source.Evaluate(frame, context, items);
        context.Step(1 + items.Count);
        foreach (ref readonly var item in items.Span)
        {
            if (Key(item) is { } key)
                output.Add(key);
        }

        context.Return(items);
    }

    private string? Key(in FhirPathValue item)
    {
        if (
            item.Kind != FhirPathKind.Element
            || item.Element.Type.Name != "Reference"
            || Reference.In(item.Element.Type) is not { } definition
        )
            return null;
        foreach (var reference in item.Element.Children(definition))
        {
            return
                ReferenceText.TrySplit(
                    reference.TextUtf8,
                    item.Element.Type.Schema,
                    out var type,
                    out var id,
                    out var isRelative
                )
                && isRelative
                && (wanted is null || type.Is(wanted))
                ? Encoding.UTF8.GetString(id)
                : null;
        }

        return null;
    }
}
