namespace CareCoordination.Access.Relations;

/// <summary>How somebody has to do with a patient, or with somebody else. The numbers stand in the database.</summary>
public enum RelationKind : short
{
    /// <summary>Manages the patient's care: EpisodeOfCare.careManager of an episode that is not over.</summary>
    CareManager = 1,

    /// <summary>A member of a care team: CareTeam.participant.</summary>
    CareTeam = 2,

    /// <summary>Owns a task about the patient that is not over.</summary>
    TaskOwner = 3,

    /// <summary>Asked for a task about the patient that is not over.</summary>
    TaskRequester = 4,

    /// <summary>The organisation that is responsible for an episode of care that is not over.</summary>
    EpisodeOrganization = 5,

    /// <summary>The patient's general practitioner.</summary>
    GeneralPractitioner = 6,

    /// <summary>The organisation that keeps the patient's record: Patient.managingOrganization.</summary>
    RecordOrganization = 7,

    /// <summary>A RelatedPerson of the patient.</summary>
    Family = 8,

    /// <summary>Broke the glass: for an hour, with a reason.</summary>
    BreakGlass = 9,

    /// <summary>A task names the party, whatever has become of it. It says nothing of a patient.</summary>
    Named = 10,

    /// <summary>
    /// A referral discloses a resource to the organisation that owns its task: what the task is about and what goes with it
    /// (<c>Task.for</c>, <c>focus</c>, <c>basedOn</c>, <c>input</c>). It says nothing of the rest of the patient's record.
    /// </summary>
    Disclosed = 11,

    /// <summary>Acts in a role, as a linked person, or as a member of a team.</summary>
    ActsAs = 20,

    /// <summary>Covers for somebody who is away.</summary>
    Covers = 21,

    /// <summary>Works for an organisation.</summary>
    WorksFor = 22,
}
