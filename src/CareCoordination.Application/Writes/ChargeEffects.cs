using System.Collections.Immutable;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Billing;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Application.Writes;

/// <summary>
/// The drafts of charges follow what they are told from, whoever writes it: time that is logged, corrected or voided, visits and stays, a
/// consent, an enrolment.
/// </summary>
public sealed class ChargeEffects(BillingReads billing, CarePolicies policies)
{
    public static bool MayFollow(WrittenVersion written) =>
        written.Documents.Any(d => ChargeTriggers.MayFollow(written.Key.Type, d));

    /// <summary>What is to be written besides, and what that relies on; null where no patient is in a programme.</summary>
    public async Task<Decision?> FollowAsync(
        ImmutableArray<WrittenVersion> written,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var today = policies.Default.Today(now);
        var triggers = written
            .Where(MayFollow)
            .SelectMany(w => w.Documents, (w, d) => ChargeTriggers.Of(w.Key.Type, d, today))
            .SelectMany(t => t)
            .ToHashSet();
        var writes = ImmutableArray.CreateBuilder<ResourceWrite>();
        var follows = false;
        foreach (var patient in triggers.GroupBy(t => t.Patient))
        {
            var own = written.Where(w => IsOf(w, patient.Key)).ToArray();
            if (
                !own.Any(w => w.Key.Type == ResourceTypes.EpisodeOfCare)
                && (await billing.EpisodesAsync(patient.Key, cancellationToken)).IsEmpty
            )
                continue;
            follows = true;
            foreach (var trigger in patient.OrderBy(t => t.Day))
                writes.AddRange(await MonthAsync(trigger, own, now, cancellationToken));
        }

        return follows
            ? new Decision(written[0].Key, writes.ToImmutable()) { Activity = "update", RestsOnAll = true }
            : null;
    }

    private async Task<ImmutableArray<ResourceWrite>> MonthAsync(
        ChargeTrigger trigger,
        WrittenVersion[] written,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var stored = await billing.RecordAsync(trigger.Patient, trigger.Day, cancellationToken);
        var record = stored.With(written.Select(w => (w.Key, w.Version, w.After)));
        if (record.Episodes.IsEmpty)
            return [];
        var policy = await policies.OfAsync(record.Episodes[0], cancellationToken);
        return ChargeDrafts.Of(
            ProgramMonths.Of(record, trigger.Day, policy, now),
            record.Charges.ToDictionary(c => c.Key),
            now
        );
    }

    private static bool IsOf(WrittenVersion written, string patient) =>
        ChargeTriggers.IsRead(written.Key.Type)
        && written.Documents.Any(d => SubjectOf(written.Key.Type, d) == patient);

    private static string? SubjectOf(string type, ResourceDocument document) =>
        type switch
        {
            ResourceTypes.Task => TaskView.From(document).For.Reference,
            ResourceTypes.Encounter => EncounterView.From(document).Subject.Reference,
            ResourceTypes.Consent => ConsentView.From(document).Patient.Reference,
            _ => EpisodeOfCareView.From(document).Patient.Reference,
        };
}
