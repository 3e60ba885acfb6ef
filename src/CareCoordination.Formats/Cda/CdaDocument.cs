using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Formats.Cda;

/// <summary>A document as it is in FHIR, and what whoever reviews it has to know.</summary>
/// <param name="Notes">What was read of each section, and what was not. Without content of the patient.</param>
public sealed record CdaReading(ResourceDocument Bundle, ImmutableArray<string> Notes);

/// <summary>
/// Reads a C-CDA document as a document Bundle of FHIR, so that it is taken in as one is: the patient, the stay, and the sections that
/// are coded. The XML stays what it is, and is what counts. https://hl7.org/cda/us/ccda, https://hl7.org/fhir/us/ccda
/// </summary>
public static class CdaDocument
{
    private const string At = "ClinicalDocument.";

    /// <param name="charset">Of the media type; null where it names none.</param>
    /// <param name="zone">Of times that are written without an offset.</param>
    public static Result<CdaReading> Read(ReadOnlyMemory<byte> xml, string? charset, TimeZoneInfo zone) =>
        CdaXml.Parse(xml, charset).Then(root => Read(root, zone));

    private static Result<CdaReading> Read(XElement root, TimeZoneInfo zone)
    {
        if (root.Name != CdaXml.Hl7 + "ClinicalDocument")
            return No("The XML is no ClinicalDocument of urn:hl7-org:v3.");
        if (root.Child("code").Concept()?["coding"] is null)
            return No(At + "code: the document does not say of which type it is.");
        if (root.Child("effectiveTime").Time(zone) is not { } written)
            return No(At + "effectiveTime: the document does not say when it was written.");
        if (root.Child("id") is not { } id || CdaValues.Identifier(id) is not { } identifier)
            return No(At + "id: the document has no id, by which a repetition is known.");
        if (CdaPeople.Patient(root, zone) is not { } patient)
            return No(At + "recordTarget: the document does not say whom it is of.");
        var notes = new CdaNotes();
        var bundle = new CdaBundle(identifier.ToJsonString());
        var person = bundle.Add("patient", patient);
        var custodian = CdaPeople.Custodian(root) is { } keeper ? bundle.Add("custodian", keeper) : null;
        var stay = CdaStay.Encounter(root, person, custodian, notes, zone) is { } told
            ? bundle.Add("stay", told)
            : null;
        var sections = new JsonArray();
        foreach (var (kind, section) in CdaSections.Of(root, notes))
        {
            var context = new CdaEntryContext(person, stay, written, zone, kind, notes);
            var made = CdaSections.Read(section, context);
            var entries = made.Select((r, i) => (JsonNode?)CdaJson.Reference(bundle.Add($"{kind.Code} {i}", r)));
            if (Section(kind, section, CdaJson.Array(entries)) is { } one)
                sections.Add((JsonNode)one);
        }

        if (root.Children("component", "structuredBody").FirstOrDefault() is null)
            notes.Add("The document has no sections that can be read: read it as it is.");
        var composition = Composition(root, written, person, custodian, stay);
        if (sections.Count > 0)
            composition["section"] = sections;
        return new CdaReading(bundle.ToDocument(composition, identifier, written), [.. notes.Sentences]);
    }

    private static JsonObject Composition(
        XElement root,
        CdaTime written,
        string patient,
        string? custodian,
        string? stay
    )
    {
        var type = root.Child("code").Concept()!;
        var title = root.Child("title") is { } titled ? CdaValues.Plain(titled.Value) : null;
        return CdaJson.Of(
            ("resourceType", "Composition"),
            ("status", "final"),
            ("type", type),
            ("subject", CdaJson.Reference(patient)),
            ("encounter", stay is null ? null : CdaJson.Reference(stay)),
            ("date", written.ToDateTime()),
            (
                "author",
                new JsonArray(
                    custodian is null
                        ? new JsonObject { ["display"] = "The author of the document" }
                        : CdaJson.Reference(custodian)
                )
            ),
            ("title", title ?? "Clinical document"),
            ("custodian", custodian is null ? null : CdaJson.Reference(custodian))
        )!;
    }

    private static JsonObject? Section(CdaSectionKind kind, XElement section, JsonArray? entries)
    {
        var text = CdaSections.Narrative(section);
        return text is null && entries is null
            ? null
            : CdaJson.Of(
                ("title", kind.Title),
                ("code", CdaJson.Concept(CdaOids.Loinc, kind.Code)),
                ("text", text),
                ("entry", entries)
            );
    }

    private static Failure No(string why) => Failure.Unprocessable(IssueCode.Structure, why);

    /// <summary>The entries of a Bundle, each with an address that the same document gives it whenever it is read.</summary>
    private sealed class CdaBundle(string document)
    {
        private readonly JsonArray _entries = [];

        public string Add(string name, JsonObject resource)
        {
            var url = UrlOf(name);
            _entries.Add((JsonNode)new JsonObject { ["fullUrl"] = url, ["resource"] = resource });
            return url;
        }

        public ResourceDocument ToDocument(JsonObject composition, JsonObject identifier, CdaTime written)
        {
            _entries.Insert(0, new JsonObject { ["fullUrl"] = UrlOf("composition"), ["resource"] = composition });
            var bundle = new JsonObject
            {
                ["resourceType"] = "Bundle",
                ["identifier"] = identifier,
                ["type"] = "document",
                ["timestamp"] = written.ToInstant(),
                ["entry"] = _entries,
            };
            return ResourceDocument.Parse(Encoding.UTF8.GetBytes(bundle.ToJsonString())).Value;
        }

        private string UrlOf(string name)
        {
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{document} {name}")).AsSpan(0, 16);
            return $"urn:uuid:{new Guid(hash)}";
        }
    }
}
