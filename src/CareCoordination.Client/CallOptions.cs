using Hl7.Fhir.Model;

namespace CareCoordination.Client;

/// <summary>What a call depends on, besides its arguments.</summary>
public sealed record CallOptions
{
    /// <summary>No conditions, and a key of its own for whatever changes something.</summary>
    public static readonly CallOptions None = new();

    /// <summary>An ETag: where another version is the current one the call is refused with 412, and nothing is done.</summary>
    public string? IfMatch { get; init; }

    /// <summary>
    /// The key under which the server does the call once, however often it is sent. Where it is null a call that changes something gets
    /// a new one, so that its retries are safe; give one of your own to repeat the call after a restart.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Only where the server still has the version that this resource was read as.</summary>
    public static CallOptions IfUnchanged(Resource resource) =>
        resource.Meta?.VersionId is { Length: > 0 } version
            ? new CallOptions { IfMatch = $"W/\"{version}\"" }
            : throw new ArgumentException(
                "The resource has no meta.versionId: read it from the server first.",
                nameof(resource)
            );
}
