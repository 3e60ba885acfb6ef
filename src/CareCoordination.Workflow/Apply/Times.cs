using CareCoordination.Fhir.R4;

namespace CareCoordination.Workflow.Apply;

/// <summary><c>timing[x]</c>, which actions and activities have alike.</summary>
internal readonly record struct Times(
    Fhir.Primitives.FhirDateTime? At,
    AgeView Age,
    PeriodView Period,
    DurationView Duration,
    RangeView Range,
    TimingView Timing
)
{
    public bool Exists =>
        At is not null || Age.Exists || Period.Exists || Duration.Exists || Range.Exists || Timing.Exists;

    public static Times Of(PlanDefinitionActionView a) =>
        new(a.TimingDateTime, a.TimingAge, a.TimingPeriod, a.TimingDuration, a.TimingRange, a.TimingTiming);

    public static Times Of(ActivityDefinitionView a) =>
        new(a.TimingDateTime, a.TimingAge, a.TimingPeriod, a.TimingDuration, a.TimingRange, a.TimingTiming);
}
