using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Application.Import;

/// <summary>
/// Where the references of an entry lead here: to an entry of its Bundle, by the base of its own full URL, else to where what its server calls
/// so gets its place. https://hl7.org/fhir/R4/bundle.html#references
/// </summary>
internal sealed class ImportLinks(ImportEntry entry, BundleAddresses addresses, FhirSchema schema)
{
    private readonly string? _base = FullUrl.BaseOf(entry.FullUrl, schema.IsResourceType) ?? entry.Home;

    public bool IsOfAnotherServer => _base is not null;

    public ResourceDocument Rewrite(ResourceDocument document) => ReferenceRewriter.Rewrite(document, Moved);

    /// <summary>Null for what stays as it is.</summary>
    private string? Moved(string reference)
    {
        var (whole, version) = Versioned(reference);
        var parts = whole.Split('/');
        if (
            parts.Length < 2
            || !schema.IsResourceType(parts[^2])
            || parts[^1].Length == 0
            || whole.Contains('?', StringComparison.Ordinal)
        )
            return null;
        var (type, id) = (parts[^2], parts[^1]);
        var home = parts.Length == 2 ? _base : string.Join('/', parts[..^2]);
        if (home is not null && addresses.Find($"{home}/{type}/{id}") is { } address)
            return address + version;
        // Other servers are not ours to speak for.
        if (parts.Length > 2 && home != entry.Home)
            return null;
        var place = $"{type}/{ImportHomes.IdOf(entry.Home, type, id)}{version}";
        return place == reference ? null : place;
    }

    private static (string Whole, string Version) Versioned(string reference) =>
        reference.IndexOf("/_history/", StringComparison.Ordinal) is var at and > 0
            ? (reference[..at], reference[at..])
            : (reference, "");
}
