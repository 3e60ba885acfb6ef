using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Server.Operations;
using CareCoordination.Workflow.Caseload;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Server.Caseload;

/// <summary>Reads who could be a patient's care manager: their licence, languages and caseload, and whether they know the patient.</summary>
public sealed class CareManagers(CareReads reads, PatientRisks risks)
{
    private const int KeysPerSearch = 50;

    /// <summary>One that is named, a PractitionerRole or a Practitioner; null where there is no such one.</summary>
    public async Task<CareManagerCandidate?> FindAsync(
        string reference,
        Snapshot patient,
        DateOnly today,
        CareRules rules,
        CancellationToken cancellationToken
    ) =>
        reference.Split('/')[0] is ResourceTypes.PractitionerRole or ResourceTypes.Practitioner
        && await reads.ReadAsync(reference, cancellationToken) is { } manager
            ? (
                await WeighAsync(
                    [await ProfileAsync(manager, today, cancellationToken)],
                    patient,
                    rules,
                    cancellationToken
                )
            )[0]
            : null;

    /// <summary>Everybody with the role of a care manager, in an organisation where one is given.</summary>
    public async Task<ImmutableArray<CareManagerCandidate>> AllAsync(
        string? organization,
        Snapshot patient,
        DateOnly today,
        CareRules rules,
        CancellationToken cancellationToken
    )
    {
        var query = $"role={string.Join(',', CareManagerRoles.Codes)}";
        if (organization is not null)
            query += $"&organization={Uri.EscapeDataString(organization)}";
        var profiles = new List<CareManagerCandidate>();
        foreach (var role in await reads.SearchAsync(ResourceTypes.PractitionerRole, query, cancellationToken))
            profiles.Add(await ProfileAsync(role, today, cancellationToken));
        return await WeighAsync(profiles, patient, rules, cancellationToken);
    }

    /// <summary>What the patient needs, and what the patient weighs.</summary>
    public async Task<CareManagerNeed> NeedAsync(Snapshot patient, CancellationToken cancellationToken) =>
        CareManagerProfile.NeedOf(
            patient,
            (await WeightsAsync([patient.Key.ToString()], cancellationToken))[patient.Key.ToString()]
        );

    private async Task<CareManagerCandidate> ProfileAsync(
        Snapshot manager,
        DateOnly today,
        CancellationToken cancellationToken
    )
    {
        var person =
            manager.Key.Type == ResourceTypes.PractitionerRole
            && PractitionerRoleView.From(Parse(manager)).Practitioner.Reference is { } reference
                ? await reads.ReadAsync(reference, cancellationToken)
                : null;
        return CareManagerProfile.Of(manager, person, today);
    }

    /// <summary>The candidates with the patients of their active episodes, and whether they had this patient before.</summary>
    private async Task<ImmutableArray<CareManagerCandidate>> WeighAsync(
        List<CareManagerCandidate> candidates,
        Snapshot patient,
        CareRules rules,
        CancellationToken cancellationToken
    )
    {
        var caseloads = candidates.ToDictionary(c => c, _ => new HashSet<string>(StringComparer.Ordinal));
        var names = candidates.SelectMany(c => new[] { c.PractitionerRole, c.Person }).OfType<string>().Distinct();
        foreach (var some in names.Chunk(KeysPerSearch))
        {
            foreach (var episode in await EpisodesAsync($"status=active&manager={Listed(some)}", cancellationToken))
            {
                if (episode.Patient.Reference is not { } mine)
                    continue;
                foreach (var (candidate, patients) in caseloads)
                {
                    if (candidate.Is(episode.CareManager.Reference))
                        patients.Add(mine);
                }
            }
        }

        var weights = await WeightsAsync(caseloads.Values.SelectMany(p => p).Distinct(), cancellationToken);
        var known = await KnownToAsync(patient, cancellationToken);
        return
        [
            .. candidates.Select(c =>
            {
                // Who has the patient already does not get one more.
                var others = caseloads[c].Where(p => p != patient.Key.ToString()).ToArray();
                return c with
                {
                    Patients = others.Length,
                    Points = others.Sum(p => weights[p].Points(rules)),
                    KnowsPatient = known.Any(c.Is),
                };
            }),
        ];
    }

    private async Task<Dictionary<string, CaseloadPatient>> WeightsAsync(
        IEnumerable<string> patients,
        CancellationToken cancellationToken
    )
    {
        var all = patients.ToArray();
        var tiers = await risks.TiersAsync(all, cancellationToken);
        var inTransition = new HashSet<string>(StringComparer.Ordinal);
        foreach (var some in all.Chunk(KeysPerSearch))
        {
            foreach (
                var plan in await reads.SearchAsync(
                    ResourceTypes.CarePlan,
                    $"subject={Listed(some)}&status=active&part-of:missing=false",
                    cancellationToken
                )
            )
            {
                if (CarePlanView.From(Parse(plan)).Subject.Reference is { } subject)
                    inTransition.Add(subject);
            }
        }

        return all.ToDictionary(
            p => p,
            p => new CaseloadPatient(tiers.GetValueOrDefault(p), inTransition.Contains(p)),
            StringComparer.Ordinal
        );
    }

    /// <summary>Whoever is or was in a team of the patient, or managed an episode.</summary>
    private async Task<HashSet<string>> KnownToAsync(Snapshot patient, CancellationToken cancellationToken)
    {
        var query = $"patient={Uri.EscapeDataString(patient.Key.ToString())}";
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var episode in await EpisodesAsync(query, cancellationToken))
            known.Add(episode.CareManager.Reference ?? "");
        foreach (var team in await reads.SearchAsync(ResourceTypes.CareTeam, query, cancellationToken))
        {
            foreach (var participant in CareTeamView.From(Parse(team)).Participant)
                known.Add(participant.Member.Reference ?? "");
        }

        return known;
    }

    private async Task<IEnumerable<EpisodeOfCareView>> EpisodesAsync(
        string query,
        CancellationToken cancellationToken
    ) =>
        (await reads.SearchAsync(ResourceTypes.EpisodeOfCare, query, cancellationToken)).Select(e =>
            EpisodeOfCareView.From(Parse(e))
        );

    private static string Listed(IEnumerable<string> references) =>
        string.Join(',', references.Select(Uri.EscapeDataString));

    private static ResourceDocument Parse(Snapshot snapshot) => ResourceDocument.Parse(snapshot.Utf8Json).Value;
}
