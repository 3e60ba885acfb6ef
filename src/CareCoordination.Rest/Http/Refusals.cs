using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Rest.Routing;
using CareCoordination.Storage;

namespace CareCoordination.Rest.Http;

/// <summary>
/// Answers what is refused before it is an interaction, and leaves the line in the audit trail that interactions leave themselves.
/// </summary>
public sealed class Refusals(AnswerFormats formats, CareSessions sessions, WhoAsks who)
{
    public async Task WriteAsync(HttpContext context, Failure failure, string baseUrl = "")
    {
        await AddAsync(context, interaction: null, type: null, id: null, failure);
        await AnswerAsync(context, failure, baseUrl);
    }

    /// <summary>For the trail alone: of a request whose row is known.</summary>
    public ValueTask AddAsync(HttpContext context, in RouteMatch route, Failure failure) =>
        AddAsync(context, route.Definition.Code, route.Type, route.Id, failure);

    /// <summary>The answer alone, of what has its line already.</summary>
    public Task AnswerAsync(HttpContext context, Failure failure, string baseUrl = "") =>
        ResponseWriter.WriteAsync(
            context,
            failure,
            formats.OfRefusal(context.Request),
            ReturnPreference.Unstated,
            baseUrl
        );

    /// <summary>A refusal tells nothing of anybody, so that it is answered even where its row cannot be written.</summary>
    private async ValueTask AddAsync(
        HttpContext context,
        string? interaction,
        string? type,
        string? id,
        Failure failure
    )
    {
        try
        {
            await sessions.Trail.RefuseAsync(
                who.Of(context) with
                {
                    Origin = RequestOrigins.Of(context),
                },
                interaction,
                type,
                id,
                failure.Status
            );
        }
        catch (StoreUnavailableException)
        {
            // The queue has said so in the log.
        }
    }
}
