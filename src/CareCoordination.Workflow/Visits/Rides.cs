using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Fhir.Canonicals;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Assessments;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Workflow.Visits;

/// <summary>All that is known of the rides of one patient, as it will be once it is written.</summary>
/// <param name="Requests">For transport.</param>
/// <param name="Appointments">Those that the requests name.</param>
/// <param name="Tasks">What rides have given people to do.</param>
/// <param name="Manager">Null where nobody manages the patient's care.</param>
public sealed record RideFacts(
    ImmutableArray<Snapshot> Requests,
    ImmutableArray<Snapshot> Appointments,
    ImmutableArray<Snapshot> Tasks,
    string? Manager,
    CommandContext Command,
    CarePolicy Policy
);

/// <summary>
/// A ride to an appointment: a request for transport whose <c>supportingInfo</c> names the Appointment. Somebody makes sure of it some
/// business days before; it moves with the appointment, and is not needed where that does not take place. Told from all of them as they are.
/// </summary>
public static class Rides
{
    /// <summary>Of the social need that a ride answers.</summary>
    public const string GravitySystem = SocialNeeds.Domains;

    public const string GravityTransport = "transportation-insecurity";

    /// <summary>The category of a request for a ride that no social need is behind.</summary>
    public const string CategorySystem = OwnCanonical.CodeSystems + "request-category";

    public const string Transport = "transport";

    public static readonly ImmutableArray<OwnCode> Categories =
    [
        new(Transport, "A ride to the Appointment that supportingInfo names."),
    ];

    public static bool IsTransport(ServiceRequestView request) =>
        request.Category.Any(c => c.Has(GravitySystem, GravityTransport) || c.Has(CategorySystem, Transport));

    /// <summary>The appointments that a ride is to, as references.</summary>
    public static IEnumerable<string> AppointmentsOf(ServiceRequestView request) =>
        request
            .SupportingInfo.Targets()
            .Where(t => t.StartsWith(ResourceTypes.Appointment + "/", StringComparison.Ordinal));

    /// <summary>The appointment that a task about a ride is about, as a reference.</summary>
    public static IEnumerable<string> AppointmentsOf(TaskView task)
    {
        foreach (var input in task.Input)
        {
            if (
                input.Type.Has(VisitStates.Values, VisitStates.Appointment)
                && input.ValueReference.Target() is { } appointment
            )
                yield return appointment;
        }
    }

    /// <summary>What changes.</summary>
    public static ImmutableArray<TaskDraft> Decide(RideFacts facts)
    {
        var appointments = facts
            .Appointments.Select(a => VisitAppointment.Of(a, []))
            .ToDictionary(a => a.Reference, StringComparer.Ordinal);
        var tasks = facts.Tasks.Select(t => new TaskDraft(t)).OrderBy(t => t.Key.Id, StringComparer.Ordinal).ToList();
        var changed = new List<TaskDraft>();
        foreach (var snapshot in facts.Requests)
        {
            var request = ServiceRequestView.From(ResourceDocument.Parse(snapshot.Utf8Json).Value);
            var own = tasks.Where(t => t.Edit.Focus.Target() == snapshot.Key.ToString()).ToArray();
            var named = IsTransport(request) ? AppointmentsOf(request).ToArray() : [];
            foreach (var to in named.Concat(own.Select(ToOf).OfType<string>()).Distinct(StringComparer.Ordinal))
                changed.AddRange(
                    new Ride(
                        snapshot.Key,
                        request,
                        named.Contains(to),
                        appointments.GetValueOrDefault(to),
                        to,
                        facts
                    ).Follow([.. own.Where(t => ToOf(t) == to)])
                );
        }

        // What they were for was deleted, or is no request for a ride any more.
        var asked = facts.Requests.Select(r => r.Key.ToString()).ToHashSet(StringComparer.Ordinal);
        foreach (
            var left in tasks.Where(t =>
                !t.IsTerminal
                && AppointmentWork.Is(t, AppointmentWork.ConfirmTransport)
                && t.Edit.Focus.Target() is { } focus
                && !asked.Contains(focus)
            )
        )
            changed.Add(Ride.Withdraw(left, Ride.IsOver, facts.Command.Now));
        return [.. changed];
    }

