using System.Text.Json.Nodes;
using CareCoordination.Hl7v2.DataTypes;
using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Hl7v2.Mapping;

/// <summary>Race and ethnicity, PID-10 and PID-22, as the extensions of US Core. https://hl7.org/fhir/us/core/</summary>
internal static class UsCoreHeritage
{
    private const string Base = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-";
    private const string Cdc = "urn:oid:2.16.840.1.113883.6.238";

    private static readonly Dictionary<string, string> Races = new(StringComparer.Ordinal)
    {
        ["1002-5"] = "American Indian or Alaska Native",
        ["2028-9"] = "Asian",
        ["2054-5"] = "Black or African American",
        ["2076-8"] = "Native Hawaiian or Other Pacific Islander",
        ["2106-3"] = "White",
    };

    private static readonly Dictionary<string, string> Ethnicities = new(StringComparer.Ordinal)
    {
        ["2135-2"] = "Hispanic or Latino",
        ["2186-5"] = "Not Hispanic or Latino",
    };

    public static JsonNode? Race(MappingContext context, IEnumerable<Hl7Value> values) =>
        Extension(context, values, "race", "0005", Races);

    public static JsonNode? Ethnicity(MappingContext context, IEnumerable<Hl7Value> values) =>
        Extension(context, values, "ethnicity", "0189", Ethnicities);

    private static JsonNode? Extension(
        MappingContext context,
        IEnumerable<Hl7Value> values,
        string name,
        string table,
        Dictionary<string, string> categories
    )
    {
        var (parts, texts) = (new List<JsonNode?>(), new List<string>());
        foreach (var value in values)
        {
            context.Leave(value, 1, 2, 3);
            var written = FhirJson.Clean(value[1].Text);
            var code = context.Sender.TryTranslate(table, written, out var mapped) ? mapped.Code : written;
            if (categories.TryGetValue(code, out var display))
                parts.Add(Part("ombCategory", FhirJson.Coding(Cdc, code, display)));
            else if (written.Length > 0)
                Concepts.NotInTable(context, value[1], table);
            texts.Add(FhirJson.Clean(value[2].Text) is { Length: > 0 } said ? said : code);
        }

        texts.RemoveAll(t => t.Length == 0);
        if (texts.Count == 0)
            return null;
        // Of ethnicities there is at most one category; of races five.
        var most = name == "race" ? 5 : 1;
        var text = FhirJson.Object(("url", "text"), ("valueString", FhirJson.Text(string.Join(", ", texts))));
        return FhirJson.Object(("url", Base + name), ("extension", FhirJson.Array(parts.Take(most).Append(text))));
    }

    private static JsonNode? Part(string url, JsonNode coding) =>
        FhirJson.Object(("url", url), ("valueCoding", coding));
}
