using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Security.Edge;

/// <summary>What a refusal tells programs, in the header WWW-Authenticate. https://www.rfc-editor.org/rfc/rfc6750#section-3</summary>
internal static class Challenge
{
    private const string Realm = "Bearer realm=\"fhir\"";

    /// <summary>A request that shows nothing is told what to show, and is in error about nothing.</summary>
    public static readonly Failure NothingShown = Failure.From(
        401,
        IssueCode.Login,
        "This needs an access token: /.well-known/smart-configuration says where to get one."
    );

    /// <summary>Of a request whose header cannot be taken.</summary>
    public static Failure Of(HttpResponse response, Failure failure)
    {
        response.Headers.WWWAuthenticate =
            failure.Status == StatusCodes.Status400BadRequest ? With("invalid_request", failure) : Realm;
        return failure;
    }

    /// <summary>Of a token that is not taken, or that cannot be judged at the moment.</summary>
    public static Failure OfToken(HttpResponse response, Failure failure)
    {
        if (failure.Status == StatusCodes.Status503ServiceUnavailable)
            response.Headers.RetryAfter = "5";
        else
            response.Headers.WWWAuthenticate = With("invalid_token", failure);
        return failure;
    }

    private static string With(string error, Failure failure) =>
        $"{Realm}, error=\"{error}\", error_description=\"{failure.Issues[0].Diagnostics}\"";
}
