using System.Collections.Immutable;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Transitions;
using CareCoordination.Workflow.Visits;

namespace CareCoordination.Application.Writes;

/// <summary>
/// What follows for the visits of a plan from the appointments, encounters and tasks that a commit writes, whoever writes them: a client, a
/// command, a message of a hospital.
/// </summary>
public sealed class VisitEffects(CareReads reads, CarePolicies policies)
{
    private const int MostAppointments = 100;
    private const int MostAtOnce = 50;

    private static readonly string Tasks =
        $"code={Uri.EscapeDataString(TransitionWork.System)}|{TransitionWork.Visit},{Uri.EscapeDataString(TransitionWork.System)}|{TransitionWork.Medications}";

    /// <summary>The patients of whom something is written that can mean something for visits.</summary>
    public static ImmutableArray<string> PatientsOf(IEnumerable<WrittenVersion> written) =>
        [
            .. written
                .SelectMany(w => w.Documents, (w, document) => VisitTriggers.PatientsOf(w.Key.Type, document))
                .SelectMany(p => p)
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
        var over = new WrittenVersions(reads, written);
        var of = Uri.EscapeDataString(patient);
        var tasks = await over.SearchAsync(
            ResourceTypes.Task,
            $"patient={of}&{Tasks}",
            document =>
                TaskView.From(document) is var task && VisitTriggers.IsTimed(task) && task.For.Reference == patient,
            cancellationToken
        );
        var answer = new Decision(written[0].Key, []) { Activity = "update" };
        // Nobody has planned a visit: that is so as long as nobody does.
        if (tasks.IsEmpty)
            return answer with { Finds = [new(ResourceTypes.Task, $"patient={of}&{Tasks}", null)] };
        var facts = await FactsAsync(patient, tasks, over, now, cancellationToken);
        return answer with { Writes = [.. PatientVisits.Decide(facts).Select(Write)], RestsOnAll = true };
    }

    private async Task<VisitFacts> FactsAsync(
        string patient,
        ImmutableArray<Snapshot> tasks,
        WrittenVersions over,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var policy = await policies.OfAsync(tasks[0], cancellationToken);
        var appointments = await over.SearchAsync(
            ResourceTypes.Appointment,
            $"patient={Uri.EscapeDataString(patient)}&_sort=-date",
            document => VisitTriggers.PatientsOf(AppointmentView.From(document)).Contains(patient),
            cancellationToken,
            MostAppointments
        );
        var keys = tasks.Select(t => t.Key.ToString()).ToHashSet(StringComparer.Ordinal);
        var parts = await over.PartsOfAsync(
            ResourceTypes.Task,
            tasks.Select(t => t.Key),
            document => PartsOf(TaskView.From(document)).Any(keys.Contains),
            cancellationToken
        );
        var encounters = await EncountersAsync(appointments, over, cancellationToken);
        var plans = await over.ReadAllAsync(
            tasks.SelectMany(t => new TaskDraft(t).Edit.BasedOn.Select(b => b.Reference)).OfType<string>(),
            cancellationToken
        );
        return new VisitFacts(
            tasks,
            parts,
            appointments,
            encounters,
            [.. plans.Where(p => p.Key.Type == ResourceTypes.CarePlan)],
            new CommandContext(ServerAgent.Unknown, now, policy.Today(now)) { Zone = policy.TimeZone },
            policy
        );
    }

    /// <summary>Those that say which appointments were kept.</summary>
    private static async Task<ImmutableArray<Snapshot>> EncountersAsync(
        ImmutableArray<Snapshot> appointments,
        WrittenVersions over,
        CancellationToken cancellationToken
    )
    {
        var found = new Dictionary<Fhir.Primitives.ResourceKey, Snapshot>();
        foreach (var some in appointments.Select(a => a.Key.ToString()).Chunk(MostAtOnce))
        {
            foreach (
                var encounter in await over.SearchAsync(
                    ResourceTypes.Encounter,
                    $"appointment={string.Join(',', some)}",
                    document => EncounterView.From(document).Appointment.Any(a => some.Contains(a.Reference)),
                    cancellationToken
                )
            )
                found[encounter.Key] = encounter;
        }

        return [.. found.Values];
    }

    private static IEnumerable<string> PartsOf(TaskView task)
    {
        foreach (var whole in task.PartOf)
        {
            if (whole.Reference is { } reference)
                yield return reference;
        }
    }

    private static ResourceWrite Write(TaskDraft task) => new(task.Key, task.Version, task.ToUtf8Json());
}
