using System.Buffers;
using System.Text.Json;
using CareCoordination.Fhir.Json;

namespace CareCoordination.Views.Definitions;

/// <summary>
/// A view as version 2.0.0 of the specification writes it, where it was a logical model: its <c>resourceType</c> is a URL, and it has one
/// identifier. It is taken as the resource that it has become since.
/// </summary>
public static class LogicalModelForm
{
    /// <summary>The resource; the same bytes where they are no such view.</summary>
    public static ReadOnlyMemory<byte> ToResource(ReadOnlyMemory<byte> body)
    {
        if (
            body.Span.IndexOf("sql-on-fhir.org"u8) < 0
            || !ResourceDocument.Parse(body).TryGet(out var document, out _)
            || !document.Root.TryGetProperty("resourceType"u8, out var type)
            || type.Kind != JsonValueKind.String
            || type.GetString() != ViewDefinition.LogicalModel
        )
            return body;
        var output = new ArrayBufferWriter<byte>(body.Length);
        var written = 0;
        foreach (var property in document.Root)
        {
            if (property == type)
                Replace(property, "\"ViewDefinition\""u8, ""u8, keep: false);
            else if (property.NameUtf8.SequenceEqual("identifier"u8) && property.Kind == JsonValueKind.Object)
                Replace(property, "["u8, "]"u8, keep: true);
        }

        output.Write(body.Span[written..]);
        return output.WrittenMemory;

        void Replace(JsonValue value, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, bool keep)
        {
            output.Write(body.Span[written..value.Start]);
            output.Write(before);
            if (keep)
                output.Write(value.RawUtf8);
            output.Write(after);
            written = value.Start + value.RawUtf8.Length;
        }
    }
}
