using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Search.Extraction;

/// <summary>What a Reference leads to, as far as the resource itself tells.</summary>
internal static class ReferenceTargets
{
    /// <summary>
    /// <c>resolve() is Type</c>, answered from the reference itself: its literal text, the contained resource it points at, or
    /// its <c>type</c>.
    /// </summary>
    public static bool IsTo(JsonValue value, TypeDefinition type, EntryCollector index)
    {
        if (value.Kind == JsonValueKind.String)
            return ReferenceText.TrySplit(value.StringUtf8, type.Schema, out var named, out _, out _) && named == type;
        if (value.TryGetProperty("reference"u8, out var reference) && reference.Kind == JsonValueKind.String)
        {
            var text = reference.StringUtf8;
            if (ReferenceText.TrySplit(text, type.Schema, out var target, out _, out _))
                return target == type;
            if (text.StartsWith("#"u8))
                return index.Contained(value.Document).Is(text[1..], type);
        }

        return value.TryGetProperty("type"u8, out var declared) && declared.StringEquals(type.Utf8Name.Span);
    }
}
