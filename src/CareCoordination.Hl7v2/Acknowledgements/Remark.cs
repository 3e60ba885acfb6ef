using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Hl7v2.Acknowledgements;

/// <summary>What the sender of a message that was taken may want to know.</summary>
/// <param name="Place">Where.</param>
/// <param name="Sentence">Never holds what the message says of a patient.</param>
/// <param name="IsWarning">Something had to be assumed, or was not done as it was asked for; otherwise it was left out.</param>
public sealed record Remark(Hl7Place Place, string Sentence, bool IsWarning)
{
    /// <summary>HL7 table 0516.</summary>
    internal string Severity => IsWarning ? "W" : "I";

    public override string ToString() => $"{Place}: {Sentence}";
}
