using System.Text.Json;

namespace CareCoordination.Load.Client;

/// <summary>
/// The patients that scenarios work on. Read and search scenarios use one set, writing scenarios another, so that what is
/// found stays the same however long the load runs.
/// </summary>
internal sealed record SeededData(IReadOnlyList<string> Read, IReadOnlyList<string> Written)
{
    /// <summary>
    /// Creates <paramref name="patients"/> patients in 100 families, each with 3 care plans (1 active), 2 tasks, 2 observations and
    /// 1 condition. The bare form has patients only, as the floor server knows nothing else.
    /// </summary>
    public static async Task<SeededData> SeedAsync(
        Uri baseUrl,
        int patients,
        bool patientsOnly,
        CancellationToken cancellationToken
    )
    {
        var ids = new string[patients];
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SeedOnOneConnectionAsync()));
        var cut = patients * 9 / 10;
        return new SeededData(ids[..cut], ids[cut..]);

        async Task SeedOnOneConnectionAsync()
        {
            using var connection = new HttpConnection(baseUrl);
            int i;
            while ((i = Interlocked.Increment(ref next)) < patients)
            {
                var random = new Random(i);
                ids[i] = await CreateAsync(
                    connection,
                    "Patient",
                    Payloads.Patient(random, Payloads.SeedFamily(i % Payloads.Families)),
                    cancellationToken
                );
                if (patientsOnly)
                    continue;
                var patient = $"Patient/{ids[i]}";
                foreach (var status in (string[])["active", "completed", "draft"])
                    await CreateAsync(connection, "CarePlan", Payloads.CarePlan(patient, status), cancellationToken);
                foreach (var status in (string[])["requested", "completed"])
                    await CreateAsync(connection, "Task", Payloads.Task(patient, status), cancellationToken);
                for (var n = 0; n < 2; n++)
                    await CreateAsync(
                        connection,
                        "Observation",
                        Payloads.Observation(random, patient),
                        cancellationToken
                    );
                await CreateAsync(connection, "Condition", Payloads.Condition(patient), cancellationToken);
            }
        }
    }

    private static async Task<string> CreateAsync(
        HttpConnection connection,
        string type,
        string json,
        CancellationToken cancellationToken
    )
    {
        var answer = await connection.SendAsync("POST", type, json, cancellationToken);
        if (answer.Status != 201)
            throw new InvalidOperationException(
                $"Seeding a {type} was answered {answer.Status}: {System.Text.Encoding.UTF8.GetString(answer.Body.Span)}"
            );
        using var created = JsonDocument.Parse(answer.Body);
        return created.RootElement.GetProperty("id").GetString()!;
    }
}
