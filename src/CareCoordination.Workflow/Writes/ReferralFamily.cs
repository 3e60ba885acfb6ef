using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Referrals;

namespace CareCoordination.Workflow.Writes;

/// <summary>The referrals that a plain write concerns.</summary>
/// <param name="Referrals">As they are stored.</param>
/// <param name="IsKnownThere">Whether a partner may have heard of a Task.</param>
public sealed record WrittenReferrals(
    ImmutableArray<OpenReferral> Referrals,
    Func<ResourceKey, bool> IsKnownThere,
    ReferralContext Context
);

/// <summary>
/// What plain writes mean for referrals: a partner's own client moves its Task here, a request ends, a patient dies or leaves, a
/// consent is withdrawn. What follows is what would follow from a command or a poll.
/// </summary>
public static class ReferralFamily
{
    /// <summary>The Task whose request has to be known: a referral that moved, or is new.</summary>
    public static bool Moves(RestWrite write) =>
        write.Key.Type == ResourceTypes.Task
        && write.Before is { } before
        && TaskView.From(write.After) is { Focus.Key.Type: ResourceTypes.ServiceRequest } after
        && ReferralState.Of(TaskView.From(before)) != ReferralState.Of(after);

    /// <summary>The request whose Tasks have to be known: one that ends.</summary>
    public static bool EndsRequest(RestWrite write) =>
        write.Key.Type == ResourceTypes.ServiceRequest
        && write.Before is { } before
        && ServiceRequestView.From(before).Status is not ("completed" or "revoked" or "entered-in-error")
        && ServiceRequestView.From(write.After).Status is "completed" or "revoked" or "entered-in-error";

    /// <summary>The patient whose open referrals have to be known; null where the write is not about them.</summary>
    public static string? PatientOf(RestWrite write) => Why(write)?.Patient;

    /// <summary>The commands of a Task by which a recipient answers, or somebody here for it.</summary>
    private static readonly HashSet<string> Answers = ["accept", "reject", "start", "complete", "fail"];

    /// <summary>True for a decision by which the recipient of a referral may have answered.</summary>
    public static bool MayAnswer(Decision decision) =>
        Answers.Contains(decision.Activity) && decision.Writes.Any(w => w.Key.Type == ResourceTypes.Task);

    /// <summary>A decision of a command with what follows from it for a referral.</summary>
    /// <param name="writes">Those of the decision that move a referral.</param>
    public static Decision Complete(Decision decision, ImmutableArray<RestWrite> writes, WrittenReferrals around)
    {
        var decided = decision.Writes.ToDictionary(w => w.Key);
        var more = Follow(
                writes,
                around,
                key => decided.TryGetValue(key, out var w) ? new Snapshot(key, w.DecidedFrom, w.Utf8Json) : null
            )
            .ToDictionary(w => w.Key);
        return decision with
        {
            Writes =
            [
                .. decision.Writes.Select(w => more.GetValueOrDefault(w.Key) ?? w),
                .. more.Values.Where(w => !decided.ContainsKey(w.Key)),
            ],
            ReliedOn = [.. decision.ReliedOn.Where(r => !more.ContainsKey(r.Key))],
        };
    }

    /// <summary>What changes by it: new Tasks among it, and the written resources themselves.</summary>
    internal static ImmutableArray<ResourceWrite> Follow(
        ImmutableArray<RestWrite> writes,
        WrittenReferrals around,
        Func<ResourceKey, Snapshot?> now
    )
    {
        var effects = new ReferralEffects(around, now);
        foreach (var write in writes)
        {
            if (Moves(write))
                effects.Move(write);
            else if (EndsRequest(write))
                effects.EndRequest(write);
            else if (Why(write) is { } why)
                effects.End(why);
        }

        return effects.ToWrites();
    }

    /// <summary>Why the referrals of a patient end; null where they do not.</summary>
    private static ReferralEnding? Why(RestWrite write)
    {
        switch (write.Key.Type)
        {
            case ResourceTypes.Patient when write.IsDeletion:
                return new(write.Key.ToString(), ReferralCascade.Deleted);
            case ResourceTypes.Patient:
                var patient = PatientView.From(write.After);
                return patient.DeceasedBoolean is true || patient.DeceasedDateTime is not null
                    ? new(write.Key.ToString(), ReferralCascade.Died)
                    : null;
            case ResourceTypes.EpisodeOfCare:
                var episode = EpisodeOfCareView.From(write.After);
                return
                    write.Before is not null
                    && episode.Status is "finished" or "cancelled"
                    && episode.Patient.Target() is { } enrolled
                    ? new(enrolled, ReferralCascade.Unenrolled)
                    : null;
            case ResourceTypes.Consent:
                var consent = ConsentView.From(write.After);
                return
                    consent.Status is "inactive" or "rejected" or "entered-in-error"
                    && consent.Patient.Target() is { } agreed
                    ? new(agreed, ReferralCascade.Withdrawn, write.Key.ToString())
                    : null;
            default:
                return null;
        }
    }
}
