using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Patch;

/// <summary>One operation of a <see cref="JsonPatch"/>. https://www.rfc-editor.org/rfc/rfc6902#section-4</summary>
/// <param name="Number">Its place in the patch, from 1.</param>
/// <param name="From">Of <c>move</c> and <c>copy</c> only.</param>
/// <param name="Value">Of <c>add</c>, <c>replace</c> and <c>test</c> only.</param>
internal sealed record JsonPatchOperation(int Number, string Op, JsonPointer Path, JsonPointer? From, JsonValue Value)
{
    public static Result<JsonPatchOperation> Read(JsonValue item, int number)
    {
        if (Text(item, "op"u8) is not { } op)
            return Malformed(number, "needs 'op'.");
        if (op is not ("add" or "remove" or "replace" or "move" or "copy" or "test"))
            return Malformed(number, "has an 'op' that is none of add, remove, replace, move, copy and test.");
        if (Text(item, "path"u8) is not { } path)
            return Malformed(number, "needs 'path'.");
        if (JsonPointer.Parse(path) is not { } place)
            return Malformed(number, "has a 'path' that is no JSON Pointer: write it as /contact/0/gender.");
        JsonPointer? from = null;
        if (op is "move" or "copy")
        {
            if (Text(item, "from"u8) is not { } text)
                return Malformed(number, "needs 'from'.");
            from = JsonPointer.Parse(text);
            if (from is null)
                return Malformed(number, "has a 'from' that is no JSON Pointer: write it as /contact/0/gender.");
        }

        JsonValue value = default;
        if (op is "add" or "replace" or "test" && !item.TryGetProperty("value"u8, out value))
            return Malformed(number, "needs 'value'.");
        return new JsonPatchOperation(number, op, place, from, value);
    }

    public Failure Refuse(string sentence, IssueCode code = IssueCode.Processing) =>
        Failure.Unprocessable(code, $"Operation {Number} of the patch ({Op} {Path}) cannot be done: {sentence}");

    public Failure Refuse(Failure reason) => Refuse(reason.Issues[0].Diagnostics, reason.Issues[0].Code);

    private static Failure Malformed(int number, string sentence) =>
        Failure.Invalid(IssueCode.Structure, $"Operation {number} of the patch {sentence}");

    private static string? Text(JsonValue item, ReadOnlySpan<byte> name) =>
        item.TryGetProperty(name, out var value) && value.Kind == JsonValueKind.String ? value.GetString() : null;
}
