using System.Collections.Immutable;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Tasks;
using CareCoordination.Workflow.Transitions;
using CareCoordination.Workflow.Visits;
using CareCoordination.Workflow.Writes;

namespace CareCoordination.Application.Writes;

/// <summary>What follows for the teaching of patients from the tasks, requests and procedures that a commit writes.</summary>
public sealed class TeachingEffects(CareReads reads, CarePolicies policies)
{
    private const int MostAtOnce = 50;

    private static readonly string Teach = $"{Uri.EscapeDataString(TeachBack.WorkSystem)}|{TeachBack.Teach}";

    private static readonly string Tasks =
        $"code={Teach},{Uri.EscapeDataString(Rides.GravitySystem)}|{Teaching.ReviewMaterial}";

    private static readonly string Visit =
        $"code={Uri.EscapeDataString(TransitionWork.System)}|{TransitionWork.Visit}&status={OpenWork.StatusSearch}";

    /// <summary>The patients of whom something is written that can mean something for teaching.</summary>
    public static ImmutableArray<string> PatientsOf(ImmutableArray<WrittenVersion> written) =>
        [
            .. written
                .SelectMany(w => w.Documents, (w, document) => Teaching.PatientOf(w.Key.Type, document))
                .OfType<string>()
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>What is to be written besides, and what that relies on.</summary>
    public async Task<Decision> OfPatientAsync(
        string patient,
        ImmutableArray<WrittenVersion> written,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var facts = await FactsAsync(patient, written, now, cancellationToken);
        return new Decision(written[0].Key, [.. Teaching.Decide(facts).Select(Write)])
        {
            Activity = "update",
            RestsOnAll = true,
        };
    }

    private async Task<TeachingFacts> FactsAsync(
        string patient,
        ImmutableArray<WrittenVersion> written,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var over = new WrittenVersions(reads, written);
        var of = Uri.EscapeDataString(patient);
        // The requests and procedures of this commit only: what the others say is in the tasks already.
        var requests = Of(
            written,
            ResourceTypes.ServiceRequest,
            d => Teaching.PatientOf(ResourceTypes.ServiceRequest, d) == patient
        );
        var procedures = Of(
            written,
            ResourceTypes.Procedure,
            d => Teaching.PatientOf(ResourceTypes.Procedure, d) == patient
        );
        var taught = await over.SearchAsync(
            ResourceTypes.Task,
            $"patient={of}&{Tasks}",
            document => Teaching.PatientOf(ResourceTypes.Task, document) == patient,
            cancellationToken
        );
        var about = await AboutAsync(patient, requests, over, cancellationToken);
        var parts = await over.PartsOfAsync(
            ResourceTypes.Task,
            taught,
            document => TaskView.From(document).PartOf.Any(p => taught.Any(t => t.Key.ToString() == p.Reference)),
            cancellationToken
        );
        var visits = await over.SearchAsync(
            ResourceTypes.Task,
            $"patient={of}&{Visit}",
            document =>
                TaskView.From(document) is var task && VisitTriggers.IsVisit(task) && task.For.Reference == patient,
            cancellationToken
        );
        var episodes = await reads.SearchAsync(
            ResourceTypes.EpisodeOfCare,
            $"patient={of}&status=active",
            cancellationToken
        );
        var policy = taught.IsEmpty
            ? await policies.OfAsync(cancellationToken, patient)
            : await policies.OfAsync(taught[0], cancellationToken);
        return new TeachingFacts(
            [.. taught.Concat(about).DistinctBy(t => t.Key)],
            parts,
            requests,
            procedures,
            visits,
            LifeEvents.ManagerOf(episodes),
            new CommandContext(ServerAgent.Unknown, now, policy.Today(now)) { Zone = policy.TimeZone },
            policy
        );
    }

    /// <summary>The patient's tasks that somebody has made about the requests, whatever their code.</summary>
    private static async Task<ImmutableArray<Snapshot>> AboutAsync(
        string patient,
        ImmutableArray<Snapshot> requests,
        WrittenVersions over,
        CancellationToken cancellationToken
    )
    {
        var found = new Dictionary<ResourceKey, Snapshot>();
        foreach (var some in requests.Select(r => r.Key.ToString()).Chunk(MostAtOnce))
        foreach (var parameter in (string[])["focus", "based-on"])
        {
            foreach (
                var task in await over.SearchAsync(
                    ResourceTypes.Task,
                    $"patient={Uri.EscapeDataString(patient)}&{parameter}={string.Join(',', some)}",
                    document =>
                        Teaching.PatientOf(ResourceTypes.Task, document) == patient
                        && IsAbout(TaskView.From(document), some),
                    cancellationToken
                )
            )
                found[task.Key] = task;
        }

        return [.. found.Values];
    }

    private static bool IsAbout(TaskView task, string[] requests) =>
        requests.Contains(task.Focus.Reference) || task.BasedOn.Any(b => requests.Contains(b.Reference));

    /// <summary>What is deleted counts as entered in error.</summary>
    private static ImmutableArray<Snapshot> Of(
        ImmutableArray<WrittenVersion> written,
        string type,
        Func<ResourceDocument, bool> matches
    ) =>
        [
            .. written
                .Where(w => w.Key.Type == type && w.Documents.Any(matches))
                .Select(w => (w.Key, w.Version, Now: w.After ?? Voided.Of(w.Key, w.Before!)))
                .Where(w => w.Now is not null)
                .Select(w => new Snapshot(w.Key, w.Version, w.Now!.Utf8)),
        ];

    private static ResourceWrite Write(Workflow.Resources.TaskDraft task) =>
        new(task.Key, task.Version, task.ToUtf8Json());
}
