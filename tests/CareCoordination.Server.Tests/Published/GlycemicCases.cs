using static CareCoordination.Server.Tests.Published.Told;

namespace CareCoordination.Server.Tests.Published;

/// <summary>
/// CMS122, Diabetes: Glycemic Status Assessment Greater Than 9%: test cases of the measure,
/// https://github.com/cqframework/ecqm-content-cms-2025, input/tests/measure/CMS122FHIRDiabetesAssessGreaterThan9Percent.
/// </summary>
internal static class GlycemicCases
{
    private const string Adult = "2008-01-01";
    private const string Dementia = "sct 101421000119107";
    private const string NoVisit = "A visit is not asked for";

    public static readonly PublishedCase[] All =
    [
        Of("IPPass PatientAge75", "090ad2fc", "1/0/1", "1951-01-01"),
        Of("IPFail PatientAge76", "1fa14a28", "0/0/0", "1950-01-01"),
        Of("IPFail PatientAge17", "ad9a8d0c", "0/0/0", "2009-01-01"),
        new(
            "IPFail NoQualifyingEnc",
            "6d3523ab",
            2026,
            "0/0/0",
            "2007-01-01",
            Condition("ill", "sct 102781000119107", "2026-01-01T23:59:00.000+00:00")
        )
        {
            Ours = "1/0/1",
            Because = NoVisit,
        },
        Of(
            "NUMPass HbA1cGreaterThan9",
            "8956ebb5",
            "1/0/1",
            "2006-01-01",
            Observation(
                "test",
                "loinc 17855-8",
                "2026-01-02T00:00:00Z/2026-01-03T00:00:00Z",
                Percent("9.1"),
                "corrected"
            )
        ),
        // A result, and no number: it is not over nine, and not missing.
        Of(
            "NUMFail HbA1cLessThan9",
            "5ed37c9e",
            "1/0/0",
            Adult,
            Observation(
                "test",
                "loinc 17855-8",
                "2025-12-31T00:00:00.000+00:00/2026-01-01T00:00:00.000+00:00",
                Value("sct 373066001"),
                "corrected"
            )
        ),
        Of(
            "NUMPass LabA1cNullResultInMP",
            "21695544",
            "1/0/1",
            Adult,
            Observation("test", "loinc 17855-8", "2026-01-02T00:00:00Z/2026-01-03T00:00:00Z", null, "corrected")
        ),
        Of(
            "NUMPass GMILabTest",
            "9da62d36",
            "1/0/1",
            "2006-01-01",
            Observation(
                "test",
                "loinc 97506-0",
                "2026-01-02T00:00:00Z/2026-01-03T00:00:00Z",
                Percent("9.1"),
                "corrected"
            )
        ),
        Of(
            "DENEXFail HospiceEncB4MP",
            "a7332447",
            "1/0/1",
            Adult,
            Visit("stay", "sct 305336008", "2025-12-31T23:59:00.000+00:00", "2025-12-31T23:59:00.000+00:00")
        ),
        Of(
            "DENEXPass HospiceDiscDurMP",
            "b6a4b9f8",
            "1/1/0",
            "2007-01-01",
            Visit(
                "stay",
                "sct 32485007",
                "2025-12-31T23:59:59.000+00:00",
                "2026-01-01T01:00:00.000+00:00",
                leftTo: "sct 428371000124100"
            )
        ),
        Of(
            "DENEXPass HospiceCondOverlapsMP",
            "6d9426d1",
            "1/1/0",
            "2007-01-01",
            Condition("also", "sct 170935008", "2026-12-31T23:59:59.000+00:00")
        ),
        Of(
            "DENEXPass LivingInNursingHome",
            "12ccd41a",
            "1/1/0",
            "1959-12-31",
            Observation("housed", "loinc 71802-3", "2025-12-31T00:00:00Z/2026-01-01T00:00:00Z", Value("sct 160734000"))
        ),
        Of(
            "DENEXPass OneInpatientVisitDuringMP",
            "85b60f52",
            "1/1/0",
            "1959-12-31",
            Condition("also", Dementia, "2025-12-31T23:59:59.000+00:00"),
            Visit("stay", "sct 183450002", "2026-05-01T00:00:00.000+00:00", "2026-05-01T01:00:00.000+00:00"),
            Wheelchair
        ),
        Of(
            "DENEXPass TwoOutpatientVisitsDifferentDays",
            "ac4d7076",
            "1/1/0",
            "1957-12-31",
            Condition("also", Dementia, "2025-12-31T23:59:59.000+00:00"),
            Visit("first", "sct 4525004", "2025-12-31T00:00:00.000+00:00", "2026-01-01T01:00:00.000+00:00"),
            Visit("second", "sct 4525004", "2026-05-01T00:00:00.000+00:00", "2026-05-01T01:00:00.000+00:00"),
            Wheelchair
        ),
        Of(
            "DENEXFail AdvIllnessDxWithin2YrsNoFrailty",
            "511548fc",
            "1/0/1",
            "1952-12-31",
            Condition("also", Dementia, "2025-01-01T00:00:00Z")
        ),
        Of(
            "DENEXPass FrailtyDxOverlapsMP",
            "e61be907",
            "1/1/0",
            "1957-12-31",
            MedicineOrder("medicine", "rxnorm 312836", "2026-12-30T00:00:00.000+00:00", 90),
            Condition("also", "sct 217083007", "2026-06-30T23:59:59.000+00:00")
        ),
    ];

    private static string Wheelchair => DeviceOrder("device", "sct 183240000", "2026-11-01T23:59:00.000+00:00");

    private static PublishedCase Of(string title, string place, string result, string born, params string[] told) =>
        new(
            title,
            place,
            2026,
            result,
            born,
            [
                Visit("office", "sct 185460008", "2026-01-01T00:00:00.000+00:00", "2026-01-01T00:15:00.000+00:00"),
                Condition("ill", "sct 102781000119107", "2026-01-01T23:59:00.000+00:00"),
                .. told,
            ]
        );
}
