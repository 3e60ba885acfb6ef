using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CareCoordination.Application.Answers;

/// <summary>
/// A Bundle that is written while it is sent: stored resources are copied into it, never parsed.
/// https://hl7.org/fhir/R4/bundle.html
/// </summary>
/// <param name="type"><c>searchset</c>, <c>history</c>, <c>batch-response</c>, <c>transaction-response</c>.</param>
/// <param name="time">When it was put together.</param>
public sealed class BundleContent(string type, DateTimeOffset time, IReadOnlyList<BundleEntry> entries) : FhirContent
{
    private const int FlushAfterBytes = 32 * 1024;

    // What is escaped beyond JSON's own rules protects HTML pages, and this is not one.
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>What it holds.</summary>
    public IReadOnlyList<BundleEntry> Entries => entries;

    public long? Total { get; init; }

    public string? SelfLink { get; init; }

    /// <summary>Of the first page, where this is another.</summary>
    public string? FirstLink { get; init; }

    public string? NextLink { get; init; }

    public override async ValueTask WriteAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        using var json = new Utf8JsonWriter(output, Options);
        WriteHead(json);
        foreach (var entry in entries)
        {
            Write(json, entry);
            if (json.BytesPending + output.UnflushedBytes < FlushAfterBytes)
                continue;
            json.Flush();
            await output.FlushAsync(cancellationToken);
        }

        WriteTail(json);
        json.Flush();
    }

    public override ReadOnlyMemory<byte> ToUtf8Json()
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            WriteHead(json);
            foreach (var entry in entries)
                Write(json, entry);
            WriteTail(json);
        }

        return buffer.WrittenMemory;
    }

    /// <summary>The Bundle without its entries.</summary>
    public ReadOnlyMemory<byte> HeadToUtf8Json() =>
        new BundleContent(type, time, [])
        {
            Total = Total,
            SelfLink = SelfLink,
            FirstLink = FirstLink,
            NextLink = NextLink,
        }.ToUtf8Json();

    /// <summary>The entries, one after the other.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> EntriesToUtf8Json()
    {
        foreach (var entry in entries)
        {
            var buffer = new ArrayBufferWriter<byte>(entry.Resource.Length + 512);
            using (var json = new Utf8JsonWriter(buffer, Options))
                Write(json, entry);
            yield return buffer.WrittenMemory;
        }
    }

    private void WriteHead(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("resourceType"u8, "Bundle"u8);
        json.WriteString("id"u8, Guid.CreateVersion7(time).ToString());
        json.WriteStartObject("meta"u8);
        json.WriteString("lastUpdated"u8, Instant(time));
        json.WriteEndObject();
        json.WriteString("type"u8, type);
        if (Total is { } total)
            json.WriteNumber("total"u8, total);
        if (SelfLink is not null)
        {
            json.WriteStartArray("link"u8);
            WriteLink(json, "self"u8, SelfLink);
            if (FirstLink is not null)
                WriteLink(json, "first"u8, FirstLink);
            if (NextLink is not null)
                WriteLink(json, "next"u8, NextLink);
            json.WriteEndArray();
        }

        if (entries.Count > 0)
            json.WriteStartArray("entry"u8);
    }

    private void WriteTail(Utf8JsonWriter json)
    {
        if (entries.Count > 0)
            json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteLink(Utf8JsonWriter json, ReadOnlySpan<byte> relation, string url)
    {
        json.WriteStartObject();
        json.WriteString("relation"u8, relation);
        json.WriteString("url"u8, url);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, BundleEntry entry)
    {
        json.WriteStartObject();
        if (entry.FullUrl is not null)
            json.WriteString("fullUrl"u8, entry.FullUrl);
        if (!entry.Resource.IsEmpty)
        {
            json.WritePropertyName("resource"u8);
            json.WriteRawValue(entry.Resource.Span, skipInputValidation: true);
        }

        if (entry.SearchMode is not null)
        {
            json.WriteStartObject("search"u8);
            json.WriteString("mode"u8, entry.SearchMode);
            json.WriteEndObject();
        }

        if (entry.Request is { } request)
        {
            json.WriteStartObject("request"u8);
            json.WriteString("method"u8, request.Method);
            json.WriteString("url"u8, request.Url);
            json.WriteEndObject();
        }

        if (entry.Response is { } response)
            WriteResponse(json, response);
        json.WriteEndObject();
    }

    private static void WriteResponse(Utf8JsonWriter json, EntryResponse response)
    {
        json.WriteStartObject("response"u8);
        json.WriteString("status"u8, response.Status);
        if (response.Location is not null)
            json.WriteString("location"u8, response.Location);
        if (response.Version is { } version)
            json.WriteString("etag"u8, ETag.Of(version));
        if (response.LastModified is { } lastModified)
            json.WriteString("lastModified"u8, Instant(lastModified));
        if (!response.Outcome.IsEmpty)
        {
            json.WritePropertyName("outcome"u8);
            json.WriteRawValue(response.Outcome.Span, skipInputValidation: true);
        }

        json.WriteEndObject();
    }

    private static string Instant(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
