using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Schema;
using CareCoordination.Fhir.Search.Extraction;

namespace CareCoordination.Fhir.Search.Types;

public static partial class UriParameter
{
    /// <summary>How an element of this type is a URI; null where it is none.</summary>
    internal static ValueExtractor? Extractor(int parameter, TypeDefinition type) =>
        type.Name switch
        {
            "uri" or "url" or "oid" or "uuid" => (value, index) => Add(parameter, value, index),
            "canonical" => (value, index) => AddCanonical(parameter, value, index),
            _ => null,
        };

    /// <summary>A canonical with a version is also found without it. https://hl7.org/fhir/R4/references.html#canonical</summary>
    internal static void AddCanonical(int parameter, JsonValue value, EntryCollector index)
    {
        if (value.Kind != JsonValueKind.String)
            return;
        var canonical = value.GetString();
        if (canonical.Length == 0 || canonical[0] == '#')
            return;
        index.Add(new UriEntry(parameter, canonical));
        var bar = canonical.IndexOf('|', StringComparison.Ordinal);
        if (bar > 0)
            index.Add(new UriEntry(parameter, canonical[..bar]));
    }

    /// <summary>
    /// A definition is found by its address with its version too. https://hl7.org/fhir/R4/references.html#canonical
    /// </summary>
    internal static ValueExtractor OfDefinition(int parameter)
    {
        var versions = DerivedNumber.OfVersion(parameter);
        return (definition, index) =>
        {
            if (
                definition.TryGetProperty("version"u8, out var version)
                && version.Kind == JsonValueKind.String
                && definition.TryGetProperty("url"u8, out var url)
                && url.Kind == JsonValueKind.String
            )
                index.Add(new UriEntry(versions, $"{url.GetString()}|{version.GetString()}"));
        };
    }

    private static void Add(int parameter, JsonValue value, EntryCollector index)
    {
        if (value.Kind == JsonValueKind.String && value.GetString() is { Length: > 0 } uri)
            index.Add(new UriEntry(parameter, uri));
    }
}
