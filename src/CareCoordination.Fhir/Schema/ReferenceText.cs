using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Fhir.Schema;

/// <summary>
/// What the text of a <c>Reference.reference</c> is, without making strings. The same rules as <see cref="LiteralReference"/>, and
/// null for text that is no reference at all. https://hl7.org/fhir/R4/references.html#literal
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
        var isAbsolute = HasScheme(text);
        var query = text.IndexOf((byte)'?');
        if (query >= 0 && !isAbsolute)
        {
            return schema.FindResource(text[..query]) is { } searched
                ? (ReferenceKind.Conditional, searched)
                : (null, null);
        }

        var type = query < 0 && TrySplit(text, schema, out var named, out _, out _) ? named : null;
        if (isAbsolute)
            return (type is null ? ReferenceKind.Other : ReferenceKind.Absolute, type);
        return type is null ? (null, null) : (ReferenceKind.Relative, type);
    }

    /// <summary>
    /// Splits <c>[base/]Type/id[/_history/version]</c>. False for fragments, URNs, conditional references and whatever else names no
    /// resource.
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
        id = default;
        isRelative = !HasScheme(text);
        var history = text.IndexOf("/_history/"u8);
        if (history >= 0)
        {
            if (!PrimitiveFormat.IsId(text[(history + "/_history/".Length)..]))
                return false;
            text = text[..history];
        }

        var slash = text.LastIndexOf((byte)'/');
        if (slash <= 0 || text[0] == (byte)'#' || !PrimitiveFormat.IsId(text[(slash + 1)..]))
            return false;
        var name = text[..slash];
        var before = name.LastIndexOf((byte)'/');
        if (isRelative != (before < 0) || schema.FindResource(name[(before + 1)..]) is not { } found)
            return false;
        type = found;
        id = text[(slash + 1)..];
        return true;
    }

    private static bool HasScheme(ReadOnlySpan<byte> text)
    {
        var colon = text.IndexOf((byte)':');
        return colon > 0 && text[..colon].IndexOfAny("/?"u8) < 0;
    }
}
