using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Bundles;

/// <summary>
/// Bundles drawn at random whose entries touch each other, compared with a naive reading of R4's rules: one entry after the other,
/// in every order that the rules leave open. https://hl7.org/fhir/R4/http.html#trules
/// </summary>
public abstract class TransactionModelTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : TransactionModelTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : TransactionModelTests(shared);

    private const int Draws = 120;

    [Fact]
    public async Task Transactions_do_what_a_naive_reading_of_the_rules_says()
    {
        var random = new Random(20_260_301);
        var (done, refused) = (0, 0);
        for (var draw = 0; draw < Draws; draw++)
        {
            var scene = await SceneAsync(random);
            var expected = NaiveTransaction.Run(scene.Patients, scene.Steps);
            var answer = await Server.PostAsync("", scene.Bundle(), "Prefer: return=representation");

            var told = $"draw {draw}: {scene}\nanswer: {answer.Body}";
            Assert.True(answer.Status is 200 or 400 or 412, told);
            Assert.True((expected is not null) == (answer.Status == 200), $"{expected is not null} expected, {told}");
            Assert.True(
                NaiveTransaction.Describe(expected ?? new NaiveOutcome(scene.Patients, []))
                    == await StoredAsync(scene, answer),
                told
            );
            (done, refused) = answer.Status == 200 ? (done + 1, refused) : (done, refused + 1);
        }

        // Draws that all succeed, or all fail, would show nothing.
        Assert.True(done > Draws / 5 && refused > Draws / 5, $"{done} done, {refused} refused");
    }

    private async Task<Scene> SceneAsync(Random random)
    {
        var names = new[] { Given.Id("n"), Given.Id("n") };
        var patients = new Dictionary<string, string>();
        for (var n = random.Next(4); n > 0; n--)
        {
            var id = Given.Id("p");
            patients[id] = names[random.Next(2)];
            (await Server.PutAsync($"Patient/{id}", Scene.Patient(patients[id], id))).ShouldBe(201);
        }

        var ids = patients.Keys.Append(Given.Id("p")).ToArray();
        var steps = Enumerable
            .Range(0, random.Next(2, 5))
            .Select(_ => new Step(
                (StepKind)random.Next(7),
                ids[random.Next(ids.Length)],
                names[random.Next(2)],
                names[random.Next(2)]
            ))
            .ToArray();
        return new Scene(patients, names, steps);
    }

    private async Task<string> StoredAsync(Scene scene, Answer answer)
    {
        var stored = new Dictionary<string, string>();
        foreach (var name in scene.Names)
        {
            foreach (var id in (await Server.GetAsync($"Patient?identifier=urn:test|{name}")).ShouldBe(200).Ids)
                stored[id] = name;
        }

        // New ids are the server's own: what refers to one refers to what it stands for.
        var known = scene.Patients.Keys.Concat(scene.Steps.Select(s => s.Id)).ToHashSet();
        var subjects = new List<string>();
        if (answer.Status == 200)
        {
            foreach (var resource in answer.Resources.Where(r => Type(r) == "Observation"))
                subjects.Add(
                    resource.GetProperty("subject").GetProperty("reference").GetString()!["Patient/".Length..]
                );
        }

        return NaiveTransaction.Describe(
            new NaiveOutcome(
                stored.ToDictionary(p => known.Contains(p.Key) ? p.Key : $"new {p.Key}", p => p.Value),
                [.. subjects.Select(s => known.Contains(s) ? s : $"new {s}")]
            )
        );
    }

    private static string Type(JsonElement resource) => resource.GetProperty("resourceType").GetString()!;
}

internal enum StepKind
{
    Delete,
    DeleteFound,
    Create,
    CreateUnlessFound,
    Update,
    UpdateFound,
    Refer,
}

/// <param name="Id">What is named, where it is named by id.</param>
/// <param name="Criteria">The identifier that is looked for, where it is named by criteria.</param>
/// <param name="Name">The identifier that the resource has.</param>
internal sealed record Step(StepKind Kind, string Id, string Criteria, string Name);

/// <summary>What is stored, and what is asked to be done.</summary>
internal sealed record Scene(Dictionary<string, string> Patients, string[] Names, Step[] Steps)
{
    public static string Patient(string name, string? id = null) =>
        $$"""{"resourceType":"Patient",{{(id is null ? "" : $"\"id\":\"{id}\",")}}"identifier":[{"system":"urn:test","value":"{{name}}"}]}""";

    public string Bundle() => Given.Transaction([.. Steps.Select(Entry)]);

    public override string ToString() =>
        $"stored {string.Join(", ", Patients.Select(p => $"{p.Key}={p.Value}"))}; {string.Join("; ", Steps.AsEnumerable())}";

