using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Indexing;

namespace CareCoordination.Storage.Rows;

/// <summary>Numbers that stand for people and codes in the rows that are kept beside the index.</summary>
internal static class PartyNumbers
{
    /// <summary>The number of a code: two that have the same only make a reading be looked at in vain.</summary>
    public static long Of(ReadingCode code) => StableHash.Of(code.Code, StableHash.Of32(code.System)).Key;

    /// <summary>0 for nobody; for somebody elsewhere, who has no key, the hash of the reference, below 0 as no key is.</summary>
    public static long Of(Party? party, Func<ResourceKey, long> keyOf) =>
        party switch
        {
            null => 0,
            { Key: { } key } => keyOf(key),
            { Text: var text } => Of(text),
        };

    public static long Of(string elsewhere) => StableHash.Of(elsewhere, 0).Key | long.MinValue;
}
