using System.Collections.Immutable;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Assessments;

/// <summary>An answer that is a social need.</summary>
/// <param name="Domain">The category of the Gravity project.</param>
public readonly record struct NeedAnswer(string Item, string Answer, string Domain);

/// <summary>A social need that was found.</summary>
/// <param name="Items">The questions whose answers say so.</param>
public sealed record SocialNeed(string Domain, ImmutableArray<string> Items);

/// <summary>
/// Which answers are a social need. Instruments share questions and offer other answers to them, so that question and answer together
/// decide, whatever the instrument. http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem-SDOHCC-CodeSystemTemporaryCodes.html
/// </summary>
public static class SocialNeeds
{
    /// <summary>The system of the domains.</summary>
    public const string Domains = "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes";

    private const string Icd = "http://hl7.org/fhir/sid/icd-10-cm";
    private const string Sct = "http://snomed.info/sct";
    private const string Unspecified = "sdoh-category-unspecified";
    private const string Income = "63586-2";
    private const string Household = "63512-8";

    public static readonly ImmutableArray<NeedAnswer> Answers =
    [
        .. Of("housing-instability", "71802-3", "LA31994-9"),
        .. Of("homelessness", "71802-3", "LA31995-6", "LA30190-5"),
        .. Of("housing-instability", "93033-9", "LA33-6"),
        .. Of(
            "inadequate-housing",
            "96778-6",
            "LA31996-4",
            "LA28580-1",
            "LA31997-2",
            "LA31998-0",
            "LA31999-8",
            "LA32000-4",
            "LA32001-2"
        ),
        .. Of("food-insecurity", "88122-7", "LA28397-0", "LA6729-3"),
        .. Of("food-insecurity", "88123-5", "LA28397-0", "LA6729-3"),
        .. Of("transportation-insecurity", "93030-5", "LA33-6", "LA30133-5", "LA30134-3"),
        .. Of("utility-insecurity", "96779-4", "LA33-6", "LA32002-0"),
        .. Of("financial-insecurity", "76513-1", "LA15832-1", "LA22683-9"),
        .. Of("employment-status", "96780-2", "LA31981-6", "LA31982-4"),
        .. Of(Unspecified, "96781-0", "LA31978-2", "LA31979-0"),
        .. Of("social-connection", "93159-2", "LA10044-8", "LA9933-8"),
        .. Of("language-access", "97027-7", "LA33-6"),
        .. Of("educational-attainment", "96782-8", "LA33-6"),
        .. ((string[])["68517-2", "96842-0", "95530-2", "68524-8"]).SelectMany(item =>
            Of(Unspecified, item, "LA26460-8", "LA18876-5", "LA18891-4", "LA18934-2")
        ),
        .. Of("educational-attainment", "82589-3", "LA30191-3"),
        .. Of("employment-status", "67875-5", "LA17956-6"),
        .. Of("health-insurance-coverage-status", "76437-3", "LA30194-7"),
        .. Of("food-insecurity", "93031-3", "LA30125-1"),
        .. Of("utility-insecurity", "93031-3", "LA30124-4"),
        .. Of("medical-cost-burden", "93031-3", "LA30128-5"),
        .. Of("material-hardship", "93031-3", "LA30126-9", "LA30127-7", "LA30129-3"),
        .. Of(Unspecified, "93031-3", "LA46-8"),
        .. Of("social-connection", "93029-7", "LA27722-0", "LA30130-1"),
        .. Of("stress", "93038-8", "LA13902-4", "LA13914-9"),
        .. Of("incarceration-status", "93028-9", "LA33-6"),
        .. Of(Unspecified, "93027-1", "LA33-6"),
        .. Of("employment-status", "93035-4", "LA33-6"),
        .. Of("veteran-status", "93034-7", "LA33-6"),
        // Here no is the need.
        .. Of(Unspecified, "93026-3", "LA32-8"),
        .. Of("intimate-partner-violence", "76501-6", "LA33-6"),
    ];

    /// <summary>What a need is as a problem, to be confirmed by the patient or somebody who treats them.</summary>
    public static readonly ImmutableDictionary<string, Finding> Findings = new Dictionary<string, Finding>
    {
        ["educational-attainment"] = new(Icd, "Z55.5", "Less than a high school education"),
        ["employment-status"] = new(null, null, "Need about work"),
        ["financial-insecurity"] = new(Sct, "454061000124102", "Income does not suffice"),
        ["food-insecurity"] = new(Sct, "733423003", "Food does not suffice"),
        ["health-insurance-coverage-status"] = new(Icd, "Z59.71", "Insurance for health care does not suffice"),
        ["homelessness"] = new(Sct, "32911000", "No home"),
        ["housing-instability"] = new(Sct, "1156191002", "The home may be lost"),
        ["inadequate-housing"] = new(Icd, "Z59.10", "The home is not fit to live in"),
        ["incarceration-status"] = new(null, null, "Need after time in jail"),
        ["intimate-partner-violence"] = new(null, null, "Violence by somebody near is suspected"),
        ["language-access"] = new(null, null, "Need about language"),
        ["material-hardship"] = new(Icd, "Z59.87", "What daily life needs cannot be paid"),
        ["medical-cost-burden"] = new(null, null, "Medicine or health care cannot be paid"),
        ["social-connection"] = new(Sct, "422650009", "Little company"),
        ["stress"] = new(Icd, "Z73.3", "Stress"),
        ["transportation-insecurity"] = new(Icd, "Z59.82", "No ride where one is needed"),
        ["utility-insecurity"] = new(Icd, "Z59.12", "Power, gas or water is not certain"),
        ["veteran-status"] = new(null, null, "Has served, and may use services for veterans"),
        [Unspecified] = new(null, null, "Another social need"),
    }.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>The needs that answers say, each domain once, in the order of the table.</summary>
    public static ImmutableArray<SocialNeed> Found(ResponseAnswers answers, AssessmentRules rules)
    {
        var found = Answers
            .Where(n => !rules.NoNeed.Contains($"{n.Item}/{n.Answer}") && answers.Has(n.Item, n.Answer))
            .Select(n => (n.Domain, n.Item))
            .ToList();
        if (IsPoor(answers, rules))
            found.Add(("financial-insecurity", Income));
        return
        [
            .. found
                .GroupBy(f => f.Domain, StringComparer.Ordinal)
                .Select(g => new SocialNeed(g.Key, [.. g.Select(f => f.Item).Distinct(StringComparer.Ordinal)])),
        ];
    }

    /// <summary>Below the poverty line of the rules, where income and household are both known.</summary>
    private static bool IsPoor(ResponseAnswers answers, AssessmentRules rules) =>
        answers.Number(Income) is { } income
        && answers.Number(Household) is >= 1 and <= 1000 and var people
        && income < (rules.PovertyFirst + (rules.PovertyFurther * (people - 1))) * rules.PovertyPercent / 100m;

    private static IEnumerable<NeedAnswer> Of(string domain, string item, params string[] answers) =>
        answers.Select(a => new NeedAnswer(item, a, domain));
}
