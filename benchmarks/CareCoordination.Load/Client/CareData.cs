using System.Globalization;

namespace CareCoordination.Load.Client;

/// <summary>
/// The work of many care managers as NDJSON for the import: each has patients with an active episode and an assessed risk, every
/// tenth of them a plan of a transition, and open tasks.
/// </summary>
internal sealed record CareData(int Managers, int PatientsEach, int TasksEach)
{
    private static readonly string[] Tiers = ["low", "low", "low", "moderate", "moderate", "high"];
    private static readonly string[] Priorities =
    [
        "routine",
        "routine",
        "routine",
        "routine",
        "routine",
        "routine",
        "urgent",
        "urgent",
        "asap",
        "stat",
    ];

    // Tasks are due from a month ago to five months ahead: about every sixth is late.
    private const int DaysBack = 30;
    private const int DaysAround = 180;

    public int Patients => Managers * PatientsEach;

    public int Tasks => Patients * TasksEach;

    public static string Manager(int manager) => $"PractitionerRole/{Id('c', manager)}";

    /// <summary>Who acts in the role of a manager.</summary>
    public static string Person(int manager) => $"Practitioner/{Id('d', manager)}";

    public static string Patient(int patient) => $"Patient/{Id('p', patient)}";

    /// <summary>Files in the order in which they are to be imported.</summary>
    public async Task WriteAsync(string folder, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await WriteAsync(folder, "1-managers", Enumerable.Range(0, Managers).Select(ManagerJson), cancellationToken);
        await WriteAsync(
            folder,
            "2-patients",
            Enumerable.Range(0, Patients).SelectMany(PatientJson),
            cancellationToken
        );
        await WriteAsync(
            folder,
            "3-tasks",
            Enumerable.Range(0, Tasks).Select(t => TaskJson(t, now)),
            cancellationToken
        );
    }

    private static Task WriteAsync(
        string folder,
        string name,
        IEnumerable<string> lines,
        CancellationToken cancellationToken
    ) => File.WriteAllLinesAsync(Path.Combine(folder, $"{name}.ndjson"), lines, cancellationToken);

    private static string ManagerJson(int n) =>
        $$$"""{"resourceType":"PractitionerRole","id":"{{{Id('c', n)}}}","active":true,"practitioner":{"reference":"{{{Person(n)}}}"}}""";

    /// <summary>The patients of one manager do not lie together, as in life.</summary>
    private IEnumerable<string> PatientJson(int n)
    {
        var random = new Random(n);
        var patient = $$"""{"reference":"{{Patient(n)}}"}""";
        yield return Payloads.Patient(random, Payloads.SeedFamily(n % Payloads.Families), Id('p', n)).Trim();
        yield return $$$"""{"resourceType":"EpisodeOfCare","id":"{{{Id('e', n)}}}","status":"active","patient":{{{patient}}},"careManager":{"reference":"{{{Manager(n % Managers)}}}"}}""";
        yield return $$$"""{"resourceType":"RiskAssessment","id":"{{{Id('f', n)}}}","status":"final","subject":{{{patient}}},"occurrenceDateTime":"2026-01-01","prediction":[{"qualitativeRisk":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/risk-probability","code":"{{{Tiers[random.Next(Tiers.Length)]}}}"}]}}]}""";
        if (n / Managers % 10 == 0)
            yield return $$$"""{"resourceType":"CarePlan","id":"{{{Id('b', n)}}}","status":"active","intent":"plan","subject":{{{patient}}},"partOf":[{"reference":"CarePlan/{{{Id('a', n)}}}"}]}""";
    }

    private string TaskJson(int n, DateTimeOffset now)
    {
        var random = new Random(n);
        var patient = n % Patients;
        var due = now.AddDays(random.Next(DaysAround) - DaysBack).AddSeconds(random.Next(86_400));
        return $$$"""{"resourceType":"Task","id":"{{{Id('9', n)}}}","status":"ready","intent":"order","priority":"{{{Priorities[random.Next(Priorities.Length)]}}}","code":{"text":"Outreach"},"description":"Call the patient about the plan and the medication","for":{"reference":"{{{Patient(patient)}}}"},"authoredOn":"2026-01-02T09:00:00Z","requester":{"reference":"{{{Manager(patient % Managers)}}}"},"performerType":[{"coding":[{"system":"http://snomed.info/sct","code":"768820003"}]}],"owner":{"reference":"{{{Manager(patient % Managers)}}}"},"restriction":{"period":{"end":"{{{due.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}}}"} } }""";
    }

    /// <summary>As long as the ids that the server gives.</summary>
    private static string Id(char kind, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"0{kind}000000-0000-7000-8000-{number:000000000000}");
}
