using System.Collections.Immutable;
using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Hl7v2.Acknowledgements;

/// <summary>How far a message got.</summary>
public enum Stage
{
    /// <summary>It could not be read, is of a kind that is not taken, or comes from nobody who is known.</summary>
    Accept,

    /// <summary>It was read, and what it says was applied or refused.</summary>
    Application,
}

/// <summary>What became of a message.</summary>
/// <param name="Reached">How far it got.</param>
/// <param name="Faults">What is wrong with it; none where it was taken.</param>
public sealed record Verdict(Stage Reached, ImmutableArray<Hl7Fault> Faults)
{
    public static Verdict Taken { get; } = new(Stage.Application, []);

    /// <summary>What its sender may want to know of a message that was taken.</summary>
    public ImmutableArray<Remark> Remarks { get; init; } = [];

    public static Verdict NotAccepted(params ImmutableArray<Hl7Fault> faults) => new(Stage.Accept, faults);

    public static Verdict Refused(params ImmutableArray<Hl7Fault> faults) => new(Stage.Application, faults);

    public bool IsTaken => Faults.IsEmpty;

    /// <summary>The second letter of HL7 table 0008: A(ccept), E(rror), R(eject).</summary>
    internal char Letter =>
        IsTaken ? 'A'
        : Faults.Any(f => ErrorCodes.IsRejection(f.Code)) ? 'R'
        : 'E';
}
