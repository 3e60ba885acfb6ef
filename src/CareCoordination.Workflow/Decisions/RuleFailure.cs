using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Workflow.Decisions;

/// <summary>The failures of care rules: each carries the rule's code in <see cref="Issue.Details"/>.</summary>
internal static class RuleFailure
{
    /// <summary>422: the rule refuses it.</summary>
    public static Failure Of(string rule, string sentence, string? expression = null) =>
        With(422, IssueCode.BusinessRule, rule, sentence, expression);

    /// <summary>409: somebody else was first, or there is one already.</summary>
    public static Failure Conflict(string rule, string sentence, string? expression = null) =>
        With(409, IssueCode.Conflict, rule, sentence, expression);

    /// <summary>403: not by this agent.</summary>
    public static Failure Forbidden(string sentence, string? expression = null) =>
        With(403, IssueCode.Forbidden, "not-permitted", sentence, expression);

    /// <summary>404: what is named does not exist.</summary>
    public static Failure Missing(string rule, string sentence, string? expression = null) =>
        With(404, IssueCode.NotFound, rule, sentence, expression);

    /// <summary>422 <c>time-range</c>: what a date, a duration or a count of days leads to is no date any more.</summary>
    /// <param name="what">The element or parameter, as the beginning of the sentence: <c>'startDate' and the duration of the plan</c>.</param>
    public static Failure OutOfRange(string what, string? expression = null) =>
        Of("time-range", $"{what}: the result is not in the years 1 to 9999; send a smaller value.", expression);

    public static Issue Issue(string rule, string sentence, string? expression = null) =>
        Fhir.Outcomes.Issue.Error(IssueCode.BusinessRule, sentence, expression) with
        {
            Details = rule,
        };

    /// <summary>It is done, and the caller should know.</summary>
    public static Issue Warning(string rule, string sentence, string? expression = null) =>
        Fhir.Outcomes.Issue.Warning(IssueCode.BusinessRule, sentence, expression) with
        {
            Details = rule,
        };

    private static Failure With(int status, IssueCode code, string rule, string sentence, string? expression) =>
        new(status, [Fhir.Outcomes.Issue.Error(code, sentence, expression) with { Details = rule }]);
}
