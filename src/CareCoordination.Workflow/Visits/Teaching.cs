using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Workflow.Visits;

/// <summary>All that is known of what one patient is taught, as it will be once it is written.</summary>
/// <param name="Tasks">To teach, the patient's own to review material, and those that are about a request for education.</param>
/// <param name="Parts">The tasks that are part of those to teach.</param>
/// <param name="Requests">For education.</param>
/// <param name="Procedures">Education that was done because of one of the requests.</param>
/// <param name="Visits">The tasks to visit: before which what was not understood is taught again.</param>
/// <param name="Manager">Null where nobody manages the patient's care.</param>
public sealed record TeachingFacts(
    ImmutableArray<Snapshot> Tasks,
    ImmutableArray<Snapshot> Parts,
    ImmutableArray<Snapshot> Requests,
    ImmutableArray<Snapshot> Procedures,
    ImmutableArray<Snapshot> Visits,
    string? Manager,
    CommandContext Command,
    CarePolicy Policy
);

/// <summary>
/// Education with teach-back: a request for it gives a Task; what was not understood is taught again before the visit; what fails again and again
/// comes to a lead. Told from all of it as it is, so that a correction takes back what followed.
/// </summary>
public static class Teaching
{
    private const string Snomed = "http://snomed.info/sct";

    /// <summary>Education (procedure), of the example categories of R4. https://hl7.org/fhir/R4/valueset-servicerequest-category.html</summary>
    public const string Education = "409073007";

    /// <summary>A patient's own task: https://hl7.org/fhir/us/sdoh-clinicalcare/ValueSet-SDOHCC-ValueSetTaskCode.html</summary>
    public const string ReviewMaterial = "review-material";

    private const string GroupSystem = "urn:carecoordination:teaching";

    public static bool IsEducation(ServiceRequestView request) => request.Category.Any(c => c.Has(Snomed, Education));

    public static bool IsReview(TaskView task) => task.Code.Has(Rides.GravitySystem, ReviewMaterial);

    /// <summary>The patient of whom it says something about teaching; null for most of what is written.</summary>
    public static string? PatientOf(string type, ResourceDocument document)
    {
        var subject = type switch
        {
            ResourceTypes.ServiceRequest when ServiceRequestView.From(document) is var r && IsEducation(r) =>
                r.Subject.Target(),
            ResourceTypes.Task when TaskView.From(document) is var t && (TeachBack.Is(t) || IsReview(t)) =>
                t.For.Target(),
            ResourceTypes.Procedure when ProcedureView.From(document) is var p && SaidBack(p) is not null =>
                p.Subject.Target(),
            _ => null,
        };
        return subject?.StartsWith(ResourceTypes.Patient + "/", StringComparison.Ordinal) is true ? subject : null;
    }

    /// <summary>What changes.</summary>
    public static ImmutableArray<TaskDraft> Decide(TeachingFacts facts)
    {
        var lesson = new Lessons(facts);
        foreach (var request in facts.Requests)
            lesson.Begin(request);
        foreach (var procedure in facts.Procedures)
            lesson.Done(procedure);
        lesson.AskAboutReviews();
        lesson.Repeat();
        lesson.ToLead();
        return [.. lesson.All.Where(t => t.IsChanged)];
    }

    /// <summary>What came of education that was done; null where it was not, or nobody says.</summary>
    internal static string? OutcomeOf(ProcedureView procedure) =>
        procedure.Status == "completed" ? SaidBack(procedure) : null;

    private static string? SaidBack(ProcedureView procedure)
    {
        foreach (var coding in procedure.Outcome.Coding)
        {
            if (coding is { System: TeachBack.OutcomeSystem, Code: { } code } && TeachBack.IsOutcome(code))
                return code;
        }

        return null;
    }

    /// <summary>The tasks of one teaching have the id of its first one in common.</summary>
    internal static string GroupOf(TaskDraft task) =>
        task.Edit.GroupIdentifier is { System: GroupSystem, Value: { } first } ? first : task.Key.Id;

