using System.Text.Json.Nodes;
using CareCoordination.Hl7v2.DataTypes;
using CareCoordination.Hl7v2.Messages;
using CareCoordination.Hl7v2.Senders;

namespace CareCoordination.Hl7v2.Mapping;

/// <summary>PV1 and PV2. Maps: Segment PV1 to Encounter, Segment PV2 to Encounter.</summary>
internal static class EncounterMapping
{
    private const string ParticipationType = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";

    private static readonly (int Field, string Code, string Display)[] Participants =
    [
        (7, "ATND", "attender"),
        (8, "REF", "referrer"),
        (9, "CON", "consultant"),
        (17, "ADM", "admitter"),
        (52, "PART", "Participation"),
    ];

    /// <summary>The Encounter, added to the message; null where it is no visit that can be told from others, which refuses the message.</summary>
    public static string? Add(MappingContext context, AdtEvent adt, string patient, string organization)
    {
        if (context.First("PV1") is not { } pv1)
        {
            context.Notes.Refuse(ErrorCode.RequiredFieldMissing, new Hl7Place("PV1"), "The message has no visit.");
            return null;
        }

        pv1.Skip(1);
        var classCode = Class(context, pv1[2]);
        var identifiers = Numbers(context, pv1);
        var period = StayPeriod.Of(context, adt, pv1);
        var disposition = Disposition(context, adt, pv1);
        if (classCode is null || identifiers.Count == 0)
            return null;
        var status = Status(adt, (string)classCode["code"]!, period);
        var key = identifiers[0];
        // Diagnoses refer to the visit, and the visit to them.
        var visit = new Visit(
            patient,
            "urn:uuid:" + StableIds.Of(context.Sender.Id, "Encounter", key.System, key.Value)
        );
        var diagnoses = ConditionMapping.Add(context, adt, visit);
        var pv2 = context.First("PV2");
        return context.Add(
            "Encounter",
            [key.System, key.Value],
            ("meta", adt.IsNotification ? AlertsProfile.Meta("adt-notification-encounter") : null),
            ("identifier", FhirJson.Array(identifiers.Select(i => (JsonNode?)i.Json))),
            ("status", status),
            ("class", classCode),
            ("type", FhirJson.Array(Type(context, pv1))),
            ("serviceType", Concepts.Read(context, pv1[10], "0069")),
            ("priority", Concepts.Read(context, pv1[4], "0007")),
            ("subject", FhirJson.Reference(patient)),
            ("participant", FhirJson.Array(People(context, pv1))),
            ("period", period.ToJson()),
            ("reasonCode", FhirJson.Array(pv2 is null ? null : Concepts.Read(context, pv2[3]))),
            ("diagnosis", diagnoses),
            ("hospitalization", Hospitalization(context, pv1, disposition, organization)),
            ("location", FhirJson.Array(StayLocations.Of(context, adt, pv1, period, organization))),
            ("serviceProvider", FhirJson.Reference(organization))
        );
    }

    private static string Status(AdtEvent adt, string classCode, StayPeriod period) =>
        adt.Status == "in-progress" && classCode == "PRENC"
            ? "planned"
            : adt.Status
                ?? (
                    period.End is not null ? "finished"
                    : classCode == "PRENC" ? "planned"
                    : "in-progress"
                );

    private static JsonObject? Class(MappingContext context, Hl7Value value)
    {
        var code = FhirJson.Clean(value.Text);
        if (code.Length > 0 && context.Sender.TryTranslate("0004", code, out var mapped))
            return (JsonObject)FhirJson.Coding(mapped.System, mapped.Code, mapped.Display);
        context.Notes.Refuse(
            code.Length == 0 ? ErrorCode.RequiredFieldMissing : ErrorCode.TableValueNotFound,
            value.Place,
            code.Length == 0
                ? "A visit has a class, as I for inpatients."
                : "The class of the visit is in no table: the profile of the sender says what it is (tables, 0004)."
        );
        return null;
    }

