using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;

namespace CareCoordination.Rest.Http;

/// <summary>
/// What may be read without saying who asks. Everything else needs a caller, addresses included at which there is nothing.
/// </summary>
public static class PublicAddress
{
    /// <summary>
    /// Below the FHIR base one endpoint takes all, and finds its row by the address as it was sent: so that both mean the same, what is
    /// public there is compared with that, letter by letter. Other spellings of it need a caller.
    /// </summary>
    private static readonly string[] BelowTheBase =
    [
        FhirEndpoints.BasePath + "/metadata",
        FhirEndpoints.BasePath,
        FhirEndpoints.BasePath + "/",
    ];

    /// <summary>True where the endpoint says so (<c>AllowAnonymous</c>), and for the statement of capabilities and the front page.</summary>
    public static bool Is(HttpContext context)
    {
        if (context.GetEndpoint() is not { } endpoint)
            return false;
        if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            return true;
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
            return false;
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var question = target.IndexOf('?', StringComparison.Ordinal);
        var at = Array.IndexOf(BelowTheBase, question < 0 ? target : target[..question]);
        // The base itself is a page for people, and the search of all types for programs.
        return at == 0 || (at > 0 && FrontPage.IsWanted(context.Request));
    }
}
