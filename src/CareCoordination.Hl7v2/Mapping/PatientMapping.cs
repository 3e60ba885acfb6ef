using System.Globalization;
using System.Text.Json.Nodes;
using CareCoordination.Hl7v2.DataTypes;
using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Hl7v2.Mapping;

/// <summary>PID and PD1. Maps: Segment PID to Patient, Segment PD1 to Patient.</summary>
internal static class PatientMapping
{
    private const string SocialSecurity = "http://hl7.org/fhir/sid/us-ssn";
    private const string Extensions = "http://hl7.org/fhir/StructureDefinition/";

    /// <summary>The Patient, added to the message; null where nobody can be told from it, which refuses it.</summary>
    public static string? Add(MappingContext context, string organization)
    {
        if (context.First("PID") is { } pid)
            return Add(context, pid, organization, links: []);
        context.Notes.Refuse(ErrorCode.RequiredFieldMissing, new Hl7Place("PID"), "The message has no patient.");
        return null;
    }

    /// <summary>The Patient of one PID, with links to others where it is one of a merge.</summary>
    public static string? Add(
        MappingContext context,
        SegmentView pid,
        string organization,
        IEnumerable<JsonNode?> links
    )
    {
        pid.Skip(1);
        var identifiers = IdentifiersOf(context, pid);
        if (identifiers.Count == 0)
            return null;
        var key = identifiers[0];
        var (deceased, when) = Death(context, pid);
        var birth = Times.Strict(context, pid[7]);
        return context.Add(
            "Patient",
            [key.System, key.Value],
            ("extension", FhirJson.Array(Heritage(context, pid).Append(Maiden(pid)))),
            ("identifier", FhirJson.Array(identifiers.Select(i => (JsonNode?)i.Json))),
            ("active", true),
            ("name", FhirJson.Array(pid.All(5).Concat(pid.All(9)).Select(n => (JsonNode?)Contacts.Name(context, n)))),
            ("telecom", FhirJson.Array(Telecoms(context, pid))),
            ("gender", Concepts.Code(context, pid.Only(8, context.Notes), "0001")),
            ("birthDate", birth?.ToDate()),
            ("_birthDate", BirthTime(birth)),
            ("deceasedBoolean", when is null ? deceased : null),
            ("deceasedDateTime", when),
            ("address", FhirJson.Array(pid.All(11).Select(a => (JsonNode?)Contacts.Address(context, a)))),
            ("maritalStatus", Concepts.Read(context, pid.Only(16, context.Notes), "0002")),
            BirthOrder(context, pid),
            ("communication", FhirJson.Array(Language(context, pid))),
            ("generalPractitioner", FhirJson.Array(Practice(context))),
            ("managingOrganization", FhirJson.Reference(organization)),
            ("link", FhirJson.Array(links))
        );
    }

    /// <summary>
    /// All numbers that somebody can compare: PID-3, the older PID-2 and PID-4, PID-19. Where PID-3 has none the message is refused: nobody can
    /// be told from it.
    /// </summary>
    private static List<Identifiers.Known> IdentifiersOf(MappingContext context, SegmentView pid)
    {
        var listed = pid.All(3).ToList();
        var known = Read(listed).ToList();
        if (known.Count == 0)
            known.AddRange(Read(pid.All(2)).Take(1));
        if (known.Count == 0)
        {
            var place = pid.Place with { Field = 3 };
            context.Notes.Refuse(
                listed.Count == 0 ? ErrorCode.RequiredFieldMissing : ErrorCode.UnknownKeyIdentifier,
                listed.Count == 0 ? place : place with { Component = 4 },
                listed.Count == 0
                    ? "The patient has no identifier."
                    : "None of the identifiers has an assigner that the profile of the sender knows (assigners, patientAssigner)."
            );
            return known;
        }

        known.AddRange(Read(pid.All(2)));
        known.AddRange(Read(pid.All(4)));
        if (FhirJson.Clean(pid[19].Text) is { Length: > 0 } number)
            known.Add(SocialSecurityNumber(number));
        return [.. known.DistinctBy(k => (k.System, k.Value))];

        IEnumerable<Identifiers.Known> Read(IEnumerable<Hl7Value> values) =>
            values
                .Select(v => Identifiers.Read(context, v, context.Sender.PatientAssigner))
                .OfType<Identifiers.Known>();
    }

