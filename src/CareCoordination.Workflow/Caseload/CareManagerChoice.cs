using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Caseload;

/// <summary>Somebody who could take a patient.</summary>
/// <param name="PractitionerRole">Who would be the care manager.</param>
/// <param name="Patients">Patients of the caseload.</param>
/// <param name="Points">Points of the caseload.</param>
public sealed record CareManagerCandidate(string PractitionerRole, int Patients, int Points)
{
    /// <summary>The Practitioner behind the role: a caseload may name either.</summary>
    public string? Person { get; init; }

    /// <summary>All references by which episodes, teams and tasks may name this person, further roles included.</summary>
    public ImmutableArray<string> AlsoKnownAs { get; init; } = [];

    /// <summary>The last day on which the licence is valid; null where none is on record.</summary>
    public DateOnly? LicensedUntil { get; init; }

    /// <summary>States in which the licence is valid; empty where none is on record.</summary>
    public ImmutableArray<string> LicensedIn { get; init; } = [];

    /// <summary>Codes of languages spoken.</summary>
    public ImmutableArray<string> Languages { get; init; } = [];

    public ImmutableArray<string> Specialties { get; init; } = [];

    /// <summary>Has cared for this patient before.</summary>
    public bool KnowsPatient { get; init; }

    public bool IsAway { get; init; }

    public bool Is(string? reference) =>
        reference is not null
        && (reference == PractitionerRole || reference == Person || AlsoKnownAs.Contains(reference));
}

/// <summary>What the patient needs of a care manager; what is null is not asked.</summary>
/// <param name="Patient">How much the patient adds to a caseload.</param>
public sealed record CareManagerNeed(CaseloadPatient Patient)
{
    public string? State { get; init; }

    public string? Language { get; init; }

    public string? Specialty { get; init; }

    /// <summary>A lead assigns beyond the caps.</summary>
    public bool OverrideCap { get; init; }
}

/// <summary>A candidate with all that speaks for and against: the choice explains itself.</summary>
/// <param name="Obstacles">Codes of what rules the candidate out; empty for those who can be chosen.</param>
/// <param name="Merits">Codes of what speaks for the candidate.</param>
/// <param name="ShareAfter">How full the caseload would be.</param>
public sealed record RankedCandidate(
    CareManagerCandidate Candidate,
    ImmutableArray<string> Obstacles,
    ImmutableArray<string> Merits,
    decimal ShareAfter
)
{
    public bool CanTake => Obstacles.IsEmpty;
}

/// <summary>
/// Who takes a patient: first whoever knows the patient, then who speaks the language, then who has the specialty, then who has
/// most room. Those away, without a valid licence or at a cap are ruled out, and the answer says why.
/// </summary>
public static class CareManagerChoice
{
    public const string Away = "away";
    public const string LicenceExpired = "licence-expired";
    public const string LicenceState = "licence-state";
    public const string CapExceeded = "cap-exceeded";

    public const string Continuity = "continuity";
    public const string Language = "language";
    public const string Specialty = "specialty";

    /// <summary>All candidates, the best first and those ruled out last; the order is total, so that a retry chooses the same.</summary>
    public static ImmutableArray<RankedCandidate> Rank(
        CareManagerNeed need,
        IEnumerable<CareManagerCandidate> candidates,
        DateOnly today,
        CareRules rules
    ) =>
        [
            .. candidates
                .Select(c => Judge(need, c, today, rules))
                .OrderByDescending(r => r.CanTake)
                .ThenByDescending(r => r.Merits.Contains(Continuity))
                .ThenByDescending(r => r.Merits.Contains(Language))
                .ThenByDescending(r => r.Merits.Contains(Specialty))
                .ThenBy(r => r.ShareAfter)
                .ThenBy(r => r.Candidate.PractitionerRole, StringComparer.Ordinal),
        ];

    /// <summary>The best of those who can take the patient; 422 <c>no-care-manager</c> says of each why not.</summary>
    public static Result<RankedCandidate> Best(ImmutableArray<RankedCandidate> ranked) =>
        ranked is [{ CanTake: true } best, ..] ? best
        : ranked.IsEmpty
            ? RuleFailure.Of(
                "no-care-manager",
                "There is no care manager to choose from; name one with 'practitionerRole', or create a PractitionerRole of a care manager.",
                "Parameters.parameter"
            )
        : new Failure(
            422,
            [
                .. ranked.Select(r =>
                    RuleFailure.Issue(
                        "no-care-manager",
                        $"{r.Candidate.PractitionerRole} cannot take the patient: {string.Join(", ", r.Obstacles)}.",
                        "Parameters.parameter"
                    )
                ),
            ]
        );

    public static RankedCandidate Judge(
        CareManagerNeed need,
        CareManagerCandidate candidate,
        DateOnly today,
        CareRules rules
    )
    {
        var obstacles = ImmutableArray.CreateBuilder<string>();
        if (candidate.IsAway)
            obstacles.Add(Away);
        if (candidate.LicensedUntil < today)
            obstacles.Add(LicenceExpired);
        if (need.State is { } state && !candidate.LicensedIn.IsEmpty && !candidate.LicensedIn.Contains(state))
            obstacles.Add(LicenceState);
        var share = CaseloadCount.Share(
            CheckedNumber.Next(candidate.Patients),
            CheckedNumber.Clamp((long)candidate.Points + need.Patient.Points(rules)),
            rules
        );
        if (share > 1 && !need.OverrideCap)
            obstacles.Add(CapExceeded);

        var merits = ImmutableArray.CreateBuilder<string>();
        if (candidate.KnowsPatient)
            merits.Add(Continuity);
        if (need.Language is { } language && candidate.Languages.Contains(language))
            merits.Add(Language);
        if (need.Specialty is { } specialty && candidate.Specialties.Contains(specialty))
            merits.Add(Specialty);
        return new RankedCandidate(candidate, obstacles.ToImmutable(), merits.ToImmutable(), share);
    }
}
