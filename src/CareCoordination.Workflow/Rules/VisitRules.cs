namespace CareCoordination.Workflow.Rules;

/// <summary>
/// The numbers of visits, of rides to them and of teaching: part of <see cref="CareRules"/>, and proposals of this project like the rest of
/// them. No regulation names them.
/// </summary>
public sealed record VisitRules
{
    /// <summary>Business days in which a visit that was missed or called off is made anew.</summary>
    public int RescheduleBusinessDays { get; init; } = 1;

    /// <summary>From this many missed appointments of one visit on a lead is told.</summary>
    public int NoShowsToLead { get; init; } = 2;

    /// <summary>Business days before the day of an appointment by which the ride to it has to be confirmed.</summary>
    public int TransportBusinessDays { get; init; } = 1;

    /// <summary>Business days in which what was not understood is taught again.</summary>
    public int ReteachBusinessDays { get; init; } = 2;

    /// <summary>Business days in which what needs reinforcement is gone through again.</summary>
    public int ReinforceBusinessDays { get; init; } = 5;

    /// <summary>After so many times of teaching that were not understood a lead is told.</summary>
    public int TeachingsToLead { get; init; } = 2;

    /// <summary>Business days after a patient's own task was due when somebody asks the patient about it.</summary>
    public int PatientTaskBusinessDays { get; init; } = 1;
}
