using System.Collections.Concurrent;
using System.Text.Json;
using CareCoordination.HospitalSimulator.Doors;
using CareCoordination.HospitalSimulator.Scripts;

namespace CareCoordination.HospitalSimulator.Checks;

/// <summary>A patient, what the ledger of the hospital says, and what the server holds.</summary>
/// <param name="Records">Patients with the number that are active: one.</param>
internal sealed record CheckedPatient(PatientDay Day, int Records, Holding Held)
{
    public bool IsRight => Records == 1 && Held == Day.Ledger;
}

/// <summary>Asks the server what it holds of each patient.</summary>
internal sealed class LedgerCheck(Wards wards, SimulationOptions options)
{
    private static readonly HashSet<string> Ended = new(StringComparer.Ordinal)
    {
        "completed",
        "cancelled",
        "failed",
        "rejected",
        "entered-in-error",
    };

    public async Task<IReadOnlyList<CheckedPatient>> RunAsync(
        IReadOnlyList<PatientDay> days,
        CancellationToken cancellationToken
    )
    {
        var all = new ConcurrentBag<CheckedPatient>();
        await Parallel.ForEachAsync(
            days,
            new ParallelOptions { MaxDegreeOfParallelism = options.AtOnce, CancellationToken = cancellationToken },
            async (day, token) => all.Add(await CheckAsync(day, token))
        );
        return [.. all.OrderBy(c => c.Day.Person.Number, StringComparer.Ordinal)];
    }

    private async Task<CheckedPatient> CheckAsync(PatientDay day, CancellationToken cancellationToken)
    {
        var number = Uri.EscapeDataString($"{FhirText.NumberSystem}|{day.Person.Number}");
        var patients = (await FindAsync($"Patient?identifier={number}", cancellationToken))
            .Where(p => !p.TryGetProperty("active", out var active) || active.GetBoolean())
            .Select(p => p.GetProperty("id").GetString()!)
            .ToList();
        if (patients is not [var id])
            return new CheckedPatient(day, patients.Count, default);
        var stays = await FindAsync($"Encounter?subject=Patient/{id}&_count=100", cancellationToken);
        var plans = await FindAsync(
            $"CarePlan?subject=Patient/{id}&status=draft,active,on-hold&_count=100",
            cancellationToken
        );
        var tasks = await FindAsync($"Task?patient=Patient/{id}&_count=200", cancellationToken);
        return new CheckedPatient(
            day,
            1,
            new Holding(
                stays.Count(s => StatusOf(s) == "finished"),
                stays.Count(s => StatusOf(s) == "in-progress"),
                stays.Count(s => StatusOf(s) is "cancelled" or "entered-in-error"),
                plans.Count,
                tasks.Count(t => !Ended.Contains(StatusOf(t)) && !IsOther(t))
            )
        );
    }

    private async Task<List<JsonElement>> FindAsync(string query, CancellationToken cancellationToken)
    {
        var answer = await wards.AskAsync(query, cancellationToken);
        return answer.TryGetProperty("entry", out var entries)
            ? [.. entries.EnumerateArray().Select(e => e.GetProperty("resource"))]
            : [];
    }

    private static string StatusOf(JsonElement resource) => resource.GetProperty("status").GetString()!;

    /// <summary>The record of a message is nobody's work, and an escalation is what time made of other work.</summary>
    private static bool IsOther(JsonElement task) =>
        task.TryGetProperty("code", out var code)
        && code.TryGetProperty("coding", out var codings)
        && codings.EnumerateArray().Any(c => c.GetProperty("code").GetString() is "submit-transition" or "escalate");
}
