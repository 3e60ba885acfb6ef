using System.Text.Json.Nodes;
using CareCoordination.Hl7v2.Messages;
using CareCoordination.Hl7v2.Senders;

namespace CareCoordination.Hl7v2.DataTypes;

/// <summary>People who work for patients, XCN. Map: Datatype XCN to Practitioner.</summary>
internal static class Practitioners
{
    private const string Npi = "http://hl7.org/fhir/sid/us-npi";

    /// <summary>The Practitioner, added to the message; null where the value names nobody.</summary>
    public static string? Add(MappingContext context, Hl7Value xcn)
    {
        context.Leave(xcn, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14);
        var name = FhirJson.Object(
            ("use", Concepts.Code(context, xcn[10], "0200")),
            ("family", FhirJson.Text(xcn[2][1].Text)),
            ("given", FhirJson.Array(FhirJson.Text(xcn[3].Text), FhirJson.Text(xcn[4].Text))),
            ("prefix", FhirJson.Array(FhirJson.Text(xcn[6].Text))),
            ("suffix", FhirJson.Array(FhirJson.Text(xcn[5].Text), FhirJson.Text(xcn[7].Text)))
        );
        var number = FhirJson.Clean(xcn[1].Text);
        if (name is null && number.Length == 0)
            return null;
        var system = number.Length == 0 ? null : SystemOf(context, xcn);
        if (number.Length > 0 && system is null)
        {
            context.Notes.NotMapped(
                xcn[9].Place,
                "The assigner of the number is not in the profile of the sender (assigners): it stands without a system."
            );
        }

        var identifier = FhirJson.Object(("type", Type(xcn)), ("system", system), ("value", FhirJson.Text(number)));
        return context.Add(
            "Practitioner",
            number.Length > 0 ? ["number", system ?? "", number] : ["name", xcn.Raw],
            ("identifier", number.Length > 0 ? FhirJson.Array(identifier) : null),
            ("name", FhirJson.Array(name))
        );
    }

    private static JsonNode? Type(Hl7Value xcn) =>
        xcn[13].Text is { Length: > 0 } type ? FhirJson.Concept(StandardTables.Table("0203"), type) : null;

    private static string? SystemOf(MappingContext context, Hl7Value xcn)
    {
        if (xcn[13].Text == "NPI" || xcn[8].Text == "NPI")
            return Npi;
        // Before 2.3 there is no assigner, and the source table stands for it.
        var table = xcn[8].Text;
        return Identifiers.SystemOf(context, xcn[9], xcn[13].Text, assumed: null)
            ?? (context.Sender.Assigners.TryGetValue(table, out var system) ? system : null);
    }
}
