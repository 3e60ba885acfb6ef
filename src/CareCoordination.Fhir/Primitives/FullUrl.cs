namespace CareCoordination.Fhir.Primitives;

/// <summary>
/// What a reference inside a Bundle names: the full URL that an entry has to have, for the reference to lead to it. The same
/// <c>Patient/1</c> of two servers is two patients. https://hl7.org/fhir/R4/bundle.html#references
/// </summary>
/// <param name="Url">Without the version.</param>
/// <param name="Version">Of a version-specific reference; null for others.</param>
/// <param name="Own">Relative to this server, where it would be one of its own resources; null for others.</param>
public readonly record struct FullUrl(string Url, string? Version, string? Own)
{
    /// <summary>Null for what names no entry: a contained resource or a search.</summary>
    /// <param name="entryUrl">The full URL of the entry that has the reference; null where it has none.</param>
    /// <param name="ownBase">The address of this server, which a relative reference is completed with where its entry has no server.</param>
    public static FullUrl? Of(string reference, string? entryUrl, string ownBase, Func<string, bool> isResourceType)
    {
        var literal = LiteralReference.Parse(reference, isResourceType);
        switch (literal.Kind)
        {
            case ReferenceKind.Relative:
                var home = BaseOf(entryUrl, isResourceType) ?? ownBase;
                return new FullUrl($"{home}/{literal.Key}", literal.Version, home == ownBase ? reference : null);
            case ReferenceKind.Absolute:
                var isOwn = literal.BaseUrl == ownBase;
                return new FullUrl(
                    $"{literal.BaseUrl}/{literal.Key}",
                    literal.Version,
                    isOwn ? reference[(ownBase.Length + 1)..] : null
                );
            case ReferenceKind.Urn or ReferenceKind.Other:
                return new FullUrl(reference, null, null);
            default:
                return null;
        }
    }

    /// <summary>The server that an entry comes from: the base of a RESTful full URL; null for others.</summary>
    public static string? BaseOf(string? entryUrl, Func<string, bool> isResourceType) =>
        entryUrl is not null
        && LiteralReference.Parse(entryUrl, isResourceType) is { Kind: ReferenceKind.Absolute } literal
            ? literal.BaseUrl
            : null;
}
