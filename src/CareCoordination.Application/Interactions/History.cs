using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;
using MediatR;

namespace CareCoordination.Application.Interactions;

/// <summary>
/// The versions of a resource, a type or the whole system, newest first. https://hl7.org/fhir/R4/http.html#history
/// </summary>
public sealed record History(string Code, HistoryQuery Query, Projection Projection, string BaseUrl, PageLinks Links)
    : FhirInteraction(Code, Query.ResourceType, Query.Id)
{
    public static Result<FhirInteraction> ParseInstance(InteractionRequest request, FhirDefinitions definitions) =>
        ResourceKey.Create(request.Type, request.Id).TryGet(out var key, out var failure)
            ? Parse("history-instance", key.Type, key.Id, request, definitions)
            : failure;

    public static Result<FhirInteraction> ParseType(InteractionRequest request, FhirDefinitions definitions) =>
        Parse("history-type", request.Type, null, request, definitions);

    public static Result<FhirInteraction> ParseSystem(InteractionRequest request, FhirDefinitions definitions) =>
        Parse("history-system", null, null, request, definitions);

    private static string PathOf(HistoryQuery query) =>
        query switch
        {
            { ResourceType: null } => "_history",
            { Id: null } => $"{query.ResourceType}/_history",
            _ => $"{query.ResourceType}/{query.Id}/_history",
        };

    /// <summary>The address of the first page, relative to the base: a page belongs to it.</summary>
    public required string Self { get; init; }

    private static Result<FhirInteraction> Parse(
        string code,
        string? type,
        string? id,
        InteractionRequest request,
        FhirDefinitions definitions
    )
    {
        if (
            !PageParameters.Parse(request, definitions, "_since", "_at", "_total").TryGet(out var page, out var failure)
        )
            return failure;
        var query = new HistoryQuery(type, id, page.Count) { Since = page.Since };
        if (request.Query.First("_at") is { } at)
        {
            if (!PointInTime.At(at, definitions.Now).TryGet(out var period, out failure))
                return failure;
            query = query with { At = period };
        }

        switch (request.Query.First("_total"))
        {
            case null or "none":
                break;
            case "estimate" or "accurate":
                query = query with { WantsTotal = true };
                break;
            default:
                return Failure.Invalid(IssueCode.Value, "'_total' is none, estimate or accurate.");
        }

        var self = $"{PathOf(query)}?{page.SelfQuery}";
        var history = new History(
            code,
            query,
            page.Projection,
            request.BaseUrl,
            PageLinks.Of($"{request.BaseUrl}/{self}", request.Query)
        )
        {
            Self = self,
        };
        if (page.Token is null)
            return history;
        return PageToken.Read(page.Token, self).TryGet(out var cursor, out failure)
            ? history with
            {
                Query = query with { Before = cursor.Key },
            }
            : failure;
    }
}

internal sealed class HistoryHandler(CareSession session, FhirDefinitions definitions, TimeProvider time)
    : IRequestHandler<History, FhirResponse>
{
    public async Task<FhirResponse> Handle(History history, CancellationToken cancellationToken)
    {
        var page = await session.Reads.HistoryAsync(history.Query, cancellationToken);
        if (
            page.Versions.IsEmpty
            && history.Query is { Id: { } id, ResourceType: { } type }
            && await session.Reads.ReadAsync(new(type, id), cancellationToken) is null
        )
            return Failure.NotFound($"There is no {type}/{id}, and there never was.");

        var entries = new BundleEntry[page.Versions.Length];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = BundleEntry.OfHistory(
                page.Versions[i],
                history.Projection.Apply(page.Versions[i].Utf8Json, definitions),
                history.BaseUrl
            );
        return FhirResponse.Of(
            new BundleContent("history", time.GetUtcNow(), entries)
            {
                Total = page.Total,
                SelfLink = history.Links.Self,
                FirstLink = history.Links.First,
                NextLink = page.Next is { } next
                    ? history.Links.Next(PageToken.Write(new PageCursor(null, next), history.Self))
                    : null,
            }
        );
    }
}
