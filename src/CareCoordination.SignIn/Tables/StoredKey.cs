namespace CareCoordination.SignIn.Tables;

/// <summary>A key by which tokens are signed or encrypted.</summary>
internal sealed class StoredKey
{
    /// <summary>Its use and its number, as <c>sig-3</c>: of several nodes that make the next one, one does.</summary>
    public required string Id { get; init; }

    /// <summary><c>sig</c> or <c>enc</c>, as a JSON Web Key says it.</summary>
    public required string Use { get; init; }

    public required string Algorithm { get; init; }

    /// <summary>The private key, protected by Data Protection.</summary>
    public required string Protected { get; init; }

    /// <summary>When it was made, in seconds since 1970. It is shown from then on, and used somewhat later.</summary>
    public required long Made { get; init; }

    /// <summary>From when on it signs.</summary>
    public required long UsedFrom { get; init; }

    /// <summary>From when on it is not known any more.</summary>
    public required long Until { get; init; }
}
