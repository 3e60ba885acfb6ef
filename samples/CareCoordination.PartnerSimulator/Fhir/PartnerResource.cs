using System.Text.Json.Nodes;

namespace CareCoordination.PartnerSimulator;

/// <summary>One version of a resource at the partner.</summary>
public sealed record PartnerResource(string Type, string Id, int Version, DateTimeOffset LastUpdated, string Json)
{
    /// <summary><c>Task/7</c></summary>
    public string Reference => $"{Type}/{Id}";

    public string ETag => $"W/\"{Version}\"";

    /// <summary>A copy to read or to change.</summary>
    public JsonObject Parse() => JsonNode.Parse(Json)!.AsObject();
}
