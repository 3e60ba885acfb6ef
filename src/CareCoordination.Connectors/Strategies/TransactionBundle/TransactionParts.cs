using System.Collections.Immutable;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Connectors.Strategies.TransactionBundle;

/// <summary>
/// A referral that is larger than the partner takes goes in several transactions: what it refers to first, and the request with the Task
/// last, so that nobody there sees a referral whose parts are missing.
/// </summary>
internal static class TransactionParts
{
    /// <summary>The request and the Task stay together.</summary>
    public const int Fewest = 2;

    /// <summary>What others refer to, so that it is there before they are.</summary>
    private static readonly ImmutableArray<string> First =
    [
        ResourceTypes.Patient,
        ResourceTypes.Organization,
        ResourceTypes.Practitioner,
        ResourceTypes.PractitionerRole,
    ];

    /// <summary>
    /// What is too large for the partner, in two: what the referral refers to before the request and the Task, the request before the Task,
    /// and of the rest the first half before the other.
    /// </summary>
    /// <param name="part">Of more than one entry.</param>
    public static (ImmutableArray<Snapshot> First, ImmutableArray<Snapshot> Then) Halves(
        ImmutableArray<Snapshot> part,
        ResourceKey task
    )
    {
        if (part[^1].Key == task && part.Length > Fewest)
            return (Ordered(part[..^Fewest]), part[^Fewest..]);
        return (part[..(part.Length / 2)], part[(part.Length / 2)..]);
    }

    /// <param name="members">The request and the Task are the last two.</param>
    /// <param name="most">How many entries the partner takes; 0: any number.</param>
    public static ImmutableArray<ImmutableArray<Snapshot>> Of(ImmutableArray<Snapshot> members, int most)
    {
        if (most == 0 || members.Length <= most)
            return [members];
        return
        [
            .. Ordered(members[..^Fewest]).Chunk(Math.Max(Fewest, most)).Select(part => part.ToImmutableArray()),
            members[^Fewest..],
        ];
    }

    private static ImmutableArray<Snapshot> Ordered(ImmutableArray<Snapshot> supporting) =>
        [.. supporting.OrderBy(member => First.IndexOf(member.Key.Type) is var place and >= 0 ? place : First.Length)];
}
