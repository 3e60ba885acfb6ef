using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Billing;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Application.Reads;

/// <summary>
/// Reads what a month of patients is billed by, of many patients at once: the number of searches depends on how many fifties of patients
/// there are, and not on how many patients.
/// </summary>
public sealed class BillingReads(CareReads reads, MonitoredDays monitored, CarePolicies policies)
{
    public const int PatientsAtOnce = 50;

    private const int MostVisitMonths = 36;

    private static readonly string Programs = $"type={Uri.EscapeDataString(CarePrograms.System)}|";

    private static readonly string Transitions =
        $"code={string.Join(',', new[] { TransitionWork.Contact, TransitionWork.Medications, TransitionWork.Visit }.Select(c => $"{Uri.EscapeDataString(TransitionWork.System)}|{c}"))}";

    /// <summary>The episodes of programmes of one patient, whatever their status.</summary>
    public Task<ImmutableArray<Snapshot>> EpisodesAsync(string patient, CancellationToken cancellationToken) =>
        reads.SearchAsync(
            ResourceTypes.EpisodeOfCare,
            $"patient={Uri.EscapeDataString(patient)}&{Programs}",
            cancellationToken
        );

    /// <summary>What there is of each of the patients, by their references; those who are in no programme have no episodes.</summary>
    /// <param name="day">A day of the month.</param>
    public async Task<IReadOnlyDictionary<string, BillingRecord>> RecordsAsync(
        IEnumerable<string> patients,
        DateOnly day,
        CancellationToken cancellationToken
    )
    {
        var records = new Dictionary<string, BillingRecord>(StringComparer.Ordinal);
        foreach (var some in patients.Distinct(StringComparer.Ordinal).Chunk(PatientsAtOnce))
        {
            var read = new Chunk(reads, monitored, policies, some, BillingMonth.Of(day, TimeZoneInfo.Utc));
            foreach (var record in await read.RecordsAsync(cancellationToken))
                records[record.Patient] = record;
        }

        return records;
    }

    /// <summary>As <see cref="RecordsAsync"/>, of one patient.</summary>
    public async Task<BillingRecord> RecordAsync(string patient, DateOnly day, CancellationToken cancellationToken) =>
        (await RecordsAsync([patient], day, cancellationToken))[patient];

