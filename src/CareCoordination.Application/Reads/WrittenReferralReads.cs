using System.Collections.Immutable;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Writes;

namespace CareCoordination.Application.Reads;

/// <summary>Reads the referrals that plain writes concern.</summary>
public sealed class WrittenReferralReads(
    CareReads reads,
    ReferralReads referrals,
    PartnerKnowledge knowledge,
    CarePolicies policies
)
{
    /// <summary>Null where the writes concern none.</summary>
    public async Task<WrittenReferrals?> OfAsync(
        ImmutableArray<RestWrite> writes,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var found = new List<OpenReferral>();
        // Of many writes about a patient one finds all that is open.
        foreach (var write in writes.DistinctBy(w => (object?)ReferralFamily.PatientOf(w) ?? w))
            found.AddRange(await OfAsync(write, cancellationToken));
        if (found.Count == 0)
            return null;
        var policy = await policies.OfAsync(found[0].Task, cancellationToken);
        var patient = TaskView.From(ResourceDocument.Parse(found[0].Task.Utf8Json).Value).For.Reference;
        return new WrittenReferrals(
            [.. found],
            await knowledge.OfAsync(found.Select(f => f.Task.Key).Distinct(), cancellationToken),
            await referrals.ContextAsync(patient, ServerAgent.Unknown, now, policy, cancellationToken)
        );
    }

    private async Task<IEnumerable<OpenReferral>> OfAsync(RestWrite write, CancellationToken cancellationToken)
    {
        var written = new Snapshot(write.Key, write.Version, write.After.Utf8);
        if (ReferralFamily.Moves(write))
            return
                TaskView.From(write.After).Focus.Reference is { } focus
                && await reads.ReadAsync(focus, cancellationToken) is { } request
                && IsOfOne(written, request)
                ? [new OpenReferral(written, request)]
                : [];
        if (ReferralFamily.EndsRequest(write))
            return (await referrals.AttemptsAsync(write.Key, cancellationToken))
                .Where(t => IsOfOne(t, written))
                .Select(t => new OpenReferral(t, written));
        if (ReferralFamily.PatientOf(write) is not { } patient)
            return [];
        // Who leaves one of several programmes is still cared for.
        if (
            write.Key.Type == ResourceTypes.EpisodeOfCare
            && (
                await reads.SearchAsync(
                    ResourceTypes.EpisodeOfCare,
                    $"patient={Uri.EscapeDataString(patient)}&status=active",
                    cancellationToken
                )
            ).Any(e => e.Key != write.Key)
        )
            return [];
        return await referrals.OthersAsync(patient, but: null, cancellationToken);
    }

    /// <summary>A task moves no request of another patient, and no request another patient's task.</summary>
    private static bool IsOfOne(Snapshot task, Snapshot request) =>
        RecordPatient.Of(task) is not { } patient || RecordPatient.Of(request) == patient;
}
