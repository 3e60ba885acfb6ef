using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Validation.Rules;

/// <summary>
/// The id of an element: without white space, and no other element of the resource has it. Synthetic and published data repeat ids, which
/// harms only those who refer to them: that is a warning.
/// https://hl7.org/fhir/R4/element-definitions.html#Element.id
/// </summary>
internal sealed class ElementIdRule(bool isOnce) : Rule
{
    /// <summary>
    /// Those of ElementDefinition name elements of a structure, of which its snapshot and its differential have the same: that each
    /// has them once is an invariant of StructureDefinition. https://hl7.org/fhir/R4/elementdefinition.html#id
    /// </summary>
    public static ElementIdRule Of(TypeDefinition owner) => new(isOnce: owner.Name != "ElementDefinition");

    public override void Check(RuleContext context, JsonValue value)
    {
        if (value.Kind != JsonValueKind.String)
            return;
        var id = value.GetString();
        if (id.Any(char.IsWhiteSpace))
            context.Report(value, IssueCode.Value, "The id of an element has no spaces; remove them.");
        else if (isOnce && !context.TryAddElementId(id))
            context.Report(
                value,
                IssueCode.Duplicate,
                "Another element of this resource has this id; give each its own.",
                IssueSeverity.Warning
            );
    }

    public override string ToString() => isOnce ? "no spaces, once in a resource" : "no spaces";
}
