using System.Collections.Immutable;
using CareCoordination.Fhir.Canonicals;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Monitoring;

/// <summary>What the readings of a patient give people to do: codes of <see cref="System"/>.</summary>
public static class MonitoringWork
{
    public const string System = OwnCanonical.CodeSystems + "monitoring-work";

    /// <summary>The code of the Task.</summary>
    public const string Review = "review-reading";

    /// <summary>The type of an input of the Task: an Observation to look at.</summary>
    public const string Reading = "reading";

    /// <summary>Why a Task ended that nobody had begun: its readings were taken back.</summary>
    public const string Withdrawn = "readings-withdrawn";

    public static readonly ImmutableArray<OwnCode> All =
    [
        new(Reading, "A reading that is to be reviewed."),
        new(Withdrawn, "The readings that were to be reviewed were corrected or taken back."),
        new(
            Review,
            "A reading is beyond a threshold of the patient's goal, or cannot be compared with it: look at it."
        ),
    ];

    public static OwnCode Of(string code) => All.First(w => w.Code == code);
}
