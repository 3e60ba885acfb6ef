using System.Collections.Immutable;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Workflow.Caseload;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Application.Caseload;

/// <summary>A time by the calendar and the rules of an organisation.</summary>
public readonly record struct PolicyDay(CarePolicy Policy, DateTimeOffset Now)
{
    public DateOnly Today => Policy.Today(Now);

    public CareRules Rules => Policy.RulesAt(Now);
}

/// <summary>Reads who could be a patient's care manager: their licence, languages and caseload, and whether they know the patient.</summary>
public sealed class CareManagers(
    CareReads reads,
    CareWorkers workers,
    PatientRisks risks,
    ReadGate gate,
    FhirDefinitions definitions
)
{
    /// <summary>What is late is not asked: nothing was due before the beginning of time.</summary>
    private static readonly ImmutableArray<short> NotAsked = [0];

    /// <summary>One that is named, a PractitionerRole or a Practitioner; null where there is no such one.</summary>
    public async Task<CareManagerCandidate?> FindAsync(
        string reference,
        Snapshot patient,
        PolicyDay day,
        CancellationToken cancellationToken
    ) =>
        reference.Split('/')[0] is ResourceTypes.PractitionerRole or ResourceTypes.Practitioner
        && await reads.ReadAsync(reference, cancellationToken) is { } manager
            ? (
                await WeighAsync(
                    [await ProfileAsync(manager, day, cancellationToken)],
                    patient,
                    day.Rules,
                    cancellationToken
                )
            )[0]
            : null;

    /// <summary>Everybody with the role of a care manager, in an organisation where one is given.</summary>
    public async Task<ImmutableArray<CareManagerCandidate>> AllAsync(
        string? organization,
        Snapshot patient,
        PolicyDay day,
        CancellationToken cancellationToken
    )
    {
        var query = $"role={string.Join(',', CareManagerRoles.Codes)}";
        if (organization is not null)
            query += $"&organization={Uri.EscapeDataString(organization)}";
        var profiles = new List<CareManagerCandidate>();
        foreach (var role in await reads.SearchAsync(ResourceTypes.PractitionerRole, query, cancellationToken))
            profiles.Add(await ProfileAsync(role, day, cancellationToken));
        return await WeighAsync(profiles, patient, day.Rules, cancellationToken);
    }

    /// <summary>What the patient needs, and what the patient weighs.</summary>
    public async Task<CareManagerNeed> NeedAsync(Snapshot patient, CancellationToken cancellationToken) =>
        CareManagerProfile.NeedOf(patient, await WeightAsync(patient, cancellationToken));

    private async Task<CareManagerCandidate> ProfileAsync(
        Snapshot manager,
        PolicyDay day,
        CancellationToken cancellationToken
    )
    {
        var person =
            manager.Key.Type == ResourceTypes.PractitionerRole
            && PractitionerRoleView.From(Parse(manager)).Practitioner.Reference is { } reference
                ? await reads.ReadAsync(reference, cancellationToken)
                : null;
        return CareManagerProfile.Of(manager, person, day.Today, day.Policy.TimeZone) with
        {
            AlsoKnownAs = await workers.NamesOfAsync(manager.Key.ToString(), cancellationToken),
        };
    }

    /// <summary>The candidates with their caseloads, this patient left out, and whether they had this patient before.</summary>
    private async Task<ImmutableArray<CareManagerCandidate>> WeighAsync(
        List<CareManagerCandidate> candidates,
        Snapshot patient,
        CareRules rules,
        CancellationToken cancellationToken
    )
    {
        var query = $"patient={Uri.EscapeDataString(patient.Key.ToString())}";
        var known = new HashSet<string>(StringComparer.Ordinal);
        var managing = new HashSet<string>(StringComparer.Ordinal);
        foreach (var found in await reads.SearchAsync(ResourceTypes.EpisodeOfCare, query, cancellationToken))
        {
            var episode = EpisodeOfCareView.From(Parse(found));
            if (episode.CareManager.Reference is not { } manager)
                continue;
            known.Add(manager);
            if (episode.Status == EpisodeOfCareStatusCodes.Active)
                managing.Add(manager);
        }

        foreach (var team in await reads.SearchAsync(ResourceTypes.CareTeam, query, cancellationToken))
        {
            foreach (var participant in CareTeamView.From(Parse(team)).Participant)
                known.Add(participant.Member.Reference ?? "");
        }

        var weight = await WeightAsync(patient, cancellationToken);
        var weighed = ImmutableArray.CreateBuilder<CareManagerCandidate>();
        foreach (var candidate in candidates)
        {
            var (patients, points) = await LoadAsync(candidate, rules, cancellationToken);
            // Who has the patient already does not get one more.
            var has = managing.Any(candidate.Is);
            weighed.Add(
                candidate with
                {
                    Patients = patients - (has ? 1 : 0),
                    Points = points - (has ? weight.Points(rules) : 0),
                    KnowsPatient = known.Any(candidate.Is),
                }
            );
        }

        return weighed.ToImmutable();
    }

    private async Task<(int Patients, int Points)> LoadAsync(
        CareManagerCandidate candidate,
        CareRules rules,
        CancellationToken cancellationToken
    )
    {
        var query = new CaseloadQuery(
            [.. candidate.AlsoKnownAs.Select(definitions.PartyOf)],
            NotAsked,
            DateTimeOffset.MinValue
        );
        var load = await gate.CaseloadAsync(query, cancellationToken);
        return (
            load.Patients.Sum(p => p.Patients),
            load.Patients.Sum(p => p.Patients * new CaseloadPatient(p.Tier, p.InTransition).Points(rules))
        );
    }

    private async Task<CaseloadPatient> WeightAsync(Snapshot patient, CancellationToken cancellationToken)
    {
        var reference = patient.Key.ToString();
        var tiers = await risks.TiersAsync([reference], cancellationToken);
        var transitions = await reads.SearchAsync(
            ResourceTypes.CarePlan,
            $"subject={Uri.EscapeDataString(reference)}&status=active&part-of:missing=false",
            cancellationToken
        );
        return new CaseloadPatient(tiers.GetValueOrDefault(reference), transitions.Length > 0);
    }

    private static ResourceDocument Parse(Snapshot snapshot) => ResourceDocument.Parse(snapshot.Utf8Json).Value;
}
