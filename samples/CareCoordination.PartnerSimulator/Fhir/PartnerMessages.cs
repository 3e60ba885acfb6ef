using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace CareCoordination.PartnerSimulator;

/// <summary>A request to the partner's FHIR server, read to its end.</summary>
/// <param name="Path">Below the base, without a leading slash.</param>
internal sealed record PartnerRequest(
    string Method,
    string Path,
    IReadOnlyList<KeyValuePair<string, string>> Query,
    IHeaderDictionary Headers,
    JsonObject? Body
)
{
    public string? Header(string name) => Headers.TryGetValue(name, out var values) ? values.ToString() : null;
}

/// <summary>What the partner says.</summary>
internal sealed record PartnerAnswer(int Status, string Body)
{
    public string? ETag { get; init; }

    public string? Location { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    public static PartnerAnswer Of(int status, PartnerResource resource) =>
        new(status, resource.Json) { ETag = resource.ETag };

    public static PartnerAnswer Refusal(int status, string code, string sentence) =>
        new(
            status,
            new JsonObject
            {
                ["resourceType"] = "OperationOutcome",
                ["issue"] = new JsonArray(
                    new JsonObject
                    {
                        ["severity"] = "error",
                        ["code"] = code,
                        ["diagnostics"] = sentence,
                    }
                ),
            }.ToJsonString()
        );
}
