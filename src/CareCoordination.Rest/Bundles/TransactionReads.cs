using System.Collections.Immutable;
using CareCoordination.Application.Interactions;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Rest.Bundles;

/// <summary>A transaction whose reads would find nothing does not succeed as a whole, so that it does nothing at all.</summary>
internal static class TransactionReads
{
    public static Failure? Check(
        Transaction transaction,
        ImmutableArray<TransactionTarget> targets,
        TransactionFindings findings
    )
    {
        var writers = targets.Where(t => t.Key is not null).ToDictionary(t => t.Key!.Value);
        foreach (var entry in transaction.Entries)
        {
            if (entry.Interaction is not Read read)
                continue;
            var willExist = writers.TryGetValue(read.Key, out var writer)
                ? writer.Resource is not null
                : findings.Of(read.Key) is { IsDeleted: false };
            if (!willExist)
                return entry.Submitted.Locate(Failure.NotFound($"There is no {read.Key} to read. Nothing was stored."));
        }

        return null;
    }
}
