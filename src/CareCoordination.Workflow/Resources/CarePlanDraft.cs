using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Workflow.Resources;

/// <summary>https://hl7.org/fhir/R4/careplan.html</summary>
public sealed class CarePlanDraft : ResourceDraft
{
    public CarePlanDraft(Snapshot snapshot)
        : base(snapshot.Key, snapshot.Version)
    {
        Original = Parse(ResourceTypes.CarePlan, snapshot);
        Edit = new CarePlanEditor(CarePlanView.From(Original));
    }

    public CarePlanDraft(string id)
        : base(new(ResourceTypes.CarePlan, id), 0) => Edit = new CarePlanEditor { Id = id };

    /// <summary>A new plan with the elements of another.</summary>
    internal CarePlanDraft(string id, CarePlanView copied)
        : base(new(ResourceTypes.CarePlan, id), 0)
    {
        Edit = new CarePlanEditor(copied) { Id = id };
        Edit.Meta = new();
    }

    public CarePlanEditor Edit { get; }

    public override string Status
    {
        get => Edit.Status ?? "";
        internal set => Edit.Status = value;
    }

    public string? Subject => Edit.Subject.Target();

    public IEnumerable<string> Goals => Edit.Goal.Targets();

    /// <summary>What the activities refer to, in order.</summary>
    public IEnumerable<string> Activities => Edit.Activity.Select(a => a.Reference.Target()).OfType<string>();

    internal override ResourceEditor Editor => Edit;

    internal override ObjectListEditor<ExtensionEditor> Extensions => Edit.Extension;

    /// <summary>The plan ends on a day, or with its start where that was to come: a period does not end before it starts.</summary>
    internal void EndOn(DateOnly day) =>
        Edit.Period.End = Edit.Period.Start is { } start && DateOnly.FromDateTime(start.Local) > day ? start : day;

    internal CarePlanActivityEditor? ActivityOf(string reference) =>
        Edit.Activity.FirstOrDefault(a => a.Reference.Target() == reference);

    internal void AddActivity(string reference)
    {
        if (ActivityOf(reference) is null)
            Edit.Activity.Add(new() { Reference = References.To(reference) });
    }

    internal void AddGoal(string reference)
    {
        if (!Goals.Contains(reference))
            Edit.Goal.Add(References.To(reference));
    }

    internal void AddNote(string text, string author, DateTimeOffset now) =>
        Edit.Note.Add(Annotations.Of(text, author, now));

    internal void AddNote(string text, CommandContext command) => AddNote(text, command.By.Reference, command.Now);

    /// <summary>What the caller has to say besides the reason.</summary>
    internal void AddNoteOf(CommandContext command)
    {
        if (command.Note is { } note)
            AddNote(note, command);
    }
}
