using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Fhir.Validation.Rules;

/// <summary>txt-1, txt-2: the div of a narrative. https://hl7.org/fhir/R4/narrative.html#Narrative</summary>
internal sealed class NarrativeRule : Rule
{
    public override void Check(RuleContext context, JsonValue value)
    {
        if (value.Kind == JsonValueKind.String && Narrative.FaultOf(value.StringUtf8) is { } fault)
            context.Report(value, IssueCode.Value, fault.ToString());
    }

    public override string ToString() => "one safe <div> with content";
}
