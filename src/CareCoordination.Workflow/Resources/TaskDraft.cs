using System.Globalization;
using System.Text.Json.Nodes;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Lifecycles;

namespace CareCoordination.Workflow.Resources;

/// <summary>https://hl7.org/fhir/R4/task.html</summary>
public sealed class TaskDraft : ResourceDraft
{
    public TaskDraft(Snapshot snapshot)
        : base("Task", snapshot) { }

    public TaskDraft(string id)
        : base("Task", id) { }

    public string? Owner
    {
        get => Json.Reference("owner");
        internal set => Json.Set("owner", value is null ? null : Nodes.NewReference(value));
    }

    public string? Requester
    {
        get => Json.Reference("requester");
        internal set => Json.Set("requester", value is null ? null : Nodes.NewReference(value));
    }

    /// <summary>The patient.</summary>
    public string? For
    {
        get => Json.Reference("for");
        internal set => Json.Set("for", value is null ? null : Nodes.NewReference(value));
    }

    public string? Focus => Json.Reference("focus");

    public IEnumerable<string> BasedOn => Json.References("basedOn");

    public IEnumerable<string> PartOf => Json.References("partOf");

    /// <summary>The code of <c>Task.priority</c>; routine where none is given.</summary>
    public string Priority
    {
        get => Json.Text("priority") ?? "routine";
        internal set => Json["priority"] = value;
    }

    public string? Description
    {
        get => Json.Text("description");
        internal set => Json.Set("description", value);
    }

    public JsonObject? Code
    {
        get => Json.Child("code");
        internal set => Json.Set("code", value);
    }

    /// <summary>When it is due: the end of <c>Task.restriction.period</c>.</summary>
    public DateTimeOffset? Due
    {
        get => Nodes.EndOf(Json.Child("restriction").Child("period").Text("end"));
        internal set
        {
            if (value is { } due)
                Json.Ensure("restriction").Ensure("period")["end"] = Nodes.Time(due);
        }
    }

    public DateTimeOffset? RestrictionStart
    {
        get => Nodes.StartOf(Json.Child("restriction").Child("period").Text("start"));
        internal set
        {
            if (value is { } start)
                Json.Ensure("restriction").Ensure("period")["start"] = Nodes.Time(start);
        }
    }

    public DateTimeOffset? ExecutionStart
    {
        get => Nodes.StartOf(Json.Child("executionPeriod").Text("start"));
        internal set
        {
            if (value is { } start)
                Json.Ensure("executionPeriod")["start"] = Nodes.Time(start);
        }
    }

    public DateTimeOffset? ExecutionEnd
    {
        get => Nodes.EndOf(Json.Child("executionPeriod").Text("end"));
        internal set
        {
            if (value is { } end)
                Json.Ensure("executionPeriod")["end"] = Nodes.Time(end);
            else
                Json.Child("executionPeriod")?.Remove("end");
        }
    }

    public DateTimeOffset? AuthoredOn => Nodes.StartOf(Json.Text("authoredOn"));

    public string? HeldFrom => Json.Extension(HeldStatus.ExtensionUrl).Text("valueCode");

    public string? HeldBy => Json.Extension(CareExtensions.HeldBy).Reference("valueReference");

    public int? Occurrence
    {
        get => (int?)Json.Extension(CareExtensions.Occurrence).Number("valuePositiveInt");
        internal set => Json.SetExtension(CareExtensions.Occurrence, "valuePositiveInt", value);
    }

    public JsonObject? Series => Json.Extension(CareExtensions.Series).Child("valueTiming");

    /// <summary>The thresholds of lateness that were escalated.</summary>
    public IEnumerable<string> Escalated =>
        Json.Items("extension")
            .Where(e => e.Text("url") == CareExtensions.Escalated)
            .Select(e => e.Text("valueCode"))
            .OfType<string>();

    public bool IsTerminal => TaskLifecycle.Table.IsTerminal(Status);

    internal void SetReason(Reason? reason) => Json.Set("statusReason", reason?.ToCodeableConcept());

    /// <summary>Every change says when (and inv-1 holds: not before it was authored).</summary>
    internal void Touch(DateTimeOffset now) =>
        Json["lastModified"] = Nodes.Time(AuthoredOn is { } authored && authored > now ? authored : now);

    internal void AddNote(string text, string author, DateTimeOffset now) =>
        Json.Append("note", Nodes.Note(text, author, now));

    internal void AddTimeSpent(string performer, decimal minutes, DateTimeOffset start, DateTimeOffset end) =>
        Json.Append(
            "extension",
            new JsonObject
            {
                ["url"] = CareExtensions.TimeSpent,
                ["extension"] = new JsonArray(
                    new JsonObject { ["url"] = "performer", ["valueReference"] = Nodes.NewReference(performer) },
                    new JsonObject
                    {
                        ["url"] = "minutes",
                        ["valueDecimal"] = JsonNode.Parse(minutes.ToString(CultureInfo.InvariantCulture)),
                    },
                    new JsonObject
                    {
                        ["url"] = "period",
                        ["valuePeriod"] = new JsonObject { ["start"] = Nodes.Time(start), ["end"] = Nodes.Time(end) },
                    }
                ),
            }
        );
}
