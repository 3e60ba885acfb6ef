using static CareCoordination.Server.Tests.Published.Told;

namespace CareCoordination.Server.Tests.Published;

/// <summary>
/// CMS165, Controlling High Blood Pressure: test cases of the measure, https://github.com/cqframework/ecqm-content-qicore-2024,
/// input/tests/measure/ControllingHighBloodPressureFHIR (of 2025), and https://github.com/cqframework/ecqm-content-qicore-2025,
/// input/tests/measure/CMS165FHIRControllingHighBloodPressure (of 2026). A series DENEXPass is in the exclusions, DENEXFail is not. Where the patient of a case is not stored apart, the birth date is
/// that of the other cases of its kind.
/// </summary>
internal static class BloodPressureCases
{
    private const string Adult = "2006-12-31";
    private const string Old = "1958-12-31";
    private const string Wheelchair = "sct 183240000";
    private const string Rivastigmine = "rxnorm 312836";
    private const string Hospice = "sct 385763009";
    private const string FullHospiceCare = "sct 170935008";

    public static readonly PublishedCase[] All =
    [
        new("IPPass HypertensionDuringFirst6Months", "4d50f3eb", 2025, "1/0/0", Adult, Ill("2025-06-30T23:59:59.000Z")),
        new(
            "IPFail HypertensionOnsetsAfterFirst6Months",
            "642ef7f9",
            2025,
            "0/0/0",
            Adult,
            Ill("2025-07-01T00:00:00.000Z")
        ),
        Read("NUMERPass SBP139DBP89DuringMP", "f2d1fd7e", "1/0/1", "2025-01-02T00:00:00.000Z", 139, "AMB"),
        Read("NUMERPass SBP139DBP89StartOfMP", "6f37e357", "1/0/1", "2025-01-01T00:00:00.000Z", 139, "AMB"),
        Read("NUMERFail SBP140DBP89DuringMP", "bff7264b", "1/0/0", "2025-01-01T00:00:00.000Z", 140, "AMB"),
        Read("NUMERFail SBP139DBP89TakenDuringEMER", "6885264d", "1/0/0", "2025-01-01T00:00:00.000Z", 139, "EMER"),
        Of(
            "DENEXPass ChronicKidneyDiseaseStage5DuringMP",
            "0b9cb569",
            "1/1/0",
            Also("icd10 N18.5", "2025-06-30T23:59:59.000Z")
        ),
        Of("DENEXPass PregnancyDuringMP", "398e8703", "1/1/0", Also("sct 10231000132102", "2025-06-30T23:59:59.000Z")),
        Of("DENEXFail PregnancyAfterMP", "23004f44", "1/0/0", Also("sct 10231000132102", "2026-01-01T00:00:00.000Z")),
        Of(
            "DENEXPass KidneyTransplantProcedureDuringMP",
            "7de4b027",
            "1/1/0",
            Procedure("done", "sct 70536003", "2025-12-30T00:00:00.000Z/2025-12-30T23:59:59.000Z")
        ),
        Of(
            "DENEXPass DialysisServiceDuringMP",
            "4ade2900",
            "1/1/0",
            Procedure("done", "sct 108241001", "2025-12-30T00:00:00.000Z/2025-12-30T23:59:59.000Z")
        ),
        Of(
            "DENEXPass ESRDEncDuringMP",
            "78fc0433",
            "1/1/0",
            Visit("dialysis", "cpt 90999", "2025-01-01T00:00:00.000Z", "2025-01-01T01:00:00.000Z")
        ),
        Of(
            "DENEXPass HospiceDischargeToFacilityDuringMP",
            "29d930b1",
            "1/1/0",
            Visit(
                "stay",
                "sct 32485007",
                "2024-12-31T23:59:59.000Z",
                "2025-01-01T01:00:00.000Z",
                leftTo: "sct 428371000124100"
            )
        ),
        Of(
            "DENEXPass HospiceEncOverlapsMP",
            "d6be5093",
            "1/1/0",
            Visit("stay", "sct 183921001", "2024-12-31T23:59:59.000Z", "2025-01-01T01:00:00.000Z")
        ),
        Of(
            "IPFail HospiceEncEndsB4MP",
            "8e477157",
            "1/0/0",
            Visit("stay", "sct 183921001", "2024-12-31T21:59:59.000Z", "2024-12-31T23:59:59.000Z")
        ),
        Of(
            "DENEXPass HospiceProcedureStartsDuringMP",
            "0e867903",
            "1/1/0",
            Procedure("done", Hospice, "2025-12-31T00:00:00.000Z/2025-12-31T23:59:59.000Z")
        ),
        Of(
            "DENEXPass HospiceServiceRequestDuringMP",
            "e56c60ca",
            "1/1/0",
            Order("order", Hospice, "2025-01-02T00:00:00.000Z", "completed")
        ),
        Of(
            "DENEXFail HospiceServiceRequestDraft",
            "94d2a25e",
            "1/0/0",
            Order("order", Hospice, "2025-01-02T00:00:00.000Z", "draft")
        ),
        Of(
            "DENEXPass HospiceObsValueIsYes",
            "352a05d3",
            "1/1/0",
            Observation(
                "asked",
                "loinc 45755-6",
                "2024-12-31T00:00:00.000Z/2025-01-01T00:00:00.000Z",
                Value("sct 373066001")
            )
        ),
        Of(
            "DENEXFail HospiceDiagnosisStartsAfterMP",
            "e94daaa3",
            "1/0/0",
            Also(FullHospiceCare, "2026-01-01T00:00:00.000Z")
        ),
        Of(
            "DENEXPass PalliativeCareSurveyOverlapsAfterMP",
            "cdfb5385",
            "1/1/0",
            Observation(
                "asked",
                "loinc 71007-9",
                "2025-12-31T00:00:00.000Z/2026-01-01T00:00:00.000Z",
                Value("sct 373066001")
            )
        ),
        Of(
            "DENEXFail PalliativeCareSurveyStatusNotFinal",
            "43efb820",
            "1/0/0",
            Observation(
                "asked",
                "loinc 71007-9",
                "2024-12-31T00:00:00.000Z/2025-01-01T01:00:00.000Z",
                Value("sct 373066001"),
                "entered-in-error"
            )
        ),
        Of(
            "DENEXPass PalliativeCareEncounterDuringMP",
            "4b31dc2b",
            "1/1/0",
            Visit("seen", "sct 305824005", "2025-01-01T00:00:00.000Z", "2025-01-01T01:00:00.000Z")
        ),
        Of(
            "DENEXPass PalliativeCareInterventionDuringMP",
            "926b705a",
            "1/1/0",
            Procedure("done", "sct 395694002", "2025-12-31T00:00:00.000Z/2025-12-31T23:59:59.000Z")
        ),
        Aged("DENEXPass LivingInNursingHome", "f9bf76c5", "1/1/0", Old, Housed("sct 160734000")),
        Aged("DENEXFail LastHousingStatusNotNursingHome", "b378c30b", "1/0/0", Old, Housed("sct 160943002")),
        Aged(
            "DENEXPass Age81FrailtyOnly",
            "f5b461d7",
            "1/1/0",
            "1944-12-31",
            DeviceOrder("device", Wheelchair, "2025-11-01T23:59:00.000Z")
        ),
        Aged(
            "DENEXFail Age80FrailtyOnly",
            "6d97c086",
            "1/0/0",
            "1945-12-31",
            DeviceOrder("device", Wheelchair, "2025-11-01T23:59:00.000Z")
        ),
        Aged(
            "DENEXPass DementiaStartsDuringMP",
            "1905549a",
            "1/1/0",
            Old,
            DeviceOrder("device", Wheelchair, "2025-11-01T23:59:00.000Z"),
            MedicineOrder("medicine", Rivastigmine, "2025-12-30T00:00:00.000Z", 90)
        ),
        Aged(
            "DENEXFail DementiaStartsAfterMP",
            "75d880c8",
            "1/0/0",
            Old,
            DeviceOrder("device", Wheelchair, "2025-11-01T23:59:00.000Z"),
            MedicineOrder("medicine", Rivastigmine, "2026-01-01T00:00:00.000Z", 90)
        ),
        Aged(
            "DENEXPass FrailtyDeviceUsed",
            "474b2964",
            "1/1/0",
            Old,
            Demented,
            Observation(
                "used",
                "loinc 98181-1",
                "2025-01-01T00:00:00.000Z/2025-01-01T01:00:00.000Z",
                Value("sct 262177002")
            )
        ),
        Aged(
            "DENEXPass FrailtySymptomOverlapsMP",
            "686e2c47",
            "1/1/0",
            Old,
            Demented,
            Observation("walks", "icd10 R26.89", "2025-01-01T00:00:00.000Z/2025-01-02T00:00:00.000Z", null)
        ),
        Aged(
            "DENEXPass FrailtyEncOverlapsMP",
            "9f063f76",
            "1/1/0",
            Old,
            Demented,
            Visit("helped", "cpt 99509", "2025-01-01T00:00:00.000Z", "2025-01-02T00:00:00.000Z")
        ),
        Aged(
            "DENEXPass FrailtyDxOverlapsMP",
            "5421e420",
            "1/1/0",
            Old,
            Demented,
            Also("sct 217083007", "2025-06-30T23:59:59.000Z")
        ),
        Dementia("DENEXPass AdvIllnessDxWithin2Yrs", "481692c7", "1/1/0", "2025-01-01T00:00:00.000+00:00"),
        Dementia("DENEXFail AdvIllnessDxBefore2Yrs", "598f05e7", "1/0/0", "2024-12-31T23:59:59.000+00:00"),
    ];

