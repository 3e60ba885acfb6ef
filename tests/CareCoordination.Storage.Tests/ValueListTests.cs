using System.Globalization;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Search.Types;
using CareCoordination.Storage.Stores;
using CareCoordination.TestKit;

namespace CareCoordination.Storage.Tests;

/// <summary>
/// Alternatives of every type of parameter, from one to as many as the parser allows: found are the same resources as by a naive
/// reading, whether the statement starts from the values or probes for them.
/// </summary>
public sealed class ValueListTests
{
    private const int Patients = 12;
    private const int Resources = 96;
    private const int MostValues = 990;

    // One value, as many as are written out, the first that go as a list, some, and all that a query may have.
    private static readonly int[] Counts = [1, 2, 3, 9, MostValues];

    private static readonly (string Condition, string[] Some)[] Equalities =
    [
        ("Patient?family=", ["Mul", "smith"]),
        ("Patient?family:exact=", ["Müller", "Smith", "李"]),
        ("Patient?name:contains=", ["mit", "ng"]),
        ("Patient?gender=", ["male", "other"]),
        ("Patient?gender:not=", ["male", "other"]),
        ("Patient?identifier=", ["x", "http://a.example/s|y", "|x", "http://b.example/s|"]),
        ("Patient?identifier=", ["http://a.example/mrn|3", "http://a.example/mrn|7"]),
        ("Patient?phone=", ["z-1", "y"]),
        ("Patient?_id=", ["1", "2", "11"]),
        ("Observation?code=", ["x", "http://a.example/s|y", "|z-1", "http://b.example/s|X"]),
        ("Observation?code:not=", ["x", "http://a.example/s|y"]),
        ("Observation?patient=", ["Patient/1", "Patient/5"]),
        ("Observation?value-string=", ["An", "jos"]),
        ("Observation?patient.family=", ["Mul", "smith"]),
        ("Observation?patient.identifier=", ["http://a.example/mrn|3", "x"]),
        ("Observation?patient._id=", ["3", "7"]),
        ("Observation?subject:Patient.gender:not=", ["male"]),
        ("RiskAssessment?subject=", ["Patient/2", "http://elsewhere.example/fhir/Patient/1"]),
        ("RiskAssessment?subject=", ["http://elsewhere.example/fhir/Patient/1"]),
        ("CarePlan?instantiates-uri=", ["urn:a", "http://b.example/plans/1"]),
        ("CarePlan?replaces=", ["CarePlan/4", "CarePlan/12"]),
        ("CarePlan?replaces.status=", ["active", "draft"]),
    ];

    /// <summary>Chains through a reference that may be to each of four types.</summary>
    private static readonly (string Condition, string[] Some)[] ChainsOfFour =
    [
        ("Observation?subject.identifier=", ["http://a.example/mrn|3", "x"]),
        ("Observation?subject._id=", ["3", "7"]),
    ];

    private static readonly (string Condition, string[] Some)[] Tuples =
    [
        ("Observation?code-value-string=", ["x$An", "http://a.example/s|y$jos"]),
        ("Observation?code-value-concept=", ["x$y", "http://a.example/s|y$|x", "z-1$http://b.example/s|x"]),
    ];

    private static readonly (string Condition, string[] Some)[] Dates =
    [
        ("Patient?birthdate=", ["1950", "2019", "2020-02", "2021-06-15"]),
        ("Observation?date=", ["2020-02-29", "2021-06-15T10:30:00Z", "2021", "2020-02"]),
        ("Observation?subject:Patient.birthdate=", ["2019", "2020-02"]),
        ("Patient?_lastUpdated=", ["2025", "2030-01-01"]),
    ];

    private static readonly (string Condition, string Unit, string[] Some)[] Numbers =
    [
        ("RiskAssessment?probability=", "", ["0.1", "0.15", "0.2", "0.9"]),
        ("Observation?value-quantity=", "", ["1", "1.5", "100", "1e2", "-3.25"]),
        ("Observation?value-quantity=", "|http://unitsofmeasure.org|kg", ["1", "1.5", "100", "99.6"]),
        ("Observation?value-quantity=", "||kg", ["1", "1.5", "2", "99.6"]),
    ];