    internal static IdentifierEditor Group(string first) => new() { System = GroupSystem, Value = first };
}

/// <summary>The tasks to teach of one patient. Lives inside one decision.</summary>
internal sealed class Lessons
{
    private readonly TeachingFacts _facts;
    private readonly List<TaskDraft> _tasks;
    private readonly List<TaskDraft> _parts;

    public Lessons(TeachingFacts facts)
    {
        _facts = facts;
        _tasks = [.. facts.Tasks.Select(t => new TaskDraft(t)).OrderBy(t => t.Key.Id, StringComparer.Ordinal)];
        _parts = [.. facts.Parts.Select(t => new TaskDraft(t)).Where(p => _tasks.All(t => t.Key != p.Key))];
    }

    public IEnumerable<TaskDraft> All => _tasks.Concat(_parts);

    private DateTimeOffset Now => _facts.Command.Now;

    private VisitRules Rules => _facts.Policy.RulesAt(Now).Visits;

    /// <summary>A request for education gives a task, where nobody has one about it; it ends with its request.</summary>
    public void Begin(Snapshot snapshot)
    {
        var request = ServiceRequestView.From(ResourceDocument.Parse(snapshot.Utf8Json).Value);
        var isOrdered =
            request.Status is RequestStatusCodes.Active or RequestStatusCodes.OnHold
            && request.Intent is not ("proposal" or "plan" or "option");
        var about = _tasks.Where(t => IsAbout(t, snapshot.Key)).ToArray();
        if (!isOrdered)
        {
            foreach (var task in about.Where(t => TeachBack.Is(t) && !t.IsTerminal))
                FinishTask.CancelAll([task], new Reason("The request for education is over."), Now);
            return;
        }

        if (about.Length > 0 || request.Subject.Target() is not { } patient)
            return;
        var made = Make(DerivedId.Of(snapshot.Key, TeachBack.Teach), patient, Person(request.Requester.Target()));
        made.Edit.Focus = ReferenceEditor.To(snapshot.Key);
        made.Edit.BasedOn.Add(ReferenceEditor.To(snapshot.Key));
        made.Edit.Priority = request.Priority ?? RequestPriorityCodes.Routine;
        made.Due = BeforeVisit(Rules.ReinforceBusinessDays);
        _tasks.Add(made);
    }

    /// <summary>Education that was done as a Procedure does the task; where that is corrected the task is too.</summary>
    public void Done(Snapshot snapshot)
    {
        var procedure = ProcedureView.From(ResourceDocument.Parse(snapshot.Utf8Json).Value);
        var outcome = Teaching.OutcomeOf(procedure);
        var reference = snapshot.Key.ToString();
        if (_tasks.FirstOrDefault(t => t.Edit.Output.Any(o => o.ValueReference.Target() == reference)) is { } told)
        {
            if (told.Status != TaskStatusCodes.Completed || TeachBack.OutcomeOf(told) == outcome)
                return;
            told.Edit.Output.RemoveAll(o => o.Type.Has(TeachBack.WorkSystem, TeachBack.Output));
            if (outcome is not null)
                told.Edit.Output.Add(TeachBack.OutputOf(outcome));
            else
                TakeBack(told, reference);
            told.Touch(Now);
            return;
        }

        var asked = procedure.BasedOn.Targets().ToHashSet(StringComparer.Ordinal);
        if (
            outcome is not null
            && _tasks.FirstOrDefault(t => !t.IsTerminal && TeachBack.Is(t) && Abouts(t).Any(asked.Contains)) is { } open
        )
            Finish(open, snapshot.Key, procedure, outcome);
    }

