using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Rest.Routing;
using Microsoft.Net.Http.Headers;

namespace CareCoordination.Rest.Http;

/// <summary>What a Binary holds, in its own media type instead of a resource around it. https://hl7.org/fhir/R4/binary.html#rest</summary>
/// <param name="SecurityContext">The resource whose access rules count for it.</param>
internal sealed record NativeBinary(string ContentType, byte[] Content, string? SecurityContext)
{
    public const string SecurityContextHeader = "X-Security-Context";

    private const string Unknown = "application/octet-stream";

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>True for a read that does not ask for the resource: by name of a format, or for a part of it.</summary>
    public static bool IsAsked(RouteMatch route, string? accept, QueryParameters query) =>
        route.Type == "Binary"
        && route.Definition.Code is "read" or "vread"
        && query.Count == 0
        && !MediaRange.ParseAll(accept ?? "").Any(range => Negotiation.FormatOf(range.Name) is not null);

    /// <summary>True where a body that is no resource is taken as what a Binary holds.</summary>
    public static bool IsTaken(RouteMatch route) =>
        route.Type == "Binary" && route.Definition.Code is "create" or "update";

    /// <summary>
    /// The JSON of the Binary that was sent: as a resource, or as what it holds. Other resources in FHIR's own formats are such content
    /// too; what is malformed in them is not.
    /// </summary>
    public static Result<ReadOnlyMemory<byte>> Read(
        HttpRequest request,
        RouteMatch route,
        ReadOnlyMemory<byte> body,
        XmlFormat xml
    )
    {
        var type = MediaRange.Parse(request.ContentType ?? "").Name;
        var isFhir = type.StartsWith("application/fhir+", StringComparison.Ordinal);
        if (Negotiation.FormatOf(type) is not { } format)
            return Wrap(request, route.Id, body.Span);
        var json = format == BodyFormat.Xml ? xml.ToJson(body) : body;
        var document = json.Then(utf8 => ResourceDocument.Parse(utf8));
        // What claims to be FHIR and is no resource at all was meant to be one.
        var isResource = document.IsSuccess
            ? document.Value.ResourceTypeUtf8.SequenceEqual("Binary"u8)
                || (isFhir && document.Value.ResourceTypeUtf8.IsEmpty)
            : isFhir;
        return isResource ? json : Wrap(request, route.Id, body.Span);
    }

    /// <summary>What the JSON of a Binary holds.</summary>
    public static NativeBinary Of(ReadOnlyMemory<byte> json)
    {
        var root = ResourceDocument.Parse(json).Value.Root;
        var type = root.TryGetProperty("contentType"u8, out var text) ? text.GetString() : Unknown;
        var context =
            root.TryGetProperty("securityContext"u8, out var link) && link.TryGetProperty("reference"u8, out var target)
                ? target.GetString()
                : null;
        return new(
            MediaTypeHeaderValue.TryParse(type, out _) && Ascii.IsValid(type) ? type : Unknown,
            root.TryGetProperty("data"u8, out var data) ? Decode(data.StringUtf8) : [],
            context is not null && Ascii.IsValid(context) ? context : null
        );
    }

    public async Task WriteAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        response.ContentType = ContentType;
        response.ContentLength = Content.Length;
        // Strangers wrote it, and a browser would run it as a page of this server.
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        if (SecurityContext is not null)
            response.Headers[SecurityContextHeader] = SecurityContext;
        response.Headers.Append("Vary", "Accept");
        response.BodyWriter.Write(Content);
        await response.BodyWriter.FlushAsync(cancellationToken);
    }

    private static ReadOnlyMemory<byte> Wrap(HttpRequest request, string id, ReadOnlySpan<byte> content)
    {
        var buffer = new ArrayBufferWriter<byte>((content.Length / 3 * 4) + 512);
        using (var json = new Utf8JsonWriter(buffer, Writing))
        {
            json.WriteStartObject();
            json.WriteString("resourceType"u8, "Binary"u8);
            if (id.Length > 0)
                json.WriteString("id"u8, id);
            json.WriteString("contentType"u8, request.ContentType);
            if (request.Headers.TryGetValue(SecurityContextHeader, out var context))
            {
                json.WriteStartObject("securityContext"u8);
                json.WriteString("reference"u8, context.ToString());
                json.WriteEndObject();
            }

            json.WriteBase64String("data"u8, content);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static byte[] Decode(ReadOnlySpan<byte> base64)
    {
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
        return Base64.DecodeFromUtf8(base64, bytes, out _, out var written) == OperationStatus.Done
            ? bytes[..written]
            : [];
    }
}
