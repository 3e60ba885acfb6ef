namespace CareCoordination.Analytics.Tests;

/// <summary>Resources for tests, with what a test is about and no more.</summary>
internal static class Care
{
    public static string Patient(string id, string born = "1950-06-15", string gender = "female", string more = "") =>
        $$"""{"resourceType":"Patient","id":"{{id}}","birthDate":"{{born}}","gender":"{{gender}}"{{more}}}""";

    public static string Referral(
        string id,
        string patient,
        string authored,
        string status = "active",
        string more = ""
    ) =>
        $$"""{"resourceType":"ServiceRequest","id":"{{id}}","status":"{{status}}","intent":"order","subject":{"reference":"Patient/{{patient}}"},"authoredOn":"{{authored}}","code":{"text":"see"}{{more}}}""";

    public static string Task(string id, string patient, string status, string more = "") =>
        $$"""{"resourceType":"Task","id":"{{id}}","status":"{{status}}","intent":"order","for":{"reference":"Patient/{{patient}}"}{{more}}}""";

    /// <summary>The task of a referral that has come back.</summary>
    public static string Closed(string id, string patient, string referral, string end, string more = "") =>
        Task(
            id,
            patient,
            "completed",
            $$""","basedOn":[{"reference":"ServiceRequest/{{referral}}"}],"focus":{"reference":"ServiceRequest/{{referral}}"},"executionPeriod":{"end":"{{end}}"},"output":[{"type":{"text":"report"},"valueReference":{"reference":"DocumentReference/1"} }]{{more}}"""
        );

    public static string Goal(
        string id,
        string patient,
        string lifecycle,
        string? achievement,
        string due,
        string? statusDate = null
    ) =>
        $$"""
            {"resourceType":"Goal","id":"{{id}}","lifecycleStatus":"{{lifecycle}}","subject":{"reference":"Patient/{{patient}}"},"description":{"text":"walk"},
             "target":[{"dueDate":"{{due}}"}]{{(
                achievement is null
                    ? ""
                    : $",\"achievementStatus\":{{\"coding\":[{{\"system\":\"http://terminology.hl7.org/CodeSystem/goal-achievement\",\"code\":\"{achievement}\"}}]}}"
            )}}{{(statusDate is null ? "" : $",\"statusDate\":\"{statusDate}\"")}}}
            """;

    public static string Stay(
        string id,
        string patient,
        string @class,
        string start,
        string? end,
        string status = "finished",
        string more = ""
    ) =>
        $$"""{"resourceType":"Encounter","id":"{{id}}","status":"{{status}}","class":{"code":"{{@class}}"},"subject":{"reference":"Patient/{{patient}}"},"period":{"start":"{{start}}"{{(
            end is null ? "" : $",\"end\":\"{end}\""
        )}}}{{more}}}""";

    /// <summary>Where a stay ended, for <see cref="Stay"/>.</summary>
    public static string Disposition(string code) =>
        $$$""","hospitalization":{"dischargeDisposition":{"coding":[{"code":"{{{code}}}"}]}}""";

    public static string Kind(string system, string code) =>
        $$""","type":[{"coding":[{"system":"{{system}}","code":"{{code}}"}]}]""";

    public static string Condition(
        string id,
        string patient,
        string code,
        string? onset,
        string more = "",
        string system = Icd
    ) =>
        $$"""{"resourceType":"Condition","id":"{{id}}","subject":{"reference":"Patient/{{patient}}"},"code":{"coding":[{"system":"{{system}}","code":"{{code}}"}]}{{(
            onset is null ? "" : $",\"onsetDateTime\":\"{onset}\""
        )}}{{more}}}""";

    public static string Observation(
        string id,
        string patient,
        string code,
        string day,
        decimal? value,
        string status = "final",
        string more = ""
    ) =>
        $$"""{"resourceType":"Observation","id":"{{id}}","status":"{{status}}","code":{"coding":[{"system":"http://loinc.org","code":"{{code}}"}]},"subject":{"reference":"Patient/{{patient}}"},"effectiveDateTime":"{{day}}"{{(
            value is { } number
                ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $",\"valueQuantity\":{{\"value\":{number}}}")
                : ""
        )}}{{more}}}""";

    public static string Pressure(
        string id,
        string patient,
        string day,
        int systolic,
        int diastolic,
        string status = "final",
        string more = ""
    ) =>
        Observation(
            id,
            patient,
            "85354-9",
            day,
            null,
            status,
            $$""","component":[{"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":{{systolic}} } },{"code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},"valueQuantity":{"value":{{diastolic}} } }]{{more}}"""
        );