    private static Identifiers.Known SocialSecurityNumber(string number) =>
        new(
            SocialSecurity,
            number,
            FhirJson.Object(
                ("type", FhirJson.Concept("http://terminology.hl7.org/CodeSystem/v2-0203", "SS")),
                ("system", SocialSecurity),
                ("value", FhirJson.Text(number))
            )!
        );

    private static (JsonNode? Deceased, JsonNode? When) Death(MappingContext context, SegmentView pid)
    {
        var when = Times.Strict(context, pid[29])?.ToDateTime();
        var said = FhirJson.Clean(pid[30].Text).ToUpperInvariant();
        if (when is not null && said == "N")
        {
            context.Notes.Refuse(
                ErrorCode.DataType,
                pid[30].Place,
                "The patient has a time of death (PID-29) and is not dead (PID-30): correct one of them."
            );
        }

        return (
            said switch
            {
                "Y" => true,
                "N" => false,
                _ => (JsonNode?)null,
            },
            when
        );
    }

    private static JsonObject? BirthTime(Moment? birth) =>
        birth is { HasTime: true } moment
            ? FhirJson.Object(
                (
                    "extension",
                    FhirJson.Array(
                        FhirJson.Object(
                            ("url", Extensions + "patient-birthTime"),
                            ("valueDateTime", moment.ToDateTime())
                        )
                    )
                )
            )
            : null;

    private static JsonNode? Maiden(SegmentView pid) =>
        FhirJson.Clean(pid[6][1].Text) is { Length: > 0 } name
            ? FhirJson.Object(("url", Extensions + "patient-mothersMaidenName"), ("valueString", FhirJson.Text(name)))
            : null;

    private static IEnumerable<JsonNode?> Heritage(MappingContext context, SegmentView pid) =>
        [UsCoreHeritage.Race(context, pid.All(10)), UsCoreHeritage.Ethnicity(context, pid.All(22))];

    private static IEnumerable<JsonNode?> Telecoms(MappingContext context, SegmentView pid) =>
        pid.All(13)
            .Select(t => Contacts.Telecom(context, t, "home"))
            .Concat(pid.All(14).Select(t => Contacts.Telecom(context, t, "work")))
            .Concat(pid.All(40).Select(t => Contacts.Telecom(context, t, "home")))
            .Where(t => t is not null)
            .DistinctBy(t => t!.ToJsonString());

    /// <summary>PID-24 whether the patient is one of several, PID-25 which.</summary>
    private static (string Name, JsonNode? Value) BirthOrder(MappingContext context, SegmentView pid)
    {
        var (said, order) = (FhirJson.Clean(pid[24].Text).ToUpperInvariant(), FhirJson.Clean(pid[25].Text));
        if (said is not ("" or "Y" or "N"))
            Concepts.NotInTable(context, pid[24], "0136");
        if (
            int.TryParse(order, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number > 0
            && said != "N"
        )
            return ("multipleBirthInteger", number);
        if (order.Length > 0)
            context.Notes.NotMapped(pid[25].Place, "The order of births does not fit PID-24.");
        return ("multipleBirthBoolean", said is "Y" or "N" ? said == "Y" : null);
    }

    private static JsonNode? Language(MappingContext context, SegmentView pid)
    {
        var value = pid.Only(15, context.Notes);
        return Concepts.Read(context, value, "0296") is { } language
            ? FhirJson.Object(("language", language), ("preferred", true))
            : null;
    }

    private static IEnumerable<JsonNode?> Practice(MappingContext context) =>
        (context.First("PD1")?.All(4) ?? [])
            .Select(doctor => Practitioners.Add(context, doctor))
            .Select(url => url is null ? null : FhirJson.Reference(url));
}
