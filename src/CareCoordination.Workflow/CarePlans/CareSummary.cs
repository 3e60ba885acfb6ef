using System.Collections.Immutable;
using System.Net;
using System.Text;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Goals;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.CarePlans;

/// <summary>What goes into a summary.</summary>
/// <param name="Plans">One plan, or all that are active; may be none.</param>
/// <param name="Members">Goals and activities: in the order in which they are to be read.</param>
/// <param name="Others">Further resources of the patient: conditions, medications, allergies, appointments, the care team.</param>
/// <param name="BaseUrl">The address of this server, so that what the document says can be found again.</param>
/// <param name="Author">Who gives it.</param>
public sealed record CareSummaryContent(
    Snapshot Patient,
    ImmutableArray<Snapshot> Plans,
    ImmutableArray<Snapshot> Members,
    ImmutableArray<Snapshot> Others,
    string BaseUrl,
    string Author
)
{
    /// <summary>What people call who is named, by reference.</summary>
    public ImmutableDictionary<string, string> Names { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The latest readings of what the goals measure.</summary>
    public ImmutableArray<Reading> Readings { get; init; } = [];

    /// <summary>The tier of the patient's risk; null where nobody has assessed it.</summary>
    public string? Risk { get; init; }

    /// <summary>Types of which there are more than are shown.</summary>
    public ImmutableHashSet<string> CutShort { get; init; } = [];

    /// <summary>Whose days the dates are.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;
}

/// <summary>
/// <c>$care-summary</c>: the copy of the plan that the patient is owed, and what a care manager reads before a call. A document whose
/// Composition is a plan of care note (LOINC 18776-5). https://hl7.org/fhir/R4/documents.html
/// </summary>
public static class CareSummary
{
    private const string Loinc = "http://loinc.org";

    /// <summary>Sections by the type of their resources. Only those whose LOINC codes are certain carry one.</summary>
    private static readonly (string Title, string? Code, string[] Types)[] Sections =
    [
        ("Enrolment", null, [ResourceTypes.EpisodeOfCare]),
        ("Plan", "18776-5", [ResourceTypes.CarePlan]),
        ("Goals", null, [ResourceTypes.Goal]),
        ("Tasks", null, [ResourceTypes.Task]),
        (
            "Requests and referrals",
            null,
            [ResourceTypes.ServiceRequest, ResourceTypes.RequestGroup, ResourceTypes.CommunicationRequest]
        ),
        ("Appointments", null, [ResourceTypes.Appointment]),
        ("Problems", "11450-4", [ResourceTypes.Condition]),
        ("Medications", "10160-0", [ResourceTypes.MedicationRequest, ResourceTypes.MedicationStatement]),
        ("Allergies", "48765-2", [ResourceTypes.AllergyIntolerance]),
        ("Care team", null, [ResourceTypes.CareTeam]),
    ];

    /// <summary>True for a Task by which this server reminds its users of another: no work for the patient, and told of nobody else.</summary>
    public static bool IsInternal(Snapshot resource)
    {
        if (resource.Key.Type != ResourceTypes.Task)
            return false;
        var code = TaskView.From(ResourceDocument.Parse(resource.Utf8Json).Value).Code;
        return code.Coding.Any(c => c.System == CareExtensions.CommandSystem && c.Code != PlanReview.TaskCode);
    }

    /// <param name="compositionId">The id of the Composition.</param>
    /// <param name="bundleId">The id of the Bundle, which also identifies the document.</param>
    public static byte[] Document(CareSummaryContent content, DateTimeOffset now, string compositionId, string bundleId)
    {
        var resources = content
            .Plans.Concat(content.Members)
            .Concat(content.Others)
            .Where(r => !IsInternal(r))
            .DistinctBy(s => s.Key)
            .ToArray();
        var composition = Compose(content, resources, now, compositionId);
        var bundle = new BundleEditor
        {
            Id = bundleId,
            Identifier = { System = $"{content.BaseUrl}/Bundle", Value = bundleId },
            Type = BundleTypeCodes.Document,
            Timestamp = now,
        };
        Add(bundle, content.BaseUrl, new(ResourceTypes.Composition, compositionId), composition.ToUtf8Json());
        foreach (var resource in resources.Prepend(content.Patient).DistinctBy(r => r.Key))
            Add(bundle, content.BaseUrl, resource.Key, resource.Utf8Json);
        return bundle.ToUtf8Json();
    }

    private static CompositionEditor Compose(
        CareSummaryContent content,
        Snapshot[] resources,
        DateTimeOffset now,
        string id
    )
    {
        var composition = new CompositionEditor
        {
            Id = id,
            Status = CompositionStatusCodes.Final,
            Type = CodeableConceptEditor.Of(Loinc, "18776-5", "Plan of care note"),
            Subject = References.To(content.Patient.Key.ToString()),
            Date = now,
            Author = { References.To(content.Author) },
            Title = content.Plans is [var only] ? new CarePlanDraft(only).Edit.Title ?? "Care plan" : "Care summary",
        };
        var words = new SummaryLines(content.Zone, content.Names, content.Readings);
        var html = new StringBuilder();
        Add(
            composition,
            html,
            (ResourceTypes.Patient, null),
            words.OfPatient(content.Patient, content.Risk),
            [content.Patient]
        );
        foreach (var (title, code, types) in Sections)
        {
            var members = resources.Where(r => types.Contains(r.Key.Type)).ToArray();
            if (members.Length == 0)
                continue;
            var lines = members.Select(words.Of);
            if (types.Any(content.CutShort.Contains))
                lines = lines.Append("There are more, which are not shown.");
            Add(composition, html, (title, code), lines, members);
        }

        composition.Text = new() { Status = NarrativeStatusCodes.Generated, Div = Div(html.ToString()) };
        return composition;
    }

    private static void Add(
        CompositionEditor composition,
        StringBuilder html,
        (string Title, string? Code) section,
        IEnumerable<string> lines,
        Snapshot[] members
    )
    {
        var text = List(lines);
        html.Append("<h2>").Append(section.Title).Append("</h2>").Append(text);
        var added = new CompositionSectionEditor
        {
            Title = section.Title,
            Text = { Status = NarrativeStatusCodes.Generated, Div = Div(text) },
        };
        if (section.Code is { } code)
            added.Code = CodeableConceptEditor.Of(Loinc, code);
        foreach (var member in members)
            added.Entry.Add(References.To(member.Key.ToString()));
        composition.Section.Add(added);
    }

    private static void Add(BundleEditor bundle, string baseUrl, ResourceKey key, ReadOnlyMemory<byte> json)
    {
        if (ResourceDocument.Parse(json).TryGet(out var document, out _))
            bundle.Entry.Add(new() { FullUrl = $"{baseUrl}/{key}", Resource = new ResourceEditor(document) });
    }

    private static string List(IEnumerable<string> lines)
    {
        var html = new StringBuilder("<ul>");
        foreach (var line in lines)
            html.Append("<li>").Append(WebUtility.HtmlEncode(line)).Append("</li>");
        return html.Append("</ul>").ToString();
    }

    private static string Div(string html) => $"<div xmlns=\"http://www.w3.org/1999/xhtml\">{html}</div>";
}
