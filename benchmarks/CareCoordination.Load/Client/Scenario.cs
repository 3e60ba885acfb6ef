namespace CareCoordination.Load.Client;

/// <summary>One request to send.</summary>
internal readonly record struct LoadRequest(string Method, string Path, string? Json);

/// <param name="Name">As in reports.</param>
/// <param name="Expected">The statuses that count as success.</param>
/// <param name="Next">Makes the next request; called from many connections, each with a random source of its own.</param>
internal sealed record Scenario(string Name, IReadOnlyList<int> Expected, Func<Random, LoadRequest> Next);

/// <summary>What is measured. The names and shapes are those of the published comparisons.</summary>
internal sealed class Scenarios
{
    private readonly SeededData _data;
    private int _turn;

    /// <param name="goals">Null: without the scenarios of goals.</param>
    public Scenarios(SeededData data, GoalData? goals = null)
    {
        _data = data;
        All =
        [
            new("patient-create", [201], random => Post("Patient", Payloads.Patient(random, $"Load{random.Next()}"))),
            new(
                "careplan-create",
                [201],
                random => Post("CarePlan", Payloads.CarePlan($"Patient/{WrittenPatient(random)}", "active"))
            ),
            new("patient-update", [200], PatientUpdate),
            new("patient-read", [200], random => Get($"Patient/{ReadPatient(random)}")),
            new("patient-read-xml", [200], random => Get($"Patient/{ReadPatient(random)}?_format=xml")),
            new(
                "search-family",
                [200],
                random => Get($"Patient?family={Payloads.SeedFamily(random.Next(Payloads.Families))}")
            ),
            new(
                "search-careplan",
                [200],
                random => Get($"CarePlan?patient=Patient/{ReadPatient(random)}&status=active")
            ),
            new("search-task", [200], _ => Get("Task?status=requested&_sort=-_lastUpdated&_count=20")),
            new("transaction-20", [200], random => Post("", Payloads.Transaction(random))),
            // Of so many invented people some are alike: theirs is kept for somebody to look at.
            new("discharge", [200, 202], random => Post("$submit-transition", Payloads.Discharge(random))),
            new("everything", [200], random => Get($"Patient/{ReadPatient(random)}/$everything")),
            new("mixed", [200, 201], Mixed),
            .. goals is null ? [] : OfGoals(goals),
        ];
    }

    public IReadOnlyList<Scenario> All { get; }

    public Scenario this[string name] =>
        All.FirstOrDefault(s => s.Name == name)
        ?? throw new ArgumentException(
            $"There is no scenario '{name}'; there are {string.Join(", ", All.Select(s => s.Name))}."
        );

    private static Scenario[] OfGoals(GoalData goals) =>
        [
            new(GoalData.Comparison, [201], random => GoalData.Reading(random, goals.Without)),
            new(GoalData.Scenario, [201], random => GoalData.Reading(random, goals.WithGoal)),
        ];

    private LoadRequest PatientUpdate(Random random)
    {
        // Each connection takes another patient, so that updates do not queue for one resource.
        var id = _data.Written[(int)((uint)Interlocked.Increment(ref _turn) % (uint)_data.Written.Count)];
        return new LoadRequest("PUT", $"Patient/{id}", Payloads.Patient(random, $"Upd{random.Next()}", id));
    }

    private LoadRequest Mixed(Random random) =>
        this[
            random.Next(100) switch
            {
                < 50 => "patient-read",
                < 65 => "search-careplan",
                < 75 => "search-family",
                < 80 => "search-task",
                < 90 => "careplan-create",
                _ => "patient-create",
            }
        ]
            .Next(random);

    private string ReadPatient(Random random) => _data.Read[random.Next(_data.Read.Count)];

    private string WrittenPatient(Random random) => _data.Written[random.Next(_data.Written.Count)];

    private static LoadRequest Get(string path) => new("GET", path, null);

    private static LoadRequest Post(string path, string json) => new("POST", path, json);
}
