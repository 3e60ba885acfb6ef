using System.Text.Json.Nodes;
using CareCoordination.Fhir.Schema;
using Microsoft.OpenApi;

namespace CareCoordination.Rest.OpenApi;

/// <summary>https://hl7.org/fhir/R4/datatypes.html#primitive</summary>
internal static class PrimitiveSchemas
{
    private const int MostCodes = 100;

    public static OpenApiSchema Of(string name) =>
        name switch
        {
            "boolean" => new OpenApiSchema { Type = JsonSchemaType.Boolean },
            "integer" => Integer(),
            "positiveInt" => Integer("1"),
            "unsignedInt" => Integer("0"),
            "decimal" => new OpenApiSchema { Type = JsonSchemaType.Number },
            "instant" => new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" },
            "base64Binary" => new OpenApiSchema { Type = JsonSchemaType.String, Format = "byte" },
            "id" => new OpenApiSchema { Type = JsonSchemaType.String, Pattern = @"^[A-Za-z0-9\-\.]{1,64}$" },
            // A year or a month alone is a date too, which the format "date" of JSON schemas is not.
            "date" => Text("YYYY, YYYY-MM or YYYY-MM-DD."),
            "dateTime" => Text("A date, or a date and time with time zone."),
            "time" => Text("hh:mm:ss."),
            "xhtml" => Text("XHTML in one div."),
            _ => new OpenApiSchema { Type = JsonSchemaType.String },
        };

    /// <summary>
    /// Generators make values that must be there of what cannot be null, and send false and 0 for what was never set. FHIR's JSON has no
    /// nulls: what is null is left out.
    /// </summary>
    public static void MakeOptional(OpenApiSchema schema)
    {
        schema.Type |= JsonSchemaType.Null;
    }

    /// <summary>Names the codes that an element may have.</summary>
    public static void Bind(OpenApiSchema schema, ElementDefinition element, ElementType choice)
    {
        if (element.Binding is not { } binding)
            return;
        if (binding is { Strength: BindingStrength.Required, Codes: { Codes.Length: <= MostCodes } codes })
            schema.Enum =
            [
                .. codes
                    .Codes.Select(code => code.Value)
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal)
                    .Select(code => (JsonNode)JsonValue.Create(code)),
            ];
        else if (choice.Type.Name == "code")
            schema.Description = $"A code of {binding.ValueSet} ({binding.Strength.ToString().ToLowerInvariant()}).";
    }

    private static OpenApiSchema Text(string description) =>
        new() { Type = JsonSchemaType.String, Description = description };

    private static OpenApiSchema Integer(string? minimum = null) =>
        new()
        {
            Type = JsonSchemaType.Integer,
            Format = "int32",
            Minimum = minimum,
        };
}
