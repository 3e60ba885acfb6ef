using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Storage;

/// <summary>
/// What a request with an Idempotency-Key was answered with. It is no resource: no client can read, make up or delete it.
/// docs/adr/0016-server-state.md
/// </summary>
/// <param name="Key">The hash of the client's key.</param>
/// <param name="Digest">Of what was asked.</param>
/// <param name="Answer">The resource that was the answer, in this version.</param>
/// <param name="ExpiresAt">From then on the key is new again.</param>
public sealed record RememberedAnswer(
    string Key,
    string Digest,
    ResourceKey Answer,
    int Version,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt
);

/// <summary>No answer is remembered under this key, or it has expired.</summary>
public sealed record NotRemembered(string Key) : Precondition;
