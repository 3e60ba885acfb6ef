using System.Globalization;
using System.Text.Json.Nodes;
using CareCoordination.Application.Operations;
using CareCoordination.Rest;
using CareCoordination.Server.Hosting;

namespace CareCoordination.Server.Tests.Access;

/// <summary>
/// Calls of every operation in the table, by GET and by POST, of instances and of types, with the parameters that it takes: as in its
/// example, or made up by their types. What they refer to is seen, unseen, or never was.
/// </summary>
/// <param name="known">Names of resources that are at the same version on both servers.</param>
internal sealed class AccessOperations(IReadOnlyList<string> names, IReadOnlySet<string> known, int seed)
{
    /// <summary>
    /// What is told of more than the caller sees, by design, and therefore differs from a server that has less. docs/access.md
    /// </summary>
    private static readonly string[] OfTheWhole =
    [
        // Sums that name nobody, for who answers for all patients, and SQL over tables that are made for analytics.
        "Measure-evaluate-measure",
        "Organization-billing-summary",
        "System-sqlquery-run",
        // Work on everything that is stored, for operators.
        "System-reindex",
        "System-import",
        // It tells whether there is a patient, a privacy officer and everybody who looks at the trail.
        "Patient-break-glass",
        // An auditor looks at whose record it is without seeing it; a patient is told of rows that the other server has not.
        "Patient-disclosures",
        "Patient-explain-access",
        // What a hospital hands in is about whom it says. What was refused or parked is of nobody yet, and is looked at by leads.
        "System-submit-transition",
        "System-transition-messages",
        "System-discard-message",
        "System-replay-message",
    ];

    private static readonly JsonObject Examples = ReadExamples();

    /// <summary>All that answers at once.</summary>
    public static readonly IReadOnlyList<Operation> All =
    [
        .. Composition.Operations.All.Where(operation =>
            !operation.AnswersLater && !OfTheWhole.Contains(operation.Id) && operation.ResourceType != "Endpoint"
        ),
    ];

    private readonly Random _random = new(seed);

    public Asked Next() => Next(Pick(All));

    public Asked Next(Operation operation)
    {
        var isOnInstance =
            operation.IsOnInstance && !operation.IsOnSystem && (!operation.IsOnType || _random.Next(2) == 0);
        var path =
            operation.IsOnSystem ? operation.Code
            : isOnInstance ? $"{Target(operation)}/{operation.Code}"
            : $"{operation.ResourceType}/{operation.Code}";
        var example = Example(operation, isOnInstance);
        if (operation.TakesGet && _random.Next(2) == 0)
            return new(HttpMethod.Get, path + Query(operation));
        var parameters = new JsonArray([
            .. example is not null && _random.Next(2) == 0
                ? example.Select(parameter => Renamed(parameter!.DeepClone()))
                : operation.Parameters.Where(IsSaid).Select(Said),
        ]);
        return new(
            HttpMethod.Post,
            path,
            new JsonObject { ["resourceType"] = "Parameters", ["parameter"] = parameters }.ToJsonString(),
            "Prefer: return=representation"
        );
    }

    private string Target(Operation operation) =>
        operation.ResourceType is "ViewDefinition" ? "ViewDefinition/patients"
        // It tells of the past, which what was imported has not.
        : operation.Id == "ServiceRequest-status"
        && known.Where(name => name.StartsWith("ServiceRequest/", StringComparison.Ordinal)).ToList()
            is { Count: > 0 } first
            ? Pick(first)
        : Name(operation.ResourceType);

    private static JsonArray? Example(Operation operation, bool isOnInstance) =>
        Examples[
            operation.IsOnSystem ? operation.Code
            : isOnInstance ? $"{operation.ResourceType}/{{id}}/{operation.Code}"
            : $"{operation.ResourceType}/{operation.Code}"
        ]
            ?["parameter"]?.AsArray();

    private bool IsSaid(OperationParameter parameter) =>
        _random.Next(100) < (parameter.IsRequired || parameter.IsNeededByRule ? 95 : 30);

