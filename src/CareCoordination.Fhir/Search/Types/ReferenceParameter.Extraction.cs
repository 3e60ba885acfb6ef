using System.Text;
using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Schema;
using CareCoordination.Fhir.Search.Extraction;

namespace CareCoordination.Fhir.Search.Types;

public static partial class ReferenceParameter
{
    private const string History = "/_history/";

    /// <summary>
    /// How an element of this type refers to something; null where it does not. References within this server are keys, those to a
    /// version also texts as written, as are all others; what names its target by an identifier is a token.
    /// </summary>
    internal static ValueExtractor? Extractor(int parameter, TypeDefinition type) =>
        type.Name switch
        {
            "Reference" => OfReference(parameter, type.Schema),
            "canonical" => (value, index) =>
            {
                if (value.Kind == JsonValueKind.String && value.StringUtf8.StartsWith("#"u8))
                    Add(parameter, value, type.Schema, index);
                else if (!TryAddKey(parameter, value, type.Schema, index))
                    UriParameter.AddCanonical(parameter, value, index);
            },
            "uri" or "url" => (value, index) => Add(parameter, value, type.Schema, index),
            _ => null,
        };

    /// <summary>Gathers what references of an element of this type lead to on this server.</summary>
    internal static ValueExtractor? Target(TypeDefinition type) =>
        type.Name switch
        {
            "Reference" => (value, index) =>
            {
                if (value.TryGetProperty("reference"u8, out var reference))
                    AddTarget(reference, type.Schema, index);
            },
            "canonical" or "uri" or "url" => (value, index) => AddTarget(value, type.Schema, index),
            _ => null,
        };

    private static void AddTarget(JsonValue reference, FhirSchema schema, EntryCollector index)
    {
        if (reference.Kind != JsonValueKind.String)
            return;
        var literal = LiteralReference.Parse(reference.GetString(), schema.IsResourceType);
        if (literal.Kind == ReferenceKind.Relative)
            index.Targets.Add(new IncludeTarget(literal.Key, literal.Version));
    }

    private static ValueExtractor OfReference(int parameter, FhirSchema schema)
    {
        var identifiers = DerivedNumber.OfIdentifier(parameter);
        return (value, index) =>
        {
            foreach (var property in value)
            {
                if (property.NameUtf8.SequenceEqual("reference"u8))
                    Add(parameter, property, schema, index);
                else if (property.NameUtf8.SequenceEqual("identifier"u8) && property.Kind == JsonValueKind.Object)
                    TokenParameter.AddIdentifier(identifiers, property, index);
            }
        };
    }

    /// <summary>A reference to a version elsewhere is also found without it, as one to a version here is by its key.</summary>
    private static void Add(int parameter, JsonValue reference, FhirSchema schema, EntryCollector index)
    {
        if (reference.Kind == JsonValueKind.String && reference.StringUtf8.StartsWith("#"u8))
        {
            if (index.Contained(reference.Document).Find(reference.StringUtf8[1..], schema) is { } part)
                index.AddPart(parameter, part.Resource, part.Type);
            return;
        }

        if (
            TryAddKey(parameter, reference, schema, index)
            || reference.Kind != JsonValueKind.String
            || !reference.StringUtf8.Contains((byte)':')
        )
            return;
        var text = reference.GetString();
        index.Add(new UriEntry(parameter, text));
        var history = text.IndexOf(History, StringComparison.Ordinal);
        if (history > 0 && ReferenceText.TrySplit(reference.StringUtf8, schema, out _, out _, out _))
            index.Add(new UriEntry(parameter, text[..history]));
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
        if (reference.StringUtf8.IndexOf("/_history/"u8) > 0)
            index.Add(new UriEntry(parameter, reference.GetString()));
        return true;
    }
}
