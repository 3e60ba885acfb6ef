using System.Collections.Immutable;
using CareCoordination.Hl7v2.DataTypes;
using CareCoordination.Hl7v2.Messages;
using CareCoordination.Hl7v2.Senders;

namespace CareCoordination.Hl7v2.Mapping;

/// <summary>What a message became.</summary>
/// <param name="Bundle">The UTF-8 JSON of a Bundle of type message; null where there are faults.</param>
/// <param name="Notes">What is otherwise in it than in the message, and what was left out.</param>
/// <param name="Faults">Why the message is refused; none where it is not.</param>
public sealed record AdtMapping(byte[]? Bundle, ImmutableArray<Hl7Note> Notes, ImmutableArray<Hl7Fault> Faults)
{
    /// <summary>The event that the MessageHeader names: a code of <see cref="TransitionEvents"/>.</summary>
    public MappedCode? Event { get; init; }
}
