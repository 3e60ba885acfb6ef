using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CareCoordination.Application.Operations;
using CareCoordination.Fhir.Schema;
using Microsoft.OpenApi;

namespace CareCoordination.Rest.OpenApi;

/// <summary>
/// The Parameters that an operation takes: only its own names, and only values of types that one of them takes. Which name takes which is
/// told in words, because schemas that would say it (oneOf) make most generators give up types altogether.
/// </summary>
internal sealed class OperationSchemas(SchemaComponents schemas, FhirSchema definitions)
{
    public IOpenApiSchema Of(Operation operation)
    {
        var name = SchemaNames.OfInput(operation);
        return schemas.Component(name, () => Parameters(name, operation));
    }

    private OpenApiSchema Parameters(string name, Operation operation)
    {
        var properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
        {
            ["resourceType"] = SchemaComponents.ResourceType("Parameters"),
        };
        if (!operation.Parameters.IsEmpty)
            // TaskHoldParameter for an item of TaskHoldParameters.
            properties["parameter"] = ListOf(name[..^1], operation.Parameters);
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = OperationText.Of(operation),
            Properties = properties,
            Required = new HashSet<string>(StringComparer.Ordinal) { "resourceType" },
        };
    }

    private OpenApiSchema ListOf(string name, ImmutableArray<OperationParameter> parameters) =>
        new()
        {
            Type = JsonSchemaType.Array | JsonSchemaType.Null,
            Items = schemas.Component(name, () => Item(name, parameters)),
        };

    private OpenApiSchema Item(string name, ImmutableArray<OperationParameter> parameters)
    {
        var properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
        {
            ["name"] = Names(parameters),
        };
        foreach (var (property, type) in Values(parameters))
        {
            var value = schemas.Of(type);
            if (value is OpenApiSchema primitive)
                PrimitiveSchemas.MakeOptional(primitive);
            properties[property] = value;
        }

        if (parameters.SelectMany(p => p.Parts).ToImmutableArray() is { IsEmpty: false } parts)
            properties["part"] = ListOf($"{name}Part", [.. parts.DistinctBy(p => p.Name)]);
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = string.Join("\n", parameters.Select(p => $"- `{p.Name}`: {p.HowToSend}")),
            Properties = properties,
            Required = new HashSet<string>(StringComparer.Ordinal) { "name" },
        };
    }

    private static OpenApiSchema Names(ImmutableArray<OperationParameter> parameters) =>
        new() { Type = JsonSchemaType.String, Enum = [.. parameters.Select(p => (JsonNode)JsonValue.Create(p.Name))] };

    /// <summary>The properties that the values may be in, as R4 has them in Parameters.</summary>
    private IEnumerable<(string Property, TypeDefinition Type)> Values(ImmutableArray<OperationParameter> parameters)
    {
        var taken = parameters.SelectMany(p => p.Types).ToHashSet(StringComparer.Ordinal);
        var value = definitions["Parameters.parameter"].Elements.Single(e => e.IsChoice);
        foreach (var choice in value.Types)
        {
            if (taken.Contains("*") || taken.Contains(choice.Type.Name))
                yield return (value.JsonName(choice.Type), choice.Type);
        }

        if (taken.Contains("Resource"))
            yield return ("resource", definitions["Resource"]);
    }
}
