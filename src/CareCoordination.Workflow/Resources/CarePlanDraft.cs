using System.Text.Json.Nodes;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Resources;

/// <summary>https://hl7.org/fhir/R4/careplan.html</summary>
public sealed class CarePlanDraft : ResourceDraft
{
    public CarePlanDraft(Snapshot snapshot)
        : base("CarePlan", snapshot) { }

    public CarePlanDraft(string id)
        : base("CarePlan", id) { }

    public string? Subject
    {
        get => Json.Reference("subject");
        internal set => Json.Set("subject", value is null ? null : Nodes.NewReference(value));
    }

    public string? Intent
    {
        get => Json.Text("intent");
        internal set => Json.Set("intent", value);
    }

    public string? Title
    {
        get => Json.Text("title");
        internal set => Json.Set("title", value);
    }

    public IEnumerable<JsonObject> Category => Json.Items("category");

    public IEnumerable<string> Goals => Json.References("goal");

    /// <summary>What the activities refer to, in order.</summary>
    public IEnumerable<string> Activities =>
        Json.Items("activity").Select(a => a.Reference("reference")).OfType<string>();

    public IEnumerable<string> InstantiatesCanonical =>
        (Json["instantiatesCanonical"] as JsonArray)?.Select(u => u?.GetValue<string>()).OfType<string>() ?? [];

    public string? Author => Json.Reference("author");

    public IEnumerable<string> Contributors => Json.References("contributor");

    public DateTimeOffset? PeriodStart => Nodes.StartOf(Json.Child("period").Text("start"));

    public DateTimeOffset? PeriodEnd => Nodes.EndOf(Json.Child("period").Text("end"));

    public IEnumerable<string> Replaces => Json.References("replaces");

    internal JsonObject? ActivityOf(string reference) =>
        Json.Items("activity").FirstOrDefault(a => a.Reference("reference") == reference);

    internal void AddActivity(string reference)
    {
        if (ActivityOf(reference) is null)
            Json.Append("activity", new JsonObject { ["reference"] = Nodes.NewReference(reference) });
    }

    internal void AddGoal(string reference)
    {
        if (!Goals.Contains(reference))
            Json.Append("goal", Nodes.NewReference(reference));
    }

    internal void AddNote(string text, string author, DateTimeOffset now) =>
        Json.Append("note", Nodes.Note(text, author, now));
}
