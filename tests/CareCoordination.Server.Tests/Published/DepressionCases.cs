using static CareCoordination.Server.Tests.Published.Told;

namespace CareCoordination.Server.Tests.Published;

/// <summary>
/// CMS159, Depression Remission at Twelve Months: test cases of the measure, https://github.com/cqframework/ecqm-content-qicore-2024,
/// input/tests/measure/DepressionRemissionatTwelveMonthsFHIR.
/// </summary>
internal static class DepressionCases
{
    private const string Phq9 = "loinc 44261-6";
    private const string Depression = "icd10 F32.9";
    private const string Twelve = "2012-01-01";
    private const string February = "2024-02-25T14:35:00+00:00";
    private const string NextYear = "2025-02-19T14:30:00+00:00";

    public static readonly PublishedCase[] All =
    [
        Of("NUMERPopStrat1Pass DXandAssessmentsWithinMAP1", "2c7de2e3", "1/0/1", Twelve, Later(3)),
        Of("NUMERPopStrat1Fail SecondPHQ9OutofRange1", "01083d96", "1/0/0", Twelve, Later(300)),
        Of(
            "NUMERPopFailStrat2Pass FUAssessmentAfterMP",
            "b34e3afc",
            "1/0/0",
            "1987-01-01",
            Later(4, "2026-02-19T14:30:00+00:00")
        ),
        Of(
            "DENOMPopStrat2Pass SecondAssessmentStatusUnknown2",
            "0604cc6e",
            "1/0/0",
            "1945-01-01",
            Later(4, status: "unknown")
        ),
        // The index is five days older than the diagnosis, and than the visit at which there is one.
        At(
            "NUMERPopStrat1Pass AssessmentWithin7DaysofEncounter1",
            "f737aa8d",
            "1/0/1",
            Twelve,
            "2024-02-25T14:30:00+00:00/2024-02-25T14:50:00+00:00",
            First(10, "2024-02-20T14:35:00+00:00"),
            Condition("ill", Depression, February, Diagnosed),
            Later(3)
        ),
        At(
            "IPPPopStrat1Pass Patientis12",
            "8467758b",
            "1/0/0",
            "2012-06-24",
            "2024-06-25T14:30:00+00:00/2024-06-25T14:50:00+00:00",
            First(11, "2024-06-25T14:35:00+00:00"),
            Condition("ill", Depression, February, Diagnosed)
        ),
        At(
            "IPPPopStrat1Fail PtAge11",
            "8562be3a",
            "0/0/0",
            "2013-01-01",
            "2024-06-25T14:30:00+00:00/2024-06-25T14:50:00+00:00",
            First(11, "2024-06-25T14:35:00+00:00"),
            Condition("ill", Depression, February, Diagnosed),
            Later(3, "2025-04-19T14:30:00+00:00")
        ),
        At(
            "IPPPopStrat1Fail PHQ9Lessthan9Pop1",
            "3776140d",
            "0/0/0",
            "2009-01-01",
            "2024-02-25T14:30:00+00:00/2024-02-25T14:50:00+00:00",
            First(8, February),
            Condition("ill", Depression, "2023-02-25T14:35:00+00:00", Diagnosed),
            Visit("wellness", "hcpcs G0438", "2024-12-31T08:00:00+00:00", "2025-01-01T12:00:00+00:00"),
            Later(4)
        ),
        At(
            "IPPPopStrat2Fail EncounterBeforeStartofMajorDepression",
            "f9bc58d1",
            "0/0/0",
            "1987-06-04",
            "2012-02-05T14:30:00+00:00/2012-02-05T14:50:00+00:00",
            First(11, "2012-02-05T14:30:00+00:00"),
            Condition("ill", "sct 268621008", "2012-02-06T17:00:00+00:00"),
            Later(4, "2013-01-06T14:30:00+00:00")
        ),
        Died(
            "DENEXPopStrat2Pass PTExpiredDuringMeasureAssessPeriod2",
            "2fb854f8",
            "1/1/0",
            "1945-06-06",
            "2025-09-10T08:00:00.000Z"
        ),
        // Sixty days and twelve months after the index are not over on 1 January.
        Died(
            "DENEXPopStrat2Fail PtExpiredAfterMeasurementPeriod",
            "702deaa2",
            "1/0/0",
            "1980-06-06",
            "2026-01-01T08:00:00.000Z"
        ),
        Of(
            "DENEXPopStrat2Pass PersDisordDxMeasureAssessPeriod2",
            "16eff6ae",
            "1/1/0",
            "1955-01-01",
            Condition("also", "sct 191765005", February, Diagnosed),
            Visit("palliative", "sct 305284002", "2024-12-31T08:00:00+00:00", "2025-01-01T12:00:00+00:00", "HH"),
            Later(3)
        ),
        Of(
            "DENEXPopStrat2Fail HospAmbOrderWrittenDoNotPerform",
            "2b4c52e3",
            "1/0/0",
            "1983-01-01",
            Order("order", "sct 385763009", "2025-01-04T08:00:00.000+00:00", isForbidden: true)
        ),
    ];

    private static PublishedCase Of(string title, string place, string result, string born, params string[] told) =>
        At(
            title,
            place,
            result,
            born,
            "2024-02-25T14:30:00+00:00/2024-02-25T14:50:00+00:00",
            [First(10, February), Condition("ill", Depression, February, Diagnosed), .. told]
        );

    private static PublishedCase At(
        string title,
        string place,
        string result,
        string born,
        string visit,
        params string[] told
    ) =>
        new(
            title,
            place,
            2025,
            result,
            born,
            [Visit("visit", "cpt 90791", visit.Split('/')[0], visit.Split('/')[1]), .. told]
        );

    private static PublishedCase Died(string title, string place, string result, string born, string died) =>
        At(
            title,
            place,
            result,
            born,
            "2024-10-31T14:35:00+00:00/2024-10-31T14:45:00+00:00",
            First(10, "2024-10-31T14:35:00+00:00"),
            Condition("ill", "sct 191611001", "2022-10-22T14:35:00+00:00", Diagnosed)
        ) with
        {
            Died = died,
        };

    private static string First(int score, string time) => Observation("first", Phq9, time, Score(score));

    private static string Later(int score, string time = NextYear, string status = "final") =>
        Observation("later", Phq9, time, Score(score), status);
}