    private static readonly string[] Prefixes = ["", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"];

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Any_number_of_values_finds_what_a_naive_reading_finds(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        var oracle = new SearchOracle(TestDatabase.Extractor);
        await FillAsync(store, oracle);
        var random = new Random(3);
        var ids = string.Join(',', Enumerable.Range(0, Resources).Where(i => i % 3 != 0));

        foreach (var list in Lists())
        {
            foreach (var count in Counts)
            {
                var number = Math.Min(count, MostValues / list.Weight);
                var values = Enumerable.Range(0, number).Select(i => list.Value(i, random));
                var text = $"{list.Condition}{string.Join(',', values)}&_count=1000";
                await FindsAsync(store, oracle, text);
                if (count < MostValues && !list.Condition.Contains("?_id", StringComparison.Ordinal))
                    await FindsAsync(store, oracle, $"{text}&_id={ids}");
            }
        }
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Values_with_any_characters_stay_values(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        string[] texts =
        [
            "quote ' and \" and \\\\",
            "[1,2]",
            "{\"a\":{}}",
            "😀 of two halves",
            "null",
            "true",
            "12345678901234567890",
            "tab\tand line\nend",
            "\u0001\u001f",
            "%_*",
        ];
        for (var i = 0; i < texts.Length; i++)
        {
            var json = System.Text.Json.JsonSerializer.Serialize(
                texts[i].Replace("\\\\", "\\", StringComparison.Ordinal)
            );
            await store.OneAsync(
                Given.Put(
                    string.Create(CultureInfo.InvariantCulture, $"ValueSet/v{i}"),
                    $$"""
                    "status":"draft","title":{{json}},"url":{{json}},"identifier":[{"value":{{json}}}]
                    """
                )
            );
        }

        foreach (var parameter in (string[])["title", "title:exact", "title:contains", "url", "identifier"])
        {
            // The second value of each query is of nobody, the third of the next resource.
            foreach (var (text, next) in texts.Zip(texts.Skip(1)))
            {
                var query = Given.Query(
                    $"ValueSet?{parameter}={Escaped(text)},nobody has this,{Escaped(next)}&_count=50"
                );
                Assert.Equal(
                    texts.Count(t => IsFound(parameter, t, text) || IsFound(parameter, t, next)),
                    (await store.SearchAsync(query, default)).Matches.Length
                );
            }
        }

        static string Escaped(string text) => text.Replace(",", "\\,", StringComparison.Ordinal);
        static bool IsFound(string parameter, string stored, string wanted) =>
            parameter switch
            {
                "title" => Folded(stored).StartsWith(Folded(wanted), StringComparison.Ordinal),
                "title:contains" => Folded(stored).Contains(Folded(wanted), StringComparison.Ordinal),
                _ => stored == wanted,
            };
        // As a value of a query, where a backslash stands for what follows it.
        static string Folded(string text) => StringParameter.Fold(text.Replace("\\\\", "\\", StringComparison.Ordinal));
    }

    private static async Task FindsAsync(ResourceStore store, SearchOracle oracle, string text)
    {
        var query = Given.Query(text);
        var expected = oracle.Search(query).Select(k => k.ToString()).ToList();

        var page = await store.SearchAsync(query with { Total = Fhir.Search.TotalMode.Accurate }, default);

        var found = page.Matches.Select(m => m.Key.ToString()).ToList();
        Assert.True(
            expected.SequenceEqual(found),
            $"{text[..Math.Min(200, text.Length)]}\nexpected {string.Join(' ', expected)}\nfound    {string.Join(' ', found)}"
        );
        Assert.Equal(expected.Count, page.Total);
        Assert.Null(page.Next);
    }

    private static IEnumerable<ValueList> Lists()
    {
        foreach (var (condition, some) in Equalities)
            yield return new(condition, 1, (i, r) => IsSome(i, r) ? Pick(r, some) : Nobody(condition, i));
        foreach (var (condition, some) in ChainsOfFour)
            yield return new(condition, 4, (i, r) => IsSome(i, r) ? Pick(r, some) : Nobody(condition, i));
        foreach (var (condition, some) in Tuples)
            yield return new(condition, 2, (i, r) => IsSome(i, r) ? Pick(r, some) : $"none{i}$none{i}");
        foreach (var prefix in Prefixes)
        {
            foreach (var (condition, some) in Dates)
                yield return new(condition, 1, (i, r) => prefix + (IsSome(i, r) ? Pick(r, some) : $"18{i % 100:00}"));
            foreach (var (condition, unit, some) in Numbers)
                yield return new(condition, 1, (i, r) => prefix + Number(i, r, some) + unit);
            yield return new(
                "Observation?code-value-quantity=",
                2,
                (i, r) => $"{Pick(r, "x", "y", "z-1")}${prefix}{Number(i, r, ["1", "1.5", "100", "-3.25"])}"
            );
        }
    }

    /// <summary>Few of the values are of something; the first is, so that one alone is tried too.</summary>
    private static bool IsSome(int i, Random random) => random.Next(40) == 0 || i == 0;

    private static string Number(int i, Random random, string[] some) =>
        IsSome(i, random) ? Pick(random, some) : string.Create(CultureInfo.InvariantCulture, $"-{100000 + i}.5");

    private static string Pick(Random random, params string[] values) => values[random.Next(values.Length)];

    private static string Nobody(string condition, int i) =>
        condition.EndsWith("_id=", StringComparison.Ordinal) ? $"none-{i}"
        : condition is "Observation?patient=" or "CarePlan?replaces="
            ? $"{condition[..^1].Split('?')[1] switch { "patient" => "Patient", _ => "CarePlan" }}/none-{i}"
        : condition is "RiskAssessment?subject=" ? $"{(i % 2 == 0 ? "" : "http://b.example/fhir/")}Patient/none-{i}"
        : $"nobody-{i}";

    private static async Task FillAsync(ResourceStore store, SearchOracle oracle)
    {
        var random = new RandomResources(seed: 41);
        for (var i = 0; i < Resources; i++)
        {
            var (key, members) = random.Put(i, Patients);
            var result = await store.OneAsync(Given.Put(key.ToString(), members));
            oracle.Put(key, ResourceDocument.Parse(result.Resource.Utf8Json).Value, result.Resource.LastUpdated);
        }
    }

    /// <param name="Weight">What a value counts.</param>
    private sealed record ValueList(string Condition, int Weight, Func<int, Random, string> Value);
}
