using System.Collections.Immutable;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Application.Writes;

/// <summary>
/// What follows from what commands, messages and timers decide, where it would follow from the same writes of a client: a referral that is
/// answered, a visit that is booked, a reading that is too high.
/// </summary>
/// <param name="readings">Made where readings are written.</param>
/// <param name="care">Made where something is decided that visits rest on.</param>
public sealed class DecisionEffects(ReferralAnswers referrals, Func<ReadingEffects> readings, Func<WrittenCare> care)
{
    public async ValueTask<Decision> CompleteAsync(
        Decision decision,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var answered = await referrals.CompleteAsync(decision, now, cancellationToken);
        if (
            answered.Writes.Any(w => w.Key.Type == ResourceTypes.Observation)
            && await readings().FollowAsync(answered.Writes, now, cancellationToken) is { } reviews
        )
            answered = With(answered, reviews);
        ImmutableArray<WrittenVersion> written =
        [
            .. answered.Writes.Where(w => WrittenCare.IsRead(w.Key.Type)).Select(WrittenVersion.Of),
        ];
        return
            !WrittenCare.MayFollow(written)
            || await care().FollowAsync(written, now, cancellationToken) is not { } followed
            ? answered
            : With(answered, followed);
    }

    /// <summary>What follows takes the place of what was decided of the same resource: it was told from that.</summary>
    private static Decision With(Decision decision, Decision followed)
    {
        var writes = followed.Writes.ToDictionary(w => w.Key);
        return decision with
        {
            Writes =
            [
                .. decision.Writes.Select(w => writes.Remove(w.Key, out var told) ? told : w),
                .. followed.Writes.Where(w => !decision.Writes.Any(d => d.Key == w.Key)),
            ],
            ReliedOn = [.. decision.ReliedOn.Where(r => !followed.Writes.Any(w => w.Key == r.Key))],
            Finds = [.. decision.Finds, .. followed.Finds],
            RestsOnAll = decision.RestsOnAll || followed.RestsOnAll,
        };
    }
}
