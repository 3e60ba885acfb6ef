using System.Text.Json.Nodes;
using static CareCoordination.SampleData.Vocabulary;

namespace CareCoordination.SampleData;

/// <summary>Conditions, encounters and what was measured at them.</summary>
internal static class ClinicalHistory
{
    public static void Write(PatientRecord record)
    {
        foreach (var programme in record.Programmes)
            record.Conditions.Add(AddCondition(record, programme));
        if (record.Random.Chance(30))
            AddHospitalStay(record);
        var visits = record.Random.Between(2, 4);
        for (var visit = visits; visit > 0; visit--)
            AddVisit(record, record.AsOf.AddDays(-(visit * 60) + record.Random.Between(0, 40)));
    }

    private static string AddCondition(PatientRecord record, Programme programme)
    {
        var since = record.AsOf.AddDays(-record.Random.Between(200, 4000));
        return record.Add(
            "Condition",
            new JsonObject
            {
                ["clinicalStatus"] = ConditionActive.Bare(),
                ["verificationStatus"] = ConditionConfirmed.Bare(),
                ["category"] = Json.Array(ProblemListItem.Bare()),
                ["code"] = programme.Condition.ToJson(),
                ["subject"] = record.ToPatient(),
                ["onsetDateTime"] = since.Iso(),
                ["recordedDate"] = since.AddDays(record.Random.Between(0, 30)).Iso(),
                ["recorder"] = record.To(record.Site.Physician),
            }
        );
    }

    private static void AddHospitalStay(PatientRecord record)
    {
        var admitted = record.AsOf.AddDays(-record.Random.Between(20, 300));
        record.Add(
            "Encounter",
            new JsonObject
            {
                ["status"] = "finished",
                ["class"] = Inpatient.Coding(),
                ["type"] = Json.Array(HospitalAdmission.ToJson()),
                ["subject"] = record.ToPatient(),
                ["period"] = Json.Period(admitted.At(7, 30), admitted.AddDays(record.Random.Between(1, 9)).At(14)),
                ["reasonReference"] = Json.Array(record.To("Condition", record.Conditions[0])),
                ["hospitalization"] = new JsonObject
                {
                    ["dischargeDisposition"] = new Concept(Hl7 + "discharge-disposition", "home", "Home").Bare(),
                },
                ["serviceProvider"] = record.To(record.Network.Hospital),
            }
        );
    }

    private static void AddVisit(PatientRecord record, DateOnly day)
    {
        var hour = record.Random.Between(8, 16);
        var encounter = record.Add(
            "Encounter",
            new JsonObject
            {
                ["status"] = "finished",
                ["class"] = Ambulatory.Coding(),
                ["type"] = Json.Array(FollowUpVisit.ToJson()),
                ["subject"] = record.ToPatient(),
                ["participant"] = Json.Array(new JsonObject { ["individual"] = record.To(record.Site.Physician) }),
                ["period"] = Json.Period(day.At(hour), day.At(hour, 30)),
                ["serviceProvider"] = record.To(record.Site.Clinic),
            }
        );
        var at = day.At(hour, 10);
        AddBloodPressure(record, encounter, at);
        AddMeasurement(record, Programmes.Weight, encounter, at);
        AddMeasurement(record, Programmes.Pulse, encounter, at);
        foreach (var programme in record.Programmes)
        {
            if (programme.Followed.Code is var code && code != BodyWeight && code != HeartRate)
                AddMeasurement(record, programme.Followed, encounter, at);
        }
    }

    private static void AddMeasurement(PatientRecord record, Measure measure, string encounter, string at)
    {
        var observation = Observation(record, measure.Code, measure.Category, encounter, at);
        observation["valueQuantity"] = Json.Quantity(measure.Draw(record.Random), measure.Unit, measure.Ucum);
        record.Add("Observation", observation);
    }

    private static void AddBloodPressure(PatientRecord record, string encounter, string at)
    {
        var systolic = record.Random.Between(104, 178);
        var observation = Observation(record, BloodPressure, VitalSigns, encounter, at);
        observation["component"] = Json.Array(
            new JsonObject
            {
                ["code"] = Systolic.ToJson(),
                ["valueQuantity"] = Json.Quantity(systolic, "mmHg", "mm[Hg]"),
            },
            new JsonObject
            {
                ["code"] = Diastolic.ToJson(),
                ["valueQuantity"] = Json.Quantity(systolic - record.Random.Between(30, 60), "mmHg", "mm[Hg]"),
            }
        );
        record.Add("Observation", observation);
    }

    private static JsonObject Observation(
        PatientRecord record,
        Concept code,
        Concept category,
        string encounter,
        string at
    ) =>
        new()
        {
            ["status"] = "final",
            ["category"] = Json.Array(category.Bare()),
            ["code"] = code.ToJson(),
            ["subject"] = record.ToPatient(),
            ["encounter"] = record.To("Encounter", encounter),
            ["effectiveDateTime"] = at,
            ["issued"] = at,
            ["performer"] = Json.Array(record.To(record.Site.Nurse)),
        };
}
