using System.Text.Json;

namespace CareCoordination.Server.Tests.Published;

/// <summary>What a record says, as resources of the patient <c>~</c>. A code is its system, in short, and itself: <c>sct 38341003</c>.</summary>
internal static class Told
{
    public const string Diagnosed = "confirmed";

    private static readonly Dictionary<string, string> Systems = new(StringComparer.Ordinal)
    {
        ["sct"] = "http://snomed.info/sct",
        ["icd10"] = "http://hl7.org/fhir/sid/icd-10-cm",
        ["loinc"] = "http://loinc.org",
        ["cpt"] = "http://www.ama-assn.org/go/cpt",
        ["hcpcs"] = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
        ["rxnorm"] = "http://www.nlm.nih.gov/research/umls/rxnorm",
        ["task"] = "http://hl7.org/fhir/CodeSystem/task-code",
    };

    public static string Coded(string code) =>
        code.Split(' ') is [var system, var value]
            ? $$"""{"coding":[{"system":"{{Systems[system]}}","code":"{{value}}"}]}"""
            : throw new ArgumentException($"'{code}' is no code.", nameof(code));

    public static string Patient(string id, string born, string? died) =>
        $$"""{"resourceType":"Patient","id":"{{id}}","gender":"female","birthDate":"{{born}}"{{Maybe(
            "deceasedDateTime",
            died
        )}}}""";

    /// <param name="verified">confirmed, or nothing.</param>
    public static string Condition(string name, string code, string onset, string? verified = null) =>
        $$"""
            {"resourceType":"Condition","id":"~-{{name}}","subject":{"reference":"Patient/~"},"code":{{Coded(code)}},
             "clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},
             "onsetDateTime":"{{onset}}"{{(
                verified is null
                    ? ""
                    : $",\"verificationStatus\":{{\"coding\":[{{\"system\":\"http://terminology.hl7.org/CodeSystem/condition-ver-status\",\"code\":\"{verified}\"}}]}}"
            )}}}
            """;

    public static string Visit(
        string name,
        string kind,
        string start,
        string end,
        string @class = "AMB",
        string? leftTo = null
    ) =>
        $$"""
            {"resourceType":"Encounter","id":"~-{{name}}","status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"{{@class}}"},
             "type":[{{Coded(
                kind
            )}}],"subject":{"reference":"Patient/~"},"period":{"start":"{{start}}","end":"{{end}}"}{{(
                leftTo is null ? "" : $",\"hospitalization\":{{\"dischargeDisposition\":{Coded(leftTo)}}}"
            )}}}
            """;

    /// <param name="time">An instant, or two with a slash between them.</param>
    /// <param name="value">As JSON, with its name; null: there is none.</param>
    public static string Observation(
        string name,
        string code,
        string time,
        string? value,
        string status = "final",
        string? visit = null
    ) =>
        $$"""
            {"resourceType":"Observation","id":"~-{{name}}","status":"{{status}}","code":{{Coded(
                code
            )}},"subject":{"reference":"Patient/~"},
             {{Time("effective", time)}}{{(value is null ? "" : "," + value)}}{{(
                visit is null ? "" : $",\"encounter\":{{\"reference\":\"Encounter/~-{visit}\"}}"
            )}}}
            """;

    public static string Pressure(string name, string time, int systolic, int diastolic, string visit) =>
        Observation(
            name,
            "loinc 85354-9",
            time,
            $$"""
            "component":[{"code":{{Coded(
                "loinc 8480-6"
            )}},"valueQuantity":{"value":{{systolic}},"unit":"mmHg"} },{"code":{{Coded(
                "loinc 8462-4"
            )}},"valueQuantity":{"value":{{diastolic}},"unit":"mmHg"} }]
            """,
            visit: visit
        );

    public static string Value(string code) => $"\"valueCodeableConcept\":{Coded(code)}";

    public static string Percent(string value) =>
        $$"""
            "valueQuantity":{"value":{{value}},"unit":"%","system":"http://unitsofmeasure.org","code":"%"}
            """;

    public static string Score(int value) => $"\"valueInteger\":{value}";

    public static string Order(
        string name,
        string code,
        string authored,
        string status = "active",
        string intent = "order",
        bool isForbidden = false
    ) =>
        $$"""
            {"resourceType":"ServiceRequest","id":"~-{{name}}","status":"{{status}}","intent":"{{intent}}","code":{{Coded(
                code
            )}},
             "subject":{"reference":"Patient/~"},"authoredOn":"{{authored}}"{{(
                isForbidden ? ",\"doNotPerform\":true" : ""
            )}}}
            """;

    public static string Procedure(string name, string code, string time, string status = "completed") =>
        $$"""
            {"resourceType":"Procedure","id":"~-{{name}}","status":"{{status}}","code":{{Coded(
                code
            )}},"subject":{"reference":"Patient/~"},{{Time("performed", time)}} }
            """;

    public static string MedicineOrder(string name, string code, string authored, int days) =>
        $$"""
            {"resourceType":"MedicationRequest","id":"~-{{name}}","status":"active","intent":"order","doNotPerform":false,"medicationCodeableConcept":{{Coded(
                code
            )}},
             "subject":{"reference":"Patient/~"},"authoredOn":"{{authored}}","dispenseRequest":{"expectedSupplyDuration":{"value":{{days}},"system":"http://unitsofmeasure.org","code":"d"} } }
            """;

    public static string DeviceOrder(string name, string code, string authored) =>
        $$"""
            {"resourceType":"DeviceRequest","id":"~-{{name}}","status":"completed","intent":"order","codeCodeableConcept":{{Coded(
                code
            )}},
             "subject":{"reference":"Patient/~"},"authoredOn":"{{authored}}"}
            """;

    /// <summary>The task of a report, which says what it is or what it is for.</summary>
    public static string Report(
        string name,
        string? referral,
        string time,
        string status = "completed",
        string code = "loinc 11488-4",
        string? reason = null
    ) =>
        $$"""
            {"resourceType":"Task","id":"~-{{name}}","status":"{{status}}","intent":"order","for":{"reference":"Patient/~"},"code":{{Coded(
                code
            )}},
             "executionPeriod":{"start":"{{time.Split('/')[0]}}","end":"{{time.Split('/')[1]}}"}{{(
                referral is null ? "" : $",\"basedOn\":[{{\"reference\":\"ServiceRequest/~-{referral}\"}}]"
            )}}{{(reason is null ? "" : $",\"reasonCode\":{Coded(reason)}")}}}
            """;

    public static string Fill(string name, string code, string day, int days) =>
        $$"""
            {"resourceType":"MedicationDispense","id":"~-{{name}}","status":"completed","medicationCodeableConcept":{{Coded(
                code
            )}},
             "subject":{"reference":"Patient/~"},"whenHandedOver":"{{day}}","daysSupply":{"value":{{days}} } }
            """;

    private static string Time(string name, string time) =>
        time.Split('/') is [var start, var end]
            ? $$"""
                "{{name}}Period":{"start":"{{start}}","end":"{{end}}"}
                """
            : $"\"{name}DateTime\":\"{time}\"";

    private static string Maybe(string name, string? value) =>
        value is null ? "" : $",\"{name}\":{JsonSerializer.Serialize(value)}";
}
