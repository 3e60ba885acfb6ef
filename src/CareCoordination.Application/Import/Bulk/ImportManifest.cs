using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Application.Import.Bulk;

/// <summary>A file that is to be imported, as a manifest or a request has it.</summary>
/// <param name="Type">What its resources are; null: they may be of several types.</param>
/// <param name="Count">How many lines it is said to have; null: nobody says.</param>
internal sealed record AskedFile(string? Type, Uri Url, long? Count)
{
    /// <summary>It tells which resources were deleted.</summary>
    public bool IsOfDeletions { get; init; }

    /// <summary>How it is called in reports: an address may be signed, which is nobody else's.</summary>
    public string ShortName => Url.Segments[^1].Trim('/') is { Length: > 0 } name ? name : Url.Host;
}

/// <summary>
/// The list of files that a server has exported. Of 2.0 as of later releases.
/// https://hl7.org/fhir/uv/bulkdata/export.html#response---output-manifest
/// </summary>
/// <param name="NeedsToken">Null: it does not say.</param>
/// <param name="Next">Where the list goes on; null: it does not.</param>
internal sealed record ImportManifest(ImmutableArray<AskedFile> Files, bool? NeedsToken, Uri? Next)
{
    public static Result<ImportManifest> Read(ReadOnlyMemory<byte> utf8Json)
    {
        try
        {
            using var json = JsonDocument.Parse(utf8Json, new JsonDocumentOptions { MaxDepth = 32 });
            return Read(json.RootElement);
        }
        catch (JsonException)
        {
            return NoManifest("it is no JSON");
        }
    }

    private static Result<ImportManifest> Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("output", out _))
            return NoManifest("it has no 'output'");
        if (!FilesOf(root, "output", isOfDeletions: false).TryGet(out var output, out var failure))
            return failure;
        if (!FilesOf(root, "deleted", isOfDeletions: true).TryGet(out var deleted, out failure))
            return failure;
        bool? needsToken = root.TryGetProperty("requiresAccessToken", out var needs)
            ? needs.ValueKind == JsonValueKind.True
            : null;
        return new ImportManifest([.. output, .. deleted], needsToken, NextOf(root));
    }

    private static Result<ImmutableArray<AskedFile>> FilesOf(JsonElement root, string list, bool isOfDeletions)
    {
        var files = ImmutableArray.CreateBuilder<AskedFile>();
        if (!root.TryGetProperty(list, out var items) || items.ValueKind == JsonValueKind.Null)
            return files.ToImmutable();
        if (items.ValueKind != JsonValueKind.Array)
            return NoManifest($"its '{list}' is no list");
        foreach (var item in items.EnumerateArray())
        {
            if (
                item.ValueKind != JsonValueKind.Object
                || !Uri.TryCreate(Text(item, "url"), UriKind.Absolute, out var url)
            )
                return NoManifest($"a file in its '{list}' has no address");
            long? count =
                item.TryGetProperty("count", out var said)
                && said.ValueKind == JsonValueKind.Number
                && said.TryGetInt64(out var number)
                    ? number
                    : null;
            files.Add(
                new AskedFile(isOfDeletions ? null : Text(item, "type"), url, count) { IsOfDeletions = isOfDeletions }
            );
        }

        return files.ToImmutable();
    }

    private static Uri? NextOf(JsonElement root)
    {
        if (!root.TryGetProperty("link", out var links) || links.ValueKind != JsonValueKind.Array)
            return null;
        foreach (var link in links.EnumerateArray())
        {
            if (
                link.ValueKind == JsonValueKind.Object
                && Text(link, "relation") == "next"
                && Uri.TryCreate(Text(link, "url"), UriKind.Absolute, out var url)
            )
                return url;
        }

        return null;
    }

    private static string? Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static Failure NoManifest(string why) =>
        Failure.Unprocessable(
            IssueCode.Structure,
            $"This is no manifest of an export: {why}. It is what the status of an export is answered with when it is done."
        );
}

/// <summary>
/// The body of a request that is no Parameters: the manifest of an export itself, or the JSON of a list of files as other servers take it.
/// </summary>
internal static class ImportBody
{
    private static readonly string[] Passed = ["inputFormat", "inputSource", "mode", "manifestUrl", "fhirBaseUrl"];

    /// <summary>As Parameters; a body that is one already, or is neither, stays as it is.</summary>
    public static ReadOnlyMemory<byte> Complete(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 32 });
            var root = json.RootElement;
            return
                root.ValueKind != JsonValueKind.Object
                || root.TryGetProperty("resourceType", out _)
                || !(root.TryGetProperty("output", out _) || root.TryGetProperty("input", out _))
                ? body
                : ToParameters(root);
        }
        catch (JsonException)
        {
            return body;
        }
    }

    private static ReadOnlyMemory<byte> ToParameters(JsonElement root)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("resourceType", "Parameters");
            json.WriteStartArray("parameter");
            foreach (var property in root.EnumerateObject())
                Write(json, property);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, JsonProperty property)
    {
        switch (property.Name)
        {
            case "output" or "input" when property.Value.ValueKind == JsonValueKind.Array:
                WriteParts(json, "input", property.Value);
                break;
            case "deleted" when property.Value.ValueKind == JsonValueKind.Array:
                WriteParts(json, "deleted", property.Value);
                break;
            case "requiresAccessToken" when property.Value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                json.WriteStartObject();
                json.WriteString("name", property.Name);
                json.WriteBoolean("valueBoolean", property.Value.GetBoolean());
                json.WriteEndObject();
                break;
            case "storageDetail" when property.Value.ValueKind == JsonValueKind.Object:
                json.WriteStartObject();
                json.WriteString("name", property.Name);
                WriteTexts(json, property.Value);
                json.WriteEndObject();
                break;
            case var name when Passed.Contains(name) && property.Value.ValueKind == JsonValueKind.String:
                WriteText(json, name, property.Value.GetString()!);
                break;
        }
    }

    private static void WriteParts(Utf8JsonWriter json, string name, JsonElement items)
    {
        foreach (var item in items.EnumerateArray())
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            if (item.ValueKind == JsonValueKind.Object)
                WriteTexts(json, item);
            json.WriteEndObject();
        }
    }

    private static void WriteTexts(Utf8JsonWriter json, JsonElement item)
    {
        json.WriteStartArray("part");
        foreach (var property in item.EnumerateObject())
        {
            if (property.Name is "type" or "url" && property.Value.ValueKind == JsonValueKind.String)
                WriteText(json, property.Name, property.Value.GetString()!);
            else if (property.Name == "count" && property.Value.TryGetInt32(out var count))
                WriteNumber(json, property.Name, count);
        }

        json.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string value)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("valueString", value);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, int value)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteNumber("valueInteger", value);
        json.WriteEndObject();
    }
}
