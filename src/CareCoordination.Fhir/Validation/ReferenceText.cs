using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Validation;

/// <summary>
/// What the text of a <c>Reference.reference</c> is, without making strings. The same rules as
/// <see cref="LiteralReference"/>, and null for text that is no reference at all.
/// </summary>
internal static class ReferenceText
{
    /// <summary>The kind, and the resource type where the text names one.</summary>
    public static (ReferenceKind? Kind, TypeDefinition? Type) Read(ReadOnlySpan<byte> text, FhirSchema schema)
    {
        if (!PrimitiveFormat.IsUri(text))
            return (null, null);
        if (text[0] == (byte)'#')
            return (ReferenceKind.Contained, null);
        if (text.StartsWith("urn:"u8))
            return (ReferenceKind.Urn, null);
        var colon = text.IndexOf((byte)':');
        var isAbsolute = colon > 0 && text[..colon].IndexOfAny("/?"u8) < 0;
        var query = text.IndexOf((byte)'?');
        if (query >= 0 && !isAbsolute)
        {
            return schema.FindResource(text[..query]) is { } searched
                ? (ReferenceKind.Conditional, searched)
                : (null, null);
        }

        var type = query < 0 ? LastType(text, isAbsolute, schema) : null;
        if (isAbsolute)
            return (type is null ? ReferenceKind.Other : ReferenceKind.Absolute, type);
        return type is null ? (null, null) : (ReferenceKind.Relative, type);
    }

    /// <summary>The type in <c>[base/]Type/id[/_history/version]</c>.</summary>
    private static TypeDefinition? LastType(ReadOnlySpan<byte> text, bool isAbsolute, FhirSchema schema)
    {
        var history = text.IndexOf("/_history/"u8);
        if (history >= 0)
        {
            if (!PrimitiveFormat.IsId(text[(history + "/_history/".Length)..]))
                return null;
            text = text[..history];
        }

        var slash = text.LastIndexOf((byte)'/');
        if (slash <= 0 || !PrimitiveFormat.IsId(text[(slash + 1)..]))
            return null;
        var type = text[..slash];
        var before = type.LastIndexOf((byte)'/');
        if (before >= 0 && !isAbsolute)
            return null;
        return schema.FindResource(type[(before + 1)..]);
    }
}
