using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Rest.Routing;
using MediatR;

namespace CareCoordination.Rest.Http;

/// <summary>From an HTTP request to its interaction, asked in a session of its own, and back.</summary>
public sealed class FhirRequestHandler(
    RequestReader reader,
    AnswerFormats formats,
    InteractionRouter router,
    CareSessions sessions
)
{
    public async Task HandleAsync(HttpContext context, InteractionDefinition definition)
    {
        var query = QueryParameters.Parse(context.Request.QueryString.Value);
        var preferences = RequestReader.Preferences(context.Request.Headers);
        var baseUrl = reader.BaseUrl(context.Request);
        if (definition.Method == "PATCH")
            context.Response.Headers["Accept-Patch"] = Negotiation.AcceptPatch;
        if (!formats.Choose(context.Request.Headers.Accept, query).TryGet(out var format, out var failure))
        {
            await ResponseWriter.WriteAsync(context, failure, ResponseFormat.Fhir, preferences.Return, baseUrl);
            return;
        }

        ResponseFormat? byForm = null;
        var response =
            !(await reader.ReadAsync(context, definition, query, preferences)).TryGet(out var request, out failure)
                ? failure
            // A form says how its answer is to be written, as a URL does.
            : definition.TakesForm
            && !formats.Choose(context.Request.Headers.Accept, request.Query).TryGet(out byForm, out failure)
                ? failure
            : !router.Parse(definition, request).TryGet(out var interaction, out failure) ? failure
            : await sessions.SendAsync(Caller.Open, interaction, context.RequestAborted);
        await ResponseWriter.WriteAsync(context, response, byForm ?? format, preferences.Return, baseUrl);
    }
}
