using CareCoordination.Fhir.R4;

namespace CareCoordination.Workflow.Decisions;

/// <summary>Why something is done: a CodeableConcept, or its text alone.</summary>
public sealed record Reason(string? Text, string? System = null, string? Code = null, string? Display = null)
{
    /// <summary>What to put where only a string is allowed, as in <c>Goal.statusReason</c>.</summary>
    public string AsText => Text ?? Display ?? Code ?? "";

    internal CodeableConceptEditor ToCodeableConcept()
    {
        var concept = new CodeableConceptEditor { Text = Text };
        if (Code is not null)
            concept.Coding.Add(
                new()
                {
                    System = System,
                    Code = Code,
                    Display = Display,
                }
            );
        return concept;
    }
}
