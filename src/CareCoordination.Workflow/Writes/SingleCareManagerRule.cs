using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Workflow.Writes;

/// <summary>The episodes of care of the patients of some writes, and who their managers are.</summary>
/// <param name="Stored">In any status; written ones may be among them.</param>
/// <param name="People">The practitioner behind a role: an episode may name either.</param>
public sealed record ManagedEpisodes(ImmutableArray<Snapshot> Stored, ImmutableDictionary<string, string> People);

/// <summary>
/// A patient has one accountable care manager: a plain write neither begins an episode beside one that somebody else manages, nor
/// changes the manager of one of several. Episodes may be created as they are elsewhere.
/// </summary>
public static class SingleCareManagerRule
{
    /// <summary>The patient whose episodes have to be read; null where the write asks for no manager.</summary>
    public static string? PatientOf(RestWrite write)
    {
        if (
            write is not { Key.Type: ResourceTypes.EpisodeOfCare, Before: { } before }
            || ManagerOf(write.After) is not { } to
        )
            return null;
        var patient = EpisodeOfCareView.From(write.After).Patient.Target();
        return ManagerOf(before) == to && EpisodeOfCareView.From(before).Patient.Target() == patient ? null : patient;
    }

    /// <summary>The care manager of an active episode; null where it has none or is not active.</summary>
    public static string? ManagerOf(ResourceDocument episode) =>
        EpisodeOfCareView.From(episode) is { Status: EpisodeOfCareStatusCodes.Active } active
            ? active.CareManager.Target()
            : null;

    /// <summary>409 <c>other-manager</c> with the write that asks for a second one; null where there is none.</summary>
    public static (RestWrite Write, Failure Failure)? Check(ImmutableArray<RestWrite> writes, ManagedEpisodes episodes)
    {
        var written = writes.Select(w => w.Key).ToHashSet();
        ResourceDocument[] all =
        [
            .. writes.Where(w => w.Key.Type == ResourceTypes.EpisodeOfCare).Select(w => w.After),
            .. episodes
                .Stored.Where(e => !written.Contains(e.Key))
                .Select(e => ResourceDocument.Parse(e.Utf8Json).Value),
        ];
        foreach (var write in writes)
        {
            if (PatientOf(write) is not { } patient)
                continue;
            var own = Person(ManagerOf(write.After)!);
            var other = all.Where(e => EpisodeOfCareView.From(e).Patient.Target() == patient)
                .Select(ManagerOf)
                .FirstOrDefault(m => m is not null && Person(m) != own);
            if (other is not null)
                return (
                    write,
                    RuleFailure.Conflict(
                        "other-manager",
                        $"{other} is the care manager in another active episode; hand over with $transfer.",
                        EpisodeOfCareView.At.CareManager
                    )
                );
        }

        return null;

        string Person(string manager) => episodes.People.GetValueOrDefault(manager, manager);
    }
}
