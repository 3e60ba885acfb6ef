using System.Text.Json.Nodes;

namespace CareCoordination.Workflow.Decisions;

/// <summary>Why something is done: a CodeableConcept, or its text alone.</summary>
public sealed record Reason(string? Text, string? System = null, string? Code = null, string? Display = null)
{
    /// <summary>What to put where only a string is allowed, as in <c>Goal.statusReason</c>.</summary>
    public string AsText => Text ?? Display ?? Code ?? "";

    internal JsonObject ToCodeableConcept()
    {
        var concept = new JsonObject();
        if (Code is not null)
        {
            var coding = new JsonObject();
            if (System is not null)
                coding["system"] = System;
            coding["code"] = Code;
            if (Display is not null)
                coding["display"] = Display;
            concept["coding"] = new JsonArray(coding);
        }

        if (Text is not null)
            concept["text"] = Text;
        return concept;
    }
}
