using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Goals;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Writes;

/// <summary>One resource that a client writes itself, without a command: by POST, PUT, PATCH or an entry of a Bundle.</summary>
/// <param name="Version">The version it replaces, deletions counted; 0 where there never was one.</param>
/// <param name="Before">What it replaces, where the status is guarded; null where the write creates the resource.</param>
public sealed record RestWrite(ResourceKey Key, int Version, ResourceDocument? Before, ResourceDocument After)
{
    /// <summary><see cref="After"/> is what the deletion means for others.</summary>
    public bool IsDeletion { get; init; }

    /// <summary><see cref="Before"/> was deleted, and comes back by this write.</summary>
    public bool IsRevival { get; init; }

    /// <summary>Its id was never anybody's: nothing that is stored can be about it.</summary>
    public bool IsNew { get; init; }
}

/// <summary>An active goal, and what it is judged by.</summary>
/// <param name="Goal">As it will be: where the same commit writes it, as it is written.</param>
/// <param name="Known">Of earlier Observations of the patient what <see cref="KnownReadings.Needed"/> asks for.</param>
/// <param name="Policy">Of the organisation that works on it.</param>
/// <param name="Rules">Those of the policy that hold now.</param>
public sealed record MeasuredGoal(Snapshot Goal, KnownReadings Known, CarePolicy Policy, CareRules Rules);

/// <summary>A goal that a write makes active, and what it is judged by.</summary>
/// <param name="Known">As of a <see cref="MeasuredGoal"/>.</param>
public sealed record SoughtGoal(RestWrite Write, KnownReadings Known, CareRules Rules)
{
    /// <summary>True for a write that makes a goal active.</summary>
    public static bool Is(RestWrite write) =>
        write.Before is { } before && !write.IsRevival && GoalEvaluation.IsSought(Was(write, before), Written(write));

    internal ResourceWrite? Judge() => GoalEvaluation.OfSought(Was(Write, Write.Before!), Written(Write), Known, Rules);

    private static Snapshot Was(RestWrite write, ResourceDocument before) => new(write.Key, write.Version, before.Utf8);

    private static ResourceWrite Written(RestWrite write) => new(write.Key, write.Version, write.After.Utf8);
}

/// <summary>What has to be known besides the writes.</summary>
/// <param name="Parts">The tasks that are part of a written one, directly or not.</param>
/// <param name="Goals">Those that a written Observation measures.</param>
public sealed record WriteSurroundings(ImmutableArray<Snapshot> Parts, ImmutableArray<MeasuredGoal> Goals)
{
    public static readonly WriteSurroundings None = new([], []);

    /// <summary>Where a written one asks for a care manager; null where none does.</summary>
    public ManagedEpisodes? Episodes { get; init; }

    /// <summary>The plans that the writes make active.</summary>
    public ImmutableArray<ArrivingPlan> Plans { get; init; } = [];

    /// <summary>The written goals that are sought from now on, or again, and are measured by no written Observation.</summary>
    public ImmutableArray<SoughtGoal> Sought { get; init; } = [];

    /// <summary>Attempts to reach a patient that fail by the writes.</summary>
    public ImmutableArray<FailedContact> Contacts { get; init; } = [];

    /// <summary>Of patients for whom a written one is the end of care.</summary>
    public ImmutableArray<CareAtItsEnd> Endings { get; init; } = [];

    /// <summary>The referrals that are concerned; null where none are.</summary>
    public WrittenReferrals? Referrals { get; init; }
}

/// <summary>Writes with all that follows from them.</summary>
/// <param name="Written">What is to be stored of each write, in their order.</param>
/// <param name="Followers">What changes besides them.</param>
/// <param name="RecordedActs">What is to be told: the changes of a status, and the goals that moved.</param>
public sealed record WriteOutcome(
    ImmutableArray<ResourceDocument> Written,
    ImmutableArray<ResourceWrite> Followers,
    ImmutableArray<Decision> RecordedActs
);
