using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Transitions;

/// <summary>
/// The Task that records what was told and what was made of it: completed, or on hold with the reason where somebody has to look. By it a
/// repetition is known, and it is what a repetition is answered with.
/// </summary>
public static class IntakeRecord
{
    /// <summary>The operation that makes it, and the code of the Task.</summary>
    public const string Code = "submit-transition";

    public const string MessageSystem = "urn:carecoordination:transition-message";
    public const string BundleSystem = "urn:carecoordination:transition-bundle";
    public const string StaySystem = "urn:carecoordination:transition-stay";

    /// <summary>Lines about how a message was read; who needs more of them has the message.</summary>
    private const int MostNotes = 200;

    private const string Contained = "told";
    private const string Event = "event";
    private const string Said = "said at";
    private const string Received = "received as";
    private const string MessageName = "message";
    private const string Sender = "sender";

    public static string MessageKey(TransitionNotice notice) => TransitionIds.Of(notice.Sender, notice.MessageId);

    public static string? BundleKey(TransitionNotice notice) =>
        notice.KnownBundle ?? (notice.BundleId is { } id ? TransitionIds.Of(notice.Sender, id) : null);

    /// <summary>What finds everything that was recorded of the message, its Bundle and its stay.</summary>
    public static string Query(TransitionNotice notice)
    {
        var keys = new List<string> { $"{MessageSystem}|{MessageKey(notice)}" };
        if (BundleKey(notice) is { } bundle)
            keys.Add($"{BundleSystem}|{bundle}");
        if (notice.Stay.Length > 0)
            keys.Add($"{StaySystem}|{notice.Stay}");
        return $"identifier={string.Join(',', keys)}";
    }

    /// <param name="told">The Encounter with the references that hold here; null where none is told.</param>
    internal static TaskDraft Make(TransitionNotice notice, JsonObject? told, CommandContext command)
    {
        var record = new TaskDraft(notice.RecordId)
        {
            Status = TaskStatusCodes.Completed,
            Edit =
            {
                Identifier =
                {
                    new() { System = MessageSystem, Value = MessageKey(notice) },
                },
                Intent = TaskIntentCodes.Order,
                Code = TaskWords.Code(CareExtensions.CommandSystem, Code, "Taking in a transition of care"),
                AuthoredOn = command.Now,
                Input =
                {
                    new() { Type = { Text = Event }, ValueCode = notice.Event.Word() },
                    new() { Type = { Text = Said }, ValueInstant = notice.At },
                    new() { Type = { Text = Received }, ValueReference = References.To(BundleOf(notice)) },
                    new() { Type = { Text = MessageName }, ValueString = notice.MessageId },
                    new() { Type = { Text = Sender }, ValueString = notice.Sender },
                },
            },
        };
        if (BundleKey(notice) is { } bundle)
            record.Edit.Identifier.Add(new() { System = BundleSystem, Value = bundle });
        if (told is not null)
        {
            record.Edit.Identifier.Add(new() { System = StaySystem, Value = notice.Stay });
            var copy = (JsonObject)told.DeepClone();
            copy["id"] = Contained;
            // What is contained has no version of its own, and contains nothing. https://hl7.org/fhir/R4/domainresource.html#invs
            foreach (var name in (string[])["meta", "text", "contained", "implicitRules"])
                copy.Remove(name);
            record.Edit.Contained.Add(new ResourceEditor(Document(copy)));
            record.Edit.Input.Add(new() { Type = { Text = "told" }, ValueReference = References.To($"#{Contained}") });
        }

        if (!notice.Notes.IsEmpty)
            record.AddNote(string.Join('\n', notice.Notes.Take(MostNotes)), command.By, command.Now);
        if (notice.Replay is { } replay)
            record.AddNote(replay.Note, replay.By, command.Now);
        record.Touch(command.Now);
        return record;
    }

    /// <summary>The Bundle, as it is stored.</summary>
    public static string BundleOf(TransitionNotice notice) =>
        $"{ResourceTypes.Bundle}/{notice.StoredAs ?? notice.RecordId}";

    internal static void Made(TaskDraft record, string what, string reference) =>
        record.Edit.Output.Add(new() { Type = { Text = what }, ValueReference = References.To(reference) });

    /// <summary>Somebody has to look: nothing of it is stored but what came.</summary>
    internal static void Park(TaskDraft record, string why)
    {
        record.Status = TaskStatusCodes.OnHold;
        record.SetReason(new Reason(why));
        record.Edit.PerformerType.Add(
            TaskWords.Code(CareExtensions.RoleSystem, CareExtensions.LeadRole, "Lead of the care managers")
        );
    }

