using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Exports.Files;
using CareCoordination.Application.Jobs;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Application.Exports;

/// <summary>
/// The list of the files. It has the names of both releases that clients know: <c>error</c> of 2.0, and <c>manifestType</c> and
/// <c>fileSize</c> of later ones. https://hl7.org/fhir/uv/bulkdata/export.html#response---output-manifest
/// </summary>
internal static class ExportManifest
{
    public const string NdJson = "application/fhir+ndjson";

    private const string Type = "http://hl7.org/fhir/uv/bulkdata/StructureDefinition/BulkDataManifest";

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static FhirResponse Answer(FinishedJob finished, DateTimeOffset expires)
    {
        var plan = ExportPlan.Of(finished.Job);
        var files = finished.Steps.SelectMany(step => ExportPlace.Of(step.Result).Files).ToList();
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, Writing))
        {
            json.WriteStartObject();
            json.WriteString("manifestType"u8, Type);
            json.WriteString(
                "transactionTime"u8,
                plan.TransactionTime.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
            );
            json.WriteString("request"u8, plan.Request.Url);
            json.WriteBoolean("requiresAccessToken"u8, false);
            json.WriteString("outputFormat"u8, NdJson);
            foreach (var list in (ReadOnlySpan<string>)["output", "deleted", "error"])
            {
                json.WriteStartArray(list);
                foreach (var file in files.Where(file => ListOf(file) == list))
                    Write(json, file, Address(finished, plan, file, expires));
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return FhirResponse.Of(new BytesContent(buffer.WrittenMemory)) with
        {
            MediaType = "application/json",
            Expires = expires,
        };
    }

    private static string ListOf(ExportFile file) => file.IsOfDeletions ? "deleted" : "output";

    private static string Address(FinishedJob finished, ExportPlan plan, ExportFile file, DateTimeOffset expires) =>
        FileAddresses.Sign(finished.BaseUrl, finished.Job.Id, file.Name, plan.Ticket, expires);

    private static void Write(Utf8JsonWriter json, ExportFile file, string url)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, file.IsOfDeletions ? ResourceTypes.Bundle : file.Type);
        json.WriteString("url"u8, url);
        json.WriteNumber("count"u8, file.Count);
        json.WriteNumber("fileSize"u8, file.Bytes);
        json.WriteEndObject();
    }
}
