using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Lifecycles;

namespace CareCoordination.Workflow.Resources;

/// <summary>https://hl7.org/fhir/R4/task.html</summary>
public sealed class TaskDraft : ResourceDraft
{
    public TaskDraft(Snapshot snapshot)
        : base(snapshot.Key, snapshot.Version)
    {
        Original = Parse(ResourceTypes.Task, snapshot);
        Edit = new TaskEditor(TaskView.From(Original));
    }

    public TaskDraft(string id)
        : base(new(ResourceTypes.Task, id), 0) => Edit = new TaskEditor { Id = id };

    private TaskDraft(string id, TaskView copied)
        : base(new(ResourceTypes.Task, id), 0) => Edit = new TaskEditor(copied) { Id = id };

    public TaskEditor Edit { get; }

    public override string Status
    {
        get => Edit.Status ?? "";
        internal set => Edit.Status = value;
    }

    public string? Owner
    {
        get => Edit.Owner.Target();
        internal set => Edit.Owner = new() { Reference = value };
    }

    public string? Requester
    {
        get => Edit.Requester.Target();
        internal set => Edit.Requester = new() { Reference = value };
    }

    /// <summary>The patient.</summary>
    public string? For
    {
        get => Edit.For.Target();
        internal set => Edit.For = new() { Reference = value };
    }

    /// <summary>The code of <c>Task.priority</c>; routine where none is given.</summary>
    public string Priority => Edit.Priority ?? RequestPriorityCodes.Routine;

    /// <summary>When it is due: the end of <c>Task.restriction.period</c>.</summary>
    public CareDate? Due
    {
        get => CareDate.Of(Edit.Restriction.Period.End);
        internal set => Edit.Restriction.Period.End = value?.Given;
    }

    public CareDate? RestrictionStart
    {
        get => CareDate.Of(Edit.Restriction.Period.Start);
        internal set => Edit.Restriction.Period.Start = value?.Given;
    }

    public CareDate? ExecutionStart
    {
        get => CareDate.Of(Edit.ExecutionPeriod.Start);
        internal set => Edit.ExecutionPeriod.Start = value?.Given;
    }

    public CareDate? ExecutionEnd
    {
        get => CareDate.Of(Edit.ExecutionPeriod.End);
        internal set => Edit.ExecutionPeriod.End = value?.Given;
    }

    public string? HeldFrom => Edit.Extension.With(CareExtensions.HeldFrom)?.ValueCode;

    public string? HeldBy => Edit.Extension.With(CareExtensions.HeldBy)?.ValueReference.Target();

    /// <summary>Which one of its series it is, from 1; null where it is of none.</summary>
    public int? Occurrence => Edit.Extension.With(CareExtensions.Occurrence)?.ValuePositiveInt;

    /// <summary>How many occurrences of its series were missed before it; null where none was.</summary>
    public int? Missed => Edit.Extension.With(CareExtensions.MissedOccurrences)?.ValuePositiveInt;

    /// <summary>The thresholds of lateness that were escalated.</summary>
    public IEnumerable<string> Escalated =>
        Edit.Extension.Where(e => e.Url == CareExtensions.Escalated).Select(e => e.ValueCode).OfType<string>();

    public bool IsTerminal => TaskLifecycle.Table.IsTerminal(Status);

    internal override ResourceEditor Editor => Edit;

    internal override ObjectListEditor<ExtensionEditor> Extensions => Edit.Extension;

    internal void SetReason(Reason? reason) => Edit.StatusReason = reason?.ToCodeableConcept() ?? new();

    /// <summary>Every change says when (and inv-1 holds: not before it was authored).</summary>
    internal void Touch(DateTimeOffset now) =>
        Edit.LastModified = Edit.AuthoredOn is { } authored && authored.Instant > now ? authored.Instant : now;

    internal void AddNote(string text, Agent author, DateTimeOffset now) => Edit.Note.Add(author.Note(text, now));

    /// <summary>Gives it to somebody, by the name that the one who commands it knows.</summary>
    internal void GiveTo(string owner, Agent by) =>
        Edit.Owner = new() { Reference = owner, Display = by.NameOf(owner) };

    internal void AddTimeSpent(string performer, decimal minutes, DateTimeOffset start, DateTimeOffset end) =>
        Edit.Extension.Add(
            new()
            {
                Url = CareExtensions.TimeSpent,
                Extension =
                {
                    new() { Url = CareExtensions.TimeSpentPerformer, ValueReference = References.To(performer) },
                    new() { Url = CareExtensions.TimeSpentMinutes, ValueDecimal = minutes },
                    new() { Url = CareExtensions.TimeSpentPeriod, ValuePeriod = { Start = start, End = end } },
                },
            }
        );

    /// <summary>A new task with what was asked, and nothing of what was done.</summary>
    internal TaskDraft CopyRequest(string id)
    {
        var copy = new TaskDraft(id, TaskView.From(Edit.ToDocument()));
        copy.Edit.Meta = new();
        copy.Edit.Text = new();
        copy.Edit.Identifier.Clear();
        copy.Edit.StatusReason = new();
        copy.Edit.BusinessStatus = new();
        copy.Edit.ExecutionPeriod = new();
        copy.Edit.Note.Clear();
        copy.Edit.RelevantHistory.Clear();
        copy.Edit.Output.Clear();
        copy.Edit.Extension.RemoveAll(e =>
            e.Url
                is CareExtensions.TimeSpent
                    or CareExtensions.Escalated
                    or CareExtensions.ContactAttempt
                    or CareExtensions.MissedOccurrences
        );
        Held.Clear(copy);
        return copy;
    }
}
