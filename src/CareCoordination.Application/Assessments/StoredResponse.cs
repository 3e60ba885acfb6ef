using System.Text.Json.Nodes;

namespace CareCoordination.Application.Assessments;

/// <summary>Whether a response that is sent is the one that is stored.</summary>
internal static class StoredResponse
{
    /// <summary>They say the same but for what the server adds.</summary>
    public static bool Says(ReadOnlyMemory<byte> stored, ReadOnlyMemory<byte> sent) =>
        JsonNode.DeepEquals(Bare(stored), Bare(sent));

    private static JsonObject Bare(ReadOnlyMemory<byte> json)
    {
        var bare = (JsonObject)JsonNode.Parse(json.Span)!;
        bare.Remove("meta");
        return bare;
    }
}
