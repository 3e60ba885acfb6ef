namespace CareCoordination.Fhir.Primitives;

/// <summary>What the text of a <c>Reference.reference</c> can be. https://hl7.org/fhir/R4/references.html#literal</summary>
public enum ReferenceKind
{
    /// <summary><c>Patient/1</c> or <c>Patient/1/_history/2</c>, relative to this server.</summary>
    Relative,

    /// <summary><c>http(s)://host/base/Patient/1</c>: a RESTful address, of this or another server.</summary>
    Absolute,

    /// <summary><c>#id</c>: a contained resource.</summary>
    Contained,

    /// <summary><c>urn:uuid:</c> or <c>urn:oid:</c>: an entry of the same Bundle.</summary>
    Urn,

    /// <summary><c>Patient?identifier=...</c>: resolved by search, in transactions only.</summary>
    Conditional,

    /// <summary>Any other address, as of a canonical or a document.</summary>
    Other,
}

/// <summary>A reference split into its parts. <see cref="Type"/> and <see cref="Id"/> are empty where the kind has none.</summary>
public readonly record struct LiteralReference(
    ReferenceKind Kind,
    string BaseUrl,
    string Type,
    string Id,
    string? Version
)
{
    public bool HasKey => Kind is ReferenceKind.Relative or ReferenceKind.Absolute;

    public ResourceKey Key => new(Type, Id);

    /// <summary>
    /// Splits <paramref name="text"/>. <paramref name="isResourceType"/> tells resource type names from other path
    /// segments. Never fails: what is no literal reference is <see cref="ReferenceKind.Other"/>.
    /// </summary>
    public static LiteralReference Parse(string text, Func<string, bool> isResourceType)
    {
        if (text.StartsWith('#'))
            return new(ReferenceKind.Contained, "", "", text[1..], null);
        if (text.StartsWith("urn:", StringComparison.Ordinal))
            return new(ReferenceKind.Urn, "", "", "", null);

        var isAbsolute =
            text.StartsWith("http://", StringComparison.Ordinal)
            || text.StartsWith("https://", StringComparison.Ordinal);
        var query = text.IndexOf('?', StringComparison.Ordinal);
        if (query >= 0)
        {
            return !isAbsolute && isResourceType(text[..query])
                ? new(ReferenceKind.Conditional, "", text[..query], "", null)
                : new(ReferenceKind.Other, "", "", "", null);
        }

        var parts = text.Split('/');
        var n = parts.Length;
        string? version = null;
        if (n >= 4 && parts[n - 2] == "_history" && FhirId.IsValid(parts[n - 1]))
        {
            version = parts[n - 1];
            n -= 2;
        }

        if (n < 2 || !isResourceType(parts[n - 2]) || !FhirId.IsValid(parts[n - 1]) || (!isAbsolute && n > 2))
            return new(ReferenceKind.Other, "", "", "", null);
        return isAbsolute
            ? new(ReferenceKind.Absolute, string.Join('/', parts[..(n - 2)]), parts[n - 2], parts[n - 1], version)
            : new(ReferenceKind.Relative, "", parts[n - 2], parts[n - 1], version);
    }
}
