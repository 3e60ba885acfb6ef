using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Partners;

namespace CareCoordination.Application.Writes;

/// <summary>What clients write, with what follows from it.</summary>
/// <param name="Changes">In the order of what was sent, each with what this server adds to it.</param>
/// <param name="Followers">What changes besides, and what that relies on; null where nothing does.</param>
/// <param name="Acts">What is to be recorded, with the interaction that it is recorded as.</param>
/// <param name="Messages">What partners have to be told.</param>
public sealed record FollowedWrites(
    ImmutableArray<PlannedChange> Changes,
    Decision? Followers,
    ImmutableArray<(string Interaction, Decision Act)> Acts,
    ImmutableArray<Outgoing> Messages
)
{
    /// <summary>It holds only where nobody writes something new meanwhile that it would have met.</summary>
    public bool RestsOnAll { get; init; }

    /// <summary>What the caller should know of what did not follow.</summary>
    public ImmutableArray<WriteNote> Notes { get; init; } = [];

    /// <summary>With what follows from them besides: what it writes anew was told from what stands here.</summary>
    public FollowedWrites With(Decision decided)
    {
        var told = decided.Writes.ToDictionary(w => w.Key);
        var changes = Changes
            .Select(c =>
                c.Resource is { } resource && told.TryGetValue(c.Key, out var write)
                    ? c with
                    {
                        Resource = resource with { Document = ResourceDocument.Parse(write.Utf8Json).Value },
                    }
                    : c
            )
            .ToImmutableArray();
        var others = decided.Writes.Where(w => !Changes.Any(c => c.Key == w.Key)).ToImmutableArray();
        var before = Followers ?? new Decision(decided.Answer, []) { Activity = decided.Activity };
        return this with
        {
            Changes = changes,
            Followers = before with
            {
                Writes = [.. before.Writes.Where(w => !told.ContainsKey(w.Key)), .. others],
                ReliedOn = [.. before.ReliedOn.Where(r => !told.ContainsKey(r.Key))],
                Finds = [.. before.Finds, .. decided.Finds],
            },
            Acts = others.IsEmpty
                ? Acts
                : [.. Acts, ("update", decided with { Answer = others[0].Key, Writes = others })],
            RestsOnAll = RestsOnAll || decided.RestsOnAll,
        };
    }
}
