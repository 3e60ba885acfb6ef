using System.Reflection;
using System.Text.Json.Nodes;
using CareCoordination.Application.Operations;
using CareCoordination.Fhir.R4;
using CareCoordination.Rest.Routing;

namespace CareCoordination.Rest.OpenApi;

/// <summary>
/// Written by hand, so that they say something and are accepted: a resource of each type, and for each operation a target in the state that
/// it needs. The example of the transaction stores all of them; the others work after it.
/// </summary>
internal sealed class ApiExamples
{
    /// <summary>A type without typed paths, for the paths of any.</summary>
    public const string AnyType = "Basic";

    private const string FirstId = "sample";

    private readonly JsonArray _resources = Read("resources.json").AsArray();
    private readonly JsonObject _operations = Read("operations.json").AsObject();

    /// <summary>As it is stored; null for a type that has none.</summary>
    public JsonObject? Stored(string type) =>
        _resources
            .Select(r => r!.AsObject())
            .FirstOrDefault(r => (string?)r["resourceType"] == type && (string?)r["id"] == FirstId)
            ?.DeepClone()
            .AsObject();

    /// <summary>As it is sent to be created: the server gives the id.</summary>
    public JsonObject? New(string type)
    {
        var resource = Stored(type);
        resource?.Remove("id");
        return resource;
    }

    /// <summary>The transaction that stores all examples.</summary>
    public JsonObject Transaction() =>
        new()
        {
            ["resourceType"] = ResourceTypes.Bundle,
            ["type"] = "transaction",
            ["entry"] = new JsonArray([.. _resources.Select(r => (JsonNode)Entry(r!.AsObject()))]),
        };

    public static JsonArray JsonPatch() =>
        new(
            new JsonObject
            {
                ["op"] = "add",
                ["path"] = "/language",
                ["value"] = "en",
            }
        );

    /// <summary>https://hl7.org/fhir/R4/fhirpatch.html</summary>
    public static JsonObject PathPatch(string type)
    {
        var patch = Read("path-patch.json").AsObject();
        patch["parameter"]![0]!["part"]![1]!["valueString"] = $"{type}.language";
        return patch;
    }

    /// <summary>What a partner says of a Task.</summary>
    public static JsonObject Message() => Read("message.json").AsObject();

    /// <summary>The id of the resource that a row's example is about.</summary>
    public string Id(InteractionDefinition row) => (string?)OperationOf(row)?["id"] ?? FirstId;

    /// <summary>What has to be done before, for whoever tries the row; null where nothing has.</summary>
    public string? Before(InteractionDefinition row) =>
        OperationOf(row) is not { } example ? null
        : (string?)example["made"] is { } made ? $"The example needs an id of your own: {made}{After(example)}."
        : example["after"] is not null ? $"The example works{After(example)}."
        : null;

    /// <summary>The Parameters of an operation's row; without any where it needs none.</summary>
    public JsonObject Parameters(InteractionDefinition row)
    {
        var parameters = new JsonObject { ["resourceType"] = "Parameters" };
        if (OperationOf(row)?["parameter"] is JsonArray { Count: > 0 } list)
            parameters["parameter"] = list.DeepClone();
        return parameters;
    }

    /// <summary>What a parameter is in a query; null where the example leaves it out.</summary>
    public JsonNode? InQuery(InteractionDefinition row, OperationParameter parameter)
    {
        var sent = OperationOf(row)
            ?["parameter"]?.AsArray()
            .FirstOrDefault(p => (string?)p!["name"] == parameter.Name)
            ?.AsObject()
            .Single(p => p.Key != "name")
            .Value;
        return (sent is JsonObject reference ? reference["reference"] : sent)?.DeepClone();
    }

    private JsonObject? OperationOf(InteractionDefinition row) => _operations[row.Template]?.AsObject();

    private static string After(JsonObject example) =>
        (string?)example["after"] is { } after ? $" after that of {after}" : "";

    private static JsonObject Entry(JsonObject resource) =>
        new()
        {
            ["resource"] = resource.DeepClone(),
            ["request"] = new JsonObject
            {
                ["method"] = "PUT",
                ["url"] = $"{(string)resource["resourceType"]!}/{(string)resource["id"]!}",
            },
        };

    private static JsonNode Read(string file)
    {
        using var stream =
            Assembly.GetExecutingAssembly().GetManifestResourceStream($"Examples/{file}")
            ?? throw new InvalidOperationException($"{file} is not in the assembly.");
        return JsonNode.Parse(stream)!;
    }
}
