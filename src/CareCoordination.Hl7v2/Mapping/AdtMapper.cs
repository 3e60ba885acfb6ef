using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Hl7v2.DataTypes;
using CareCoordination.Hl7v2.Messages;
using CareCoordination.Hl7v2.Senders;

namespace CareCoordination.Hl7v2.Mapping;

/// <summary>
/// An ADT message as the FHIR message that tells the same, in the shape of the Da Vinci notifications
/// (https://hl7.org/fhir/us/davinci-alerts/). What becomes of which field stands in docs/hl7v2.md. The same message becomes the same bytes.
/// </summary>
public static class AdtMapper
{
    public static AdtMapping Map(Hl7Message message, SenderProfile sender)
    {
        var context = new MappingContext(message, sender);
        if (AdtEvent.Of(context) is not { } adt)
            return Refused(context);
        RequireHeader(context);
        var organization = OrganizationMapping.Add(context);
        var focus = adt.IsMerge ? MergeMapping.Add(context, organization) : AddVisit(context, adt, organization);
        var header = HeaderMapping.Write(context, adt, organization, focus);
        var timestamp = HeaderMapping.Timestamp(context);
        if (!context.Notes.Faults.IsEmpty || timestamp is null)
            return Refused(context);
        foreach (var view in context.Views)
            view.TellOfTheRest(context.Notes);
        var bundle = Bundle(context, adt, header, timestamp, focus);
        return new AdtMapping(FhirJson.ToUtf8(bundle), context.Notes.All, Faults: [])
        {
            Event = new MappedCode(adt.Code, adt.System, adt.Display),
        };
    }

    private static AdtMapping Refused(MappingContext context) =>
        new(Bundle: null, context.Notes.All, context.Notes.Faults);

    private static void RequireHeader(MappingContext context)
    {
        if (context.Message["MSH-10"].Text.Length == 0)
        {
            context.Notes.Refuse(
                ErrorCode.RequiredFieldMissing,
                Hl7Place.Parse("MSH-10"),
                "A message has a control id, by which it is known when it comes again."
            );
        }
    }

    private static List<string> AddVisit(MappingContext context, AdtEvent adt, string organization)
    {
        if (PatientMapping.Add(context, organization) is not { } patient)
            return [];
        if (EncounterMapping.Add(context, adt, patient, organization) is not { } encounter)
            return [];
        var visit = new Visit(patient, encounter);
        AllergyMapping.Add(context, visit);
        CoverageMapping.Add(context, visit);
        RelatedPersonMapping.Add(context, visit);
        ObservationMapping.Add(context, visit);
        ProcedureMapping.Add(context, visit);
        return [encounter];
    }

    private static JsonObject Bundle(
        MappingContext context,
        AdtEvent adt,
        JsonObject header,
        string timestamp,
        List<string> focus
    )
    {
        // The header stands first; then what it is about, then what that refers to, in the order it was made.
        var entries = context
            .Entries.OrderBy(e => focus.Contains(e.Url) ? 0 : 1)
            .Prepend(("urn:uuid:" + (string)header["id"]!, header))
            .Select(e => (JsonNode?)FhirJson.Object(("fullUrl", e.Item1), ("resource", e.Item2)));
        var content = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(context.Message.ToString())));
        return FhirJson.Object(
            ("resourceType", "Bundle"),
            ("id", StableIds.Of(context.Sender.Id, "Bundle", context.Message["MSH-10"].Text, content)),
            ("meta", adt.IsNotification ? AlertsProfile.Meta("notifications-bundle") : null),
            ("type", "message"),
            ("timestamp", timestamp),
            ("entry", FhirJson.Array(entries))
        )!;
    }
}
