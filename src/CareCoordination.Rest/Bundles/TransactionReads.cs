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
        foreach (var entry in transaction.Entries)
        {
            if (entry.Interaction is not Read read)
                continue;
            var writer = targets.FirstOrDefault(t => t.Key == read.Key);
            var willExist = writer is null
                ? findings.Of(read.Key) is { IsDeleted: false }
                : writer.Resource is not null;
            if (!willExist)
                return entry.Submitted.Locate(Failure.NotFound($"There is no {read.Key} to read. Nothing was stored."));
        }

        return null;
    }
}
