using System.Text;
using CareCoordination.SignIn.Clients;
using CareCoordination.SignIn.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CareCoordination.SignIn.Pages;

/// <summary>What all pages share: the request that they are for, and what browsers may do with them.</summary>
internal abstract class CarePage(ClientDirectory clients) : PageModel
{
    /// <summary>The request that led here, as the page hands it on; null where somebody came by themselves.</summary>
    [BindProperty(Name = "request", SupportsGet = true)]
    public string? Asked { get; set; }

    /// <summary>A sentence for the person; null where all is well.</summary>
    public string? Problem { get; protected set; }

    public string ClientName => Client?.Name ?? "";

    protected AskedRequest? Authorization { get; private set; }

    protected ClientRecord? Client { get; private set; }

    protected CancellationToken Aborted => HttpContext.RequestAborted;

    public override async Task OnPageHandlerExecutionAsync(
        PageHandlerExecutingContext context,
        PageHandlerExecutionDelegate next
    )
    {
        Authorization = AskedRequest.Parse(Asked);
        if (Authorization is not null)
            Client = await clients.FindAsync(Authorization.ClientId, Aborted);
        var headers = Response.Headers;
        headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'self'; form-action 'self'{Targets()}; frame-ancestors 'none'; base-uri 'none'";
        headers.XFrameOptions = "DENY";
        headers.XContentTypeOptions = "nosniff";
        // As whatever makes a form sets it, which would say so in the log otherwise.
        headers.CacheControl = "no-cache, no-store";
        headers.Pragma = "no-cache";
        // The address of a page holds the request of a client; forms need their origin, so that it is not withheld here.
        headers["Referrer-Policy"] = "same-origin";
        await next();
    }

    /// <summary>Who is signed in; null where nobody is, who is then to be sent to <see cref="ToSignIn"/>.</summary>
    protected Task<SignedInUser?> SignedInAsync() => SignInCookies.ReadAsync(HttpContext, SignInCookies.SignedIn);

    protected IActionResult ToSignIn() => RedirectToPage("/SignIn/Index", new { request = Asked });

    /// <summary>Back to the request, or to the first page where there is none.</summary>
    protected IActionResult GoOn(string? decision = null) =>
        Authorization is { } authorization
            ? Redirect(authorization.Address(HttpContext.Request.PathBase, decision))
            : RedirectToPage("/SignIn/Index", new { request = (string?)null });

    /// <summary>
    /// Where a form ends up by redirects, which browsers count as a target of the form. https://www.w3.org/TR/CSP3/#directive-form-action
    /// </summary>
    private string Targets()
    {
        var text = new StringBuilder();
        foreach (var uri in Client?.RedirectUris ?? [])
        {
            var target = new Uri(uri);
            text.Append(' ')
                .Append(
                    target.Scheme is "http" or "https" ? target.GetLeftPart(UriPartial.Authority) : target.Scheme + ":"
                );
        }

        return text.ToString();
    }
}
