namespace CareCoordination.SignIn.Protocol;

/// <summary>Where things are, below the issuer.</summary>
internal static class Endpoints
{
    public const string Authorize = "connect/authorize";
    public const string Token = "connect/token";
    public const string Introspect = "connect/introspect";
    public const string Revoke = "connect/revoke";
    public const string Keys = "connect/jwks";

    /// <summary>Where an EHR gets what it starts an app with: with a token, as everything that is not of OAuth.</summary>
    public const string Launch = "launch";

    public const string Configuration = ".well-known/openid-configuration";
}
