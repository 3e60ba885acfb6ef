using System.Text.Json.Nodes;
using CareCoordination.Application.Interactions;
using CareCoordination.Fhir.Schema;
using Microsoft.OpenApi;

namespace CareCoordination.Rest.OpenApi;

/// <summary>
/// JSON schemas of FHIR types, made from the definitions that also validate. A type becomes a component when something refers to
/// it first. https://hl7.org/fhir/R4/json.html
/// </summary>
internal sealed class SchemaComponents(OpenApiDocument document)
{
    private const string AnyResource = "Resource";

    private readonly Dictionary<string, IOpenApiSchema> _schemas = new(StringComparer.Ordinal);

    /// <summary>All components so far, in the order of their names.</summary>
    public IDictionary<string, IOpenApiSchema> All =>
        new SortedDictionary<string, IOpenApiSchema>(_schemas, StringComparer.Ordinal);

    /// <summary>A reference to the schema of a complex type or resource; the schema itself for a primitive.</summary>
    public IOpenApiSchema Of(TypeDefinition type)
    {
        if (type.IsPrimitive)
            return Primitive(type.Name);
        if (type is { IsResource: true, IsAbstract: true })
            return OfAnyResource();
        if (_schemas.TryAdd(type.Name, new OpenApiSchema()))
            _schemas[type.Name] = Object(type);
        return new OpenApiSchemaReference(type.Name, document);
    }

    private OpenApiSchemaReference OfAnyResource()
    {
        _schemas.TryAdd(
            AnyResource,
            new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "A resource of any type of FHIR R4.",
                Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
                {
                    ["resourceType"] = new OpenApiSchema { Type = JsonSchemaType.String },
                },
                Required = new HashSet<string>(StringComparer.Ordinal) { "resourceType" },
            }
        );
        return new OpenApiSchemaReference(AnyResource, document);
    }

    private OpenApiSchema Object(TypeDefinition type)
    {
        var properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal);
        var required = new HashSet<string>(StringComparer.Ordinal);
        if (type.IsResource)
        {
            properties["resourceType"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Enum = [JsonValue.Create(type.Name)],
            };
            required.Add("resourceType");
        }

        foreach (var element in type.Elements)
        {
            foreach (var choice in element.Types)
                properties[element.JsonName(choice.Type)] = Property(element, choice);
            if (element is { Min: > 0, IsChoice: false })
                required.Add(element.Name);
        }

        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = properties,
            Required = required,
        };
    }

    private IOpenApiSchema Property(ElementDefinition element, ElementType choice)
    {
        var schema = Of(choice.Type);
        if (schema is OpenApiSchema own)
            Describe(own, element, choice);
        if (!element.IsArray)
            return schema;
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Array,
            Items = schema,
            MinItems = element.Min > 0 ? element.Min : null,
        };
    }

    private static void Describe(OpenApiSchema schema, ElementDefinition element, ElementType choice)
    {
        if (element.Binding is not { } binding)
            return;
        if (binding is { Strength: BindingStrength.Required, Codes: { Codes.Length: <= 100 } codes })
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

    /// <summary>https://hl7.org/fhir/R4/datatypes.html#primitive</summary>
    private static OpenApiSchema Primitive(string name) =>
        name switch
        {
            "boolean" => new OpenApiSchema { Type = JsonSchemaType.Boolean },
            "integer" => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
            "positiveInt" => new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Format = "int32",
                Minimum = "1",
            },
            "unsignedInt" => new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Format = "int32",
                Minimum = "0",
            },
            "decimal" => new OpenApiSchema { Type = JsonSchemaType.Number },
            "instant" => new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" },
            "base64Binary" => new OpenApiSchema { Type = JsonSchemaType.String, Format = "byte" },
            "id" => new OpenApiSchema { Type = JsonSchemaType.String, Pattern = @"^[A-Za-z0-9\-\.]{1,64}$" },
            // A year or a month alone is a date too, which the format "date" of JSON schemas is not.
            "date" => new OpenApiSchema { Type = JsonSchemaType.String, Description = "YYYY, YYYY-MM or YYYY-MM-DD." },
            "dateTime" => new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Description = "A date, or a date and time with time zone.",
            },
            "time" => new OpenApiSchema { Type = JsonSchemaType.String, Description = "hh:mm:ss." },
            "xhtml" => new OpenApiSchema { Type = JsonSchemaType.String, Description = "XHTML in one div." },
            _ => new OpenApiSchema { Type = JsonSchemaType.String },
        };
}
