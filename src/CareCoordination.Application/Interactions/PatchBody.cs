using System.Buffers.Text;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Patch;

namespace CareCoordination.Application.Interactions;

/// <summary>
/// A patch as it is sent: a JSON Patch, in a Bundle as the data of a Binary, or a FHIRPath Patch as Parameters.
/// https://hl7.org/fhir/R4/http.html#patch, https://hl7.org/fhir/R4/http.html#jsonpatch
/// </summary>
public static class PatchBody
{
    public const string JsonPatchType = "application/json-patch+json";

    public static Result<IPatch> Parse(InteractionRequest request, FhirDefinitions definitions)
    {
        if (request.IsJsonPatch)
            return OfJson(request.Body, definitions);
        if (!ResourceDocument.Parse(request.Body, definitions.JsonLimits).TryGet(out var body, out var failure))
            return failure;
        if (body.ResourceTypeUtf8.SequenceEqual("Binary"u8))
            return OfBinary(body, definitions);
        return FhirPathPatch.Parse(body, definitions.Schema, definitions.JsonLimits).TryGet(out var patch, out failure)
            ? patch
            : failure;
    }

    private static Result<IPatch> OfJson(ReadOnlyMemory<byte> utf8, FhirDefinitions definitions) =>
        JsonPatch.Parse(utf8, definitions.JsonLimits).TryGet(out var patch, out var failure) ? patch : failure;

    private static Result<IPatch> OfBinary(ResourceDocument binary, FhirDefinitions definitions)
    {
        if (
            !binary.Root.TryGetProperty("contentType"u8, out var type)
            || !type.GetString().StartsWith(JsonPatchType, StringComparison.Ordinal)
        )
            return Failure.Invalid(
                IssueCode.NotSupported,
                $"A Binary that is a patch has the contentType {JsonPatchType}.",
                "Binary.contentType"
            );
        if (!binary.Root.TryGetProperty("data"u8, out var data) || Decode(data.StringUtf8) is not { } json)
            return Failure.Invalid(
                IssueCode.Required,
                "A Binary that is a patch has the patch as base64 in its data.",
                "Binary.data"
            );
        return OfJson(json, definitions);
    }

    private static byte[]? Decode(ReadOnlySpan<byte> base64)
    {
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
        return Base64.DecodeFromUtf8(base64, bytes, out _, out var written) == System.Buffers.OperationStatus.Done
            ? bytes[..written]
            : null;
    }
}
