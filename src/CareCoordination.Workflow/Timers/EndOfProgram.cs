using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Billing;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Timers;

/// <summary>Who leaves a programme is in it until the end of the month.</summary>
public static class EndOfProgram
{
    public static readonly TimerRule Rule = new(
        "disenrolled",
        ResourceTypes.EpisodeOfCare,
        ProgramDisenrollment.EndsAt,
        Fire
    )
    {
        IsPlainWrite = true,
    };

    private static Result<Decision>? Fire(Snapshot snapshot, TimerContext timer) =>
        ProgramDisenrollment.EndsAt(ResourceDocument.Parse(snapshot.Utf8Json).Value, timer.Policy) <= timer.Now
            ? ProgramDisenrollment.Finish(snapshot)
            : (Result<Decision>?)null;
}
