using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Rest.Routing;

namespace CareCoordination.Rest.Http;

/// <summary>Answers what is refused before it is an interaction, and leaves the line in the audit trail that interactions leave themselves.</summary>
public sealed class Refusals(AnswerFormats formats, CareSessions sessions, WhoAsks who)
{
    public Task WriteAsync(HttpContext context, Failure failure, string baseUrl = "")
    {
        sessions.Trail.Refuse(who.Of(context), interaction: null, type: null, id: null, failure.Status);
        return AnswerAsync(context, failure, baseUrl);
    }

    /// <summary>For the trail alone: of a request whose row is known.</summary>
    public void Add(HttpContext context, in RouteMatch route, Failure failure) =>
        sessions.Trail.Refuse(who.Of(context), route.Definition.Code, route.Type, route.Id, failure.Status);

    /// <summary>The answer alone, of what has its line already.</summary>
    public Task AnswerAsync(HttpContext context, Failure failure, string baseUrl = "") =>
        ResponseWriter.WriteAsync(
            context,
            failure,
            formats.OfRefusal(context.Request),
            ReturnPreference.Unstated,
            baseUrl
        );
}
