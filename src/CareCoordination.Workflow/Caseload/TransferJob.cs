using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Caseload;

/// <summary>
/// <c>$transfer-caseload</c>: many patients of one care manager, offered one by one. The job is a Task, so that it outlives whoever works
/// on it, can be looked at, held and cancelled; the offers are parts of it.
/// </summary>
/// <param name="From">The care manager who hands over.</param>
/// <param name="To">Who takes over; null: chosen for each patient.</param>
/// <param name="Patients">In the order in which they are offered.</param>
/// <param name="By">Who asked for it.</param>
public sealed record TransferJob(string From, string? To, ImmutableArray<string> Patients, string? Note, Agent By)
{
    /// <summary>The code of the Task, in <see cref="CareExtensions.CommandSystem"/>.</summary>
    public const string Code = "transfer-caseload";

    private const string ToInput = "to";
    private const string PatientInput = "patient";
    private const string TasksInput = "tasks";
    private const string CapInput = "overrideCap";

    public DateTimeOffset? Effective { get; init; }

    public bool OpenTasksOnly { get; init; }

    public bool OverrideCap { get; init; }

    /// <summary>The Task that is to be worked on.</summary>
    /// <param name="worker">The server, which owns the work.</param>
    public Decision Start(string worker, DateTimeOffset now, string newId)
    {
        var task = new TaskDraft(newId)
        {
            Edit =
            {
                Status = TaskStatusCodes.InProgress,
                Intent = TaskIntentCodes.Order,
                Code = TaskWords.Code(CareExtensions.CommandSystem, Code, "Transfer of a caseload"),
                Description = Note,
                Focus = References.To(From),
                AuthoredOn = now,
                Requester = References.To(By.Reference),
                Owner = References.To(worker),
            },
            ExecutionStart = now,
            RestrictionStart = Effective,
        };
        if (To is not null)
            task.Edit.Input.Add(new() { Type = { Text = ToInput }, ValueReference = References.To(To) });
        if (OpenTasksOnly)
            task.Edit.Input.Add(new() { Type = { Text = TasksInput }, ValueCode = Handover.OpenOnly });
        if (OverrideCap)
            task.Edit.Input.Add(new() { Type = { Text = CapInput }, ValueBoolean = true });
        foreach (var patient in Patients)
            task.Edit.Input.Add(new() { Type = { Text = PatientInput }, ValueReference = References.To(patient) });
        task.Touch(now);
        var decision = Drafts.Write(Code, task);
        return decision with { Begins = new JobOrder(Code, Patients.Length, decision.Writes[0].Utf8Json) };
    }

    /// <summary>
    /// The job, from the Task as it was when it was asked for: what becomes of the Task later changes neither whose patients these are
    /// nor who asked.
    /// </summary>
    /// <param name="worker">Who asked where nobody is known.</param>
    public static TransferJob Of(JobOrder order, Agent worker)
    {
        var task = TaskView.From(ResourceDocument.Parse(order.Arguments).Value);
        IEnumerable<TaskInputView> Inputs(string name) => task.Input.Where(i => i.Type.Text == name);
        var by = task.Requester.Reference;
        return new TransferJob(
            task.Focus.Reference!,
            Inputs(ToInput).Select(i => i.ValueReference.Reference).FirstOrDefault(),
            [.. Inputs(PatientInput).Select(i => i.ValueReference.Reference).OfType<string>()],
            task.Description,
            by is null || by == worker.Reference ? worker : new Agent(by) { IsUnchecked = true }
        )
        {
            Effective = task.Restriction.Period.Start?.Instant,
            OpenTasksOnly = Inputs(TasksInput).Any(i => i.ValueCode == Handover.OpenOnly),
            OverrideCap = Inputs(CapInput).Any(i => i.ValueBoolean == true),
        };
    }
}
