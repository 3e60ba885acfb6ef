namespace CareCoordination.Fhir.Outcomes;

/// <summary>How bad an issue is. https://hl7.org/fhir/R4/valueset-issue-severity.html</summary>
public enum IssueSeverity
{
    Fatal,
    Error,
    Warning,
    Information,
}

/// <summary>What kind of issue it is. https://hl7.org/fhir/R4/valueset-issue-type.html</summary>
public enum IssueCode
{
    Invalid,
    Structure,
    Required,
    Value,
    Invariant,
    Security,
    Login,
    Unknown,
    Expired,
    Forbidden,
    Suppressed,
    Processing,
    NotSupported,
    Duplicate,
    MultipleMatches,
    NotFound,
    Deleted,
    TooLong,
    CodeInvalid,
    Extension,
    TooCostly,
    BusinessRule,
    Conflict,
    Transient,
    LockError,
    NoStore,
    Exception,
    Timeout,
    Incomplete,
    Throttled,
    Informational,
}

/// <summary>
/// One thing to tell the client. https://hl7.org/fhir/R4/operationoutcome.html
/// </summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Code">What kind it is.</param>
/// <param name="Diagnostics">A sentence that says what is wrong and what to do. Never holds patient content.</param>
/// <param name="Expression">Where, as a simple FHIRPath: <c>CarePlan.activity[2].detail.status</c>.</param>
public sealed record Issue(IssueSeverity Severity, IssueCode Code, string Diagnostics, string? Expression = null)
{
    public static Issue Error(IssueCode code, string diagnostics, string? expression = null) =>
        new(IssueSeverity.Error, code, diagnostics, expression);

    public static Issue Warning(IssueCode code, string diagnostics, string? expression = null) =>
        new(IssueSeverity.Warning, code, diagnostics, expression);

    public static Issue Information(string diagnostics, string? expression = null) =>
        new(IssueSeverity.Information, IssueCode.Informational, diagnostics, expression);

    /// <summary>
    /// The rule of this server that speaks, as a code of <see cref="OperationOutcome.DetailsSystem"/>: <c>illegal-transition</c>,
    /// <c>open-tasks</c>. Null where <see cref="Code"/> says all there is.
    /// </summary>
    public string? Details { get; init; }

    /// <summary>
    /// Where no rule speaks, <c>issue.details</c> repeats <see cref="Code"/>: a program that branches on details always finds a coding there.
    /// </summary>
    public bool RepeatsCode { get; init; }

    /// <summary>True for issues that refuse the request.</summary>
    public bool IsError => Severity is IssueSeverity.Fatal or IssueSeverity.Error;
}
