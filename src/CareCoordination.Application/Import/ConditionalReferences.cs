using System.Collections.Concurrent;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage;

namespace CareCoordination.Application.Import;

/// <summary>Finds what <c>Practitioner?identifier=system|value</c> means. https://hl7.org/fhir/R4/http.html#trules</summary>
internal sealed class ConditionalReferences(
    IStoreReads reads,
    FhirDefinitions definitions,
    Watermark stored,
    CancellationToken stop
)
{
    private const int MaxCached = 200_000;

    private readonly ConcurrentDictionary<string, ResourceKey> _found = new(StringComparer.Ordinal);

    /// <summary>
    /// The one resource that the criteria find, or null. What an earlier item brings may not be stored yet, so that a miss counts only
    /// once everything before <paramref name="before"/> is.
    /// </summary>
    public async Task<Result<ResourceKey?>> FindAsync(string type, string criteria, long before)
    {
        var text = $"{type}?{criteria}";
        if (_found.TryGetValue(text, out var known))
            return known;
        if (!definitions.Schema.IsResourceType(type))
            return Failure.Invalid(IssueCode.Value, "The criteria name a type that FHIR R4 does not have.");
        if (
            !definitions
                .ParseSearch(type, QueryParameters.Parse(criteria), isLenient: false, "")
                .TryGet(out var parsed, out var failure)
        )
            return failure;
        if (parsed.Query.Criteria.IsEmpty)
            return Failure.Invalid(IssueCode.Incomplete, $"The criteria for a {type} are empty.");

        var found = await reads.FindAsync(parsed.Query, stop);
        if (found.Matches.IsEmpty)
        {
            await stored.AllBeforeAsync(before).WaitAsync(stop);
            found = await reads.FindAsync(parsed.Query, stop);
        }

        if (found.Matches.Length > 1)
            return Failure.PreconditionFailed(
                IssueCode.MultipleMatches,
                $"The criteria for a {type} find more than one."
            );
        if (found.Matches.IsEmpty)
            return (ResourceKey?)null;
        if (_found.Count >= MaxCached)
            _found.Clear();
        return _found[text] = found.Matches[0].Key;
    }

    /// <summary>Adds where an entry will be found to the addresses of its Bundle.</summary>
    public async Task AddAddressAsync(BundleAddresses addresses, ImportEntry entry, long before)
    {
        if (entry.FullUrl is null || entry.Type.Length == 0)
            return;
        var key = new ResourceKey(entry.Type, entry.AssignedId);
        if (
            entry.Criteria is { } criteria
            && (await FindAsync(entry.Type, criteria, before)).TryGet(out var existing, out _)
            && existing is { } found
        )
            key = found;
        addresses.Add(entry.FullUrl, key);
    }
}
