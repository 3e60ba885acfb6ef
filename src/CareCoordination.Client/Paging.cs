using System.Runtime.CompilerServices;
using Hl7.Fhir.Model;
using Hl7.Fhir.Rest;

namespace CareCoordination.Client;

/// <summary>Searches and histories to their end, page by page, as they are read.</summary>
public static class Paging
{
    /// <summary>All matches of a search; the next page is fetched when the one before it is used up.</summary>
    public static async IAsyncEnumerable<TResource> SearchAllAsync<TResource>(
        this BaseFhirClient client,
        SearchParams criteria,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
        where TResource : Resource
    {
        var first = await client.SearchAsync<TResource>(criteria, cancellationToken);
        await foreach (var entry in client.EntriesAsync(first, cancellationToken))
        {
            if (entry is { Resource: TResource match, Search.Mode: null or Bundle.SearchEntryMode.Match })
                yield return match;
        }
    }

    /// <summary>The entries of a Bundle and of all pages after it, with what was included and what the server has to say.</summary>
    public static async IAsyncEnumerable<Bundle.EntryComponent> EntriesAsync(
        this BaseFhirClient client,
        Bundle? first,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        for (var page = first; page is not null; page = await client.ContinueAsync(page, ct: cancellationToken))
        {
            foreach (var entry in page.Entry)
                yield return entry;
        }
    }
}
