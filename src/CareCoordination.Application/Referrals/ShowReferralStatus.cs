using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Storage.Stores;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Referrals;
using MediatR;

namespace CareCoordination.Application.Referrals;

/// <summary>What became of a referral, on both axes.</summary>
public sealed record ShowReferralStatus(ResourceKey Key) : FhirInteraction("$status", Key.Type, Key.Id)
{
    public override bool IsQuestion => true;

    public static readonly Operation Operation = new(
        ResourceTypes.ServiceRequest,
        "status",
        "What became of the request: where it and its attempts stand, where their messages are, and when each of it changed.",
        input => new ShowReferralStatus(input.Key)
    )
    {
        AffectsState = false,
        Answer = "Parameters",
    };
}

internal sealed class ShowReferralStatusHandler(
    CareSession session,
    CareReads reads,
    ReferralReads referrals,
    OutboxStore deliveries,
    PartnerAgreements agreements
) : IRequestHandler<ShowReferralStatus, FhirResponse>
{
    private const int PageSize = 100;

    public async Task<FhirResponse> Handle(ShowReferralStatus show, CancellationToken cancellationToken)
    {
        if (await reads.ReadAsync(show.Key.ToString(), cancellationToken) is not { } request)
            return Failure.NotFound($"There is no {show.Key}.");
        var attempts = await referrals.AttemptsAsync(show.Key, cancellationToken);
        var versions = new List<StoredVersion>();
        foreach (var resource in attempts.Prepend(request))
            versions.AddRange(await VersionsAsync(resource, cancellationToken));
        var timeline = ReferralTimeline.Of(request, attempts, versions, await StepsAsync(show.Key, cancellationToken));
        var status = timeline.ToParameters(partner => agreements.Of(partner, null).Guarantee);
        return FhirResponse.Of(new BytesContent(status.ToUtf8Json()));
    }

    private async Task<IEnumerable<StoredVersion>> VersionsAsync(Snapshot resource, CancellationToken cancellationToken)
    {
        var versions = new List<StoredVersion>();
        var query = new HistoryQuery(resource.Key.Type, resource.Key.Id, PageSize);
        while (true)
        {
            var page = await session.Reads.HistoryAsync(query, cancellationToken);
            foreach (var stored in page.Versions.Where(v => !v.IsDeleted))
                versions.Add(new(new(stored.Key, stored.Version, stored.Utf8Json), stored.LastUpdated));
            if (page.Next is null)
                return versions.OrderBy(v => v.Resource.Version);
            query = query with { Before = page.Next };
        }
    }

    private async Task<IEnumerable<DeliveryStep>> StepsAsync(ResourceKey request, CancellationToken cancellationToken)
    {
        var steps = new List<DeliveryStep>();
        var query = new OutboxQuery(PageSize) { Topic = Outgoing.Topic, About = request };
        while (true)
        {
            var page = await deliveries.SearchAsync(query, cancellationToken);
            steps.AddRange(page.Messages.SelectMany(Steps));
            if (page.Next is null)
                return steps;
            query = query with { Before = page.Next };
        }
    }

    /// <summary>The partner's words are kept of its last answer.</summary>
    private static IEnumerable<DeliveryStep> Steps(OutboxMessage delivery)
    {
        var events = MessageLog.Read(delivery.Log);
        var words = DeliveryProblem.WordsOf(delivery.Outcome);
        return events.Select(
            (e, i) =>
                new DeliveryStep(
                    delivery.Id,
                    e.At,
                    delivery.Destination,
                    delivery.Subject,
                    CodeOf(delivery.Kind.ToString()),
                    CodeOf(e.State.ToString()),
                    e.Status,
                    e.Problem,
                    i == events.Count - 1 ? words : null
                )
        );
    }

    /// <summary>A code, as FHIR writes them.</summary>
    private static string CodeOf(string name) => name.ToLowerInvariant();
}
