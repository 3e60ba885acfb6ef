namespace CareCoordination.HospitalSimulator.Scripts;

/// <summary>What happens in a hospital.</summary>
public enum Happening
{
    Admit,
    Transfer,
    CancelTransfer,
    Discharge,
    CancelDischarge,
    CancelAdmit,
    Merge,

    /// <summary>A summary that people read, of a stay that was told of.</summary>
    Paper,
}

/// <summary>The ways by which a hospital tells.</summary>
public enum Door
{
    ProcessMessage,
    SubmitTransition,
    Hl7Http,
    Mllp,

    /// <summary>A discharge summary to $submit-transition.</summary>
    Document,

    /// <summary>The same, stored as a Bundle.</summary>
    BundleDocument,

    /// <summary>A transaction of the patient and the stay as it is.</summary>
    Transaction,

    /// <summary>The stay as it is, by PUT.</summary>
    EncounterPut,

    DocumentReference,
}

/// <summary>A stay, as the hospital has it when it tells of it.</summary>
/// <param name="Visit">Its number.</param>
/// <param name="Class">A code of v3-ActCode.</param>
/// <param name="Disposition">A code of HL7's discharge-disposition; null while the stay goes on.</param>
public sealed record StayAt(
    string Visit,
    string Class,
    string Bed,
    DateTimeOffset Start,
    DateTimeOffset? End,
    string? Disposition
);

/// <summary>One thing that is told.</summary>
/// <param name="Id">What the hospital calls the message: it is told again under the same one.</param>
/// <param name="At">When it is said.</param>
public sealed record Told(string Id, Happening What, Door Door, Person Person, StayAt Stay, DateTimeOffset At)
{
    /// <summary>Who is merged into <see cref="Person"/>; null where nobody is.</summary>
    public Person? MergedAway { get; init; }

    /// <summary>How often it is sent, all at once.</summary>
    public int Times { get; init; } = 1;
}
