using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Search.Extraction;

/// <summary>Reads the text of a <c>Reference.reference</c> without making strings. https://hl7.org/fhir/R4/references.html#literal</summary>
internal static class ReferenceText
{
    /// <summary>
    /// Splits <c>[base/]Type/id[/_history/version]</c>. False for fragments, URNs, conditional references and whatever else
    /// names no resource.
    /// </summary>
    public static bool TrySplit(
        ReadOnlySpan<byte> text,
        FhirSchema schema,
        out TypeDefinition type,
        out ReadOnlySpan<byte> id,
        out bool isRelative
    )
    {
        type = null!;
        isRelative = !IsAbsolute(text);
        id = default;
        var history = text.IndexOf("/_history/"u8);
        if (history >= 0)
            text = text[..history];
        var slash = text.LastIndexOf((byte)'/');
        if (slash <= 0 || text[0] == (byte)'#')
            return false;
        id = text[(slash + 1)..];
        var name = text[..slash];
        var before = name.LastIndexOf((byte)'/');
        if (isRelative != (before < 0) || !IsId(id) || schema.FindResource(name[(before + 1)..]) is not { } found)
            return false;
        type = found;
        return true;
    }

    public static bool IsAbsolute(ReadOnlySpan<byte> text) =>
        text.StartsWith("http://"u8) || text.StartsWith("https://"u8);

    /// <summary>
    /// <c>resolve() is Type</c>, answered from the reference itself: its literal text, the contained resource it points at, or
    /// its <c>type</c>.
    /// </summary>
    public static bool IsTo(JsonValue value, TypeDefinition type, IndexWriter index)
    {
        if (value.Kind == JsonValueKind.String)
            return TrySplit(value.StringUtf8, type.Schema, out var named, out _, out _) && named == type;
        if (value.TryGetProperty("reference"u8, out var reference) && reference.Kind == JsonValueKind.String)
        {
            var text = reference.StringUtf8;
            if (TrySplit(text, type.Schema, out var target, out _, out _))
                return target == type;
            if (text.StartsWith("#"u8))
                return index.Contained(value.Document).Is(text[1..], type);
        }

        return value.TryGetProperty("type"u8, out var declared) && declared.StringEquals(type.Utf8Name.Span);
    }

    private static bool IsId(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > Primitives.FhirId.MaxLength)
            return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit((char)c) && c is not ((byte)'-' or (byte)'.'))
                return false;
        }

        return true;
    }
}
