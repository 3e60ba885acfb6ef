using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Timers;

/// <summary>When a rule wants to look at a resource, whatever the time is now; null: never. In the past: at once.</summary>
public delegate DateTimeOffset? NextTimer(ResourceDocument resource, CarePolicy policy);

/// <summary>What a rule has to do to a resource at <see cref="TimerContext.Now"/>; null: nothing, or nothing yet.</summary>
public delegate Result<Decision>? Fire(Snapshot resource, TimerContext timer);

/// <summary>
/// Something that happens to the resources of a type when its time has come, without anybody asking. What it has done it has to
/// remember on the resource, in the same decision, so that it happens once: <paramref name="NextAt"/> then no longer names that
/// time.
/// </summary>
/// <param name="Name">For the log.</param>
public sealed record TimerRule(string Name, string ResourceType, NextTimer NextAt, Fire Fire)
{
    /// <summary>What of other resources <see cref="Fire"/> has to know: their references.</summary>
    public Func<ResourceDocument, ImmutableArray<string>> Needs { get; init; } = _ => [];

    /// <summary>The thresholds that a resource has crossed at a time and does not remember, by their codes.</summary>
    public Func<ResourceDocument, CarePolicy, DateTimeOffset, IEnumerable<string>> Crossed { get; init; } =
        (_, _, _) => [];

    /// <summary>
    /// True where what it writes has the effects that the same plain write of a client has: who leaves the last programme is cared for no more.
    /// </summary>
    public bool IsPlainWrite { get; init; }

    /// <summary>True where <see cref="Fire"/> has to know who manages the patient's care.</summary>
    public bool NeedsManager { get; init; }

    /// <summary>True where <see cref="Fire"/> has to know the tasks that are part of this one.</summary>
    public bool NeedsParts { get; init; }
}

/// <summary>What a rule knows when its timer fires.</summary>
/// <param name="Policy">Of the organisation whose work the resource is.</param>
/// <param name="By">This server.</param>
public sealed record TimerContext(CarePolicy Policy, Agent By, DateTimeOffset Now, Func<string> NewId)
{
    /// <summary>What the rule asked for, as far as it exists here.</summary>
    public ImmutableArray<Snapshot> Needed { get; init; } = [];

    /// <summary>Who manages the care of the patient, where the rule asked for it and somebody does.</summary>
    public string? Manager { get; init; }

    /// <summary>The tasks that are part of the resource, where the rule asked for them.</summary>
    public ImmutableArray<Snapshot> Parts { get; init; } = [];
}
