using System.Collections.Immutable;
using CareCoordination.Fhir.R4;
using CareCoordination.SignIn.Clients;
using CareCoordination.SignIn.Grants;
using CareCoordination.SignIn.Sessions;
using CareCoordination.SignIn.Settings;
using CareCoordination.SignIn.Users;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Http.Extensions;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace CareCoordination.SignIn.Protocol;

/// <summary>
/// The authorization endpoint, after OpenIddict has found the request to be a right one: sends the browser to the page that is next, and
/// back to the client once all is decided. https://hl7.org/fhir/smart-app-launch/app-launch.html#obtain-authorization-code
/// </summary>
internal sealed class AuthorizeEndpoint(
    ClientDirectory clients,
    Decisions decisions,
    EmbeddedOptions options,
    IssuerAddress address,
    TimeProvider time
)
{
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var request =
            context.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("No request of OAuth is here.");
        var client = (await clients.FindAsync(request.ClientId!, context.RequestAborted))!;
        if (request["aud"]?.ToString()?.TrimEnd('/') != address.FhirBase)
            return Refusal.Of(
                Errors.InvalidRequest,
                $"The parameter aud has to be the FHIR base of this server, {address.FhirBase}."
            );
        if (string.IsNullOrEmpty(request.RedirectUri))
            return Refusal.Of(Errors.InvalidRequest, "The parameter redirect_uri is missing.");
        var scopes = ScopeGrant.ForPerson(request.Scope ?? "", client.Scopes);
        if (scopes.IsEmpty)
            return Refusal.Of(Errors.InvalidScope, "The client is registered for none of the scopes that it asks for.");
        var user = await SignInCookies.ReadAsync(context, SignInCookies.SignedIn);
        if (user is null || IsToSignInAgain(request, user))
            return Ask(context, request, "signin", Errors.LoginRequired);
        if (options.RequireCodes && !user.User.AsksForCode)
            return Ask(context, request, "signin/codes", Errors.InteractionRequired);
        var digest = Decisions.Digest(name => (string?)request[name]);
        var decision = decisions.Read((string?)request[Decisions.Parameter], user.User.Id, digest);
        return decision is { IsRefused: true }
            ? Refusal.Of(Errors.AccessDenied, "The person has refused it.")
            : Answer(context, request, client, user, scopes, decision);
    }

    private IResult Answer(
        HttpContext context,
        OpenIddictRequest request,
        ClientRecord client,
        SignedInUser user,
        ImmutableArray<string> scopes,
        Decision? decision
    )
    {
        var patient = PatientOf(user) ?? decision?.Patient;
        if (patient is null && ScopeGrant.NeedPatient(scopes))
            return Ask(context, request, "signin/patient", Errors.InteractionRequired);
        if (client.AsksConsent && decision?.Scopes is null)
            return Ask(context, request, "signin/consent", Errors.ConsentRequired);
        if (decision?.Scopes is { } chosen)
            scopes = ScopeGrant.Within(string.Join(' ', chosen), string.Join(' ', scopes));
        var principal = TokenClaims.OfPerson(
            user.User,
            user.Since.ToUnixTimeSeconds(),
            client,
            scopes,
            ScopeGrant.NeedPatient(scopes) ? patient : null,
            address
        );
        return Results.SignIn(principal, authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    /// <summary>A patient who signs in is the patient of the launch.</summary>
    private static string? PatientOf(SignedInUser user) =>
        UserRules.Person(user.User.FhirUser) is { Type: ResourceTypes.Patient } person ? person.Id : null;

    private bool IsToSignInAgain(OpenIddictRequest request, SignedInUser user) =>
        request.HasPromptValue(PromptValues.Login)
        || (request.MaxAge is { } age && time.GetUtcNow() - user.Since > TimeSpan.FromSeconds(age));

    /// <summary>Sends the browser to a page, which sends it back here; where the client wants no pages, refuses.</summary>
    private static IResult Ask(HttpContext context, OpenIddictRequest request, string page, string error)
    {
        if (request.HasPromptValue(PromptValues.None))
            return Refusal.Of(error, "The person would have to be asked.");
        var query = new QueryBuilder();
        foreach (var (name, value) in request.GetParameters())
        {
            // Asked for once: the page that it leads to is the answer to it.
            if (name != Parameters.Prompt && (string?)value is { } text)
                query.Add(name, text);
        }

        var back = $"/{Endpoints.Authorize}{query}";
        return Results.Redirect($"{context.Request.PathBase}/{page}{new QueryBuilder { { "request", back } }}");
    }
}
