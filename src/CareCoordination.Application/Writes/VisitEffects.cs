using System.Collections.Immutable;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
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
    /// <summary>Of those that name nothing, in the days of a plan: more is a mistake of a scheduling system.</summary>
    private const int MostAppointments = 200;

    private const int MostAtOnce = 50;

    private const string CarePlan = ResourceTypes.CarePlan + "/";
    private const string Request = ResourceTypes.ServiceRequest + "/";

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
        // Nobody has planned a visit: that is so as long as nobody does. What this commit takes away is there until it is stored.
        if (tasks.IsEmpty)
            return written.Any(w => w is { Key.Type: ResourceTypes.Task, Version: > 0 })
                ? answer with
                {
                    RestsOnAll = true,
                }
                : answer with
                {
                    Finds = [new(ResourceTypes.Task, $"patient={of}&{Tasks}", null)],
                };
        var named = await over.ReadAllAsync(
            tasks.SelectMany(t => Named(t)).Where(n => n.StartsWith(CarePlan, StringComparison.Ordinal)),
            cancellationToken
        );
        ImmutableArray<Snapshot> plans = [.. named.Where(p => RecordPatient.Of(p) == patient)];
        var facts = await FactsAsync(patient, tasks, plans, over, now, cancellationToken);
        return answer with { Writes = [.. PatientVisits.Decide(facts).Select(Write)], RestsOnAll = true };
    }

    private async Task<VisitFacts> FactsAsync(
        string patient,
        ImmutableArray<Snapshot> tasks,
        ImmutableArray<Snapshot> plans,
        WrittenVersions over,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var policy = await policies.OfAsync(tasks[0], cancellationToken);
        var appointments = await AppointmentsAsync(patient, tasks, plans, over, cancellationToken);
        var keys = tasks.Select(t => t.Key.ToString()).ToHashSet(StringComparer.Ordinal);
        var parts = await over.PartsOfAsync(
            ResourceTypes.Task,
            tasks,
            document => PartsOf(TaskView.From(document)).Any(keys.Contains),
            cancellationToken
        );
        return new VisitFacts(
            tasks,
            parts,
            appointments,
            await EncountersAsync(patient, appointments, over, cancellationToken),
            plans,
            new CommandContext(ServerAgent.Unknown, now, policy.Today(now)) { Zone = policy.TimeZone },
            policy
        );
    }

    /// <summary>
    /// Those of the patient that name the visits, their plans or their requests, those that the visits know, and those in the days of a plan
    /// that goes on.
    /// </summary>
    private static async Task<ImmutableArray<Snapshot>> AppointmentsAsync(
        string patient,
        ImmutableArray<Snapshot> tasks,
        ImmutableArray<Snapshot> plans,
        WrittenVersions over,
        CancellationToken cancellationToken
    )
    {
        var of = Uri.EscapeDataString(patient);
        var found = new Dictionary<ResourceKey, Snapshot>();
        var named = tasks
            .SelectMany(t => Named(t).Prepend(t.Key.ToString()))
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        foreach (var some in named.Chunk(MostAtOnce))
        {
            await AddAsync($"patient={of}&supporting-info={string.Join(',', some)}", null);
            if (some.Where(n => n.StartsWith(Request, StringComparison.Ordinal)).ToArray() is { Length: > 0 } requests)
                await AddAsync($"patient={of}&based-on={string.Join(',', requests)}", null);
        }

        foreach (var plan in plans)
        {
            if (VisitFacts.DaysOf(plan) is { } days)
                await AddAsync(
                    $"patient={of}&date=ge{days.First:yyyy-MM-dd}&date=le{days.Last:yyyy-MM-dd}",
                    MostAppointments
                );
        }

        Add(
            await over.ReadAllAsync(
                tasks.SelectMany(t => VisitStates.AppointmentsOf(new TaskDraft(t))),
                cancellationToken
            )
        );
        return [.. found.Values];

        async Task AddAsync(string query, int? most) =>
            Add(await over.SearchAsync(ResourceTypes.Appointment, query, IsOf, cancellationToken, most));

        void Add(ImmutableArray<Snapshot> some)
        {
            foreach (var appointment in some)
            {
                if (IsOf(ResourceDocument.Parse(appointment.Utf8Json).Value))
                    found[appointment.Key] = appointment;
            }
        }

        bool IsOf(ResourceDocument document) =>
            VisitTriggers.PatientsOf(AppointmentView.From(document)).Contains(patient);
    }

    /// <summary>What a visit is based on and about: its plan, its request.</summary>
    private static IEnumerable<string> Named(Snapshot task)
    {
        var edit = new TaskDraft(task).Edit;
        return edit
            .BasedOn.Select(b => b.Reference)
            .Append(edit.Focus.Reference)
            .OfType<string>()
            .Where(r =>
                r.StartsWith(CarePlan, StringComparison.Ordinal) || r.StartsWith(Request, StringComparison.Ordinal)
            );
    }

    /// <summary>Those of the patient that say which appointments were kept.</summary>
    private static async Task<ImmutableArray<Snapshot>> EncountersAsync(
        string patient,
        ImmutableArray<Snapshot> appointments,
        WrittenVersions over,
        CancellationToken cancellationToken
    )
    {
        var found = new Dictionary<ResourceKey, Snapshot>();
        foreach (var some in appointments.Select(a => a.Key.ToString()).Chunk(MostAtOnce))
        {
            foreach (
                var encounter in await over.SearchAsync(
                    ResourceTypes.Encounter,
                    $"patient={Uri.EscapeDataString(patient)}&appointment={string.Join(',', some)}",
                    document =>
                        RecordPatient.Of(document) == patient
                        && EncounterView.From(document).Appointment.Any(a => some.Contains(a.Reference)),
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
