using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.HospitalSimulator.Scripts;

namespace CareCoordination.HospitalSimulator.Doors;

/// <summary>What the hospital tells, as Bundles and resources of FHIR: notifications in the shape of Da Vinci's, and discharge summaries.</summary>
internal static class FhirText
{
    public const string NumberSystem = "http://north.example/mrn";
    public const string VisitSystem = "http://north.example/visit";

    private const string Alerts = "http://hl7.org/fhir/us/davinci-alerts/CodeSystem/notification-event";
    private const string Own = "https://carecoordination.example/fhir/CodeSystem/transition-event";
    private const string Loinc = "http://loinc.org";

    public static JsonObject Message(Told told)
    {
        var (system, code) = EventOf(told.What);
        var focus = told.What == Happening.Merge ? "patient" : "stay";
        var header = new JsonObject
        {
            ["resourceType"] = "MessageHeader",
            ["id"] = told.Id,
            ["eventCoding"] = new JsonObject { ["system"] = system, ["code"] = code },
            ["source"] = new JsonObject { ["endpoint"] = "https://north.example/fhir/$process-message" },
            ["focus"] = new JsonArray(Reference(told, focus)),
        };
        var entries = new JsonArray(Entry(told, "header", header));
        if (told.MergedAway is { } away)
        {
            var stays = PatientOf(told.Person);
            stays["link"] = new JsonArray(
                new JsonObject { ["other"] = Reference(told, "away"), ["type"] = "replaces" }
            );
            entries.Add(Entry(told, "patient", stays));
            entries.Add(Entry(told, "away", PatientOf(away)));
        }
        else
        {
            entries.Add(Entry(told, "stay", Stay(told, Reference(told, "patient"), Reference(told, "hospital"))));
            entries.Add(Entry(told, "patient", PatientOf(told.Person)));
            entries.Add(Entry(told, "hospital", Hospital()));
        }

        return new JsonObject
        {
            ["resourceType"] = "Bundle",
            ["id"] = "b-" + told.Id,
            ["type"] = "message",
            ["timestamp"] = Text(told.At),
            ["entry"] = entries,
        };
    }

    /// <summary>A discharge summary.</summary>
    public static JsonObject Document(Told told)
    {
        var composition = new JsonObject
        {
            ["resourceType"] = "Composition",
            ["status"] = "final",
            ["type"] = Summary(),
            ["subject"] = Reference(told, "patient"),
            ["encounter"] = Reference(told, "stay"),
            ["date"] = Text(told.At),
            ["author"] = new JsonArray(Reference(told, "hospital")),
            ["custodian"] = Reference(told, "hospital"),
            ["title"] = "Discharge summary",
        };
        return new JsonObject
        {
            ["resourceType"] = "Bundle",
            ["identifier"] = new JsonObject { ["system"] = "http://north.example/document", ["value"] = told.Id },
            ["type"] = "document",
            ["timestamp"] = Text(told.At),
            ["entry"] = new JsonArray(
                Entry(told, "document", composition),
                Entry(told, "stay", Stay(told, Reference(told, "patient"), Reference(told, "hospital"))),
                Entry(told, "patient", PatientOf(told.Person)),
                Entry(told, "hospital", Hospital())
            ),
        };
    }

    /// <summary>The patient and the stay, each made where it is not there.</summary>
    public static JsonObject Transaction(Told told)
    {
        var stay = Stay(told, Reference(told, "patient"), hospital: null);
        return new JsonObject
        {
            ["resourceType"] = "Bundle",
            ["type"] = "transaction",
            ["entry"] = new JsonArray(
                Create(Entry(told, "patient", PatientOf(told.Person)), "Patient", NumberSystem, told.Person.Number),
                Create(Entry(told, "stay", stay), "Encounter", VisitSystem, told.Stay.Visit)
            ),
        };
    }