    public static string Fill(
        string id,
        string patient,
        string day,
        int supply,
        string code = "29046",
        string status = "completed",
        string system = "http://www.nlm.nih.gov/research/umls/rxnorm"
    ) =>
        $$"""{"resourceType":"MedicationDispense","id":"{{id}}","status":"{{status}}","subject":{"reference":"Patient/{{patient}}"},"medicationCodeableConcept":{"coding":[{"system":"{{system}}","code":"{{code}}"}]},"whenHandedOver":"{{day}}","daysSupply":{"value":{{supply}} } }""";

    public static string Plan(string id, string patient, string start, string status = "active", string more = "") =>
        $$"""{"resourceType":"CarePlan","id":"{{id}}","status":"{{status}}","intent":"plan","subject":{"reference":"Patient/{{patient}}"},"period":{"start":"{{start}}"}{{more}}}""";

    /// <summary>The plan after a discharge, as this server makes it.</summary>
    public static string Transition(string id, string patient, string stay, string start, string status = "active") =>
        Plan(
            id,
            patient,
            start,
            status,
            $$""","encounter":{"reference":"Encounter/{{stay}}"},"category":[{"coding":[{"system":"https://carecoordination.example/fhir/CodeSystem/transition-plan","code":"transitional-care"}]}]"""
        );

    public static string Episode(
        string id,
        string patient,
        string start,
        string? end = null,
        string status = "active",
        string manager = "m",
        string? organization = null
    ) =>
        $$"""{"resourceType":"EpisodeOfCare","id":"{{id}}","status":"{{status}}","patient":{"reference":"Patient/{{patient}}"},{{(
            organization is null ? "" : $"\"managingOrganization\":{{\"reference\":\"Organization/{organization}\"}},"
        )}}"careManager":{"reference":"{{(manager.Contains('/') ? manager : $"Practitioner/{manager}")}}"},"period":{"start":"{{start}}"{{(
            end is null ? "" : $",\"end\":\"{end}\""
        )}} } }""";

    /// <summary>Something to do for somebody.</summary>
    public static string Duty(string id, string owner, string? due = null, string status = "requested") =>
        Task(
            id,
            "p",
            status,
            $$""","owner":{"reference":"{{owner}}"}{{(
                due is null ? "" : $",\"restriction\":{{\"period\":{{\"end\":\"{due}\"}}}}"
            )}}"""
        );

    public static string Role(string id, string? practitioner, string? organization = null, bool isActive = true) =>
        $$"""{"resourceType":"PractitionerRole","id":"{{id}}","active":{{(isActive ? "true" : "false")}}{{(
            practitioner is null ? "" : $",\"practitioner\":{{\"reference\":\"Practitioner/{practitioner}\"}}"
        )}}{{(
            organization is null ? "" : $",\"organization\":{{\"reference\":\"Organization/{organization}\"}}"
        )}}}""";

    public static string Organization(string id, string? partOf = null) =>
        $$"""{"resourceType":"Organization","id":"{{id}}","name":"{{id}}"{{(
            partOf is null ? "" : $",\"partOf\":{{\"reference\":\"Organization/{partOf}\"}}"
        )}}}""";

    /// <summary>A task of a plan after a discharge.</summary>
    public static string Work(
        string id,
        string patient,
        string plan,
        string code,
        string status,
        string? end,
        string more = ""
    ) =>
        Task(
            id,
            patient,
            status,
            $$""","code":{"coding":[{"system":"https://carecoordination.example/fhir/CodeSystem/transition-work","code":"{{code}}"}]},"basedOn":[{"reference":"CarePlan/{{plan}}"}]{{(
                end is null ? "" : $",\"executionPeriod\":{{\"end\":\"{end}\"}}"
            )}}{{more}}"""
        );

    public static string Risk(string id, string patient, string tier, string day, string? stay = null) =>
        $$"""{"resourceType":"RiskAssessment","id":"{{id}}","status":"final","subject":{"reference":"Patient/{{patient}}"},"occurrenceDateTime":"{{day}}"{{(
            stay is null ? "" : $",\"encounter\":{{\"reference\":\"Encounter/{stay}\"}}"
        )}},"prediction":[{"qualitativeRisk":{"coding":[{"code":"{{tier}}"}]} }]}""";

    public const string Icd = "http://hl7.org/fhir/sid/icd-10-cm";
    public const string Sct = "http://snomed.info/sct";

    /// <summary>Says that another record has taken the place of a Patient.</summary>
    public static string MergedInto(string patient) =>
        $$""","link":[{"type":"replaced-by","other":{"reference":"Patient/{{patient}}"} }]""";
}
