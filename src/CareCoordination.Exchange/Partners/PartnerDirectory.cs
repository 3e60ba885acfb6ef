using System.Collections.Concurrent;
using System.Collections.Immutable;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Connectors.Partners;
using CareCoordination.Exchange.Settings;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Exchange.Partners;

/// <summary>A partner as its Endpoint and the configuration have it now.</summary>
/// <param name="Partner">Null where nothing can be sent.</param>
/// <param name="Problem">Why nothing can be sent, as a sentence.</param>
/// <param name="Passes">True where the problem is one that ends by itself: the Endpoint is suspended.</param>
public sealed record PartnerEntry(Snapshot? Endpoint, Partner? Partner, string? Problem, bool Passes)
{
    /// <summary>What may leave with a referral, besides ServiceRequest and Task.</summary>
    public ImmutableHashSet<string> Types { get; init; } = [];
}

/// <summary>Who the partners are: Endpoint resources, and what the configuration says of them.</summary>
public sealed class PartnerDirectory(CareSessions sessions, PartnersOptions options)
{
    private readonly ConcurrentDictionary<string, PartnerEntry> _known = new(StringComparer.Ordinal);

    /// <param name="id">Of the Endpoint.</param>
    public async ValueTask<PartnerEntry> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var session = sessions.Open(Caller.Partner(id));
        var reads = session.Get<CareReads>();
        if (await reads.ReadAsync($"{ResourceTypes.Endpoint}/{id}", cancellationToken) is not { } endpoint)
            return new PartnerEntry(null, null, $"There is no Endpoint/{id}.", Passes: false);
        // By its bytes, not by its version: a database that was restored comes to the same version with other content.
        if (
            _known.TryGetValue(id, out var known)
            && known.Endpoint is { } before
            && before.Utf8Json.Span.SequenceEqual(endpoint.Utf8Json.Span)
        )
            return known;
        return _known[id] = Read(endpoint);
    }

    private PartnerEntry Read(Snapshot snapshot)
    {
        var endpoint = EndpointView.From(ResourceDocument.Parse(snapshot.Utf8Json).Value);
        if (endpoint.Status is not (EndpointStatusCodes.Active or EndpointStatusCodes.Test))
            return new PartnerEntry(
                snapshot,
                null,
                $"{snapshot.Key} is '{endpoint.Status}': set its status to active.",
                Passes: endpoint.Status is EndpointStatusCodes.Suspended
            );
        if (!Uri.TryCreate(endpoint.Address, UriKind.Absolute, out var address))
            return new PartnerEntry(
                snapshot,
                null,
                $"{snapshot.Key} has no absolute address: correct Endpoint.address.",
                Passes: false
            );
        var own = options[snapshot.Key.Id];
        return new PartnerEntry(snapshot, new Partner(snapshot.Key.Id, address, own), null, Passes: false)
        {
            Types = [.. own.Types],
        };
    }
}
