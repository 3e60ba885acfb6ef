using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Storage;

namespace CareCoordination.Application.Answers;

/// <summary>The answer to an interaction, before it becomes HTTP or an entry of a response Bundle.</summary>
public sealed record FhirResponse
{
    public required int Status { get; init; }

    /// <summary>The version that ETag and Last-Modified tell of, and the body where <see cref="Content"/> is null.</summary>
    public StoredResource? Version { get; init; }

    /// <summary>Relative to the base: <c>Patient/1/_history/2</c>.</summary>
    public string? Location { get; init; }

    /// <summary>Relative to the base: where to ask how far the work is that goes on after this answer.</summary>
    public string? StatusLocation { get; init; }

    /// <summary>How far such work is, in words.</summary>
    public string? Progress { get; init; }

    public FhirContent? Content { get; init; }

    /// <summary>The media type of a <see cref="Content"/> that is no resource; null: it is one.</summary>
    public string? MediaType { get; init; }

    /// <summary>Until when what the answer leads to is there.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>What the client should know besides: warnings, or the reasons of a refusal.</summary>
    public ImmutableArray<Issue> Issues { get; init; } = [];

    /// <summary>True where <c>Prefer: return=</c> chooses the body. https://hl7.org/fhir/R4/http.html#ops</summary>
    public bool AnswersWrite { get; init; }

    public int? RetryAfterSeconds { get; init; }

    /// <summary>A whole ETag header for what has no version.</summary>
    public string? EntityTag { get; init; }

    public bool IsSuccess => Status < 400;

    /// <summary>The body of a success without a preference; empty where there is none.</summary>
    public FhirContent? Body =>
        Content
        ?? (Version is { IsDeleted: false } version && Status != 304 ? new BytesContent(version.Utf8Json) : null);

    public static FhirResponse Of(StoredResource version) => new() { Status = 200, Version = version };

    public static FhirResponse Of(FhirContent content) => new() { Status = 200, Content = content };

    /// <summary>What one committed change is answered with. https://hl7.org/fhir/R4/http.html#create</summary>
    public static FhirResponse Of(ChangeResult change, ImmutableArray<Issue> issues) =>
        change.Outcome switch
        {
            ChangeOutcome.Created => Written(201, change.Resource, issues),
            ChangeOutcome.Updated or ChangeOutcome.Unchanged => Written(200, change.Resource, issues),
            ChangeOutcome.Deleted => new()
            {
                Status = 204,
                Version = change.Resource,
                AnswersWrite = true,
                Issues = issues,
            },
            _ => new()
            {
                Status = 204,
                AnswersWrite = true,
                Issues = issues,
            },
        };

    /// <summary>A version that a write made or found.</summary>
    public static FhirResponse Written(int status, StoredResource version, ImmutableArray<Issue> issues) =>
        new()
        {
            Status = status,
            Version = version,
            Location = $"{version.Key}/_history/{version.Version}",
            Issues = issues,
            AnswersWrite = true,
        };

    public static FhirResponse Of(Failure failure) =>
        new()
        {
            Status = failure.Status,
            Issues = failure.Issues,
            Content = new BytesContent(OperationOutcome.ToUtf8Json(failure.Issues)),
        };

    /// <summary>A refusal that tells which version it is about.</summary>
    public static FhirResponse Of(Failure failure, StoredResource about) =>
        new()
        {
            Status = failure.Status,
            Version = about,
            Issues = failure.Issues,
            Content = new BytesContent(OperationOutcome.ToUtf8Json(failure.Issues)),
        };

    /// <summary>409: something that this server relied on is otherwise now, and deciding again does not help.</summary>
    public static FhirResponse Conflict()
    {
        var failure = Failure.Conflict(
            "Something else that this depends on was changed at the same time. Read it again and repeat the request."
        );
        return new()
        {
            Status = failure.Status,
            Issues = failure.Issues,
            Content = new BytesContent(OperationOutcome.ToUtf8Json(failure.Issues)),
            RetryAfterSeconds = 1,
        };
    }

    /// <summary>503: the store says why, and when it may be back.</summary>
    public static FhirResponse Unavailable(StoreUnavailableException reason)
    {
        var failure = Failure.Unavailable(reason.Message);
        return new()
        {
            Status = failure.Status,
            Issues = failure.Issues,
            Content = new BytesContent(OperationOutcome.ToUtf8Json(failure.Issues)),
            RetryAfterSeconds = (int)Math.Ceiling(Math.Max(1, reason.RetryAfter.TotalSeconds)),
        };
    }

    public static implicit operator FhirResponse(Failure failure) => Of(failure);
}
