using System.Collections.Immutable;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Tasks;
using CareCoordination.Workflow.Visits;
using CareCoordination.Workflow.Writes;

namespace CareCoordination.Application.Writes;

/// <summary>What follows for rides from the appointments and the requests for transport that a commit writes.</summary>
public sealed class RideEffects(CareReads reads, CarePolicies policies)
{
    private static readonly string Requests =
        $"category={Uri.EscapeDataString(Rides.GravitySystem)}|{Rides.GravityTransport},{Uri.EscapeDataString(Rides.CategorySystem)}|{Rides.Transport}";

    private static readonly string Tasks =
        $"code={Uri.EscapeDataString(AppointmentWork.System)}|{AppointmentWork.ConfirmTransport},{Uri.EscapeDataString(AppointmentWork.System)}|{AppointmentWork.CallOffTransport}";

    /// <summary>The patients of whom something is written that can mean something for rides.</summary>
    public static ImmutableArray<string> PatientsOf(ImmutableArray<WrittenVersion> written)
    {
        var asked = written
            .Where(w => w.Key.Type == ResourceTypes.ServiceRequest)
            .SelectMany(w => w.Documents)
            .Select(Rides.PatientOf)
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
        // Nobody can have asked for a ride to what is new.
        asked.UnionWith(
            written
                .Where(w => w is { Key.Type: ResourceTypes.Appointment, IsNew: false })
                .SelectMany(w => w.Documents)
                .SelectMany(d => VisitTriggers.PatientsOf(AppointmentView.From(d)))
        );
        return [.. asked.Order(StringComparer.Ordinal)];
    }

    /// <summary>What is to be written besides, and what that relies on.</summary>
    public async Task<Decision> OfPatientAsync(
        string patient,
        ImmutableArray<WrittenVersion> written,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var over = new WrittenVersions(reads, written);
        var of = Uri.EscapeDataString(patient);
        var requests = await over.SearchAsync(
            ResourceTypes.ServiceRequest,
            $"patient={of}&{Requests}",
            document => Rides.PatientOf(document) == patient,
            cancellationToken
        );
        var answer = new Decision(written[0].Key, []) { Activity = "update" };
        if (requests.IsEmpty && !written.Any(w => w.Key.Type == ResourceTypes.ServiceRequest))
            return answer with { Finds = [new(ResourceTypes.ServiceRequest, $"patient={of}&{Requests}", null)] };
        var facts = await FactsAsync(patient, requests, over, now, cancellationToken);
        return answer with
        {
            Writes = [.. Rides.Decide(facts).Select(t => new ResourceWrite(t.Key, t.Version, t.ToUtf8Json()))],
            RestsOnAll = true,
        };
    }

    private async Task<RideFacts> FactsAsync(
        string patient,
        ImmutableArray<Snapshot> requests,
        WrittenVersions over,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var of = Uri.EscapeDataString(patient);
        var tasks = await over.SearchAsync(
            ResourceTypes.Task,
            $"patient={of}&{Tasks}",
            document => IsOfRide(TaskView.From(document)) && TaskView.From(document).For.Reference == patient,
            cancellationToken
        );
        var named = requests
            .SelectMany(r => Rides.AppointmentsOf(ServiceRequestView.From(Parse(r))))
            .Concat(tasks.SelectMany(t => Rides.AppointmentsOf(TaskView.From(Parse(t)))));
        var policy = await policies.OfAsync(cancellationToken, [.. requests.Select(r => RequesterOf(r)), patient]);
        var episodes = await reads.SearchAsync(
            ResourceTypes.EpisodeOfCare,
            $"patient={of}&status=active",
            cancellationToken
        );
        return new RideFacts(
            requests,
            [
                .. (await over.ReadAllAsync(named, cancellationToken)).Where(a =>
                    VisitTriggers.PatientsOf(AppointmentView.From(Parse(a))).Contains(patient)
                ),
            ],
            tasks,
            LifeEvents.ManagerOf(episodes),
            new CommandContext(ServerAgent.Unknown, now, policy.Today(now)) { Zone = policy.TimeZone },
            policy
        );
    }

    private static bool IsOfRide(TaskView task)
    {
        foreach (var coding in task.Code.Coding)
        {
            if (
                coding.System == AppointmentWork.System
                && coding.Code is AppointmentWork.ConfirmTransport or AppointmentWork.CallOffTransport
            )
                return true;
        }

        return false;
    }

    private static string? RequesterOf(Snapshot request) => ServiceRequestView.From(Parse(request)).Requester.Reference;

    private static ResourceDocument Parse(Snapshot snapshot) => ResourceDocument.Parse(snapshot.Utf8Json).Value;
}