    private void Finish(TaskDraft open, ResourceKey by, ProcedureView procedure, string outcome)
    {
        CareDate when =
            CareDate.Of(procedure.PerformedDateTime ?? procedure.PerformedPeriod.End ?? procedure.PerformedPeriod.Start)
            ?? Now;
        Held.Clear(open);
        open.Status = TaskStatusCodes.Completed;
        open.Edit.Output.Add(TeachBack.OutputOf(outcome));
        open.Edit.Output.Add(
            new()
            {
                Type = new() { Text = "Result" },
                ValueReference = ReferenceEditor.To(by),
            }
        );
        open.ExecutionStart ??= when;
        open.ExecutionEnd = when;
        open.Touch(Now);
    }

    /// <summary>It was not done after all.</summary>
    private static void TakeBack(TaskDraft told, string reference)
    {
        told.Edit.Output.RemoveAll(o => o.ValueReference.Target() == reference);
        told.Edit.ExecutionPeriod = new();
        told.Status = told.Owner is null ? TaskStatusCodes.Requested : TaskStatusCodes.Ready;
    }

    /// <summary>A patient who has read something by themselves has not yet said it back.</summary>
    public void AskAboutReviews()
    {
        foreach (
            var review in _tasks.Where(t => t.Edit.Code.Has(Rides.GravitySystem, Teaching.ReviewMaterial)).ToArray()
        )
        {
            var id = DerivedId.Of(review.Key, TeachBack.Teach);
            var asked = _tasks.FirstOrDefault(t => t.Key.Id == id);
            if (review.Status != TaskStatusCodes.Completed)
            {
                Withdraw(asked);
                continue;
            }

            if (asked is not null || review.For is not { } patient)
                continue;
            var made = Make(id, patient, Person(review.Requester));
            made.Edit.Description =
                "The patient has reviewed the material: ask what they take from it, in their own words.";
            made.Edit.Focus = References.To(review.Reference);
            made.Due = BeforeVisit(Rules.ReinforceBusinessDays);
            _tasks.Add(made);
        }
    }

    /// <summary>What was not understood is taught again, and what needs it gone through again.</summary>
    public void Repeat()
    {
        foreach (var task in _tasks.Where(TeachBack.Is).ToArray())
        {
            var id = DerivedId.Of(task.Key, "teach again");
            var next = _tasks.FirstOrDefault(t => t.Key.Id == id);
            if (!IsToRepeat(task, out var isUrgent))
            {
                Withdraw(next);
                continue;
            }

            if (next is not null)
                continue;
            var made = Make(id, task.For!, owner: null);
            made.Edit.Owner = TaskWords.Copy(task.Edit.Owner);
            if (made.Owner is not null)
                made.Edit.PerformerType.Clear();
            made.Status = made.Owner is null ? TaskStatusCodes.Requested : TaskStatusCodes.Ready;
            made.Edit.Description = isUrgent
                ? "It was not understood: teach it again, in another way, and have it said back."
                : "It was understood in part: go through it again, and have it said back.";
            made.Edit.GroupIdentifier = Teaching.Group(Teaching.GroupOf(task));
            made.Edit.Focus = TaskWords.Copy(task.Edit.Focus);
            foreach (var rests in task.Edit.BasedOn.Targets())
                made.Edit.BasedOn.Add(References.To(rests));
            made.Edit.Priority = isUrgent
                ? Priorities.AtLeast(task.Priority, RequestPriorityCodes.Urgent)
                : RequestPriorityCodes.Routine;
            made.Due = BeforeVisit(isUrgent ? Rules.ReteachBusinessDays : Rules.ReinforceBusinessDays);
            _tasks.Add(made);
        }
    }

