using System.Collections.Immutable;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Risk;

/// <summary>A group of diseases of the Charlson index, with the points that LACE gives it.</summary>
/// <param name="Icd10">How codes of ICD-10-CM begin that belong to it, without the dot.</param>
/// <param name="Snomed">Codes of SNOMED CT that belong to it: those that records often have, without their descendants.</param>
public sealed record CharlsonGroup(string Code, int Points, ImmutableArray<string> Icd10, ImmutableArray<string> Snomed)
{
    /// <summary>Having had it is enough.</summary>
    public bool CountsWhenOver { get; init; }

    /// <summary>The group that does not count beside this one, which is the worse form of the same.</summary>
    public string? Instead { get; init; }
}

/// <summary>
/// The groups as LACE weighs them. The ranges of ICD-10 are those of Quan and others, Med Care 2005;43(11):1130, for the codes that ICD-10-CM
/// has; that publication knows renal disease as one group, which is divided here by the stage of the kidney disease.
/// </summary>
public static class CharlsonGroups
{
    private const string Icd = "http://hl7.org/fhir/sid/icd-10-cm";
    private const string IcdInternational = "http://hl7.org/fhir/sid/icd-10";
    private const string Sct = "http://snomed.info/sct";

    public static readonly ImmutableArray<CharlsonGroup> All =
    [
        new("myocardial-infarction", 1, ["I21", "I22", "I252"], ["22298006", "399211009", "401303003", "401314000"])
        {
            CountsWhenOver = true,
        },
        new(
            "cerebrovascular-disease",
            1,
            ["G45", "G46", "H340", "I60", "I61", "I62", "I63", "I64", "I65", "I66", "I67", "I68", "I69", "Z8673"],
            ["230690007", "266257000", "62914000"]
        )
        {
            CountsWhenOver = true,
        },
        new(
            "peripheral-vascular-disease",
            1,
            ["I70", "I71", "I731", "I738", "I739", "I771", "I790", "I792", "K551", "K558", "K559", "Z958", "Z959"],
            ["399957001", "400047006", "233985008"]
        ),
        new("diabetes", 1, [.. Diabetes("0", "1", "6", "8", "9")], ["73211009", "44054006", "46635009"]),
        new(
            "heart-failure",
            2,
            ["I099", "I110", "I130", "I132", "I255", "I420", "I425", "I426", "I427", "I428", "I429", "I43", "I50"],
            ["84114007", "42343007", "88805009", "85232009"]
        ),
        new(
            "diabetes-with-organ-damage",
            2,
            [.. Diabetes("2", "3", "4", "5", "7")],
            ["127013003", "4855003", "422034002", "368581000119106", "90781000119102"]
        )
        {
            Instead = "diabetes",
        },
        new(
            "chronic-pulmonary-disease",
            2,
            ["I278", "I279", .. Range("J", 40, 47), .. Range("J", 60, 67), "J684", "J701", "J703"],
            ["13645005", "195967001", "87433001", "185086009"]
        ),
        new(
            "mild-liver-or-renal-disease",
            2,
            [
                "B18",
                "K700",
                "K701",
                "K702",
                "K703",
                "K709",
                "K713",
                "K714",
                "K715",
                "K717",
                "K73",
                "K74",
                "K760",
                "K762",
                "K763",
                "K764",
                "K768",
                "K769",
                "Z944",
                "N032",
                "N033",
                "N034",
                "N035",
                "N036",
                "N037",
                "N052",
                "N053",
                "N054",
                "N055",
                "N056",
                "N057",
                "N181",
                "N182",
                "N183",
                "N189",
            ],
            ["431855005", "431856006", "433144002", "709044004", "19943007", "128302006", "61977001"]
        ),
        new(
            "cancer",
            2,
            [
                .. Range("C", 0, 26),
                .. Range("C", 30, 34),
                .. Range("C", 37, 41),
                "C43",
                .. Range("C", 45, 58),
                .. Range("C", 60, 76),
                .. Range("C", 81, 85),
                "C88",
                .. Range("C", 90, 97),
            ],
            ["363346000", "254837009", "399068003", "363406005", "254637007", "118600007", "93143009"]
        ),
        new("dementia", 3, ["F01", "F02", "F03", "G30", "G311"], ["52448006", "26929004", "230265002", "429998004"]),
        new(
            "connective-tissue-disease",
            3,
            ["M05", "M06", "M315", "M32", "M33", "M34", "M351", "M353", "M360"],
            ["69896004", "55464009", "200936003"]
        ),
        new("aids", 4, ["B20", "B21", "B22", "B24"], ["62479008"]),
        new(
            "severe-liver-or-renal-disease",
            4,
            [
                "I850",
                "I851",
                "I864",
                "I982",
                "K704",
                "K711",
                "K721",
                "K729",
                "K765",
                "K766",
                "K767",
                "I120",
                "I1311",
                "I132",
                "N184",
                "N185",
                "N186",
                "Z490",
                "Z491",
                "Z492",
                "Z940",
                "Z992",
            ],
            ["431857002", "433146000", "46177005"]
        )
        {
            Instead = "mild-liver-or-renal-disease",
        },
        new("metastatic-cancer", 6, ["C77", "C78", "C79", "C80"], ["128462008"]) { Instead = "cancer" },
    ];

    /// <summary>The groups that a coding belongs to.</summary>
    public static IEnumerable<CharlsonGroup> Of(CodingView coding)
    {
        if (coding.Code is not { } code)
            return [];
        return coding.System switch
        {
            Sct => All.Where(g => g.Snomed.Contains(code)),
            Icd or IcdInternational => OfIcd(code.Replace(".", "", StringComparison.Ordinal).ToUpperInvariant()),
            _ => [],
        };
    }

    /// <summary>The Charlson points of a patient who has these: the worse form of a disease counts in the place of the other.</summary>
    public static int PointsOf(ImmutableHashSet<string> diseases, RiskRules rules)
    {
        var has = All.Where(g => diseases.Contains(g.Code)).ToArray();
        return has.Where(g => !has.Any(worse => worse.Instead == g.Code))
            .Sum(g => rules.CharlsonPoints.GetValueOrDefault(g.Code, g.Points));
    }

    private static IEnumerable<CharlsonGroup> OfIcd(string code) =>
        All.Where(g => g.Icd10.Any(prefix => code.StartsWith(prefix, StringComparison.Ordinal)));

    private static IEnumerable<string> Diabetes(params string[] kinds) =>
        from type in Range("E", 10, 14)
        from kind in kinds
        select type + kind;

    private static IEnumerable<string> Range(string letter, int first, int last) =>
        Enumerable.Range(first, last - first + 1).Select(n => $"{letter}{n:00}");
}
