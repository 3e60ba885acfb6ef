using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Rest.Routing;
using Microsoft.AspNetCore.Http.Features;

namespace CareCoordination.Rest.Http;

/// <summary>From an HTTP request to its interaction, asked in a session of its own, and back.</summary>
public sealed class FhirRequestHandler(
    RequestReader reader,
    AnswerFormats formats,
    InteractionRouter router,
    CareSessions sessions,
    WhoAsks who,
    Refusals refusals
)
{
    public Task HandleAsync(HttpContext context)
    {
        var baseUrl = reader.BaseUrl(context.Request);
        if (!Locate(context).TryGet(out var address, out var failure))
            return refusals.WriteAsync(context, failure, baseUrl);
        if (address.IsBase && FrontPage.IsWanted(context.Request))
            return FrontPage.WriteAsync(context);
        if (HttpMethods.IsOptions(context.Request.Method))
            return Describe(context.Response, address);
        if (address.Find(context.Request.Method).TryGet(out var route, out failure))
            return HandleAsync(context, route, baseUrl);
        context.Response.Headers.Allow = address.Allow;
        return refusals.WriteAsync(context, failure, baseUrl);
    }

    /// <summary>
    /// By the path as it was sent: the server has decoded the one that it routed by, so that an encoded slash or percent sign could not be
    /// told from a plain one any more.
    /// </summary>
    private Result<RouteAddress> Locate(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.AsSpan();
        // The form that proxies are asked in. https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2
        if (!target.StartsWith('/') && target.IndexOf("://") is var scheme and > 0)
            target = target[(scheme + 3 + Math.Max(0, target[(scheme + 3)..].IndexOf('/')))..];
        var question = target.IndexOf('?');
        var path = UrlPath.Split(question < 0 ? target : target[..question]);
        return path.Length > 0 && path[0] == FhirEndpoints.BasePath[1..]
            ? router.Locate(path.RemoveAt(0))
            : InteractionRouter.Nothing;
    }

    private async Task HandleAsync(HttpContext context, RouteMatch route, string baseUrl)
    {
        var query = QueryParameters.Parse(context.Request.QueryString.Value);
        var preferences = RequestReader.Preferences(context.Request.Headers);
        if (route.Definition.Method == "PATCH")
            context.Response.Headers["Accept-Patch"] = Negotiation.AcceptPatch;
        if (!formats.Choose(context.Request, route, query).TryGet(out var format, out var failure))
        {
            await refusals.AddAsync(context, route, failure);
            await ResponseWriter.WriteAsync(context, failure, ResponseFormat.Fhir, preferences.Return, baseUrl);
            return;
        }

        ResponseFormat? byForm = null;
        var response =
            !(await reader.ReadAsync(context, route, query, preferences)).TryGet(out var request, out failure) ? failure
            // A form says how its answer is to be written, as a URL does.
            : route.Definition.TakesForm
            && !formats.Choose(context.Request.Headers.Accept, request.Query).TryGet(out byForm, out failure)
                ? failure
            : !router.Parse(route.Definition, request).TryGet(out var interaction, out failure) ? failure
            : await sessions.SendAsync(
                who.Of(context) with
                {
                    Origin = RequestOrigins.Of(context),
                },
                interaction,
                context.RequestAborted
            );
        if (failure is not null)
            await refusals.AddAsync(context, route, failure);
        await ResponseWriter.WriteAsync(context, response, byForm ?? format, preferences.Return, baseUrl);
    }

    private static Task Describe(HttpResponse response, RouteAddress address)
    {
        response.StatusCode = StatusCodes.Status204NoContent;
        response.Headers.Allow = address.Allow;
        if (address.Allow.Contains("PATCH", StringComparison.Ordinal))
            response.Headers["Accept-Patch"] = Negotiation.AcceptPatch;
        return Task.CompletedTask;
    }
}