    /// <summary>The number of the visit, PV1-19; else one that is as good: the alternate (PV1-50), the account (PID-18).</summary>
    private static List<Identifiers.Known> Numbers(MappingContext context, SegmentView pv1)
    {
        var assumed = context.Sender.VisitAssigner;
        var number = Identifiers.Read(context, pv1[19], assumed, "VN");
        var numbers = pv1.All(50).Select(n => Identifiers.Read(context, n, assumed)).Prepend(number);
        var known = numbers.OfType<Identifiers.Known>().ToList();
        if (number is null && pv1[19].HasText)
        {
            context.Notes.Refuse(
                ErrorCode.UnknownKeyIdentifier,
                pv1[19][4].Place,
                "The visit number has no assigner that the profile of the sender knows (assigners, visitAssigner)."
            );
        }

        var account = context.First("PID")![18];
        if (known.Count == 0 && Identifiers.Read(context, account, assumed, "AN") is { } accountNumber)
        {
            context.Notes.Assumed(
                pv1[19].Place,
                "There is no visit number: the account (PID-18) stands for the visit."
            );
            known.Add(accountNumber);
        }
        else if (account.HasText)
        {
            context.Notes.NotMapped(account.Place, "The account has no place beside the visit number.");
        }

        if (known.Count == 0 && !pv1[19].HasText)
        {
            context.Notes.Refuse(
                ErrorCode.RequiredFieldMissing,
                pv1[19].Place,
                "The visit has no number (PV1-19, PV1-50 or PID-18), so that it cannot be told from others."
            );
        }

        return [.. known.DistinctBy(k => (k.System, k.Value))];
    }

    private static IEnumerable<JsonNode?> Type(MappingContext context, SegmentView pv1) =>
        [Concepts.Read(context, pv1[18], "0018")];

    private static IEnumerable<JsonNode?> People(MappingContext context, SegmentView pv1) =>
        from part in Participants
        from doctor in pv1.All(part.Field)
        let url = Practitioners.Add(context, doctor)
        where url is not null
        select FhirJson.Object(
            ("type", FhirJson.Array(FhirJson.Concept(ParticipationType, part.Code, part.Display))),
            ("individual", FhirJson.Reference(url))
        );

    private static JsonObject? Hospitalization(
        MappingContext context,
        SegmentView pv1,
        JsonObject? disposition,
        string organization
    )
    {
        var destination = pv1[37].HasText ? Locations.Add(context, pv1[37], organization) : null;
        return FhirJson.Object(
            ("preAdmissionIdentifier", Identifiers.Read(context, pv1[5], context.Sender.VisitAssigner)?.Json),
            ("admitSource", Concepts.Read(context, pv1[14], "0023")),
            ("reAdmission", Concepts.Read(context, pv1[13], "0092")),
            ("dietPreference", FhirJson.Array(Concepts.Read(context, pv1[38], "0114"))),
            ("destination", destination is null ? null : FhirJson.Reference(destination)),
            ("dischargeDisposition", disposition)
        );
    }

    /// <summary>Where the patient goes decides what follows from a discharge, so that one that means nothing refuses it.</summary>
    private static JsonObject? Disposition(MappingContext context, AdtEvent adt, SegmentView pv1)
    {
        var value = pv1[36];
        if (adt.IsCancelledDischarge)
        {
            if (value.HasText)
                context.Notes.NotMapped(value.Place, "The discharge is cancelled, and its disposition with it.");
            return null;
        }

        if (value.HasText && adt.IsDischarge && !context.Sender.TryTranslate("0112", FhirJson.Clean(value.Text), out _))
        {
            context.Notes.Refuse(
                ErrorCode.TableValueNotFound,
                value.Place,
                "The disposition is none of table 0112: the profile of the sender says what it is (tables, 0112)."
            );
        }

        if (!value.HasText && adt.IsDischarge)
            context.Notes.Assumed(value.Place, "The discharge does not say where the patient goes.");
        return Concepts.Read(context, value, "0112");
    }
}
