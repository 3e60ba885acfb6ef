using System.Collections.Immutable;
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

    /// <param name="members">The request and the Task are the last two.</param>
    /// <param name="most">How many entries the partner takes; 0: any number.</param>
    public static ImmutableArray<ImmutableArray<Snapshot>> Of(ImmutableArray<Snapshot> members, int most)
    {
        if (most == 0 || members.Length <= most)
            return [members];
        return
        [
            .. members[..^Fewest]
                .OrderBy(member => First.IndexOf(member.Key.Type) is var place and >= 0 ? place : First.Length)
                .Chunk(Math.Max(Fewest, most))
                .Select(part => part.ToImmutableArray()),
            members[^Fewest..],
        ];
    }
}
