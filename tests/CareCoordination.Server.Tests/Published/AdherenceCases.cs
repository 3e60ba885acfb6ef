using static CareCoordination.Server.Tests.Published.Told;

namespace CareCoordination.Server.Tests.Published;

/// <summary>
/// Proportion of days covered, by the rule of PQA: the patients of 2022 of https://github.com/joelmontavon/pdc-python (README, 279f052), whose
/// shares are published as 0.986, 0.989, 0.967, 0.740 and 0.986, each fill of ninety days.
/// </summary>
internal static class AdherenceCases
{
    private const string Lisinopril = "rxnorm 29046";
    private const string Losartan = "rxnorm 52175";

    /// <summary>With the share of days that is published, to three places.</summary>
    public static readonly (PublishedCase Case, double Share)[] All =
    [
        (Filled("one medicine", "1/0/1", "2021-01-01 a;2022-01-01 a;2022-03-25 a;2022-07-05 a;2022-09-25 a"), 0.986),
        (Filled("one after the other", "1/0/1", "2022-01-01 a;2022-03-25 b;2022-07-05 b;2022-09-25 b"), 0.967),
        (Filled("not adherent", "1/0/0", "2022-01-01 a;2022-03-25 a;2022-09-25 a"), 0.740),
        (Filled("combination", "1/0/1", "2022-01-01 a;2022-03-25 a;2022-07-05 a;2022-09-25 a"), 0.986),
        (Filled("two at once", "1/0/1", "2022-01-02 a;2022-03-25 a;2022-03-25 b;2022-07-05 b;2022-09-25 b"), 0.989),
    ];

    private static PublishedCase Filled(string title, string result, string fills) =>
        new(
            title,
            "README",
            2022,
            result,
            "1960-01-01",
            [
                .. fills
                    .Split(';')
                    .Select(
                        (fill, i) =>
                            Fill($"fill{i}", fill.EndsWith('a') ? Lisinopril : Losartan, fill.Split(' ')[0], 90)
                    ),
            ]
        );
}
