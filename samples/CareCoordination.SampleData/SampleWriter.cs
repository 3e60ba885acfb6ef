using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CareCoordination.SampleData;

/// <summary>Writes records as UTF-8 JSON.</summary>
public static class SampleWriter
{
    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>One resource per line. https://hl7.org/fhir/R4/nd-json.html</summary>
    public static void WriteNdjson(IEnumerable<JsonObject> resources, Stream output)
    {
        foreach (var resource in resources)
        {
            using (var writer = new Utf8JsonWriter(output, WriterOptions))
                resource.WriteTo(writer);
            output.WriteByte((byte)'\n');
        }
    }

    /// <summary>
    /// One transaction Bundle. With <see cref="ReferenceStyle.Relative"/> the entries are PUT to the ids of the resources, so
    /// that sending it twice changes nothing; with <see cref="ReferenceStyle.Transaction"/> they are POSTed.
    /// </summary>
    public static void WriteTransaction(IEnumerable<JsonObject> resources, ReferenceStyle style, Stream output)
    {
        using var writer = new Utf8JsonWriter(output, WriterOptions);
        writer.WriteStartObject();
        writer.WriteString("resourceType", "Bundle");
        writer.WriteString("type", "transaction");
        writer.WriteStartArray("entry");
        foreach (var resource in resources)
        {
            var (type, id) = ((string)resource["resourceType"]!, (string)resource["id"]!);
            writer.WriteStartObject();
            writer.WriteString("fullUrl", $"urn:uuid:{id}");
            writer.WritePropertyName("resource");
            resource.WriteTo(writer);
            writer.WriteStartObject("request");
            writer.WriteString("method", style == ReferenceStyle.Transaction ? "POST" : "PUT");
            writer.WriteString("url", style == ReferenceStyle.Transaction ? type : $"{type}/{id}");
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
