namespace CareCoordination.Hl7v2.Messages;

/// <summary>What is wrong with a message.</summary>
/// <param name="Code">Its kind by HL7 table 0357.</param>
/// <param name="Place">Where.</param>
/// <param name="Sentence">What is wrong and what to do. Never holds what the message says of a patient.</param>
public sealed record Hl7Fault(ErrorCode Code, Hl7Place Place, string Sentence)
{
    public override string ToString() => $"{Place}: {Sentence}";
}