    /// <summary>Some patients and a month.</summary>
    private sealed class Chunk(
        CareReads reads,
        MonitoredDays monitored,
        CarePolicies policies,
        string[] patients,
        BillingMonth month
    )
    {
        private readonly string _of = string.Join(',', patients.Select(Uri.EscapeDataString));

        // A day more than the month has, because it begins and ends earlier or later elsewhere.
        private readonly string _first = Print(month.First, -1);
        private readonly string _last = Print(month.Last, 1);

        public async Task<IEnumerable<BillingRecord>> RecordsAsync(CancellationToken cancellationToken)
        {
            var episodes = await FindAsync(ResourceTypes.EpisodeOfCare, $"patient={_of}&{Programs}", cancellationToken);
            if (episodes.IsEmpty)
                return patients.Select(p => new BillingRecord(p));
            var byPatient = Group(episodes, e => EpisodeOfCareView.From(e).Patient.Reference);
            var tasks = Group(await TasksAsync(cancellationToken), t => TaskView.From(t).For.Reference);
            var encounters = Group(
                await EncountersAsync(cancellationToken),
                e => EncounterView.From(e).Subject.Reference
            );
            var plans = await FindAsync(ResourceTypes.CarePlan, $"subject={_of}", cancellationToken);
            var plansOf = Group(plans, p => CarePlanView.From(p).Subject.Reference);
            var acts = await ActsAsync(plans, cancellationToken);
            var consents = Group(
                await FindAsync(ResourceTypes.Consent, $"patient={_of}", cancellationToken),
                c => ConsentView.From(c).Patient.Reference
            );
            var conditions = Group(
                await FindAsync(ResourceTypes.Condition, $"patient={_of}", cancellationToken),
                c => ConditionView.From(c).Subject.Reference
            );
            var coverages = Group(
                await FindAsync(ResourceTypes.Coverage, $"beneficiary={_of}", cancellationToken),
                c => CoverageView.From(c).Beneficiary.Reference
            );
            var charges = Group(
                await FindAsync(ResourceTypes.ChargeItem, $"subject={_of}", cancellationToken),
                c => ChargeItemView.From(c).Subject.Reference
            );
            var readings = Group(
                await ReadingsAsync(episodes, cancellationToken),
                o => ObservationView.From(o).Subject.Reference
            );
            var died = await DiedAsync(cancellationToken);
            return patients.Select(p => new BillingRecord(p)
            {
                Episodes = [.. byPatient[p]],
                Tasks = [.. tasks[p]],
                Encounters = [.. encounters[p]],
                Plans = [.. plansOf[p]],
                PlanActs = [.. plansOf[p].SelectMany(plan => acts[plan.Key.ToString()]).DistinctBy(a => a.Key)],
                Consents = [.. consents[p]],
                Conditions = [.. conditions[p]],
                Coverages = [.. coverages[p]],
                Charges = [.. charges[p]],
                Readings = [.. readings[p]],
                Died = died.TryGetValue(p, out var day) ? day : null,
            });
        }

        private async Task<IEnumerable<Snapshot>> TasksAsync(CancellationToken cancellationToken)
        {
            var worked = await FindAsync(
                ResourceTypes.Task,
                $"patient={_of}&period=ge{_first}&period=le{_last}",
                cancellationToken
            );
            var clocks = await FindAsync(ResourceTypes.Task, $"patient={_of}&{Transitions}", cancellationToken);
            return worked.Concat(clocks).DistinctBy(t => t.Key);
        }

        private async Task<IEnumerable<Snapshot>> EncountersAsync(CancellationToken cancellationToken)
        {
            var inMonth = await FindAsync(
                ResourceTypes.Encounter,
                $"patient={_of}&date=ge{_first}&date=le{_last}",
                cancellationToken
            );
            var visits = await FindAsync(
                ResourceTypes.Encounter,
                $"patient={_of}&class=AMB&date=ge{Print(month.First.PlusMonths(-MostVisitMonths) ?? DateOnly.MinValue, 0)}&date=lt{_first}",
                cancellationToken
            );
            return inMonth.Concat(visits).DistinctBy(e => e.Key);
        }

        /// <summary>What was done to the plans in the month, by the references of the plans.</summary>
        private async Task<ILookup<string, Snapshot>> ActsAsync(
            ImmutableArray<Snapshot> plans,
            CancellationToken cancellationToken
        )
        {
            var found = new List<(string Plan, Snapshot Act)>();
            foreach (var some in plans.Select(p => p.Key.ToString()).Chunk(PatientsAtOnce))
            {
                var wanted = some.ToHashSet(StringComparer.Ordinal);
                foreach (
                    var act in await FindAsync(
                        ResourceTypes.Provenance,
                        $"target={string.Join(',', some)}&recorded=ge{_first}&recorded=le{_last}",
                        cancellationToken
                    )
                )
                {
                    foreach (var target in ProvenanceView.From(Parse(act)).Target)
                    {
                        var plan = target.Reference?.Split("/_history/")[0];
                        if (plan is not null && wanted.Contains(plan))
                            found.Add((plan, act));
                    }
                }
            }

            return found.ToLookup(f => f.Plan, f => f.Act, StringComparer.Ordinal);
        }

        /// <summary>Readings of devices, where one of the patients is monitored.</summary>
        private async Task<IEnumerable<Snapshot>> ReadingsAsync(
            ImmutableArray<Snapshot> episodes,
            CancellationToken cancellationToken
        )
        {
            var found = new List<Snapshot>();
            foreach (
                var ofPatient in episodes
                    .Where(e => CarePrograms.Of(EpisodeOfCareView.From(Parse(e))) == CarePrograms.Remote)
                    .GroupBy(e => EpisodeOfCareView.From(Parse(e)).Patient.Reference ?? "", StringComparer.Ordinal)
            )
            {
                var zones = new HashSet<TimeZoneInfo>();
                foreach (var episode in ofPatient)
                    zones.Add((await policies.OfAsync(episode, cancellationToken)).TimeZone);
                found.AddRange(await monitored.OfAsync(ofPatient.Key, month, zones, cancellationToken));
            }

            return found;
        }

        private async Task<IReadOnlyDictionary<string, DateOnly>> DiedAsync(CancellationToken cancellationToken)
        {
            var ids = string.Join(',', patients.Select(p => Uri.EscapeDataString(p.Split('/')[^1])));
            return (await FindAsync(ResourceTypes.Patient, $"_id={ids}&deceased=true", cancellationToken))
                .Select(p => (Key: p.Key.ToString(), Day: CareDate.Of(PatientView.From(Parse(p)).DeceasedDateTime)))
                .Where(p => p.Day is not null)
                .ToDictionary(p => p.Key, p => p.Day!.Value.DayIn(TimeZoneInfo.Utc), StringComparer.Ordinal);
        }

        private Task<ImmutableArray<Snapshot>> FindAsync(
            string type,
            string query,
            CancellationToken cancellationToken
        ) => reads.SearchAsync(type, query, cancellationToken);

        private static ILookup<string, Snapshot> Group(
            IEnumerable<Snapshot> all,
            Func<ResourceDocument, string?> patientOf
        ) => all.ToLookup(s => patientOf(Parse(s)) ?? "", StringComparer.Ordinal);

        private static ResourceDocument Parse(Snapshot snapshot) => ResourceDocument.Parse(snapshot.Utf8Json).Value;

        private static string Print(DateOnly day, int more) => $"{day.PlusDays(more) ?? day:yyyy-MM-dd}";
    }
}
