using System.Collections.Immutable;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Goals;
using CareCoordination.Workflow.Tasks;
using CareCoordination.Workflow.Writes;

namespace CareCoordination.Application.Writes;

/// <summary>Reads what has to be known to tell what follows from plain writes.</summary>
public sealed class WriteReads(
    CareReads reads,
    GoalReadings readings,
    MeasuredGoals measured,
    CarePolicies policies,
    WrittenReferralReads referrals,
    ArrivingPlanReads plans
)
{
    public async Task<WriteSurroundings> AroundAsync(
        ImmutableArray<RestWrite> writes,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var tasks = writes.Where(w => w.Key.Type == ResourceTypes.Task).Select(Written);
        ImmutableArray<Snapshot> parts = RestWrites.MovesParts(writes)
            ? await reads.PartsOfAsync(tasks, cancellationToken)
            : [];
        var goals = await measured.OfAsync(writes, now, cancellationToken);
        return new WriteSurroundings(parts, goals)
        {
            Episodes = await EpisodesAsync(writes, cancellationToken),
            Referrals = await referrals.OfAsync(writes, now, cancellationToken),
            Contacts = await ContactsAsync(writes, cancellationToken),
            Endings = await EndingsAsync(writes, now, cancellationToken),
            Plans = await plans.OfAsync(writes, now, cancellationToken),
            Sought = await SoughtAsync(writes, goals, now, cancellationToken),
        };
    }

    private static Snapshot Written(RestWrite write) => new(write.Key, write.Version, write.After.Utf8);

    private async Task<ImmutableArray<FailedContact>> ContactsAsync(
        ImmutableArray<RestWrite> writes,
        CancellationToken cancellationToken
    )
    {
        var contacts = ImmutableArray.CreateBuilder<FailedContact>();
        foreach (var write in writes.Where(FailedContacts.Is))
        {
            if (!await reads.WasEverAsync(SecondAttempt.KeyAfter(write.Key), cancellationToken))
                contacts.Add(new FailedContact(write, await reads.PlanOfAsync(Written(write), cancellationToken)));
        }

        return contacts.ToImmutable();
    }

    private async Task<ImmutableArray<CareAtItsEnd>> EndingsAsync(
        ImmutableArray<RestWrite> writes,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var endings = ImmutableArray.CreateBuilder<CareAtItsEnd>();
        var written = writes.Select(w => w.Key).ToHashSet();
        foreach (var write in writes)
        {
            if (
                write.IsNew
                || LifeEvents.Of(write) is not { } life
                || endings.Any(e => e.Event.Patient == life.Patient)
            )
                continue;
            var episodes = await OpenAsync(ResourceTypes.EpisodeOfCare, life.Patient, cancellationToken);
            var isDischarge = write.Key.Type == ResourceTypes.EpisodeOfCare;
            // Who is enrolled elsewhere, or by the same commit, goes on there.
            if (
                isDischarge
                && (
                    episodes.Any(e => !written.Contains(e.Key))
                    || writes.Any(w => LifeEvents.OpenEpisodeOf(w) == life.Patient)
                )
            )
                continue;
            var care = new List<Snapshot>(episodes);
            foreach (var type in CareThatEnds)
                care.AddRange(await OpenAsync(type, life.Patient, cancellationToken));
            var calendar = (await policies.OfAsync(cancellationToken, life.Patient)).Calendar;
            endings.Add(
                // What the same commit writes is as its writer wants it.
                new(
                    life,
                    [.. care.Where(c => !written.Contains(c.Key))],
                    calendar,
                    ServerAgent.Unknown,
                    () => FhirId.New(now)
                )
                {
                    Manager = LifeEvents.ManagerOf(episodes),
                }
            );
        }

        return endings.ToImmutable();
    }

    private static readonly string[] CareThatEnds =
    [
        ResourceTypes.CarePlan,
        ResourceTypes.Goal,
        ResourceTypes.Task,
        ResourceTypes.Appointment,
    ];

    private Task<ImmutableArray<Snapshot>> OpenAsync(string type, string patient, CancellationToken cancellationToken)
    {
        var of = Uri.EscapeDataString(patient);
        return reads.SearchAsync(
            type,
            type switch
            {
                ResourceTypes.EpisodeOfCare => $"patient={of}&status=planned,waitlist,active,onhold",
                ResourceTypes.CarePlan => $"subject={of}&status=draft,active,on-hold",
                ResourceTypes.Goal => $"subject={of}&lifecycle-status=proposed,planned,accepted,active,on-hold",
                ResourceTypes.Task => $"patient={of}&status={OpenWork.StatusSearch}",
                _ => $"patient={of}&status=proposed,pending,booked,arrived,checked-in,waitlist",
            },
            cancellationToken
        );
    }

    /// <summary>All of them, because one that is not active now may be when the write is stored.</summary>
    private async Task<ManagedEpisodes?> EpisodesAsync(
        ImmutableArray<RestWrite> writes,
        CancellationToken cancellationToken
    )
    {
        var patients = writes
            .Select(SingleCareManagerRule.PatientOf)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        if (patients.Length == 0)
            return null;
        var episodes = new List<Snapshot>();
        foreach (var patient in patients)
            episodes.AddRange(
                await reads.SearchAsync(
                    ResourceTypes.EpisodeOfCare,
                    $"patient={Uri.EscapeDataString(patient)}",
                    cancellationToken
                )
            );
        var roles = episodes
            .Select(e => ResourceDocument.Parse(e.Utf8Json).Value)
            .Concat(writes.Where(w => w.Key.Type == ResourceTypes.EpisodeOfCare).Select(w => w.After))
            .Select(SingleCareManagerRule.ManagerOf)
            .OfType<string>()
            .Where(m => m.StartsWith(ResourceTypes.PractitionerRole, StringComparison.Ordinal));
        var people = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var role in await reads.ReadAllAsync(roles, cancellationToken))
        {
            var view = PractitionerRoleView.From(ResourceDocument.Parse(role.Utf8Json).Value);
            if (view.Practitioner.Reference is { } person)
                people[role.Key.ToString()] = person;
        }

        return new ManagedEpisodes([.. episodes], people.ToImmutable());
    }

    private async Task<ImmutableArray<SoughtGoal>> SoughtAsync(
        ImmutableArray<RestWrite> writes,
        ImmutableArray<MeasuredGoal> measured,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var sought = ImmutableArray.CreateBuilder<SoughtGoal>();
        foreach (var write in writes.Where(w => SoughtGoal.Is(w) && !measured.Any(m => m.Goal.Key == w.Key)))
        {
            var goal = Written(write);
            var policy = await policies.OfAsync(goal, cancellationToken);
            var known = await readings.KnownAsync(goal, policy, now, cancellationToken);
            sought.Add(new SoughtGoal(write, known, policy.RulesAt(now)));
        }

        return sought.ToImmutable();
    }
}