    /// <summary>
    /// Without the key of its stay: what it says of it is superfluous from now on. It is found by its message as before, unless a later one
    /// of the same message is.
    /// </summary>
    public static ResourceWrite Retire(Snapshot snapshot, bool isCorrected)
    {
        var record = new TaskDraft(snapshot);
        record.Edit.Identifier.RemoveAll(i => i.System == StaySystem || (isCorrected && i.System == MessageSystem));
        return new(record.Key, record.Version, record.ToUtf8Json());
    }

    /// <summary>The message that it records.</summary>
    public static string? MessageOf(Snapshot snapshot)
    {
        foreach (var identifier in TaskView.From(ResourceDocument.Parse(snapshot.Utf8Json).Value).Identifier)
        {
            if (identifier.System == MessageSystem)
                return identifier.Value;
        }

        return null;
    }

    /// <summary>What a record says of its stay; null for one that is parked, or of no stay.</summary>
    public static StayNotice? Read(Snapshot snapshot)
    {
        var record = TaskView.From(ResourceDocument.Parse(snapshot.Utf8Json).Value);
        if (
            record.Status != TaskStatusCodes.Completed
            || InputOf(record, Event)?.ValueCode is not { } word
            || TransitionEvents.OfWord(word) is not { } told
            || InputOf(record, Said)?.ValueInstant is not { } at
        )
            return null;
        foreach (var contained in record.Contained)
        {
            var encounter = JsonNode.Parse(contained.Element.Value.RawUtf8)!.AsObject();
            encounter.Remove("id");
            return new StayNotice(told, at.Instant, snapshot.Key.Id, encounter);
        }

        return null;
    }

    /// <summary>The id of the Bundle that was received; null for what is no record.</summary>
    public static string? StoredAs(Snapshot snapshot) =>
        InputOf(TaskView.From(ResourceDocument.Parse(snapshot.Utf8Json).Value), Received)
            ?.ValueReference.Reference?.Split('/')[1];

    /// <summary>The value of its identifier of a system; null where it has none.</summary>
    public static string? IdentifierOf(Snapshot snapshot, string system)
    {
        foreach (var identifier in TaskView.From(ResourceDocument.Parse(snapshot.Utf8Json).Value).Identifier)
        {
            if (identifier.System == system)
                return identifier.Value;
        }

        return null;
    }

    public static bool IsParked(Snapshot snapshot) => WhyParked(snapshot) is not null;

    /// <summary>Null for what is not kept for somebody to look at.</summary>
    public static string? WhyParked(Snapshot snapshot) =>
        TaskView.From(ResourceDocument.Parse(snapshot.Utf8Json).Value) is { Status: TaskStatusCodes.OnHold } record
            ? record.StatusReason.Text ?? ""
            : null;

    /// <summary>True for the record of a message with this identifier.</summary>
    public static bool Has(Snapshot snapshot, string system, string? value)
    {
        foreach (var identifier in TaskView.From(ResourceDocument.Parse(snapshot.Utf8Json).Value).Identifier)
        {
            if (identifier.System == system && identifier.Value == value)
                return true;
        }

        return false;
    }

    /// <summary>What is noted in it.</summary>
    public static ImmutableArray<string> NotesOf(Snapshot snapshot) =>
        [
            .. TaskView
                .From(ResourceDocument.Parse(snapshot.Utf8Json).Value)
                .Note.Select(n => n.Text)
                .OfType<string>()
                .SelectMany(t => t.Split('\n')),
        ];

    /// <summary>Who told it, and what the sender calls the message.</summary>
    public static (string? Sender, string? Message) From(Snapshot snapshot)
    {
        var record = TaskView.From(ResourceDocument.Parse(snapshot.Utf8Json).Value);
        return (InputOf(record, Sender)?.ValueString, InputOf(record, MessageName)?.ValueString);
    }

    /// <summary>When it was said.</summary>
    public static DateTimeOffset? SaidAt(Snapshot snapshot) =>
        InputOf(TaskView.From(ResourceDocument.Parse(snapshot.Utf8Json).Value), Said)?.ValueInstant?.Instant;

    private static TaskInputView? InputOf(TaskView record, string type)
    {
        foreach (var input in record.Input)
        {
            if (input.Type.Text == type)
                return input;
        }

        return null;
    }

    internal static ResourceDocument Document(JsonObject resource) =>
        ResourceDocument.Parse(System.Text.Encoding.UTF8.GetBytes(resource.ToJsonString())).Value;
}
