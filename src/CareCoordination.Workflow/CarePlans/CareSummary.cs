using System.Collections.Immutable;
using System.Net;
using System.Text;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.CarePlans;

/// <summary>What goes into a summary.</summary>
/// <param name="Plans">One plan, or all that are active; may be none.</param>
/// <param name="Members">Goals and activities of the plans.</param>
/// <param name="Others">Further resources of the patient: conditions, medications, allergies, the care team, practitioners.</param>
/// <param name="BaseUrl">The address of this server, so that what the document says can be found again.</param>
/// <param name="Author">Who gives it.</param>
public sealed record CareSummaryContent(
    Snapshot Patient,
    ImmutableArray<Snapshot> Plans,
    ImmutableArray<Snapshot> Members,
    ImmutableArray<Snapshot> Others,
    string BaseUrl,
    string Author
);

/// <summary>
/// <c>$care-summary</c>: the copy of the plan that the patient is owed, and the packet before a visit. A document whose Composition is
/// a plan of care note (LOINC 18776-5). https://hl7.org/fhir/R4/documents.html
/// </summary>
public static class CareSummary
{
    private const string Loinc = "http://loinc.org";

    /// <summary>Sections by the type of their resources. Only those whose LOINC codes are certain carry one.</summary>
    private static readonly (string Title, string? Code, string[] Types)[] Sections =
    [
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

    /// <param name="compositionId">The id of the Composition.</param>
    /// <param name="bundleId">The id of the Bundle, which also identifies the document.</param>
    public static byte[] Document(CareSummaryContent content, DateTimeOffset now, string compositionId, string bundleId)
    {
        var resources = content.Plans.Concat(content.Members).Concat(content.Others).DistinctBy(s => s.Key).ToArray();
        var heading = content.Plans is [var only] ? new CarePlanDraft(only).Edit.Title ?? "Care plan" : "Care summary";
        var composition = new CompositionEditor
        {
            Id = compositionId,
            Status = CompositionStatusCodes.Final,
            Type = CodeableConceptEditor.Of(Loinc, "18776-5", "Plan of care note"),
            Subject = References.To(content.Patient.Key.ToString()),
            Date = now,
            Author = { References.To(content.Author) },
            Title = heading,
        };
        var html = new StringBuilder();
        foreach (var (title, code, types) in Sections)
        {
            var members = resources.Where(r => types.Contains(r.Key.Type)).ToArray();
            if (members.Length == 0)
                continue;
            var text = Lines(members);
            html.Append("<h2>").Append(title).Append("</h2>").Append(text);
            var section = new CompositionSectionEditor
            {
                Title = title,
                Text = { Status = NarrativeStatusCodes.Generated, Div = Div(text) },
            };
            if (code is not null)
                section.Code = CodeableConceptEditor.Of(Loinc, code);
            foreach (var member in members)
                section.Entry.Add(References.To(member.Key.ToString()));
            composition.Section.Add(section);
        }

        if (html.Length == 0)
            html.Append("<p>Nothing is recorded.</p>");
        composition.Text = new() { Status = NarrativeStatusCodes.Generated, Div = Div(html.ToString()) };
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

    private static void Add(BundleEditor bundle, string baseUrl, ResourceKey key, ReadOnlyMemory<byte> json)
    {
        if (ResourceDocument.Parse(json).TryGet(out var document, out _))
            bundle.Entry.Add(new() { FullUrl = $"{baseUrl}/{key}", Resource = new ResourceEditor(document) });
    }

    private static string Lines(Snapshot[] members)
    {
        var html = new StringBuilder("<ul>");
        foreach (var member in members)
            html.Append("<li>").Append(WebUtility.HtmlEncode(Line(member))).Append("</li>");
        return html.Append("</ul>").ToString();
    }

    /// <summary>What a resource is, and where it stands, in words for a patient.</summary>
    private static string Line(Snapshot member)
    {
        if (!ResourceDocument.Parse(member.Utf8Json).TryGet(out var document, out _))
            return member.Key.Type;
        var root = Element.Root(document, R4Definitions.Schema);
        var name = First(root, "title", "description", "name", "code", "medication", "category");
        var status = First(root, "lifecycleStatus", "status", "clinicalStatus");
        return status is null ? name ?? member.Key.Type : $"{name ?? member.Key.Type}: {status}";
    }

    /// <summary>The first of these elements that says something: as text, or as a concept.</summary>
    private static string? First(Element root, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (root.Child(name) is not { Exists: true } element)
                continue;
            if (element.Text is { Length: > 0 } text)
                return text;
            var concept = new CodeableConceptView(element);
            if (
                element.Type.Name == "CodeableConcept"
                && (concept.Text ?? concept.Coding.Select(c => c.Display ?? c.Code).FirstOrDefault(t => t is not null))
                    is { } said
            )
                return said;
        }

        return null;
    }

    private static string Div(string html) => $"<div xmlns=\"http://www.w3.org/1999/xhtml\">{html}</div>";
}
