using System.Globalization;
using System.Text.Json.Nodes;
using CareCoordination.Hl7v2.DataTypes;
using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Hl7v2.Mapping;

/// <summary>IN1: who pays. The map of the v2-to-FHIR guide, Segment IN1 to Coverage, is a draft.</summary>
internal static class CoverageMapping
{
    private const string Terminology = "http://terminology.hl7.org/CodeSystem/";

    public static void Add(MappingContext context, Visit visit)
    {
        var order = 0;
        foreach (var in1 in context.All("IN1"))
        {
            in1.Skip(1);
            order++;
            if (Payor(context, in1) is not { } payor)
            {
                context.Notes.NotMapped(in1.Place, "Neither IN1-3 nor IN1-4 names who pays: the coverage is left out.");
                continue;
            }

            var plan = Concepts.Read(context, in1[2], "0072");
            var member = in1[49].HasText ? in1[49] : in1[36];
            context.Add(
                "Coverage",
                [visit.Patient, "IN1", payor, member.Text, in1[2].Text, in1[8].Text],
                ("meta", AlertsProfile.Meta("adt-notification-coverage")),
                ("status", "active"),
                ("type", Concepts.Read(context, in1[15], "0086")),
                ("subscriberId", FhirJson.Text(member.Text)),
                ("beneficiary", FhirJson.Reference(visit.Patient)),
                ("relationship", Relationship(context, in1)),
                ("period", Period(context, in1)),
                ("payor", FhirJson.Array(FhirJson.Reference(payor))),
                ("class", FhirJson.Array(Group(in1), Plan(in1, plan))),
                ("order", Order(in1, order))
            );
        }
    }

    private static string? Payor(MappingContext context, SegmentView in1)
    {
        var (number, name) = (FhirJson.Clean(in1[3][1].Text), FhirJson.Clean(in1[4][1].Text));
        if (number.Length == 0 && name.Length == 0)
            return null;
        var system = number.Length > 0 ? Identifiers.SystemOf(context, in1[3][4], in1[3][5].Text, assumed: null) : null;
        var identifier = number.Length > 0 ? FhirJson.Object(("system", system), ("value", number)) : null;
        return context.Add(
            "Organization",
            ["payor", system ?? "", number, name],
            ("identifier", FhirJson.Array(identifier)),
            ("active", true),
            ("type", FhirJson.Array(FhirJson.Concept(Terminology + "organization-type", "pay", "Payer"))),
            ("name", FhirJson.Text(name)),
            ("telecom", FhirJson.Array(in1.All(7).Select(t => (JsonNode?)Contacts.Telecom(context, t, "work")))),
            ("address", FhirJson.Array(in1.All(5).Select(a => (JsonNode?)Contacts.Address(context, a))))
        );
    }

    /// <summary>Table 0063 as the relationship to the subscriber, which FHIR has codes of its own for.</summary>
    private static JsonNode? Relationship(MappingContext context, SegmentView in1)
    {
        var value = in1[17];
        if (!value.HasText || Concepts.Read(context, value, "0063", translate: false) is not { } concept)
            return null;
        if (context.Sender.TryTranslate("IN1-17", value.Text, out var mapped) && concept["coding"] is JsonArray codings)
            codings.Insert(0, FhirJson.Coding(mapped.System, mapped.Code, mapped.Display));
        return concept;
    }

    private static JsonObject? Period(MappingContext context, SegmentView in1) =>
        Times.Period(context, in1[12], in1[13]);

    private static JsonNode? Group(SegmentView in1) => Class("group", in1[8], FhirJson.Text(in1[9][1].Text));

    private static JsonNode? Plan(SegmentView in1, JsonObject? plan) =>
        Class("plan", in1[2], plan?["text"]?.DeepClone());

    private static JsonNode? Class(string type, Hl7Value value, JsonNode? name) =>
        FhirJson.Text(value.Text) is { } text
            ? FhirJson.Object(
                ("type", FhirJson.Concept(Terminology + "coverage-class", type)),
                ("value", text),
                ("name", name)
            )
            : null;

    /// <summary>IN1-22; where it is not said, the first is the first to pay.</summary>
    private static JsonNode Order(SegmentView in1, int order) =>
        int.TryParse(in1[22].Text, NumberStyles.None, CultureInfo.InvariantCulture, out var said) && said > 0
            ? said
            : order;
}
