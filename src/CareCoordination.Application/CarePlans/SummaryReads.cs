using System.Collections.Immutable;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Goals;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Application.CarePlans;

/// <summary>
/// Reads what a summary tells. Each list is cut at so many that are read before a call, so that a patient of thirty years costs as much
/// as a new one.
/// </summary>
public sealed class SummaryReads(
    CareReads reads,
    ReadGate gate,
    PatientRisks risks,
    CarePolicies policies,
    FhirDefinitions definitions
)
{
    private const int MostOfAList = 50;
    private const int MostPlans = 10;
    private const int MostMeasures = 20;
    private const int MostNames = 40;

    /// <summary>What of the patient belongs into every summary: what is current, the next or the newest first.</summary>
    private static readonly (string Type, string Query)[] OfEverybody =
    [
        (ResourceTypes.EpisodeOfCare, "patient={0}&status=active"),
        (ResourceTypes.Appointment, "patient={0}&status=proposed,pending,booked,waitlist&_sort=date"),
        (ResourceTypes.Condition, "patient={0}&clinical-status=active,recurrence,relapse&_sort=-_lastUpdated"),
        (ResourceTypes.MedicationRequest, "patient={0}&status=active&_sort=-_lastUpdated"),
        (ResourceTypes.MedicationStatement, "patient={0}&status=active&_sort=-_lastUpdated"),
        (ResourceTypes.AllergyIntolerance, "patient={0}&clinical-status=active&_sort=-_lastUpdated"),
        (ResourceTypes.CareTeam, "patient={0}&status=active"),
    ];

    /// <summary>What is under way, whether it belongs to a plan or not.</summary>
    private static readonly (string Type, string Query)[] UnderWay =
    [
        (ResourceTypes.Goal, "patient={0}&lifecycle-status=proposed,planned,accepted,active,on-hold"),
        (ResourceTypes.Task, $"patient={{0}}&status={OpenWork.StatusSearch}&_sort=due"),
        (ResourceTypes.ServiceRequest, "patient={0}&status=draft,active,on-hold&_sort=-_lastUpdated"),
    ];

    /// <summary>What a care manager reads before a call.</summary>
    public async Task<CareSummaryContent> OfPatientAsync(
        Snapshot patient,
        string baseUrl,
        CancellationToken cancellationToken
    )
    {
        var plans = await reads.FirstAsync(
            ResourceTypes.CarePlan,
            $"patient={Uri.EscapeDataString(patient.Key.ToString())}&status=active&_sort=-_lastUpdated",
            MostPlans,
            cancellationToken
        );
        var (underWay, cut) = await ListAsync(UnderWay, patient, cancellationToken);
        return await CompleteAsync(patient, plans, underWay, (baseUrl, cut), cancellationToken);
    }

    /// <summary>The copy of one plan.</summary>
    public async Task<CareSummaryContent> OfPlanAsync(
        Snapshot plan,
        Snapshot patient,
        string baseUrl,
        CancellationToken cancellationToken
    ) =>
        await CompleteAsync(
            patient,
            [plan],
            await reads.MembersOfAsync(plan, cancellationToken),
            (baseUrl, []),
            cancellationToken
        );

    private async Task<CareSummaryContent> CompleteAsync(
        Snapshot patient,
        ImmutableArray<Snapshot> plans,
        ImmutableArray<Snapshot> members,
        (string BaseUrl, ImmutableHashSet<string> CutShort) about,
        CancellationToken cancellationToken
    )
    {
        var (others, cut) = await ListAsync(OfEverybody, patient, cancellationToken);
        var key = patient.Key.ToString();
        return new CareSummaryContent(patient, plans, members, others, about.BaseUrl, ServerAgent.Unknown.Reference)
        {
            CutShort = about.CutShort.Union(cut),
            Names = await NamesAsync(members.Concat(others), cancellationToken),
            Readings = await ReadingsAsync(patient, members, cancellationToken),
            Risk = (await risks.TiersAsync([key], cancellationToken)).GetValueOrDefault(key),
            Zone = (await policies.OfAsync(cancellationToken, key)).TimeZone,
        };
    }

    private async Task<(ImmutableArray<Snapshot> Found, ImmutableHashSet<string> CutShort)> ListAsync(
        (string Type, string Query)[] lists,
        Snapshot patient,
        CancellationToken cancellationToken
    )
    {
        var found = ImmutableArray.CreateBuilder<Snapshot>();
        var cut = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var (type, query) in lists)
        {
            var one = await reads.FirstAsync(
                type,
                query.Replace("{0}", Uri.EscapeDataString(patient.Key.ToString()), StringComparison.Ordinal),
                MostOfAList + 1,
                cancellationToken
            );
            found.AddRange(one.Take(MostOfAList));
            if (one.Length > MostOfAList)
                cut.Add(type);
        }

        return (found.ToImmutable(), cut.ToImmutable());
    }

    /// <summary>Of who owns tasks, manages and is in the team: where the reference does not say it itself.</summary>
    private async Task<ImmutableDictionary<string, string>> NamesAsync(
        IEnumerable<Snapshot> resources,
        CancellationToken cancellationToken
    )
    {
        var named = resources.SelectMany(SummaryPeople.Of).Distinct(StringComparer.Ordinal).Take(MostNames);
        var names = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var person in await reads.ReadAllAsync(named, cancellationToken))
        {
            if (await NameAsync(person, cancellationToken) is { } name)
                names[person.Key.ToString()] = name;
        }

        return names.ToImmutable();
    }

    /// <summary>A role is called as its person is.</summary>
    private async Task<string?> NameAsync(Snapshot person, CancellationToken cancellationToken) =>
        person.Key.Type == ResourceTypes.PractitionerRole
        && PractitionerRoleView.From(ResourceDocument.Parse(person.Utf8Json).Value).Practitioner.Reference is { } inner
        && await reads.ReadAsync(inner, cancellationToken) is { } practitioner
            ? PartyNames.Of(practitioner) ?? PartyNames.Of(person)
            : PartyNames.Of(person);

    /// <summary>The latest of each code that a goal measures; each is one look at an index.</summary>
    private async Task<ImmutableArray<Reading>> ReadingsAsync(
        Snapshot patient,
        ImmutableArray<Snapshot> members,
        CancellationToken cancellationToken
    )
    {
        var codes = members.SelectMany(MeasureCodes.Of).Distinct().Take(MostMeasures);
        var subject = definitions.PartyOf(patient.Key.ToString());
        var readings = ImmutableArray.CreateBuilder<Reading>();
        foreach (var (system, code) in codes)
        {
            var query = new ReadingsQuery(subject, new ReadingCode(system, code), 1) { IsLatestFirst = true };
            foreach (var found in await gate.ReadingsAsync(query, cancellationToken))
            {
                if (Reading.Of(found.Key, ResourceDocument.Parse(found.Utf8Json).Value) is { } reading)
                    readings.Add(reading);
            }
        }

        return readings.ToImmutable();
    }
}