    private string Query(Operation operation)
    {
        var said = operation
            .Parameters.Where(parameter => !parameter.Types.IsEmpty && IsSaid(parameter))
            .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(Text(parameter.Name, parameter.Types[0]))}");
        var query = string.Join('&', said);
        return query.Length == 0 ? "" : "?" + query;
    }

    private JsonNode Said(OperationParameter parameter)
    {
        var said = new JsonObject { ["name"] = parameter.Name };
        if (parameter.Types.IsEmpty)
        {
            said["part"] = new JsonArray([.. parameter.Parts.Where(IsSaid).Select(Said)]);
            return said;
        }

        var type = Pick(parameter.Types);
        if (type == "Resource")
            said["resource"] = new JsonObject
            {
                ["resourceType"] = "Observation",
                ["status"] = "final",
                ["code"] = new JsonObject { ["text"] = "x" },
                ["subject"] = new JsonObject { ["reference"] = Name("Patient") },
            };
        else
            said[$"value{(type == "*" ? "String" : char.ToUpperInvariant(type[0]) + type[1..])}"] = Value(
                parameter.Name,
                type
            );
        return said;
    }

    private JsonNode Value(string name, string type) =>
        type switch
        {
            "Reference" => new JsonObject { ["reference"] = Referred(name) },
            "boolean" => _random.Next(2) == 0,
            "integer" or "positiveInt" or "unsignedInt" => _random.Next(1, 40),
            "decimal" => _random.Next(1, 40),
            "CodeableConcept" => new JsonObject { ["text"] = "because" },
            "Coding" => new JsonObject { ["code"] = "because" },
            "Period" => new JsonObject { ["start"] = "2026-01-01", ["end"] = "2099-01-01" },
            "Quantity" => new JsonObject { ["value"] = 7, ["unit"] = "kg" },
            "Identifier" => new JsonObject { ["system"] = "urn:mrn", ["value"] = "1" },
            "Expression" => new JsonObject { ["language"] = "text/fhirpath", ["expression"] = "true" },
            _ => Text(name, type),
        };

    private string Text(string name, string type) =>
        type switch
        {
            "Reference" => Referred(name),
            "boolean" => _random.Next(2) == 0 ? "true" : "false",
            "integer" or "positiveInt" or "unsignedInt" or "decimal" => _random
                .Next(1, 40)
                .ToString(CultureInfo.InvariantCulture),
            "date" => Pick(["2026-01-01", "2026-12-31", "2099-06-01"]),
            "dateTime" or "instant" => Pick(["2026-03-01T10:00:00Z", "2099-06-01T10:00:00Z"]),
            "canonical" or "uri" or "url" => Referred(name),
            _ => name is "subject" or "patient" or "practitioner" or "organization" or "caller" or "user" or "resource"
                ? Referred(name)
                : Pick([
                    "active",
                    "completed",
                    "ccm",
                    "subject",
                    "because",
                    "improving",
                    "m-09",
                    "lace",
                    Referred(name),
                ]),
        };

    /// <summary>By what the name of the parameter asks for, mostly.</summary>
    private string Referred(string name) =>
        name switch
        {
            "subject" or "patient" or "individual" => Name("Patient"),
            "practitioner" when _random.Next(3) != 0 => "Practitioner/ana",
            "organization" => Name("Organization"),
            "plan" or "with" => Name("CarePlan"),
            "owner" or "to" or "cover" or "practitioner" or "user" or "caller" or "careManager" => Name(
                Pick(["Practitioner", "PractitionerRole", "CareTeam", "Organization", "Patient", "RelatedPerson"])
            ),
            _ => Name(),
        };

    /// <summary>An example, about what is here.</summary>
    private JsonNode Renamed(JsonNode node)
    {
        switch (node)
        {
            case JsonObject value:
                foreach (var (name, inner) in value.ToList())
                {
                    if (inner is JsonValue text && text.TryGetValue<string>(out var said) && IsReference(said))
                        value[name] = Name(said.Split('/')[0]);
                    else if (inner is not null)
                        Renamed(inner);
                }

                break;
            case JsonArray many:
                foreach (var inner in many)
                    Renamed(inner!);
                break;
        }

        return node;
    }

    private bool IsReference(string text) =>
        text.Split('/') is [var type, { Length: > 0 }]
        && names.Any(name => name.StartsWith(type + "/", StringComparison.Ordinal));

    private string Name(string? type = null)
    {
        var among = type is null
            ? names
            : [.. names.Where(name => name.StartsWith(type + "/", StringComparison.Ordinal))];
        return among.Count == 0 || _random.Next(12) == 0 ? $"{type ?? "Observation"}/never-was-1" : Pick(among);
    }

    private T Pick<T>(IReadOnlyList<T> among) => among[_random.Next(among.Count)];

    private static JsonObject ReadExamples()
    {
        using var stream = typeof(RestInteractions).Assembly.GetManifestResourceStream("Examples/operations.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    }
}
