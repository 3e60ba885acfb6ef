using System.Globalization;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Application.Requests;

/// <summary>
/// What the client makes its request depend on, from headers or from a Bundle entry's <c>request</c>.
/// https://hl7.org/fhir/R4/http.html#concurrency, https://hl7.org/fhir/R4/http.html#cread
/// </summary>
public sealed record Conditions
{
    public static readonly Conditions None = new();

    public string? IfMatch { get; init; }

    public string? IfNoneMatch { get; init; }

    public string? IfModifiedSince { get; init; }

    /// <summary>Search criteria without the leading question mark.</summary>
    public string? IfNoneExist { get; init; }

    /// <summary>The key under which the client may repeat an operation that is to happen once.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The version that If-Match demands; null where there is no If-Match.</summary>
    public Result<int?> RequiredVersion()
    {
        if (IfMatch is null)
            return (int?)null;
        return ETag.TryParse(IfMatch, out var version)
            ? version
            : Failure.Invalid(
                IssueCode.Value,
                "If-Match is no version of this server: send the ETag that a read gave, as W/\"3\"."
            );
    }

    /// <summary>
    /// True where the client has this version already. If-None-Match, where given, decides alone.
    /// </summary>
    public bool IsCurrent(int version, DateTimeOffset lastUpdated)
    {
        if (IfNoneMatch is not null)
            return ETag.Matches(IfNoneMatch, version);
        // HTTP dates have whole seconds, so the fraction of lastUpdated does not make it newer.
        return IfModifiedSince is not null
            && DateTimeOffset.TryParseExact(
                IfModifiedSince,
                "R",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var since
            )
            && lastUpdated.ToUnixTimeSeconds() <= since.ToUnixTimeSeconds();
    }
}