    private static string Entry(Step step) =>
        step.Kind switch
        {
            StepKind.Delete => Given.Entry("DELETE", $"Patient/{step.Id}"),
            StepKind.DeleteFound => Given.Entry("DELETE", Search(step)),
            StepKind.Create => Given.Entry("POST", "Patient", Patient(step.Name)),
            StepKind.CreateUnlessFound => Given.Entry(
                "POST",
                "Patient",
                Patient(step.Name),
                null,
                $",\"ifNoneExist\":\"identifier=urn:test|{step.Criteria}\""
            ),
            StepKind.Update => Given.Entry("PUT", $"Patient/{step.Id}", Patient(step.Name, step.Id)),
            StepKind.UpdateFound => Given.Entry("PUT", Search(step), Patient(step.Name)),
            _ => Given.Entry(
                "POST",
                "Observation",
                $$$"""{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"{{{Search(step)}}}"}}"""
            ),
        };

    private static string Search(Step step) => $"Patient?identifier=urn:test|{step.Criteria}";
}

/// <param name="Patients">Their identifiers by id.</param>
/// <param name="Subjects">Of the Observations, in the order of the entries.</param>
internal sealed record NaiveOutcome(Dictionary<string, string> Patients, string[] Subjects);

/// <summary>R4's rules as they are written, one entry at a time.</summary>
internal static class NaiveTransaction
{
    /// <summary>Null where the transaction is to be refused: by the rules, or because its outcome depends on the order of entries.</summary>
    public static NaiveOutcome? Run(Dictionary<string, string> stored, Step[] steps)
    {
        NaiveOutcome? first = null;
        foreach (var order in Orders(steps))
        {
            if (RunOnce(stored, steps, order) is not { } outcome)
                return null;
            if (first is not null && Describe(first) != Describe(outcome))
                return null;
            first = outcome;
        }

        return first;
    }

    /// <summary>With new ids under the identifiers of what they stand for.</summary>
    public static string Describe(NaiveOutcome outcome)
    {
        string Name(string id) => id.StartsWith("new ", StringComparison.Ordinal) ? $"new {outcome.Patients[id]}" : id;
        var patients = outcome.Patients.Select(p => $"{Name(p.Key)}={p.Value}").Order(StringComparer.Ordinal);
        return $"{string.Join(", ", patients)}; {string.Join(", ", outcome.Subjects.Select(Name))}";
    }

    private static NaiveOutcome? RunOnce(Dictionary<string, string> stored, Step[] steps, int[] order)
    {
        var patients = new Dictionary<string, string>(stored);
        var meant = new HashSet<string>();
        var sought = new HashSet<string>();
        foreach (var at in order)
        {
            var step = steps[at];
            if (step.Kind == StepKind.Refer)
                continue;
            // What deletions mean is known before any is done: two of one resource overlap, and the second does not find nothing.
            var from = step.Kind == StepKind.DeleteFound ? stored : patients;
            var found = from.Where(p => p.Value == step.Criteria).Select(p => p.Key).ToArray();
            var isByCriteria = step.Kind is StepKind.DeleteFound or StepKind.CreateUnlessFound or StepKind.UpdateFound;
            if (isByCriteria && found.Length > 1)
                return null;
            var id = step.Kind switch
            {
                StepKind.Delete or StepKind.Update => step.Id,
                StepKind.Create => $"new {at}",
                StepKind.DeleteFound => found.FirstOrDefault(),
                _ => found.FirstOrDefault() ?? $"new {at}",
            };
            // Two that look for the same mean the same.
            if (isByCriteria && step.Kind != StepKind.DeleteFound && !sought.Add(step.Criteria))
                return null;
            if (id is null)
                continue;
            if (!meant.Add(id))
                return null;
            if (step.Kind is StepKind.Delete or StepKind.DeleteFound)
                patients.Remove(id);
            else if (step.Kind != StepKind.CreateUnlessFound || found.Length == 0)
                patients[id] = step.Name;
        }

        var subjects = new List<string>();
        foreach (var step in steps.Where(s => s.Kind == StepKind.Refer))
        {
            if (patients.Where(p => p.Value == step.Criteria).Select(p => p.Key).ToArray() is not [var only])
                return null;
            subjects.Add(only);
        }

        return new NaiveOutcome(patients, [.. subjects]);
    }

    /// <summary>All orders of the entries in which deletions come before creations and those before updates.</summary>
    private static IEnumerable<int[]> Orders(Step[] steps) =>
        Permutations([.. Enumerable.Range(0, steps.Length)])
            .Where(order => order.Zip(order.Skip(1)).All(p => Phase(steps[p.First]) <= Phase(steps[p.Second])));

    private static int Phase(Step step) =>
        step.Kind switch
        {
            StepKind.Delete or StepKind.DeleteFound => 0,
            StepKind.Create or StepKind.CreateUnlessFound => 1,
            StepKind.Update or StepKind.UpdateFound => 2,
            _ => 3,
        };

    private static IEnumerable<int[]> Permutations(int[] items) =>
        items.Length <= 1
            ? [items]
            : items.SelectMany(item =>
                Permutations([.. items.Where(i => i != item)]).Select(rest => (int[])[item, .. rest])
            );
}
