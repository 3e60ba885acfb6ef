using CareCoordination.Application.Interactions;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Rest.Http;

/// <summary>How the answer is to be written.</summary>
/// <param name="ContentType">A whole header value.</param>
public sealed record ResponseFormat(string ContentType, bool IsPretty)
{
    public static readonly ResponseFormat Fhir = new(Negotiation.FhirJson, IsPretty: false);
}

/// <summary>
/// Which of FHIR's representations are spoken: JSON under its names, UTF-8. https://hl7.org/fhir/R4/http.html#mime-type
/// </summary>
public static class Negotiation
{
    public const string FhirJson = "application/fhir+json; charset=utf-8";

    private const string PlainJson = "application/json; charset=utf-8";

    /// <summary>The format of the answer by <c>_format</c>, which goes before Accept, and <c>_pretty</c>; else 406.</summary>
    public static Result<ResponseFormat> Choose(string? accept, QueryParameters query)
    {
        var format = ResponseFormat.Fhir;
        if (query.Count > 0)
        {
            if (query.First("_format") is { } wanted)
                accept = wanted;
            if (query.First("_pretty") is "true")
                format = format with { IsPretty = true };
        }

        if (string.IsNullOrEmpty(accept) || accept is "*/*" or "application/fhir+json")
            return format;
        foreach (var range in accept.AsSpan().Split(','))
        {
            switch (MediaType(accept.AsSpan()[range]))
            {
                // A plus sign that was not encoded in _format arrives as a space.
                case "application/fhir+json" or "application/fhir json" or "json" or "*/*" or "application/*":
                    return format;
                case "application/json" or "text/json":
                    return format with { ContentType = PlainJson };
            }
        }

        return Failure.From(
            406,
            IssueCode.NotSupported,
            "Only JSON is spoken here: accept application/fhir+json, or ask for _format=json."
        );
    }

    /// <summary>What a PATCH may be sent as. https://www.rfc-editor.org/rfc/rfc5789#section-3.1</summary>
    public const string AcceptPatch = "application/fhir+json, " + PatchBody.JsonPatchType;

    public static bool IsJsonPatch(string? contentType) => MediaType(contentType) is PatchBody.JsonPatchType;

    /// <summary>Refuses a body that is not JSON in UTF-8, or is encoded.</summary>
    public static Failure? CheckBody(string? contentType, string? contentEncoding, bool isPatch = false)
    {
        if (!string.IsNullOrEmpty(contentEncoding) && contentEncoding != "identity")
            return Failure.From(415, IssueCode.NotSupported, "Send the body without a Content-Encoding.");
        if (contentType is "application/fhir+json" or "application/json" or FhirJson)
            return null;
        if (
            MediaType(contentType) is not ("application/fhir+json" or "application/json" or "text/json")
            && !(isPatch && IsJsonPatch(contentType))
        )
            return Failure.From(
                415,
                IssueCode.NotSupported,
                isPatch
                    ? $"Send the patch as Content-Type: {PatchBody.JsonPatchType}, or as Parameters with application/fhir+json."
                    : "Send the body as Content-Type: application/fhir+json."
            );
        return HasOtherCharset(contentType)
            ? Failure.From(415, IssueCode.NotSupported, "Send the body in UTF-8.")
            : null;
    }

    public static bool IsForm(string? contentType) => MediaType(contentType) is "application/x-www-form-urlencoded";

    private static bool HasOtherCharset(ReadOnlySpan<char> contentType)
    {
        var at = contentType.IndexOf("charset=", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return false;
        var charset = contentType[(at + 8)..].Trim(" \"").TrimEnd(';');
        return !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            && !charset.Equals("us-ascii", StringComparison.OrdinalIgnoreCase);
    }

    private static ReadOnlySpan<char> MediaType(ReadOnlySpan<char> text)
    {
        var semicolon = text.IndexOf(';');
        return (semicolon < 0 ? text : text[..semicolon]).Trim();
    }
}
