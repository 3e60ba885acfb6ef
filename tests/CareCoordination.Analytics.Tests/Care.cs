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
}
