using System.Collections.Immutable;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Writes;

namespace CareCoordination.Application.Writes;

/// <summary>
/// A partner's answer that came by telephone is recorded with a command of the Task: what follows is what would follow from its own
/// word.
/// </summary>
public sealed class ReferralAnswers(CareReads reads, WrittenReferralReads referrals)
{
    /// <summary>The decision with what follows from it; as it is where it moves no referral.</summary>
    public async ValueTask<Decision> CompleteAsync(
        Decision decision,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (!ReferralFamily.MayAnswer(decision))
            return decision;
        var moved = ImmutableArray.CreateBuilder<RestWrite>();
        foreach (var write in decision.Writes.Where(w => w.Key.Type == ResourceTypes.Task && w.DecidedFrom > 0))
        {
            var after = ResourceDocument.Parse(write.Utf8Json).Value;
            if (
                ReferralTask.IsSent(TaskView.From(after))
                && await reads.ReadAsync(write.Key.ToString(), cancellationToken) is { } before
                && before.Version == write.DecidedFrom
            )
                moved.Add(
                    new RestWrite(write.Key, write.DecidedFrom, ResourceDocument.Parse(before.Utf8Json).Value, after)
                );
        }

        var writes = moved.ToImmutable();
        return writes.IsEmpty || await referrals.OfAsync(writes, now, cancellationToken) is not { } around
            ? decision
            : ReferralFamily.Complete(decision, writes, around);
    }
}
