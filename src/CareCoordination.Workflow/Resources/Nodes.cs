using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Workflow.Resources;

/// <summary>Reading and writing the shapes that many elements share.</summary>
internal static class Nodes
{
    public static string? Text(this JsonObject? parent, string name) =>
        parent?[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String
            ? value.GetValue<string>()
            : null;

    public static JsonObject? Child(this JsonObject? parent, string name) => parent?[name] as JsonObject;

    public static IEnumerable<JsonObject> Items(this JsonObject? parent, string name) =>
        (parent?[name] as JsonArray)?.OfType<JsonObject>() ?? [];

    /// <summary>Writes a value, or removes the element with null.</summary>
    public static void Set(this JsonObject parent, string name, JsonNode? value)
    {
        if (value is null)
            parent.Remove(name);
        else
            parent[name] = value;
    }

    public static JsonObject Ensure(this JsonObject parent, string name)
    {
        if (parent[name] is JsonObject child)
            return child;
        child = [];
        parent[name] = child;
        return child;
    }

    public static void Append(this JsonObject parent, string name, JsonNode item)
    {
        if (parent[name] is JsonArray array)
            array.Add(item);
        else
            parent[name] = new JsonArray(item);
    }

    /// <summary>Removes the items that match, and the array with its last one: FHIR has no empty arrays.</summary>
    public static bool RemoveItems(this JsonObject parent, string name, Func<JsonObject, bool> match)
    {
        var items = parent.Items(name).Where(match).ToList();
        foreach (var item in items)
            ((JsonArray)parent[name]!).Remove(item);
        if (parent[name] is JsonArray { Count: 0 })
            parent.Remove(name);
        return items.Count > 0;
    }

    /// <summary>The literal reference without a version: what identifies the target.</summary>
    public static string? Reference(this JsonObject? parent, string name) => parent.Child(name).ReferenceText();

    public static string? ReferenceText(this JsonObject? reference) =>
        reference.Text("reference") is { } text && text.IndexOf("/_history/", StringComparison.Ordinal) is var at
            ? at < 0
                ? text
                : text[..at]
            : null;

    public static IEnumerable<string> References(this JsonObject? parent, string name) =>
        parent.Items(name).Select(r => r.ReferenceText()).OfType<string>();

    public static JsonObject NewReference(string reference) => new() { ["reference"] = reference };

    public static JsonObject Concept(string system, string code, string? display = null)
    {
        var coding = new JsonObject { ["system"] = system, ["code"] = code };
        if (display is not null)
            coding["display"] = display;
        return new JsonObject { ["coding"] = new JsonArray(coding) };
    }

    public static bool HasCoding(this JsonObject? concept, string system, string code) =>
        concept.Items("coding").Any(c => c.Text("code") == code && c.Text("system") == system);

    public static JsonObject Note(string text, string author, DateTimeOffset now) =>
        new()
        {
            ["authorReference"] = NewReference(author),
            ["time"] = Time(now),
            ["text"] = text,
        };

    /// <summary>A dateTime to the second, as an instant of its own offset.</summary>
    public static string Time(DateTimeOffset instant) =>
        instant.ToString(
            instant.Offset == TimeSpan.Zero ? "yyyy-MM-ddTHH:mm:ssZ" : "yyyy-MM-ddTHH:mm:sszzz",
            CultureInfo.InvariantCulture
        );

    public static string Date(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The first instant that a date of any precision means.</summary>
    public static DateTimeOffset? StartOf(string? date) =>
        date is not null && FhirDateTime.TryParse(date, out var value) ? value.Instant : null;

    /// <summary>
    /// The last second that a date of any precision means, as for the end of a Period, where a day covers all of it.
    /// </summary>
    public static DateTimeOffset? EndOf(string? date)
    {
        if (date is null || !FhirDateTime.TryParse(date, out var value))
            return null;
        return value.Precision >= DatePrecision.Minute
            ? value.Instant
            : new DateTimeOffset(value.ToRange().End - TimeSpan.TicksPerSecond, TimeSpan.Zero);
    }

    public static decimal? Number(this JsonObject? parent, string name) =>
        parent?[name] is JsonValue value
        && value.GetValueKind() == JsonValueKind.Number
        && decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    // Extensions

    public static JsonObject? Extension(this JsonObject? parent, string url) =>
        parent.Items("extension").FirstOrDefault(e => e.Text("url") == url);

    /// <summary>Writes the one extension with this URL, or removes it with null.</summary>
    public static void SetExtension(this JsonObject parent, string url, string valueName, JsonNode? value)
    {
        parent.RemoveItems("extension", e => e.Text("url") == url);
        if (value is not null)
            parent.Append("extension", new JsonObject { ["url"] = url, [valueName] = value });
    }
}