    /// <param name="patient">As the server refers to her.</param>
    public static JsonObject Stay(Told told, JsonObject patient, JsonObject? hospital)
    {
        var (stay, isCancelled) = (told.Stay, told.What == Happening.CancelAdmit);
        var period = new JsonObject { ["start"] = Text(stay.Start) };
        var encounter = new JsonObject
        {
            ["resourceType"] = "Encounter",
            ["identifier"] = new JsonArray(Identifier(VisitSystem, stay.Visit)),
            ["status"] =
                stay.End is not null ? "finished"
                : isCancelled ? "cancelled"
                : "in-progress",
            ["class"] = new JsonObject
            {
                ["system"] = "http://terminology.hl7.org/CodeSystem/v3-ActCode",
                ["code"] = stay.Class,
            },
            ["subject"] = patient,
            ["period"] = period,
        };
        if (stay.End is { } end)
        {
            period["end"] = Text(end);
            encounter["hospitalization"] = new JsonObject
            {
                ["dischargeDisposition"] = Concept(
                    "http://terminology.hl7.org/CodeSystem/discharge-disposition",
                    stay.Disposition!
                ),
            };
        }

        if (hospital is not null)
            encounter["serviceProvider"] = hospital;
        return encounter;
    }

    public static JsonObject PatientOf(Person person) =>
        new()
        {
            ["resourceType"] = "Patient",
            ["identifier"] = new JsonArray(Identifier(NumberSystem, person.Number)),
            ["name"] = new JsonArray(
                new JsonObject { ["family"] = person.Family, ["given"] = new JsonArray(person.Given) }
            ),
            ["gender"] = person.IsMale ? "male" : "female",
            ["birthDate"] = person.BirthDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };

    public static JsonObject Paper(Told told, JsonObject patient) =>
        new()
        {
            ["resourceType"] = "DocumentReference",
            ["id"] = "paper-" + told.Id.ToLowerInvariant(),
            ["status"] = "current",
            ["type"] = Summary(),
            ["subject"] = patient,
            ["date"] = Text(told.At),
            ["content"] = new JsonArray(
                new JsonObject
                {
                    ["attachment"] = new JsonObject
                    {
                        ["contentType"] = "application/pdf",
                        ["data"] = Convert.ToBase64String(Encoding.ASCII.GetBytes("%PDF-1.4\n%%EOF\n")),
                        ["title"] = "Discharge summary",
                    },
                }
            ),
        };

    private static (string System, string Code) EventOf(Happening what) =>
        what switch
        {
            Happening.Admit => (Alerts, "notification-admit"),
            Happening.Transfer => (Alerts, "notification-transfer"),
            Happening.Discharge => (Alerts, "notification-discharge"),
            Happening.CancelTransfer => (Own, "cancel-transfer"),
            Happening.CancelDischarge => (Own, "cancel-discharge"),
            Happening.CancelAdmit => (Own, "cancel-admit"),
            Happening.Merge => (Own, "merge"),
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, "No message tells of it."),
        };

    private static JsonObject Hospital() =>
        new()
        {
            ["resourceType"] = "Organization",
            ["identifier"] = new JsonArray(Identifier("http://hl7.org/fhir/sid/us-npi", "1234567893")),
            ["name"] = "North General Hospital",
            ["active"] = true,
        };

    private static JsonObject Create(JsonObject entry, string type, string system, string value)
    {
        entry["request"] = new JsonObject
        {
            ["method"] = "POST",
            ["url"] = type,
            ["ifNoneExist"] = $"identifier={system}|{value}",
        };
        return entry;
    }

    private static JsonObject Entry(Told told, string name, JsonObject resource) =>
        new() { ["fullUrl"] = Url(told, name), ["resource"] = resource };

    private static JsonObject Reference(Told told, string name) => new() { ["reference"] = Url(told, name) };

    private static string Url(Told told, string name) =>
        "urn:uuid:" + new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{told.Id} {name}")).AsSpan(0, 16)).ToString();

    private static JsonObject Summary() => Concept(Loinc, "18842-5");

    private static JsonObject Concept(string system, string code) =>
        new() { ["coding"] = new JsonArray(new JsonObject { ["system"] = system, ["code"] = code }) };

    private static JsonObject Identifier(string system, string value) =>
        new() { ["system"] = system, ["value"] = value };

    private static string Text(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
