using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CareCoordination.Hl7v2.DataTypes;

/// <summary>Elements of FHIR without what is empty: FHIR has neither empty strings nor empty objects nor empty arrays.</summary>
internal static class FhirJson
{
    private static readonly JsonSerializerOptions Writing = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>An object of those of the properties that are there; null where none is.</summary>
    public static JsonObject? Object(params ReadOnlySpan<(string Name, JsonNode? Value)> properties)
    {
        var made = new JsonObject();
        foreach (var (name, value) in properties)
        {
            if (value is not null)
                made.Add(name, value);
        }

        return made.Count == 0 ? null : made;
    }

    /// <summary>An array of those of the items that are there; null where none is.</summary>
    public static JsonArray? Array(IEnumerable<JsonNode?> items)
    {
        var made = new JsonArray();
        foreach (var item in items)
        {
            if (item is not null)
                made.Add(item);
        }

        return made.Count == 0 ? null : made;
    }

    public static JsonArray? Array(params JsonNode?[] items) => Array(items.AsEnumerable());

    /// <summary>A string without what FHIR's may not hold: control characters, blanks around it.</summary>
    public static JsonNode? Text(string? text) => Clean(text) is { Length: > 0 } clean ? JsonValue.Create(clean) : null;

    /// <summary>A code: single blanks inside at most. https://hl7.org/fhir/R4/datatypes.html#code</summary>
    public static JsonNode? Code(string? code) =>
        code is null ? null : Text(string.Join(' ', code.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));

    public static JsonNode Reference(string url, string? display = null) =>
        Object(("reference", url), ("display", Text(display)))!;

    public static JsonNode Coding(string? system, string code, string? display = null) =>
        Object(("system", system), ("code", Code(code)), ("display", Text(display)))!;

    public static JsonNode Concept(string system, string code, string? display = null) =>
        Object(("coding", Array(Coding(system, code, display))))!;

    public static byte[] ToUtf8(JsonObject resource) => JsonSerializer.SerializeToUtf8Bytes(resource, Writing);

    /// <summary>What of a text FHIR may hold; empty where that is nothing.</summary>
    public static string Clean(string? text)
    {
        var trimmed = text?.Trim() ?? "";
        return trimmed.Any(IsControl) ? string.Concat(trimmed.Where(c => !IsControl(c))).Trim() : trimmed;
    }

    private static bool IsControl(char c) => char.IsControl(c) && c is not ('\t' or '\n' or '\r');
}
