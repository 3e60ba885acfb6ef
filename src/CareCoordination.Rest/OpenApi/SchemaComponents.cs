using System.Text.Json.Nodes;
using CareCoordination.Application.Interactions;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Schema;
using Microsoft.OpenApi;

namespace CareCoordination.Rest.OpenApi;

/// <summary>
/// JSON schemas of FHIR types, made from the definitions that also validate. A type becomes a component when something refers to
/// it first. https://hl7.org/fhir/R4/json.html
/// </summary>
internal sealed class SchemaComponents(OpenApiDocument document, FhirSchema definitions)
{
    private const string AnyResource = "Resource";

    private readonly Dictionary<string, IOpenApiSchema> _schemas = new(StringComparer.Ordinal);

    /// <summary>All components so far, in the order of their names.</summary>
    public IDictionary<string, IOpenApiSchema> All =>
        new SortedDictionary<string, IOpenApiSchema>(_schemas, StringComparer.Ordinal);

    public IOpenApiSchema Of(string type) => Of(definitions[type]);

    /// <summary>A reference to the schema of a complex type or resource; the schema itself for a primitive.</summary>
    public IOpenApiSchema Of(TypeDefinition type)
    {
        if (type.IsPrimitive)
            return PrimitiveSchemas.Of(type.Name);
        return type is { IsResource: true, IsAbstract: true }
            ? Component(AnyResource, OfAnyResource)
            : Component(SchemaNames.Of(type.Name), () => Object(type));
    }

    /// <summary>A reference to a component, which is made where it is new.</summary>
    public IOpenApiSchema Component(string name, Func<OpenApiSchema> make)
    {
        // There before it is made: types refer to themselves.
        if (_schemas.TryAdd(name, new OpenApiSchema()))
            _schemas[name] = make();
        return new OpenApiSchemaReference(name, document);
    }

    /// <summary>What a search of a type answers.</summary>
    public IOpenApiSchema BundleOf(TypeDefinition type)
    {
        var name = SchemaNames.OfBundle(type.Name);
        return Component(
            name,
            () =>
            {
                var bundle = Object(definitions[ResourceTypes.Bundle]);
                var entry = Component($"{name}Entry", () => EntryOf(type));
                bundle.Properties!["entry"] = ArrayOf(entry, isOptional: true);
                bundle.Description =
                    $"A page of matches. Where _include or _revinclude ask for more, entries with another search.mode than match are of other types: read such an answer as Bundle.";
                return bundle;
            }
        );
    }

    private OpenApiSchema EntryOf(TypeDefinition type)
    {
        var entry = Object(definitions["Bundle.entry"]);
        entry.Properties!["resource"] = Of(type);
        return entry;
    }

    private static OpenApiSchema OfAnyResource() =>
        new()
        {
            Type = JsonSchemaType.Object,
            Description = "A resource of any type of FHIR R4.",
            Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
            {
                ["resourceType"] = new OpenApiSchema { Type = JsonSchemaType.String },
            },
            Required = new HashSet<string>(StringComparer.Ordinal) { "resourceType" },
            AdditionalPropertiesAllowed = true,
            AdditionalProperties = new OpenApiSchema(),
        };

    private OpenApiSchema Object(TypeDefinition type)
    {
        var properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal);
        var required = new HashSet<string>(StringComparer.Ordinal);
        if (type.IsResource)
        {
            properties["resourceType"] = ResourceType(type.Name);
            required.Add("resourceType");
        }

        foreach (var element in type.Elements)
        {
            var isOptional = element.Min == 0 || element.IsChoice;
            foreach (var choice in element.Types)
                properties[element.JsonName(choice.Type)] = Property(element, choice, isOptional);
            if (!isOptional)
                required.Add(element.Name);
        }

        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = properties,
            Required = required,
        };
    }

    /// <summary>The one name that a resource of this type has.</summary>
    public static OpenApiSchema ResourceType(string name) =>
        new()
        {
            Type = JsonSchemaType.String,
            Enum = [JsonValue.Create(name)],
            Default = JsonValue.Create(name),
        };

    private IOpenApiSchema Property(ElementDefinition element, ElementType choice, bool isOptional)
    {
        var schema = Of(choice.Type);
        if (schema is OpenApiSchema own)
        {
            PrimitiveSchemas.Bind(own, element, choice);
            if (isOptional && !element.IsArray)
                PrimitiveSchemas.MakeOptional(own);
        }

        if (!element.IsArray)
            return schema;
        var array = ArrayOf(schema, isOptional);
        array.MinItems = element.Min > 0 ? element.Min : null;
        return array;
    }

    private static OpenApiSchema ArrayOf(IOpenApiSchema items, bool isOptional) =>
        new() { Type = isOptional ? JsonSchemaType.Array | JsonSchemaType.Null : JsonSchemaType.Array, Items = items };
}
