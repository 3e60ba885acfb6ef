using System.Text.Json;

namespace SpecPack;

/// <summary>Short names for reading definition resources.</summary>
internal static class JsonReading
{
    public static string? Text(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) ? value.GetString() : null;

    public static string Required(this JsonElement json, string name) =>
        json.Text(name)
        ?? throw new InvalidDataException($"A definition has no '{name}': {json.Text("url") ?? json.Text("path")}.");

    public static bool Flag(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.GetBoolean();

    public static IEnumerable<JsonElement> Items(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) ? value.EnumerateArray() : [];

    public static IEnumerable<string> Texts(this JsonElement json, string name) =>
        json.Items(name).Select(i => i.GetString()!);

    /// <summary>The last segment of a canonical URL: <c>Patient</c>.</summary>
    public static string LastSegment(this string url) => url[(url.LastIndexOf('/') + 1)..];

    /// <summary>A canonical URL without its <c>|version</c>.</summary>
    public static string WithoutVersion(this string canonical) => canonical.Split('|')[0];
}
