using CareCoordination.Application.Interactions;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Rest.Http;

/// <summary>What a body is.</summary>
public enum BodyFormat
{
    Json,
    Xml,
    JsonPatch,

    /// <summary>Whatever a Binary may hold.</summary>
    Native,
}

/// <summary>
/// Which of FHIR's representations a body may have: JSON and XML under their names. https://hl7.org/fhir/R4/http.html#mime-type
/// </summary>
public static class Negotiation
{
    public const string FhirJson = "application/fhir+json; charset=utf-8";

    /// <summary>What a PATCH may be sent as. https://www.rfc-editor.org/rfc/rfc5789#section-3.1</summary>
    public const string AcceptPatch = "application/fhir+json, application/fhir+xml, " + PatchBody.JsonPatchType;

    /// <summary>415 for a body that is encoded, of another version of FHIR, or neither JSON nor XML.</summary>
    public static Result<BodyFormat> OfBody(string? contentType, string? contentEncoding, bool isPatch = false)
    {
        if (!string.IsNullOrEmpty(contentEncoding) && contentEncoding != "identity")
            return Unsupported("Send the body without a Content-Encoding.");
        if (contentType is "application/fhir+json" or "application/json" or FhirJson)
            return BodyFormat.Json;
        var type = MediaRange.Parse(contentType ?? "");
        var format = isPatch && type.Name == PatchBody.JsonPatchType ? BodyFormat.JsonPatch : FormatOf(type.Name);
        if (format is not { } known)
            return Unsupported(
                isPatch
                    ? $"Send the patch as Content-Type: {PatchBody.JsonPatchType}, or as Parameters with application/fhir+json or application/fhir+xml."
                    : "Send the body as Content-Type: application/fhir+json or application/fhir+xml."
            );
        if (!type.IsSpokenVersion)
            return Unsupported("FHIR 4.0 is spoken here: send the body as R4, with fhirVersion=4.0 or none.");
        return type.Charset is null or "utf-8" or "us-ascii" ? known : Unsupported("Send the body in UTF-8.");
    }

    /// <summary>Null for the name of a type that is none of FHIR's.</summary>
    /// <param name="mediaType">In small letters, without parameters.</param>
    public static BodyFormat? FormatOf(string mediaType) =>
        mediaType switch
        {
            "application/fhir+json" or "application/json" or "text/json" => BodyFormat.Json,
            "application/fhir+xml" or "application/xml" or "text/xml" => BodyFormat.Xml,
            _ => null,
        };

    /// <summary>True for a body that says what it is, and is none of FHIR's formats.</summary>
    public static bool IsOther(string? contentType, string? contentEncoding) =>
        string.IsNullOrEmpty(contentEncoding)
        && MediaRange.Parse(contentType ?? "").Name is { Length: > 0 } name
        && FormatOf(name) is null;

    public static bool IsForm(string? contentType) =>
        MediaRange.Parse(contentType ?? "").Name is "application/x-www-form-urlencoded";

    private static Failure Unsupported(string sentence) => Failure.From(415, IssueCode.NotSupported, sentence);
}
