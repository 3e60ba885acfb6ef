using System.Globalization;
using System.Text.Json;
using CareCoordination.Analytics.Measures;
using DuckDB.NET.Data;

namespace CareCoordination.Analytics.Tests;

/// <summary>
/// Every measure is counted of thousands of patients, with all its strata, by a plan whose steps are as large as the data: what is asked anew
/// for each patient, or joins all with all, has steps of millions of rows.
/// </summary>
public sealed class MeasureSizeTests(ManyPatients many) : IClassFixture<ManyPatients>
{
    /// <summary>A join of all patients with all of them has 4,000 for each.</summary>
    private const int MostRowsPerPatient = 50;

    public static TheoryData<string> Ids => [.. MeasureLibrary.All.Select(measure => measure.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_measure_of_many_takes_steps_as_large_as_the_data(string id)
    {
        var (counts, largest) = many.CountAsProfiled(id);

        if (ManyPatients.Counted.Contains(id))
            Assert.InRange(counts[0].Initial, ManyPatients.Count, 2 * ManyPatients.Count);
        Assert.InRange(largest, 1, MostRowsPerPatient * ManyPatients.Count);
    }
}

/// <summary>Patients who each were in hospital, are cared for afterwards, have a payer, a social need that was referred, and conditions.</summary>
public sealed class ManyPatients : IDisposable
{
    public const int Count = 4_000;

    /// <summary>In which each of them counts.</summary>
    public static readonly string[] Counted =
    [
        "m-01",
        "m-04",
        "m-06",
        "m-06b",
        "m-07",
        "m-09",
        "m-18c",
        "m-19a",
        "m-19b",
    ];

    private const string Social = "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes";

    private readonly Outcomes _outcomes = new();
    private readonly DuckDBConnection _reader;
    private readonly string _profile;

    public ManyPatients()
    {
        _outcomes.Put(Enumerable.Range(0, Count).SelectMany(Of)).Follow().Close();
        _profile = $"{_outcomes.Options.File}.json";
        // The server's own connections have their settings locked.
        _reader = new DuckDBConnection(
            $"Data Source={_outcomes.Options.File};memory_limit={_outcomes.Options.MemoryMegabytes}MB"
        );
        _reader.Open();
        using var profiling = _reader.CreateCommand();
        profiling.CommandText = $"SET enable_profiling = 'json'; SET profiling_output = '{_profile}'";
        profiling.ExecuteNonQuery();
    }

    /// <summary>Counts of a measure, and how many rows the largest step of its plan gave.</summary>
    internal (List<MeasureCounts> Counts, long Largest) CountAsProfiled(string id)
    {
        var measure = new MeasureQuery(MeasureLibrary.Find(id)!, new DateOnly(2026, 1, 1), new DateOnly(2026, 12, 31));
        var counts = measure.Count(_reader, isStratified: true, default).Value;
        using var profile = JsonDocument.Parse(File.ReadAllBytes(_profile), new JsonDocumentOptions { MaxDepth = 512 });
        return (counts, Largest(profile.RootElement));
    }

    private static long Largest(JsonElement step) =>
        step.GetProperty("children")
            .EnumerateArray()
            .Select(Largest)
            .Append(step.TryGetProperty("operator_cardinality", out var rows) ? rows.GetInt64() : 0)
            .Max();

    public void Dispose()
    {
        _reader.Dispose();
        _outcomes.Dispose();
    }

    private static IEnumerable<string> Of(int number)
    {
        var patient = string.Create(CultureInfo.InvariantCulture, $"p{number}");
        var subject = $$"""{"reference":"Patient/{{patient}}"}""";
        const string Food = $$""","category":[{"coding":[{"system":"{{Social}}","code":"food-insecurity"}]}]""";
        return
        [
            Care.Patient(patient, born: "1960-06-15"),
            $$"""{"resourceType":"Coverage","id":"v-{{patient}}","status":"active","beneficiary":{{subject}},"type":{"coding":[{"code":"HMO"}]} }""",
            Care.Stay($"s-{patient}", patient, "IMP", "2026-03-01", "2026-03-05"),
            Care.Transition($"t-{patient}", patient, $"s-{patient}", "2026-03-05"),
            Care.Work($"w-{patient}", patient, $"t-{patient}", "contact", "completed", "2026-03-06"),
            Care.Referral($"r-{patient}", patient, "2026-02-01", more: Food),
            Care.Closed($"c-{patient}", patient, $"r-{patient}", "2026-03-01"),
            Care.Condition($"h-{patient}", patient, "I10", "2020-01-01"),
            Care.Condition($"d-{patient}", patient, "E11.9", "2020-01-01"),
            $$"""{"resourceType":"Condition","id":"n-{{patient}}","subject":{{subject}},"recordedDate":"2026-01-20"{{Food}} }""",
        ];
    }
}
