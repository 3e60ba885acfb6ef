using System.Text.Json.Nodes;
using CareCoordination.Hl7v2.Messages;
using CareCoordination.Hl7v2.Senders;

namespace CareCoordination.Hl7v2.DataTypes;

/// <summary>Codes, CWE and its kin (CE, CNE, IS, ID). Map: Datatype CWE to CodeableConcept.</summary>
internal static class Concepts
{
    /// <summary>
    /// All that a value says: the code that a table translates it to, the code itself, its alternate, its text.
    /// </summary>
    /// <param name="context">The message.</param>
    /// <param name="cwe">The value.</param>
    /// <param name="table">The table of codes that name no system.</param>
    /// <param name="system">The name of the system where it stands in a field of its own, as DG1-2.</param>
    /// <param name="text">The text where it stands in a field of its own, as DG1-4.</param>
    /// <param name="translate">False where the codes of the table stay as they are.</param>
    public static JsonObject? Read(
        MappingContext context,
        Hl7Value cwe,
        string? table = null,
        string? system = null,
        string? text = null,
        bool translate = true
    )
    {
        // Seven and eight are versions of the systems, which nothing depends on here.
        context.Leave(cwe, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        var display = First(cwe[9].Text, cwe[2].Text, text, cwe[5].Text);
        return FhirJson.Object(
            ("coding", FhirJson.Array(Codings(context, cwe, table, system, translate))),
            ("text", FhirJson.Text(display))
        );
    }

    /// <summary>The code of an element that has codes of its own; null where the table has none for it, which is told.</summary>
    public static JsonNode? Code(MappingContext context, Hl7Value value, string table)
    {
        var code = FhirJson.Clean(value.Text);
        if (code.Length == 0)
            return null;
        if (context.Sender.TryTranslate(table, code, out var mapped))
            return mapped.Code;
        NotInTable(context, value, table);
        return null;
    }

    public static void NotInTable(MappingContext context, Hl7Value value, string table) =>
        context.Notes.NotMapped(
            value.Place,
            $"The code means nothing in FHIR by table {table}: the profile of the sender may say what it is (tables)."
        );

    private static IEnumerable<JsonNode> Codings(
        MappingContext context,
        Hl7Value cwe,
        string? table,
        string? system,
        bool translate
    )
    {
        var code = FhirJson.Clean(cwe[1].Text);
        if (code.Length > 0)
        {
            var own = System(context, cwe[3], table, system);
            var isMapped = context.Sender.TryTranslate(translate ? table ?? "" : "", code, out var mapped);
            var isItself = isMapped && mapped!.Code == code && mapped.System == own;
            if (isMapped && !isItself)
                yield return FhirJson.Coding(mapped!.System, mapped.Code, mapped.Display);
            yield return FhirJson.Coding(own, code, cwe[2].Text);
        }

        var alternate = FhirJson.Clean(cwe[4].Text);
        if (alternate.Length > 0)
            yield return FhirJson.Coding(System(context, cwe[6], null, null), alternate, cwe[5].Text);
    }

    private static string? System(MappingContext context, Hl7Value named, string? table, string? system)
    {
        var name = First(FhirJson.Clean(named.Text), system?.Trim());
        if (name is null)
            return table is null ? null : StandardTables.Table(table);
        if (context.Sender.CodingSystem(name) is { } uri)
            return uri;
        context.Notes.NotMapped(
            named.Place,
            "The coding system is not known: the code stands without one. The profile of the sender may name it (codingSystems)."
        );
        return null;
    }

    private static string? First(params ReadOnlySpan<string?> texts)
    {
        foreach (var text in texts)
        {
            if (!string.IsNullOrWhiteSpace(text))
                return text;
        }

        return null;
    }
}
