using System.Buffers;
using System.Text;
using System.Text.Json;

namespace CareCoordination.Formats.Tests;

/// <summary>Conversions of text, and what differs between two JSON texts.</summary>
internal static class Convert
{
    public static string ToXml(string json, bool isPretty = false)
    {
        var output = new ArrayBufferWriter<byte>();
        FhirXml.Write(Encoding.UTF8.GetBytes(json), isPretty, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static string ToJson(string xml)
    {
        var result = FhirXml.ToJson(Encoding.UTF8.GetBytes(xml));
        Assert.True(result.IsSuccess, result.Failure?.Issues[0].Diagnostics);
        return Encoding.UTF8.GetString(result.Value.Span);
    }

    /// <summary>The sentences of a refusal.</summary>
    public static string[] Refusal(string xml)
    {
        var failure = FhirXml.ToJson(Encoding.UTF8.GetBytes(xml)).Failure;
        Assert.NotNull(failure);
        Assert.Equal(400, failure.Status);
        return [.. failure.Issues.Select(i => i.Diagnostics)];
    }

    /// <summary>Where two texts differ, numbers as they are written; null where they do not.</summary>
    public static string? Difference(JsonElement one, JsonElement other, string at = "")
    {
        if (one.ValueKind != other.ValueKind)
            return $"{at}: {one.ValueKind} and {other.ValueKind}";
        switch (one.ValueKind)
        {
            case JsonValueKind.Object:
                var (left, right) = (Properties(one), Properties(other));
                foreach (var name in left.Keys.Union(right.Keys))
                {
                    if (!left.TryGetValue(name, out var a) || !right.TryGetValue(name, out var b))
                        return $"{at}.{name}: is on one side only";
                    if (Difference(a, b, $"{at}.{name}") is { } inside)
                        return inside;
                }

                return null;
            case JsonValueKind.Array:
                if (one.GetArrayLength() != other.GetArrayLength())
                    return $"{at}: {one.GetArrayLength()} and {other.GetArrayLength()} items";
                return one.EnumerateArray()
                    .Zip(other.EnumerateArray())
                    .Select((pair, i) => Difference(pair.First, pair.Second, $"{at}[{i}]"))
                    .FirstOrDefault(d => d is not null);
            case JsonValueKind.String:
                return Same(at, one.GetString()!, other.GetString()!);
            default:
                return Same(at, one.GetRawText(), other.GetRawText());
        }
    }

    public static string? Difference(string one, string other)
    {
        using var left = JsonDocument.Parse(one);
        using var right = JsonDocument.Parse(other);
        return Difference(left.RootElement, right.RootElement);
    }

    private static Dictionary<string, JsonElement> Properties(JsonElement element) =>
        element.EnumerateObject().ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal);

    private static string? Same(string at, string one, string other) =>
        string.Equals(one, other, StringComparison.Ordinal) ? null : $"{at}: '{one}' and '{other}'";
}
