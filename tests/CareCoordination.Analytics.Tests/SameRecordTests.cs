using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using CareCoordination.Analytics.Measures;

namespace CareCoordination.Analytics.Tests;

/// <summary>
/// Tables, events and measures are equal to the record: however it came in, and as other code counts it from the stored versions.
/// </summary>
public sealed class SameRecordTests
{
    private const string Start = "2026-01-01";
    private const string End = "2026-12-31";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void What_came_in_pages_is_what_comes_at_once(int seed)
    {
        using var outcomes = new Outcomes("America/New_York");
        var random = new Random(seed);
        var care = new RandomCare(random);
        for (var i = 0; i < 12; i++)
        {
            care.Write(outcomes, 25);
            if (random.Next(3) > 0)
                outcomes.Follow(1 + random.Next(20));
            if (random.Next(6) == 0)
                outcomes.Reopen();
        }

        var followed = Everything(outcomes);
        outcomes.Rebuild();
        var rebuilt = Everything(outcomes);

        Assert.True(followed.Keys.Count() > 60);
        foreach (var (table, rows) in rebuilt)
            Assert.Equal($"{table}\n{string.Join('\n', rows)}", $"{table}\n{string.Join('\n', followed[table])}");
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(16)]
    public void Measures_are_what_other_code_counts_from_the_stored_versions(int seed)
    {
        using var outcomes = new Outcomes();
        var care = new RandomCare(new Random(seed));
        outcomes.Put(RandomCare.Adults);
        care.Write(outcomes, 1_000);
        var record = new NaiveRecord(outcomes.Stored);
        var something = 0;

        foreach (var (id, counted) in record.Measures(Start, End))
        {
            Assert.Equal($"{id} {counted}", $"{id} {outcomes.Measure(id, Start, End)}");
            something += counted.EndsWith("/0", StringComparison.Ordinal) ? 0 : 1;
        }

        // Care at random fulfils something as well.
        Assert.True(something >= 3, $"{something} measures have somebody in the numerator.");
    }

    /// <summary>Every row of every table, view and measure, in an order of its own.</summary>
    private static Dictionary<string, List<string>> Everything(Outcomes outcomes)
    {
        var all = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (
            var table in outcomes.Rows(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main' AND table_name NOT IN ('calendar_day', 'mirror_zone_day') ORDER BY 1"
            )
        )
            all[table] = outcomes.Rows($"SELECT * FROM \"{table}\" ORDER BY ALL");
        foreach (var measure in MeasureLibrary.All)
            all[measure.Id] = outcomes.MeasureRows(measure.Id, Start, End, "*");
        return all;
    }
}

/// <summary>Care as it comes: facts, corrections, mistakes, deletions, merges, and what is told late.</summary>
internal sealed class RandomCare(Random random)
{
    private static readonly string[] People = ["a", "b", "c", "d", "e", "f"];

    /// <summary>Everybody, as they are before anything happens to them.</summary>
    public static IEnumerable<string> Adults =>
        People.Select((person, i) => Care.Patient(person, born: $"{1942 + i * 5}-03-0{i + 1}"));

    public void Write(Outcomes outcomes, int writes)
    {
        for (var i = 0; i < writes; i++)
        {
            outcomes.Now = outcomes.Now.AddMinutes(random.Next(60 * 24));
            if (outcomes.Now.Year > 2026)
                outcomes.Now = outcomes.Now.AddDays(-300);
            if (random.Next(25) == 0 && outcomes.StoredKeys.Count > 0)
            {
                var key = outcomes.StoredKeys[random.Next(outcomes.StoredKeys.Count)];
                outcomes.Delete(key.Type, key.Id);
            }
            else
            {
                outcomes.Put(Next());
            }
        }
    }

