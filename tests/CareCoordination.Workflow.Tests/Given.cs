using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Tests;

/// <summary>Resources to decide about, and what was decided, as JSON.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 15, 0, 0, TimeSpan.Zero);

    private static readonly System.Text.Json.JsonSerializerOptions Relaxed = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static readonly TimeZoneInfo NewYork = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");

    public static readonly Agent Anyone = new("Practitioner/any") { IsUnchecked = true };

    /// <summary>A snapshot at version 3 of a resource written with single quotes.</summary>
    public static Snapshot Resource(string type, string id, string elements = "")
    {
        var more = elements.Length == 0 ? "" : "," + elements.Replace('\'', '"');
        return new(new(type, id), 3, Encoding.UTF8.GetBytes($$"""{"resourceType":"{{type}}","id":"{{id}}"{{more}}}"""));
    }

    public static Snapshot Task(string id, string status, string elements = "") =>
        Resource("Task", id, $"'status':'{status}','intent':'order'{(elements.Length == 0 ? "" : "," + elements)}");

    /// <summary>The written resource.</summary>
    public static JsonObject Written(this Decision decision, string reference) =>
        (JsonObject)JsonNode.Parse(decision.Writes.Single(w => w.Key.ToString() == reference).Utf8Json.Span)!;

    public static string? Status(this Decision decision, string reference) =>
        decision.Written(reference) is var json
            ? (json["status"] ?? json["lifecycleStatus"])?.GetValue<string>()
            : null;

    /// <summary>The written version as the next snapshot.</summary>
    public static Snapshot After(this Decision decision, string reference)
    {
        var write = decision.Writes.Single(w => w.Key.ToString() == reference);
        return new(write.Key, write.DecidedFrom + 1, write.Utf8Json);
    }

    public static string? Rule(this Result<Decision> result) => result.Failure?.Issues[0].Details;

    public static Func<string> Ids(string prefix = "new")
    {
        var n = 0;
        return () => $"{prefix}-{++n}";
    }

    /// <summary>Equal but for the order of properties, which means nothing in JSON.</summary>
    public static void AssertJson(string expected, JsonNode? actual)
    {
        if (!JsonNode.DeepEquals(JsonNode.Parse(expected), actual))
            Assert.Equal(expected, actual?.ToJsonString(Relaxed));
    }
}
