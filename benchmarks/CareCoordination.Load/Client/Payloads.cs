using System.Globalization;

namespace CareCoordination.Load.Client;

/// <summary>The resources that are written: small, like those of the load generator the published comparisons were made with.</summary>
internal static class Payloads
{
    private static readonly string[] Given =
    [
        "Anna",
        "Ben",
        "Chloe",
        "David",
        "Eva",
        "Femi",
        "Grace",
        "Hiro",
        "Ivan",
        "Jana",
    ];

    public const int Families = 100;

    /// <summary>One of the family names that the seeded patients share.</summary>
    public static string SeedFamily(int index) =>
        $"Seed{(char)('a' + (index % 26))}{(char)('a' + (index / 26 % 26))}family";

    public static string Patient(Random random, string family, string? id = null) =>
        $$$"""
            {"resourceType":"Patient",{{{(
                id is null ? "" : $"\"id\":\"{id}\","
            )}}}"active":true,"identifier":[{"system":"http://example.org/mrn","value":"{{{Uuid(
                random
            )}}}"}],"name":[{"use":"official","family":"{{{family}}}","given":["{{{Given[
                random.Next(Given.Length)
            ]}}}","Q"]}],"telecom":[{"system":"phone","value":"555-01{{{random.Next(
                10,
                100
            )}}}","use":"mobile"},{"system":"email","value":"p{{{random.Next()}}}@example.org"}],"gender":"{{{(
                random.Next(2) == 0 ? "male" : "female"
            )}}}","birthDate":"19{{{random.Next(40, 100)}}}-0{{{random.Next(1, 10)}}}-1{{{random.Next(
                10
            )}}}","address":[{"use":"home","line":["{{{random.Next(
                1000
            )}}} Main St"],"city":"Springfield","state":"IL","postalCode":"62704","country":"US"}]}
            """;

    public static string CarePlan(string patient, string status) =>
        $$$"""
            {"resourceType":"CarePlan","status":"{{{status}}}","intent":"plan","title":"Diabetes self-management","subject":{"reference":"{{{patient}}}"},"category":[{"coding":[{"system":"http://hl7.org/fhir/us/core/CodeSystem/careplan-category","code":"assess-plan"}]}],"period":{"start":"2026-01-01"},"created":"2026-01-01T10:00:00Z","description":"Weekly glucose review, diet and exercise coaching.","activity":[{"detail":{"kind":"ServiceRequest","status":"scheduled","code":{"coding":[{"system":"http://snomed.info/sct","code":"698360004","display":"Diabetes self management plan"}]},"description":"HbA1c every 3 months"}},{"detail":{"kind":"Task","status":"in-progress","code":{"text":"Coaching call"},"description":"Weekly call"}}]}
            """;

    public static string Task(string patient, string status) =>
        $$$"""
            {"resourceType":"Task","status":"{{{status}}}","intent":"order","priority":"routine","description":"Call the patient about the plan","code":{"text":"Outreach"},"for":{"reference":"{{{patient}}}"},"authoredOn":"2026-01-02T09:00:00Z"}
            """;

    public static string Condition(string patient) =>
        $$$"""
            {"resourceType":"Condition","subject":{"reference":"{{{patient}}}"},"clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},"verificationStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-ver-status","code":"confirmed"}]},"code":{"coding":[{"system":"http://snomed.info/sct","code":"44054006","display":"Type 2 diabetes mellitus"}]},"recordedDate":"2026-01-01"}
            """;

    public static string Observation(Random random, string patient) =>
        $$$"""
            {"resourceType":"Observation","status":"final","subject":{"reference":"{{{patient}}}"},"category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"4548-4","display":"Hemoglobin A1c"}]},"effectiveDateTime":"2026-01-01T08:00:00Z","valueQuantity":{"value":{{{random.Next(
                5,
                11
            )}}}.{{{random.Next(10)}}},"unit":"%","system":"http://unitsofmeasure.org","code":"%"}}
            """;

