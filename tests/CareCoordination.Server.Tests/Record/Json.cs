using System.Globalization;
using System.Text.Json;

namespace CareCoordination.Server.Tests.Record;

/// <summary>Steps through JSON, each of which may lead to nothing.</summary>
internal static class Json
{
    public static JsonElement At(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind == JsonValueKind.Array)
                element = element.EnumerateArray().FirstOrDefault();
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return default;
        }

        return element;
    }

    /// <summary>The text at the end of a path; of lists on the way the first item is taken.</summary>
    public static string? Text(this JsonElement element, params ReadOnlySpan<string> path)
    {
        var found = element.At(path);
        if (found.ValueKind == JsonValueKind.Array)
            found = found.EnumerateArray().FirstOrDefault();
        return found.ValueKind == JsonValueKind.String ? found.GetString() : null;
    }

    public static IEnumerable<JsonElement> Items(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    public static int Count(this JsonElement element, string name) =>
        element.At(name) is { ValueKind: JsonValueKind.Array } list ? list.GetArrayLength() : 0;

    public static decimal? Number(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.Number } number ? number.GetDecimal() : null;

    /// <summary>The first code of a CodeableConcept.</summary>
    public static string? Code(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path).Text("coding", "code");

    /// <summary>The id that a Reference names in this server, of any type or of one.</summary>
    public static string? Key(this JsonElement reference, string? type = null)
    {
        var parts = reference.Text("reference")?.Split('/') ?? [];
        var isVersioned = parts.Length == 4 && parts[2] == "_history";
        return (parts.Length == 2 || isVersioned) && (type is null || parts[0] == type) ? parts[1] : null;
    }

    public static IEnumerable<JsonElement> Extensions(this JsonElement element, string url) =>
        element.Items("extension").Where(e => e.Text("url") == url);

    public static DateTimeOffset Instant(string text) =>
        DateTimeOffset.Parse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal
        );
}
