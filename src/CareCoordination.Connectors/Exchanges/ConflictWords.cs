using System.Text.RegularExpressions;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Connectors.Exchanges;

/// <summary>What an OperationOutcome says of why a request had no effect, as far as it matters for sending it again.</summary>
internal enum Told
{
    /// <summary>Nothing of the kind.</summary>
    Other,

    /// <summary>It collided with something else at the partner: the same again may pass.</summary>
    Collision,

    /// <summary>It passes: where the status says that the request is at fault, the same again may do.</summary>
    Passing,

    /// <summary>The partner was called too often.</summary>
    Throttling,

    /// <summary>A condition fits several resources there: the same again would find them again.</summary>
    Ambiguity,
}

/// <summary>
/// Servers say in several ways that two requests collided: by a status, by the codes of the group <c>transient</c>, by the words of their
/// database. https://hl7.org/fhir/R4/codesystem-issue-type.html#issue-type-transient
/// </summary>
internal static partial class ConflictWords
{
    public static Told In(ReadOnlyMemory<byte> outcome)
    {
        if (outcome.IsEmpty || !ResourceDocument.Parse(outcome).TryGet(out var document, out _))
            return Told.Other;
        var told = Told.Other;
        foreach (var issue in OperationOutcomeView.From(document).Issue)
        {
            if (issue.Severity is not (IssueSeverityCodes.Error or IssueSeverityCodes.Fatal))
                continue;
            var said = Of(issue);
            // One thing that has to be corrected stands in the way of all.
            if (said is Told.Other or Told.Ambiguity)
                return said;
            told = said;
        }

        return told;
    }

    private static Told Of(OperationOutcomeIssueView issue)
    {
        if (issue.Code == IssueTypeCodes.MultipleMatches)
            return Told.Ambiguity;
        if (issue.Code == IssueTypeCodes.Throttled)
            return Told.Throttling;
        if (issue.Code is IssueTypeCodes.Conflict or IssueTypeCodes.LockError)
            return Told.Collision;
        var texts = issue.Details.Coding.Select(c => c.Display).Append(issue.Details.Text).Append(issue.Diagnostics);
        foreach (var text in texts.OfType<string>().Select(t => t.Length > MostLooked ? t[..MostLooked] : t))
        {
            if (Several().IsMatch(text))
                return Told.Ambiguity;
            if (Collided().IsMatch(text))
                return Told.Collision;
        }

        return issue.Code == IssueTypeCodes.Transient ? Told.Passing : Told.Other;
    }

    // A time limit would be that of the clock: on a busy machine it ends what takes microseconds. The length is limited instead.
    private const int MostLooked = 4_000;

    // Of HAPI, of Microsoft's and Google's servers, of PostgreSQL, SQL Server and Oracle.
    [GeneratedRegex(
        @"\bdeadlock|could not serialize|serializ(ation|able) (failure|conflict|error|transaction)|(version|edit|update|write|transaction|resource|concurrency) conflict|version constraint failure|optimistic (lock|concurrency)|concurrent(ly)? (update|modif|request|transaction)|snapshot isolation|lock (wait )?(timeout|time-out|request time)|(is|was|are) locked|too much contention|ORA-(00060|08177)",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: -1
    )]
    private static partial Regex Collided();

    [GeneratedRegex(
        @"(multiple|more than one|several|[2-9]\d*) (resources? )?(match|found|exist)|matche[sd] (multiple|more than one|several)|not selective enough",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: -1
    )]
    private static partial Regex Several();
}