    /// <summary>
    /// A hospital tells of a discharge of somebody who is not known yet, with two diagnoses and three medications: about thirty resources are
    /// written, among them the plan of the days after it. It is told the day after: a discharge of long ago begins no plan.
    /// </summary>
    public static string Discharge(Random random)
    {
        var id = Uuid(random);
        var (start, end) = (Day(-5), Day(-1));
        string[] resources =
        [
            $$$"""{"resourceType":"MessageHeader","id":"{{{id}}}","eventCoding":{"system":"http://hl7.org/fhir/us/davinci-alerts/CodeSystem/notification-event","code":"notification-discharge"},"source":{"endpoint":"https://hospital.example/fhir"},"focus":[{"reference":"urn:uuid:{{{Part(id, 1)}}}"}]}""",
            $$$$"""{"resourceType":"Encounter","identifier":[{"system":"http://example.org/visit","value":"{{{{id}}}}"}],"status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IMP"},"priority":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActPriority","code":"EM"}]},"subject":{"reference":"urn:uuid:{{{{Part(id, 2)}}}}"},"period":{"start":"{{{{start}}}}T08:00:00Z","end":"{{{{end}}}}T16:00:00Z"},"hospitalization":{"dischargeDisposition":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/discharge-disposition","code":"home"}]}}}""",
            Patient(random, $"Load{random.Next()}"),
            Diagnosis(id, "I50.9"),
            Diagnosis(id, "E11.9"),
            Medication(id, "furosemide 40 mg"),
            Medication(id, "metformin 500 mg"),
            Medication(id, "lisinopril 10 mg"),
        ];
        var entries = resources.Select((r, i) => $$"""{"fullUrl":"urn:uuid:{{Part(id, i)}}","resource":{{r}}}""");
        return $$"""{"resourceType":"Bundle","id":"{{id}}","type":"message","timestamp":"{{end}}T16:05:00Z","entry":[{{string.Join(',', entries)}}]}""";
    }

    private static string Day(int fromToday) =>
        TimeProvider.System.GetUtcNow().AddDays(fromToday).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Diagnosis(string id, string code) =>
        $$$"""{"resourceType":"Condition","clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"{{{code}}}"}]},"subject":{"reference":"urn:uuid:{{{Part(id, 2)}}}"},"encounter":{"reference":"urn:uuid:{{{Part(id, 1)}}}"}}""";

    private static string Medication(string id, string drug) =>
        $$$"""{"resourceType":"MedicationRequest","status":"active","intent":"order","medicationCodeableConcept":{"text":"{{{drug}}}"},"subject":{"reference":"urn:uuid:{{{Part(id, 2)}}}"},"encounter":{"reference":"urn:uuid:{{{Part(id, 1)}}}"},"dosageInstruction":[{"text":"once a day"}]}""";

    private static string Part(string id, int number) => $"{id[..^1]}{number}";

    private static string Goal(string patient) =>
        $$$"""
            {"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"HbA1c below 7%"},"subject":{"reference":"{{{patient}}}"},"startDate":"2026-01-01"}
            """;

    private static string Encounter(string patient) =>
        $$$"""
            {"resourceType":"Encounter","status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},"subject":{"reference":"{{{patient}}}"},"period":{"start":"2026-01-01T09:00:00Z","end":"2026-01-01T09:30:00Z"}}
            """;

    private static string CareTeam(string patient) =>
        $$$"""
            {"resourceType":"CareTeam","status":"active","name":"Diabetes team","subject":{"reference":"{{{patient}}}"},"participant":[{"role":[{"text":"Coordinator"}],"member":{"reference":"{{{patient}}}"}}]}
            """;

    /// <summary>20 entries: Patient, CareTeam, CarePlan, Encounter, 2 Goal, 4 Condition, 5 Observation, 5 Task.</summary>
    public static string Transaction(Random random)
    {
        var patient = $"urn:uuid:{Uuid(random)}";
        List<(string Type, string Json)> resources =
        [
            ("CareTeam", CareTeam(patient)),
            ("CarePlan", CarePlan(patient, "active")),
            ("Encounter", Encounter(patient)),
            ("Goal", Goal(patient)),
            ("Goal", Goal(patient)),
        ];
        for (var i = 0; i < 4; i++)
            resources.Add(("Condition", Condition(patient)));
        for (var i = 0; i < 5; i++)
        {
            resources.Add(("Observation", Observation(random, patient)));
            resources.Add(("Task", Task(patient, "accepted")));
        }

        var entries = resources.Select(r => Entry($"urn:uuid:{Uuid(random)}", r.Type, r.Json));
        return $$$"""
            {"resourceType":"Bundle","type":"transaction","entry":[{{{Entry(
                patient,
                "Patient",
                Patient(random, $"Bundle{random.Next()}")
            )}}},{{{string.Join(',', entries)}}}]}
            """;
    }

    private static string Entry(string fullUrl, string type, string json) =>
        $$$"""
            {"fullUrl":"{{{fullUrl}}}","resource":{{{json}}},"request":{"method":"POST","url":"{{{type}}}"}}
            """;

    private static string Uuid(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
