using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Hl7v2.DataTypes;

/// <summary>Why something of a message is otherwise in FHIR, or not there.</summary>
public enum NoteKind
{
    /// <summary>Left out: FHIR or we have no place for it, or it could not be read.</summary>
    NotMapped,

    /// <summary>The sender wants the value deleted. A message cannot say so in FHIR: who applies it may want to know.</summary>
    Delete,

    /// <summary>Something had to be assumed.</summary>
    Assumed,
}

/// <summary>What is otherwise in the FHIR message than in the v2 message. Never holds what the message says of a patient.</summary>
public sealed record Hl7Note(NoteKind Kind, Hl7Place Place, string Sentence)
{
    public override string ToString() => $"{Place}: {Sentence}";
}
