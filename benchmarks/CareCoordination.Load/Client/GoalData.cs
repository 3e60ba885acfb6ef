using System.Globalization;
using System.Text.Json;

namespace CareCoordination.Load.Client;

/// <summary>Two patients with as many readings; one has an active goal that they measure, the other none.</summary>
internal sealed record GoalData(string WithGoal, string Without)
{
    /// <summary>What a scenario that needs them is called; the one beside it is what it is compared with.</summary>
    public const string Scenario = "goal-reading";

    public const string Comparison = "goal-reading-none";

    private const int Readings = 4_000;
    private const int InOneTransaction = 200;
    private static readonly DateTimeOffset First = new(2026, 1, 1, 8, 0, 0, TimeSpan.Zero);
    private static int _next = Readings;

    public static async Task<GoalData> SeedAsync(Uri baseUrl, CancellationToken cancellationToken)
    {
        using var connection = new HttpConnection(baseUrl);
        var data = new GoalData(
            await PatientAsync(connection, cancellationToken),
            await PatientAsync(connection, cancellationToken)
        );
        await SendAsync(connection, "Goal", Goal(data.WithGoal), cancellationToken);
        return data;
    }

    /// <summary>The next reading of a patient, which meets the target as all before it do.</summary>
    public static LoadRequest Reading(Random random, string patient) =>
        new("POST", "Observation", Observation(random, patient, Interlocked.Increment(ref _next)));

    private static async Task<string> PatientAsync(HttpConnection connection, CancellationToken cancellationToken)
    {
        var random = new Random(1);
        var answer = await SendAsync(connection, "Patient", Payloads.Patient(random, "Goal"), cancellationToken);
        using var created = JsonDocument.Parse(answer.Body);
        var patient = $"Patient/{created.RootElement.GetProperty("id").GetString()}";
        for (var first = 0; first < Readings; first += InOneTransaction)
        {
            var entries = Enumerable
                .Range(first, InOneTransaction)
                .Select(number =>
                    $$$"""{"resource":{{{Observation(random, patient, number)}}},"request":{"method":"POST","url":"Observation"}}"""
                );
            await SendAsync(
                connection,
                "",
                $$"""{"resourceType":"Bundle","type":"transaction","entry":[{{string.Join(',', entries)}}]}""",
                cancellationToken
            );
        }

        return patient;
    }

    private static async Task<HttpAnswer> SendAsync(
        HttpConnection connection,
        string path,
        string json,
        CancellationToken cancellationToken
    )
    {
        var answer = await connection.SendAsync("POST", path, json, cancellationToken);
        return answer.Status is 200 or 201
            ? answer
            : throw new InvalidOperationException($"Seeding readings was answered {answer.Status}.");
    }

    private static string Goal(string patient) =>
        $$$"""{"resourceType":"Goal","lifecycleStatus":"active","startDate":"2026-01-01","description":{"text":"Weight below 80 kg"},"subject":{"reference":"{{{patient}}}"},"target":[{"measure":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},"detailQuantity":{"value":80,"comparator":"<","unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}}]}""";

    private static string Observation(Random random, string patient, int number) =>
        $$$"""{"resourceType":"Observation","status":"final","subject":{"reference":"{{{patient}}}"},"category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"29463-7","display":"Body weight"}]},"effectiveDateTime":"{{{First.AddMinutes(number).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}}}","valueQuantity":{"value":{{{random.Next(60, 79)}}}.{{{random.Next(10)}}},"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}}""";
}
