using System.Globalization;
using System.Text.Json.Nodes;

namespace CareCoordination.SampleData;

/// <summary>A code with our own wording, which goes to <c>text</c>: <c>display</c> belongs to the code system's publisher.</summary>
internal sealed record Concept(string System, string Code, string Text)
{
    public JsonObject ToJson() => new() { ["coding"] = Json.Array(Coding()), ["text"] = Text };

    public JsonObject Coding() => new() { ["system"] = System, ["code"] = Code };

    /// <summary>For codes of HL7's own systems, which need no wording.</summary>
    public JsonObject Bare() => new() { ["coding"] = Json.Array(Coding()) };
}

/// <summary>The few shapes that every resource is made of.</summary>
internal static class Json
{
    public static JsonArray Array(params ReadOnlySpan<JsonNode?> items) => new(items);

    public static JsonArray Array(IEnumerable<JsonNode?> items) => new([.. items]);

    public static JsonObject Text(string text) => new() { ["text"] = text };

    public static JsonObject Identifier(string system, string value) =>
        new() { ["system"] = system, ["value"] = value };

    public static JsonObject Quantity(decimal value, string unit, string ucum) =>
        new()
        {
            ["value"] = value,
            ["unit"] = unit,
            ["system"] = "http://unitsofmeasure.org",
            ["code"] = ucum,
        };

    public static JsonObject Period(string start, string? end = null)
    {
        var period = new JsonObject { ["start"] = start };
        if (end is not null)
            period["end"] = end;
        return period;
    }

    /// <summary>A narrative of one sentence, which must hold nothing that XML would escape.</summary>
    public static JsonObject Narrative(string sentence) =>
        new()
        {
            ["status"] = "generated",
            ["div"] = $"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>{sentence}</p></div>",
        };

    public static string Iso(this DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string At(this DateOnly day, int hour, int minute = 0) =>
        string.Create(CultureInfo.InvariantCulture, $"{day.Iso()}T{hour:00}:{minute:00}:00Z");
}
