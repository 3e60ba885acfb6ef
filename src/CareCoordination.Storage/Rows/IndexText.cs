using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Indexing;

namespace CareCoordination.Storage.Rows;

/// <summary>Texts that may be longer than their columns.</summary>
internal static class IndexText
{
    /// <summary>Stands for the whole URI in a row that may hold only its beginning.</summary>
    public static long UriHash(string uri) => StableHash.Of(uri, 0).Key;

    public static string Cut(string text, int length)
    {
        if (text.Length <= length)
            return text;
        // Half a surrogate pair is no text to a database.
        return char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)] : text[..length];
    }
}
