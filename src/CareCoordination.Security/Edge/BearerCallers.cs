using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Rest.Http;
using CareCoordination.Security.Certificates;
using CareCoordination.Security.Tokens;

namespace CareCoordination.Security.Edge;

/// <summary>Who asks, in a secured server: whoever the access token of the request speaks for, and nobody for what everybody may read.</summary>
internal sealed class BearerCallers(
    AccessTokens tokens,
    RequestRates rates,
    RequestReader reader,
    ShownCertificate certificates
)
{
    public async ValueTask<Result<Caller>> AskAsync(HttpContext context)
    {
        if (BearerHeader.FindInUrl(context.Request) is { } exposed)
            return Challenge.Of(context.Response, exposed);
        // What everybody may read takes no notice of the header.
        if (PublicAddress.Is(context))
            return rates.OfAddress(context) is { } often ? often : Caller.Nobody;
        if (!BearerHeader.Read(context.Request.Headers).TryGet(out var token, out var failure))
            return Challenge.Of(context.Response, failure);
        if (token is null)
            return rates.OfAddress(context) ?? Challenge.Of(context.Response, Challenge.NothingShown);
        var baseUrl = reader.BaseUrl(context.Request);
        var hash = TokenHash.Of(token, baseUrl);
        if (await tokens.RememberedAsync(hash, context.RequestAborted) is not { } found)
        {
            // To look at a token costs something, and to ask an issuer more: whoever makes tokens up does not get far.
            if (rates.OfAddress(context) is { } tooMany)
                return tooMany;
            found = await tokens.ValidateAsync(token, hash, baseUrl, context.RequestAborted);
        }

        if (!found.TryGet(out var known, out failure))
            return Challenge.OfToken(context.Response, failure);
        // Whoever has got hold of the token has not got the key of the certificate.
        if (known.Certificate is { } bound && certificates.Of(context) != bound)
            return Challenge.OfToken(context.Response, TokenRefusal.Certificate);
        return rates.OfCaller(context, known.Caller) is { } throttled ? throttled : known.Caller;
    }
}
