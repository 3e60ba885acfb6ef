using System.Text.Json.Nodes;
using CareCoordination.Hl7v2.DataTypes;
using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Hl7v2.Mapping;

/// <summary>MSH and EVN. Maps: Segment MSH to MessageHeader, Segment MSH to Bundle.</summary>
internal static class HeaderMapping
{
    public static JsonObject Write(MappingContext context, AdtEvent adt, string organization, List<string> focus)
    {
        var header = context.First("MSH")!;
        // Separators, receiver, sequence, acknowledgements and forms of the message itself say nothing of what it tells.
        header.Skip(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17, 18, 19, 20, 21);
        foreach (var software in context.All("SFT"))
            software.Skip(1, 2, 3, 4, 5, 6);
        var happened = context.First("EVN");
        happened?.Skip(1, 2, 6);
        return FhirJson.Object(
            ("resourceType", "MessageHeader"),
            ("id", StableIds.OfMessage(context.Sender.Id, header[10].Text)),
            ("meta", adt.IsNotification ? AlertsProfile.Meta($"{adt.Code[13..]}-notification-messageheader") : null),
            ("eventCoding", FhirJson.Coding(adt.System, adt.Code, adt.Display)),
            ("sender", FhirJson.Reference(organization, context.Sender.OrganizationName)),
            ("source", Source(header)),
            ("responsible", FhirJson.Reference(organization, context.Sender.OrganizationName)),
            ("reason", happened is null ? null : Concepts.Read(context, happened[4], "0062")),
            ("focus", FhirJson.Array(focus.Select(f => (JsonNode?)FhirJson.Reference(f))))
        )!;
    }

    /// <summary>When the message was written: MSH-7, else EVN-2. An instant has a time of day; a message with a day alone is of its beginning.</summary>
    public static string? Timestamp(MappingContext context)
    {
        foreach (var place in new[] { "MSH-7", "EVN-2" })
        {
            if (Times.Strict(context, context.Message[place]) is not { } moment)
                continue;
            if (place != "MSH-7")
                context.Notes.Assumed(Hl7Place.Parse("MSH-7"), "There is no time: that of EVN-2 is taken.");
            if (moment.HasTime)
                return moment.ToDateTime();
            if (!moment.HasDay)
                break;
            context.Notes.Assumed(Hl7Place.Parse(place), "There is no time of day: the beginning of the day is taken.");
            return Times.BeginningOfDay(context, moment).ToDateTime();
        }

        if (context.Notes.Faults.IsEmpty)
        {
            context.Notes.Refuse(
                ErrorCode.RequiredFieldMissing,
                Hl7Place.Parse("MSH-7"),
                "A message has the time at which it was written, which tells later ones from earlier ones."
            );
        }

        return null;
    }

    private static JsonObject? Source(SegmentView header)
    {
        var (application, facility) = (FhirJson.Clean(header[3][1].Text), FhirJson.Clean(header[4][1].Text));
        var name = string.Join(" ", new[] { facility, application }.Where(n => n.Length > 0));
        return FhirJson.Object(
            ("name", FhirJson.Text(name)),
            ("software", FhirJson.Text(application)),
            ("endpoint", $"urn:hl7v2:{Uri.EscapeDataString(facility)}:{Uri.EscapeDataString(application)}")
        );
    }
}
