using System.Collections.Immutable;

namespace CareCoordination.Fhir.Outcomes;

/// <summary>
/// An expected failure: the HTTP status it is answered with and the issues that explain it.
/// https://hl7.org/fhir/R4/http.html#Status-Codes
/// </summary>
public sealed record Failure(int Status, ImmutableArray<Issue> Issues)
{
    public static Failure From(int status, IssueCode code, string diagnostics, string? expression = null) =>
        new(status, [Issue.Error(code, diagnostics, expression)]);

    /// <summary>400: the request or resource could not be parsed or fails a basic FHIR rule.</summary>
    public static Failure Invalid(IssueCode code, string diagnostics, string? expression = null) =>
        From(400, code, diagnostics, expression);

    /// <summary>400: the request or resource fails basic FHIR rules.</summary>
    public static Failure Invalid(ImmutableArray<Issue> issues) => new(400, issues);

    /// <summary>404</summary>
    public static Failure NotFound(string diagnostics) => From(404, IssueCode.NotFound, diagnostics);

    /// <summary>410: it existed and was deleted.</summary>
    public static Failure Gone(string diagnostics) => From(410, IssueCode.Deleted, diagnostics);

    /// <summary>409: the request conflicts with the current state, or with another request.</summary>
    public static Failure Conflict(string diagnostics, string? expression = null) =>
        From(409, IssueCode.Conflict, diagnostics, expression);

    /// <summary>412: a condition the client stated does not hold.</summary>
    public static Failure PreconditionFailed(IssueCode code, string diagnostics) => From(412, code, diagnostics);

    /// <summary>422: well-formed, but a profile or business rule refuses it.</summary>
    public static Failure Unprocessable(IssueCode code, string diagnostics, string? expression = null) =>
        From(422, code, diagnostics, expression);

    /// <summary>503: try again later.</summary>
    public static Failure Unavailable(string diagnostics) => From(503, IssueCode.Transient, diagnostics);

    /// <summary>The same failure with every expression moved under <paramref name="prefix"/>, as for a Bundle entry.</summary>
    public Failure Under(string prefix) =>
        this with
        {
            Issues =
            [
                .. Issues.Select(i =>
                    i with
                    {
                        Expression = i.Expression is null ? prefix : $"{prefix}.{i.Expression}",
                    }
                ),
            ],
        };
}
