using System.Text;
using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Schema;
using CareCoordination.Fhir.Search.Extraction;

namespace CareCoordination.Fhir.Search.Types;

public static partial class ReferenceParameter
{
    /// <summary>
    /// How an element of this type refers to something; null where it does not. References within this server are keys, all
    /// others URLs as written; contained resources are part of the resource itself and are not indexed.
    /// </summary>
    internal static ValueExtractor? Extractor(int parameter, TypeDefinition type) =>
        type.Name switch
        {
            "Reference" => (value, index) =>
            {
                if (value.TryGetProperty("reference"u8, out var reference))
                    Add(parameter, reference, type.Schema, index);
            },
            "canonical" => (value, index) =>
            {
                if (!TryAddKey(parameter, value, type.Schema, index))
                    UriParameter.AddCanonical(parameter, value, index);
            },
            "uri" or "url" => (value, index) => Add(parameter, value, type.Schema, index),
            _ => null,
        };

    private static void Add(int parameter, JsonValue reference, FhirSchema schema, EntryCollector index)
    {
        if (
            !TryAddKey(parameter, reference, schema, index)
            && reference.Kind == JsonValueKind.String
            && reference.StringUtf8.Contains((byte)':')
        )
            index.Add(new UriEntry(parameter, reference.GetString()));
    }

    private static bool TryAddKey(int parameter, JsonValue reference, FhirSchema schema, EntryCollector index)
    {
        if (!index.TryGetKey(reference, out var key))
        {
            if (
                reference.Kind != JsonValueKind.String
                || !ReferenceText.TrySplit(reference.StringUtf8, schema, out var type, out var id, out var isRelative)
                || !isRelative
            )
                return false;
            key = new ResourceKey(type.Name, Encoding.ASCII.GetString(id));
            index.KeepKey(reference, key);
        }

        index.Add(new ReferenceEntry(parameter, key));
        return true;
    }
}
