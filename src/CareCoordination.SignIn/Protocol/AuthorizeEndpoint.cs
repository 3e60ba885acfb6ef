using System.Collections.Immutable;
using CareCoordination.Fhir.R4;
using CareCoordination.SignIn.Clients;
using CareCoordination.SignIn.Grants;
using CareCoordination.SignIn.Patients;
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
    Launches launches,
    PatientFinder finder,
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
        var launch = scopes.Contains(ScopeGrant.Launch)
            ? await launches.ReadAsync((string?)request["launch"], client.Id, context.RequestAborted)
            : null;
        if (launch is null && scopes.Contains(ScopeGrant.Launch))
            return NoLaunch;
        var user = await SignInCookies.ReadAsync(context, SignInCookies.SignedIn);
        if (user is null || IsToSignInAgain(request, user))
            return Ask(context, request, "signin", Errors.LoginRequired);
        if (options.RequireCodes && !user.User.AsksForCode)
            return Ask(context, request, "signin/codes", Errors.InteractionRequired);
        var digest = Decisions.Digest(name => (string?)request[name]);
        var decision = decisions.Read((string?)request[Decisions.Parameter], user.User.Id, digest);
        if (decision is { IsRefused: true })
            return Refusal.Of(Errors.AccessDenied, "The person has refused it.");
        if (launch is not null && await WhyNotAsync(launch, user, context.RequestAborted) is { } why)
            return Refusal.Of(Errors.AccessDenied, why);
        return await AnswerAsync(context, request, client, user, scopes, decision, launch);
    }

    /// <summary>Whether it was made up, is another app's, has expired or was used, nobody is told.</summary>
    private static IResult NoLaunch =>
        Refusal.Of(
            Errors.InvalidRequest,
            "The parameter launch is none that this app may use now: have the EHR start the app again."
        );

    /// <summary>What keeps somebody from a launch; null: nothing.</summary>
    private async Task<string?> WhyNotAsync(Launch launch, SignedInUser user, CancellationToken cancellationToken) =>
        launch.Person is { } person && person != user.User.FhirUser
            ? "The launch is for somebody else than who is signed in here: sign out, and start the app again."
        : await finder.FindAsync(user.User, launch.Patient, cancellationToken) is null
            ? "The launch is for a patient whom the person may not see."
        : null;

    private async Task<IResult> AnswerAsync(
        HttpContext context,
        OpenIddictRequest request,
        ClientRecord client,
        SignedInUser user,
        ImmutableArray<string> scopes,
        Decision? decision,
        Launch? launch
    )
    {
        var patient = launch?.Patient ?? PatientOf(user) ?? decision?.Patient;
        if (patient is null && ScopeGrant.NeedPatient(scopes))
            return Ask(context, request, "signin/patient", Errors.InteractionRequired);
        if (client.AsksConsent && decision?.Scopes is null)
            return Ask(context, request, "signin/consent", Errors.ConsentRequired);
        if (decision?.Scopes is { } chosen)
            scopes = ScopeGrant.Within(string.Join(' ', chosen), string.Join(' ', scopes));
        // Whoever left it out on the page tells the app of nothing.
        var isTold = launch is not null && scopes.Contains(ScopeGrant.Launch);
        if (launch is not null && !await launches.TakeAsync(launch, context.RequestAborted))
            return NoLaunch;
        var principal = TokenClaims.OfPerson(
            user.User,
            user.Since.ToUnixTimeSeconds(),
            client,
            scopes,
            isTold || ScopeGrant.NeedPatient(scopes) ? patient : null,
            isTold ? launch!.Encounter : null,
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
