using CareCoordination.Fhir.Outcomes;
using CareCoordination.Storage;

namespace CareCoordination.Application.Answers;

/// <summary>One entry of a Bundle that the server sends. https://hl7.org/fhir/R4/bundle-definitions.html#Bundle.entry</summary>
public sealed class BundleEntry
{
    public string? FullUrl { get; init; }

    /// <summary>The resource's JSON; empty where there is none.</summary>
    public ReadOnlyMemory<byte> Resource { get; init; }

    /// <summary>The whole resource where only a part of it is sent: whose it is is told by that; empty: it is sent whole.</summary>
    public ReadOnlyMemory<byte> Source { get; init; }

    /// <summary><c>match</c>, <c>include</c> or <c>outcome</c>.</summary>
    public string? SearchMode { get; init; }

    public EntryRequest? Request { get; init; }

    public EntryResponse? Response { get; init; }

    /// <summary>A warning about the search itself. https://hl7.org/fhir/R4/search.html#errors</summary>
    public static BundleEntry Outcome(IEnumerable<Issue> issues) =>
        new() { Resource = OperationOutcome.ToUtf8Json(issues), SearchMode = "outcome" };

    /// <summary>How a version appears in a history. https://hl7.org/fhir/R4/http.html#history</summary>
    /// <param name="resource">The part of it that is wanted; empty for a deletion.</param>
    public static BundleEntry OfHistory(StoredResource version, ReadOnlyMemory<byte> resource, string baseUrl) =>
        new()
        {
            FullUrl = $"{baseUrl}/{version.Key}",
            Resource = resource,
            Source = version.Utf8Json,
            Request = version.Change switch
            {
                ChangeKind.Create => new EntryRequest("POST", version.Key.Type),
                ChangeKind.Update => new EntryRequest("PUT", version.Key.ToString()),
                _ => new EntryRequest("DELETE", version.Key.ToString()),
            },
            Response = EntryResponse.Of(
                version.Change switch
                {
                    ChangeKind.Create => 201,
                    ChangeKind.Update => 200,
                    _ => 204,
                },
                version
            ),
        };
}

public sealed record EntryRequest(string Method, string Url);

/// <summary>https://hl7.org/fhir/R4/bundle-definitions.html#Bundle.entry.response</summary>
public sealed record EntryResponse(string Status)
{
    public string? Location { get; init; }

    public int? Version { get; init; }

    public DateTimeOffset? LastModified { get; init; }

    public ReadOnlyMemory<byte> Outcome { get; init; }

    public static EntryResponse Of(int status, StoredResource? version) =>
        new(StatusLine(status)) { Version = version?.Version, LastModified = version?.LastUpdated };

    /// <summary>The status as Bundles have it: number and phrase.</summary>
    public static string StatusLine(int status) =>
        status switch
        {
            200 => "200 OK",
            201 => "201 Created",
            202 => "202 Accepted",
            204 => "204 No Content",
            304 => "304 Not Modified",
            400 => "400 Bad Request",
            404 => "404 Not Found",
            405 => "405 Method Not Allowed",
            409 => "409 Conflict",
            410 => "410 Gone",
            412 => "412 Precondition Failed",
            413 => "413 Content Too Large",
            422 => "422 Unprocessable Content",
            503 => "503 Service Unavailable",
            _ => status.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
}