    /// <summary>Once for each time from the number of the rules on.</summary>
    public void ToLead()
    {
        foreach (var group in _tasks.Where(TeachBack.Is).ToLookup(Teaching.GroupOf, StringComparer.Ordinal))
        {
            var failed = group
                .Where(t => t.Status == TaskStatusCodes.Completed && TeachBack.OutcomeOf(t) == TeachBack.NotUnderstood)
                .OrderBy(t => t.Edit.AuthoredOn?.Instant ?? DateTimeOffset.MinValue)
                .ThenBy(t => t.Key.Id, StringComparer.Ordinal)
                .ToArray();
            foreach (var task in group)
            {
                var id = DerivedId.Of(task.Key, "not understood");
                var told = _parts.FirstOrDefault(p => p.Key.Id == id);
                if (Array.IndexOf(failed, task) + 1 < Math.Max(1, Rules.TeachingsToLead))
                {
                    Withdraw(told);
                    continue;
                }

                if (told is not null)
                    continue;
                var reason = CodeableConceptEditor.Of(TeachBack.OutcomeSystem, TeachBack.NotUnderstood);
                reason.Text = "Taught several times and not understood";
                _parts.Add(
                    TaskEscalation.Escalation(
                        task,
                        to: null,
                        _facts.Policy.Calendar.DueInBusinessDays(Now, 1),
                        reason,
                        _facts.Command.By,
                        Now,
                        id
                    )
                );
            }
        }
    }

    private static bool IsToRepeat(TaskDraft task, out bool isUrgent)
    {
        var outcome =
            task.Status == TaskStatusCodes.Completed && task.For is not null ? TeachBack.OutcomeOf(task) : null;
        isUrgent = outcome == TeachBack.NotUnderstood;
        return outcome is TeachBack.NotUnderstood or TeachBack.NeedsReinforcement;
    }

    private void Withdraw(TaskDraft? task)
    {
        if (task is { IsTerminal: false })
            FinishTask.CancelAll([task], new Reason("What it followed from was corrected."), Now);
    }

    /// <summary>In business days, and before the patient is seen where that is to come sooner.</summary>
    private DateTimeOffset? BeforeVisit(int days)
    {
        var calendar = _facts.Policy.Calendar;
        var due = calendar.DueInBusinessDays(Now, days);
        var visits = _facts
            .Visits.Select(v => new TaskDraft(v))
            .Where(v => !v.IsTerminal)
            .Select(v => VisitStates.StartOf(v)?.Instant ?? (v.Due is { } end ? calendar.EndOf(end) : null))
            .OfType<DateTimeOffset>()
            .Where(at => at > Now);
        return visits.Append(due ?? DateTimeOffset.MaxValue).Min() is var first && first == DateTimeOffset.MaxValue
            ? null
            : first;
    }

    private TaskDraft Make(string id, string patient, string? owner)
    {
        var command = _facts.Command;
        var task = new TaskDraft(id)
        {
            Edit =
            {
                Intent = TaskIntentCodes.Order,
                Priority = RequestPriorityCodes.Routine,
                Code = TaskWords.Code(
                    TeachBack.WorkSystem,
                    TeachBack.Teach,
                    TeachBack.Work.First(w => w.Code == TeachBack.Teach).Display
                ),
                For = References.To(patient),
                AuthoredOn = command.Now,
                Requester = new()
                {
                    Reference = command.By.Reference,
                    Display = command.By.NameOf(command.By.Reference),
                },
            },
        };
        if ((_facts.Manager ?? owner) is { } known)
            task.GiveTo(known, command.By);
        else
            task.Edit.PerformerType.Add(
                TaskWords.Code(PlanCategories.Snomed, Caseload.CareManagerRoles.Codes[0], "care manager")
            );
        task.Status = task.Owner is null ? TaskStatusCodes.Requested : TaskStatusCodes.Ready;
        task.Touch(Now);
        return task;
    }

    private static bool IsAbout(TaskDraft task, ResourceKey request) => Abouts(task).Contains(request.ToString());

    private static IEnumerable<string> Abouts(TaskDraft task) =>
        task.Edit.BasedOn.Targets().Concat(task.Edit.Focus.Target() is { } focus ? [focus] : []);

    private static string? Person(string? reference) =>
        reference?.Split('/')[0] is ResourceTypes.Practitioner or ResourceTypes.PractitionerRole ? reference : null;
}