    private static string Demented => MedicineOrder("medicine", Rivastigmine, "2025-01-01T00:00:00.000Z", 90);

    private static PublishedCase Of(string title, string place, string result, params string[] told) =>
        Aged(title, place, result, Adult, told);

    private static PublishedCase Aged(string title, string place, string result, string born, params string[] told) =>
        new(title, place, 2025, result, born, [Office(2025), Ill("2025-06-30T23:59:59.000Z"), .. told]);

    /// <summary>A diastolic pressure of 89 of a visit.</summary>
    private static PublishedCase Read(
        string title,
        string place,
        string result,
        string time,
        int systolic,
        string @class
    ) =>
        Of(
            title,
            place,
            result,
            Visit("where", "sct 4525004", "2025-01-01T00:00:00.000Z", "2025-01-01T01:00:00.000Z", @class),
            Pressure("pressure", time, systolic, 89, "where")
        );

    private static PublishedCase Dementia(string title, string place, string result, string onset) =>
        new(
            title,
            place,
            2026,
            result,
            "1959-12-31",
            Office(2026),
            Ill("2026-06-30T23:59:59.000+00:00"),
            Also("sct 101421000119107", onset),
            Visit("stay", "sct 183450002", "2026-05-01T00:00:00.000+00:00", "2026-05-01T01:00:00.000+00:00"),
            DeviceOrder("device", Wheelchair, "2026-11-01T23:59:00.000+00:00")
        );

    private static string Ill(string onset) => Condition("ill", "sct 371125006", onset);

    private static string Also(string code, string onset) => Condition("also", code, onset);

    private static string Office(int year) =>
        Visit("office", "sct 3391000175108", $"{year}-01-01T00:00:00.000Z", $"{year}-01-01T01:00:00.000Z");

    private static string Housed(string where) =>
        Observation("housed", "loinc 71802-3", "2024-12-31T00:00:00.000Z/2025-01-01T00:00:00.000Z", Value(where));
}
