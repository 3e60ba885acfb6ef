namespace CareCoordination.SignIn.Tables;

/// <summary>
/// An assertion by which a client has said who it is, or a launch: it is taken once. https://www.rfc-editor.org/rfc/rfc7523#section-3
/// </summary>
internal sealed class UsedAssertion
{
    /// <summary>A digest of the client and the <c>jti</c>, or of the number of the launch.</summary>
    public required string Id { get; init; }

    /// <summary>When it would be refused as expired, in seconds since 1970.</summary>
    public required long Expires { get; init; }
}