    /// <summary>The patient of a request for transport; null for others.</summary>
    public static string? PatientOf(ResourceDocument document) =>
        ServiceRequestView.From(document) is var request
        && IsTransport(request)
        && request.Subject.Target() is { } subject
        && subject.StartsWith(ResourceTypes.Patient + "/", StringComparison.Ordinal)
            ? subject
            : null;

    /// <summary>Which appointment the task is about.</summary>
    internal static string? ToOf(TaskDraft task) =>
        task
            .Edit.Input.FirstOrDefault(i => i.Type.Has(VisitStates.Values, VisitStates.Appointment))
            ?.ValueReference.Target();
}

/// <summary>One request and one of its appointments. Lives inside one decision.</summary>
/// <param name="isNamed">False where the request names the appointment no longer.</param>
/// <param name="appointment">Null where it is not there.</param>
internal sealed class Ride(
    ResourceKey key,
    ServiceRequestView request,
    bool isNamed,
    VisitAppointment? appointment,
    string to,
    RideFacts facts
)
{
    public const string IsOver = "The request for the ride is over.";

    private DateTimeOffset Now => facts.Command.Now;

    private BusinessCalendar Calendar => facts.Policy.Calendar;

    /// <summary>Asked for by somebody who may, and not only proposed.</summary>
    private bool IsOrdered =>
        isNamed
        && request.Status is RequestStatusCodes.Active or RequestStatusCodes.OnHold
        && request.Intent is not ("proposal" or "option" or "plan");

    public IEnumerable<TaskDraft> Follow(TaskDraft[] tasks)
    {
        var confirmations = tasks.Where(t => AppointmentWork.Is(t, AppointmentWork.ConfirmTransport)).ToArray();
        var open = confirmations.FirstOrDefault(t => !t.IsTerminal);
        if (WhyNot() is { } why)
        {
            if (open is not null)
                yield return Withdraw(open, why, Now);
            if (CallOff(tasks, confirmations) is { } call)
                yield return call;
            yield break;
        }

        if (appointment is not { Standing: Standing.Booked, At: { } start })
            yield break;
        if (open is not null)
        {
            if (IsFor(open, start))
                yield break;
            Time(open, start);
            open.Touch(Now);
            yield return open;
            yield break;
        }

        var isSettled = confirmations.Any(t => IsFor(t, start) && VisitStates.Of(t) != VisitStates.CalledOff);
        if (!isSettled && start.Instant > Now)
            yield return Confirm(start, confirmations);
    }

    /// <summary>Why the ride is not needed; null where it is, or may be.</summary>
    private string? WhyNot() =>
        !IsOrdered
            ? "The request for the ride is over."
            : appointment?.Standing switch
            {
                Standing.Missed =>
                    "The patient did not come to the appointment: a ride to another one needs a request of its own.",
                Standing.CalledOff =>
                    "The appointment was called off: a ride to another one needs a request of its own.",
                Standing.Kept or Standing.Arrived => "The patient is there.",
                Standing.Booked or Standing.Proposed => null,
                _ => "There is no such appointment any more: a ride to another one needs a request of its own.",
            };

    public static TaskDraft Withdraw(TaskDraft task, string why, DateTimeOffset now)
    {
        FinishTask.CancelAll([task], new Reason(why), now);
        task.Edit.BusinessStatus = CodeableConceptEditor.Of(VisitStates.System, VisitStates.CalledOff);
        return task;
    }

    /// <summary>A ride that was confirmed comes, unless somebody says that it is not to.</summary>
    private TaskDraft? CallOff(TaskDraft[] tasks, TaskDraft[] confirmations)
    {
        var confirmed = confirmations
            .Where(t => t.Status == TaskStatusCodes.Completed && StartOf(t) is { } start && start.Instant > Now)
            .OrderBy(t => StartOf(t)!.Value.Instant)
            .LastOrDefault();
        var isOff = appointment is null or { Standing: Standing.CalledOff or Standing.Void };
        var id = DerivedId.Of(key, $"{AppointmentWork.CallOffTransport} {to}");
        if (confirmed is null || !isOff || tasks.Any(t => t.Key.Id == id))
            return null;
        var task = Make(id, AppointmentWork.CallOffTransport);
        task.Edit.Description =
            "The appointment does not take place: tell whoever drives. A ride to another one needs a request of its own.";
        task.Edit.Priority = RequestPriorityCodes.Urgent;
        task.Due =
            StartOf(confirmed) is { } start && Calendar.EndOf(Calendar.DayOf(Now)) > start.Instant
                ? start.Instant
                : Calendar.EndOf(Calendar.DayOf(Now));
        return task;
    }

    private TaskDraft Confirm(FhirDateTime start, TaskDraft[] before)
    {
        var id = DerivedId.Of(
            key,
            string.Create(CultureInfo.InvariantCulture, $"{AppointmentWork.ConfirmTransport} {to} {before.Length}")
        );
        var task = Make(id, AppointmentWork.ConfirmTransport);
        task.Edit.Description = before.Any(t => t.Status == TaskStatusCodes.Completed)
            ? "The appointment was moved: have the ride moved, and make sure that it comes."
            : "Make sure that the ride to the appointment comes, and when.";
        Time(task, start);
        return task;
    }

    private TaskDraft Make(string id, string code)
    {
        var command = facts.Command;
        var task = new TaskDraft(id)
        {
            Edit =
            {
                BasedOn = { ReferenceEditor.To(key) },
                Intent = TaskIntentCodes.Order,
                Priority = request.Priority ?? RequestPriorityCodes.Routine,
                Code = TaskWords.Code(AppointmentWork.System, code, AppointmentWork.Words(code)),
                Focus = ReferenceEditor.To(key),
                For = References.To(request.Subject.Target()!),
                AuthoredOn = command.Now,
                Requester = new()
                {
                    Reference = command.By.Reference,
                    Display = command.By.NameOf(command.By.Reference),
                },
                Input =
                {
                    new()
                    {
                        Type = CodeableConceptEditor.Of(VisitStates.Values, VisitStates.Appointment),
                        ValueReference = References.To(to),
                    },
                },
            },
        };
        if ((facts.Manager ?? Person(request.Requester.Target())) is { } owner)
            task.GiveTo(owner, command.By);
        else
            task.Edit.PerformerType.Add(
                TaskWords.Code(CarePlans.PlanCategories.Snomed, Caseload.CareManagerRoles.Codes[0], "care manager")
            );
        task.Status = task.Owner is null ? TaskStatusCodes.Requested : TaskStatusCodes.Ready;
        task.Touch(Now);
        return task;
    }

    /// <summary>
    /// Due by the end of the business day of the rules before the appointment. Where that is today or over, it is due now, and urgent. A time
    /// that somebody gave the task for the same appointment stays.
    /// </summary>
    private void Time(TaskDraft task, FhirDateTime start)
    {
        var days = facts.Policy.RulesAt(Now).Visits.TransportBusinessDays;
        DateTimeOffset due =
            days == 0 ? start.Instant
            : Calendar.SubtractBusinessDays(Calendar.DayOf(start.Instant), days) is { } day && day > Calendar.DayOf(Now)
                ? Calendar.EndOf(day)
            : Now;
        var priority = request.Priority ?? RequestPriorityCodes.Routine;
        task.Edit.Priority = due <= Now ? Priorities.AtLeast(priority, RequestPriorityCodes.Urgent) : priority;
        task.Due = due;
        task.Edit.Extension.RemoveAll(e => e.Url == CareExtensions.Escalated);
        task.Edit.Input.RemoveAll(IsStart);
        task.Edit.Input.Add(
            new() { Type = CodeableConceptEditor.Of(VisitStates.Values, VisitStates.Start), ValueDateTime = start }
        );
    }

    private static bool IsStart(TaskInputEditor input) => input.Type.Has(VisitStates.Values, VisitStates.Start);

    private static FhirDateTime? StartOf(TaskDraft task) => task.Edit.Input.FirstOrDefault(IsStart)?.ValueDateTime;

    private static bool IsFor(TaskDraft task, FhirDateTime start) => StartOf(task)?.Instant == start.Instant;

    private static string? Person(string? reference) =>
        reference?.Split('/')[0] is ResourceTypes.Practitioner or ResourceTypes.PractitionerRole ? reference : null;
}
