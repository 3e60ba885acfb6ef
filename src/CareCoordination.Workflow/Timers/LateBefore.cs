using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Timers;

/// <summary>
/// A task that was late before it came to this server, in records of another one: whoever had it then knew. It remembers the thresholds that
/// it has crossed, as if they had been told of, and is told of from the next one on.
/// </summary>
public static class LateBefore
{
    /// <summary>The task as it remembers; the same document where there is nothing to remember.</summary>
    /// <param name="policies">All that may be the task's: whose it is can be told by reading others only, so that it has to be late by each.</param>
    public static ResourceDocument Remember(
        ResourceDocument resource,
        ImmutableArray<CarePolicy> policies,
        DateTimeOffset now
    )
    {
        if (!resource.ResourceTypeUtf8.SequenceEqual("Task"u8))
            return resource;
        var rules = TimerRules.For(ResourceTypes.Task).ToList();
        var crossed = policies
            .Select(policy => rules.SelectMany(rule => rule.Crossed(resource, policy, now)).ToHashSet())
            .Aggregate((all, others) => [.. all.Where(others.Contains)]);
        if (crossed.Count == 0)
            return resource;
        var task = new TaskEditor(TaskView.From(resource));
        foreach (var code in crossed.Order(StringComparer.Ordinal))
            task.Extension.Add(new() { Url = CareExtensions.Escalated, ValueCode = code });
        return task.ToDocument();
    }
}
