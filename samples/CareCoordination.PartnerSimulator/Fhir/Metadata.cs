using System.Text.Json.Nodes;

namespace CareCoordination.PartnerSimulator;

/// <summary>The partner's CapabilityStatement: what its manners allow, and nothing else. https://hl7.org/fhir/R4/capabilitystatement.html</summary>
internal static class Metadata
{
    public static string Of(PartnerManners manners, DateTimeOffset now, string tokenUrl)
    {
        var rest = new JsonObject { ["mode"] = "server" };
        if (manners.NeedsToken)
            rest["security"] = Security(tokenUrl);
        rest["resource"] = new JsonArray([
            .. manners
                .Interactions.Select(i => i.Split(':'))
                .GroupBy(i => i[0], i => i[1], StringComparer.Ordinal)
                .Select(type => Resource(type.Key, [.. type], manners)),
        ]);
        if (manners.TakesTransactions)
            rest["interaction"] = new JsonArray(new JsonObject { ["code"] = "transaction" });
        if (manners.TakesMessages)
            rest["operation"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = "process-message",
                    ["definition"] = "http://hl7.org/fhir/OperationDefinition/MessageHeader-process-message",
                }
            );

        return new JsonObject
        {
            ["resourceType"] = "CapabilityStatement",
            ["status"] = "active",
            ["date"] = PartnerStore.Instant(now),
            ["kind"] = "instance",
            ["software"] = new JsonObject { ["name"] = $"Partner simulator: {manners.Name}" },
            ["fhirVersion"] = "4.0.1",
            ["format"] = new JsonArray("json"),
            ["rest"] = new JsonArray(rest),
        }.ToJsonString();
    }

    /// <summary>https://hl7.org/fhir/smart-app-launch/conformance.html</summary>
    public static string SmartConfiguration(string tokenUrl) =>
        new JsonObject
        {
            ["token_endpoint"] = tokenUrl,
            ["grant_types_supported"] = new JsonArray("client_credentials"),
            ["token_endpoint_auth_methods_supported"] = new JsonArray("private_key_jwt"),
            ["token_endpoint_auth_signing_alg_values_supported"] = new JsonArray("RS384", "ES384"),
            ["scopes_supported"] = new JsonArray("system/*.cruds", "system/*.rs"),
            ["capabilities"] = new JsonArray("client-confidential-asymmetric", "permission-v2"),
        }.ToJsonString();

    private static JsonObject Resource(string type, string[] interactions, PartnerManners manners)
    {
        var resource = new JsonObject
        {
            ["type"] = type,
            ["interaction"] = new JsonArray([
                .. interactions.Select(i => new JsonObject { ["code"] = i == "search" ? "search-type" : i }),
            ]),
            ["versioning"] = "versioned-update",
        };
        if (interactions.Contains("create"))
            resource["conditionalCreate"] = true;
        if (type == "Task")
            resource["searchParam"] = new JsonArray([
                .. SearchRules.Parameters.Select(p => new JsonObject { ["name"] = p.Key, ["type"] = p.Value }),
            ]);
        return resource;
    }

    private static JsonObject Security(string tokenUrl) =>
        new()
        {
            ["service"] = new JsonArray(
                new JsonObject
                {
                    ["coding"] = new JsonArray(
                        new JsonObject
                        {
                            ["system"] = "http://terminology.hl7.org/CodeSystem/restful-security-service",
                            ["code"] = "SMART-on-FHIR",
                        }
                    ),
                }
            ),
            ["extension"] = new JsonArray(
                new JsonObject
                {
                    ["url"] = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris",
                    ["extension"] = new JsonArray(new JsonObject { ["url"] = "token", ["valueUri"] = tokenUrl }),
                }
            ),
        };
}
