using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Exports.Files;
using CareCoordination.Application.Jobs;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Application.Import.Bulk;

/// <summary>
/// What became of the files: in <c>output</c> and <c>deleted</c> how many resources of each are stored now, and in <c>error</c> the lists of
/// what was rejected, as other servers with a <c>$import</c> answer.
/// </summary>
internal static class ImportResult
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static FhirResponse Answer(FinishedJob finished, DateTimeOffset expires)
    {
        var plan = ImportPlan.Of(finished.Job);
        var places = finished.Steps.ToDictionary(step => step.Place, step => ImportPlace.Of(step.Result));
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, Writing))
        {
            json.WriteStartObject();
            json.WriteString(
                "transactionTime"u8,
                (finished.Job.EndedAt ?? finished.Job.CreatedAt).UtcDateTime.ToString(
                    "yyyy-MM-ddTHH:mm:ss.fff'Z'",
                    CultureInfo.InvariantCulture
                )
            );
            json.WriteString("request"u8, $"{plan.BaseUrl}/$import");
            json.WriteBoolean("requiresAccessToken"u8, false);
            Write(json, "output", plan, places, isOfDeletions: false);
            Write(json, "deleted", plan, places, isOfDeletions: true);
            json.WriteStartArray("error"u8);
            foreach (var (place, reached) in places.OrderBy(p => p.Key))
            {
                foreach (var report in reached.Reports)
                    Write(json, finished, plan, place, report, expires);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return FhirResponse.Of(new BytesContent(buffer.WrittenMemory)) with
        {
            MediaType = "application/json",
            Expires = expires,
        };
    }

    private static void Write(
        Utf8JsonWriter json,
        string list,
        ImportPlan plan,
        Dictionary<int, ImportPlace> places,
        bool isOfDeletions
    )
    {
        json.WriteStartArray(list);
        for (var place = 0; place < plan.Files.Length; place++)
        {
            var (file, reached) = (plan.Files[place], places[place]);
            if (file.IsOfDeletions != isOfDeletions)
                continue;
            json.WriteStartObject();
            if ((isOfDeletions ? ResourceTypes.Bundle : file.Type) is { } type)
                json.WriteString("type"u8, type);
            json.WriteString("inputUrl"u8, file.Url.OriginalString);
            json.WriteNumber("count"u8, reached.Written + reached.Unchanged);
            json.WriteNumber("written"u8, reached.Written);
            json.WriteNumber("unchanged"u8, reached.Unchanged);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(
        Utf8JsonWriter json,
        FinishedJob finished,
        ImportPlan plan,
        int place,
        ReportFile report,
        DateTimeOffset expires
    )
    {
        json.WriteStartObject();
        json.WriteString("type"u8, ResourceTypes.OperationOutcome);
        json.WriteString("inputUrl"u8, plan.Files[place].Url.OriginalString);
        json.WriteNumber("count"u8, report.Count);
        json.WriteString(
            "url"u8,
            FileAddresses.Sign(finished.BaseUrl, finished.Job.Id, report.Name, plan.Ticket, expires)
        );
        json.WriteEndObject();
    }
}
