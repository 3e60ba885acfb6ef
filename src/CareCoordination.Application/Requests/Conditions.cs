using System.Globalization;
using CareCoordination.Application.Answers;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Application.Requests;

/// <summary>What a request may depend on. Each interaction takes some of them, and refuses the others.</summary>
[Flags]
public enum ConditionKinds
{
    None = 0,
    IfMatch = 1,
    IfNoneMatch = 2,
    IfModifiedSince = 4,
    IfNoneExist = 8,
    IdempotencyKey = 16,

    /// <summary>What saves a read.</summary>
    OfReads = IfNoneMatch | IfModifiedSince,
}

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

    /// <summary>A Provenance to be stored with the write, which this server does not do. https://hl7.org/fhir/R4/provenance.html#header</summary>
    public string? Provenance { get; init; }

    /// <summary>
    /// 400 for a condition that the interaction does not take, or that cannot be read: whoever states one relies on it, so that it is
    /// never passed over.
    /// </summary>
    /// <param name="interaction">As a CapabilityStatement names it.</param>
    public Failure? Refuse(ConditionKinds taken, string interaction)
    {
        if (ReferenceEquals(this, None))
            return null;
        (string Name, string? Value, ConditionKinds Kind)[] stated =
        [
            ("If-Match", IfMatch, ConditionKinds.IfMatch),
            ("If-None-Match", IfNoneMatch, ConditionKinds.IfNoneMatch),
            ("If-Modified-Since", IfModifiedSince, ConditionKinds.IfModifiedSince),
            ("If-None-Exist", IfNoneExist, ConditionKinds.IfNoneExist),
            ("Idempotency-Key", IdempotencyKey, ConditionKinds.IdempotencyKey),
            ("X-Provenance", Provenance, ConditionKinds.None),
        ];
        foreach (var (name, value, kind) in stated)
        {
            if (value is not null && (kind == ConditionKinds.None || !taken.HasFlag(kind)))
                return Failure.Invalid(
                    IssueCode.NotSupported,
                    $"{interaction} does not take {name}: leave it out. Nothing was done."
                );
        }

        return IfModifiedSince is not null && Since() is null
            ? Failure.Invalid(
                IssueCode.Value,
                "If-Modified-Since is no date: send the Last-Modified that a read gave, as Sat, 01 Jan 2000 00:00:00 GMT; in a Bundle an instant."
            )
            : null;
    }

    /// <summary>The versions that If-Match demands; null where there is no If-Match.</summary>
    public Result<VersionDemand?> RequiredVersion()
    {
        if (IfMatch is null)
            return (VersionDemand?)null;
        return VersionDemand.TryParse(IfMatch, out var demand)
            ? demand
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
        return Since() is { } since && lastUpdated.ToUnixTimeSeconds() <= since.ToUnixTimeSeconds();
    }

    // Headers have a date of HTTP, Bundles an instant of FHIR.
    private DateTimeOffset? Since() =>
        DateTimeOffset.TryParseExact(
            IfModifiedSince,
            "R",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var since
        )
            ? since
        : IfModifiedSince is { } text && FhirDateTime.TryParse(text, out var instant) ? instant.Instant
        : null;
}
