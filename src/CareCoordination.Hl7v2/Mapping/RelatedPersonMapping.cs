using System.Text.Json.Nodes;
using CareCoordination.Hl7v2.DataTypes;

namespace CareCoordination.Hl7v2.Mapping;

/// <summary>NK1. Map: Segment NK1 to RelatedPerson.</summary>
internal static class RelatedPersonMapping
{
    public static void Add(MappingContext context, Visit visit)
    {
        foreach (var nk1 in context.All("NK1"))
        {
            nk1.Skip(1);
            var names = nk1.All(2).Select(n => (JsonNode?)Contacts.Name(context, n)).ToList();
            var relationships = Relationships(context, nk1).Where(r => r is not null).ToList();
            if (names.Count == 0 && relationships.Count == 0)
                continue;
            context.Add(
                "RelatedPerson",
                [visit.Patient, "NK1", nk1[2].Raw, nk1[3].Raw],
                ("active", true),
                ("patient", FhirJson.Reference(visit.Patient)),
                ("relationship", FhirJson.Array(relationships)),
                ("name", FhirJson.Array(names)),
                ("telecom", FhirJson.Array(Telecoms(context, nk1))),
                ("gender", Concepts.Code(context, nk1[15], "0001")),
                ("birthDate", Times.Date(context, nk1[16])),
                ("address", FhirJson.Array(nk1.All(4).Select(a => (JsonNode?)Contacts.Address(context, a)))),
                ("period", Times.Period(context, nk1[8], nk1[9])),
                ("communication", FhirJson.Array(Language(context, nk1)))
            );
        }
    }

    /// <summary>What the person is to the patient (NK1-3), and for what they are called (NK1-7).</summary>
    private static IEnumerable<JsonNode?> Relationships(MappingContext context, SegmentView nk1) =>
        [Concepts.Read(context, nk1[3], "0063"), Concepts.Read(context, nk1[7], "0131")];

    private static IEnumerable<JsonNode?> Telecoms(MappingContext context, SegmentView nk1) =>
        nk1.All(5)
            .Select(t => Contacts.Telecom(context, t, "home"))
            .Concat(nk1.All(6).Select(t => Contacts.Telecom(context, t, "work")))
            .Where(t => t is not null)
            .DistinctBy(t => t!.ToJsonString());

    private static JsonNode? Language(MappingContext context, SegmentView nk1) =>
        Concepts.Read(context, nk1[20], "0296") is { } language ? FhirJson.Object(("language", language)) : null;
}