    private string Next()
    {
        var patient = Of(People);
        var number = random.Next(40);
        return random.Next(random.Next(4) == 0 ? 0 : 1, 14) switch
        {
            0 => Care.Patient(
                patient,
                born: $"{random.Next(1936, 2010)}-0{random.Next(1, 10)}-1{random.Next(10)}",
                gender: Of("female", "male"),
                more: random.Next(6) == 0 ? Care.MergedInto(Of(People))
                    : random.Next(8) == 0 ? $",\"deceasedDateTime\":\"{Time()}\""
                    : ""
            ),
            1 or 2 => Care.Stay(
                $"s{number}",
                patient,
                Of("IMP", "ACUTE", "OBSENC", "NONAC", "EMER", "AMB", "VR"),
                Day(),
                random.Next(5) == 0 ? null : Time(),
                Of("finished", "finished", "finished", "in-progress", "cancelled", "entered-in-error"),
                random.Next(3) == 0 ? Care.Disposition(Of("home", "exp", "hosp", "snf")) : ""
            ),
            3 => Care.Condition(
                $"c{number}",
                patient,
                Of("I10", "E11.9", "I50.9", "J44.9", "N18.6", "F33.1", "Z51.5", "O80", "N18.3"),
                random.Next(4) == 0 ? null : Day(),
                random.Next(4) == 0 ? $",\"abatementDateTime\":\"{Day()}\""
                    : random.Next(6) == 0 ? ",\"verificationStatus\":{\"coding\":[{\"code\":\"refuted\"}]}"
                    : ""
            ),
            4 => Care.Observation(
                $"o{number}",
                patient,
                Of("4548-4", "44261-6", "97506-0"),
                Time(),
                random.Next(6) == 0 ? null : random.Next(1, 16),
                Of("final", "final", "amended", "preliminary", "entered-in-error")
            ),
            5 => Care.Pressure(
                $"b{number}",
                patient,
                Time(),
                random.Next(120, 160),
                random.Next(70, 100),
                Of("final", "corrected", "preliminary"),
                random.Next(3) == 0 ? $",\"encounter\":{{\"reference\":\"Encounter/s{random.Next(40)}\"}}" : ""
            ),
            6 => Care.Referral(
                $"r{number}",
                patient,
                Time(),
                Of("active", "active", "completed", "draft", "revoked", "entered-in-error")
            ),
            7 or 8 => Referred(number, patient),
            9 => Care.Goal(
                $"g{number}",
                patient,
                Of("active", "completed", "proposed", "cancelled", "entered-in-error"),
                Of("achieved", "sustaining", "in-progress", null!),
                Day(),
                random.Next(2) == 0 ? Day() : null
            ),
            10 => Care.Plan(
                $"p{number}",
                patient,
                Day(),
                Of("draft", "active", "active", "on-hold", "completed", "revoked")
            ),
            11 => Care.Episode(
                $"e{number}",
                patient,
                Day(),
                random.Next(3) == 0 ? Day() : null,
                Of("active", "finished", "waitlist")
            ),
            12 => Care.Fill(
                $"f{random.Next(60)}",
                patient,
                Day(),
                random.Next(10, 120),
                Of("29046", "52175", "83367"),
                Of("completed", "completed", "cancelled")
            ),
            _ => Care.Task(
                $"w{number}",
                patient,
                Of("requested", "completed", "cancelled", "failed", "draft", "entered-in-error"),
                $$""","restriction":{"period":{"end":"{{Time()}}"} },"executionPeriod":{"end":"{{Time()}}"}"""
            ),
        };
    }

    private string Referred(int number, string patient)
    {
        var about = $",\"focus\":{{\"reference\":\"ServiceRequest/r{number}\"}}";
        return random.Next(3) == 0
            ? Care.Closed($"t{number}", patient, $"r{number}", Time())
            : Care.Task($"t{number}", patient, Of("requested", "received", "accepted", "rejected", "cancelled"), about);
    }

    private string Of(params string[] choices) => choices[random.Next(choices.Length)];

    private string Day() =>
        new DateOnly(2025, 12, 1).AddDays(random.Next(400)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A day, or an instant in some zone.</summary>
    private string Time() =>
        random.Next(3) switch
        {
            0 => Day(),
            1 => $"{Day()}T{random.Next(10, 24)}:{random.Next(10, 60)}:00Z",
            _ => $"{Day()}T{random.Next(10, 24)}:{random.Next(10, 60)}:00-05:00",
        };
}
