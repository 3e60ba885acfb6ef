using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Schema;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Indexing;

namespace CareCoordination.Storage.Tables;

/// <summary>What the definitions say about stored bytes.</summary>
internal sealed class IndexSource(FhirSchema schema, IndexExtractor extractor)
{
    public short TypeId(string resourceType) =>
        schema.FindResource(resourceType)?.ResourceTypeId
        ?? throw new ArgumentException($"'{resourceType}' is not a resource type.", nameof(resourceType));

    public string TypeName(short typeId) => schema.ResourceType(typeId).Name;

    /// <summary>The entries of bytes that were valid when they were stored.</summary>
    public IndexEntries ExtractStored(ResourceKey key, byte[] body) => extractor.ExtractAll(key, ParseStored(body));

    /// <summary>The numbers of a type's own reference parameters.</summary>
    public ImmutableArray<int> ReferenceParameters(string resourceType) => extractor.ReferenceParameters(resourceType);

    /// <summary>The local targets of a reference parameter; of all of them for null.</summary>
    public ImmutableArray<IncludeTarget> TargetsOf(ResourceDocument document, SearchParameter? parameter) =>
        extractor.TargetsOf(document, parameter);

    public static ResourceDocument ParseStored(ReadOnlyMemory<byte> body) => ResourceDocument.Parse(body).Value;
}
