using System.Collections.Immutable;

namespace CareCoordination.Workflow.Rules;

/// <summary>
/// The numbers of referrals: part of <see cref="CareRules"/>, and proposals of this project like the rest of them.
/// </summary>
public sealed record ReferralRules
{
    /// <summary>Business days in which a partner has to answer, by the priority of the request.</summary>
    public ImmutableDictionary<string, int> AnswerWithin { get; init; } =
        ImmutableDictionary<string, int>.Empty.Add("routine", 5).Add("urgent", 2).Add("asap", 2).Add("stat", 1);

    /// <summary>Business days after that until the lead is told.</summary>
    public int LeadAfterNoAnswer { get; init; } = 2;

    /// <summary>Days without any change after which accepted work counts as stalled.</summary>
    public int StalledAfterDays { get; init; } = 14;

    /// <summary>Further days until the lead is told.</summary>
    public int LeadAfterStalledDays { get; init; } = 7;

    /// <summary>Business days in which a partner has to confirm that it lets go; then the request ends without it.</summary>
    public int CancelWithin { get; init; } = 5;

    /// <summary>Days after the loop is closed when somebody asks the patient whether the service helped.</summary>
    public int AskAfterDays { get; init; } = 14;

    /// <summary>Business days in which a person here has to do what a referral needs of them.</summary>
    public int WorkWithin { get; init; } = 1;

    /// <summary>Days in which an open referral for the same makes another one a duplicate.</summary>
    public int DuplicateWithinDays { get; init; } = 30;

    /// <summary>After this many attempts the plan is to be reviewed rather than another partner found.</summary>
    public int MostAttempts { get; init; } = 3;

    /// <summary>After this many missed appointments ending the referral is proposed: two of them are made anew.</summary>
    public int MostNoShows { get; init; } = 3;

    /// <summary>True: a request whose work is completed with evidence is completed without asking the care manager.</summary>
    public bool CloseAutomatically { get; init; }

    /// <summary>The codes of categories whose requests need an approved prior authorization before they go.</summary>
    public ImmutableArray<string> AuthorizationCategories { get; init; } = [];

    /// <summary>
    /// Security labels, as <c>system|code</c>, that go to no partner without a Consent that names them: the confidentiality codes
    /// above normal, and the sensitivities that laws single out.
    /// https://terminology.hl7.org/CodeSystem-v3-Confidentiality.html, https://terminology.hl7.org/ValueSet-v3-ActInformationSensitivityPolicy.html
    /// </summary>
    public ImmutableArray<string> SensitiveLabels { get; init; } =
    [
        "http://terminology.hl7.org/CodeSystem/v3-Confidentiality|R",
        "http://terminology.hl7.org/CodeSystem/v3-Confidentiality|V",
        .. ImmutableArray
            .Create(
                "42CFRPart2",
                "BH",
                "ETH",
                "GDIS",
                "HIV",
                "MH",
                "OPIOIDUD",
                "PSY",
                "SCA",
                "SDV",
                "SEX",
                "STD",
                "SUD"
            )
            .Select(code => "http://terminology.hl7.org/CodeSystem/v3-ActCode|" + code),
    ];
}
