using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests.Month;

/// <summary>
/// A month of two care managers, at random: work, plans, readings, handovers, absences. After each step worklists, due times, caseloads
/// and goals are held against a small model that knows nothing but the clock of the zone.
/// </summary>
public sealed class MonthTests
{
    /// <summary>A month in which the clocks are set in New York, and Wednesday the 17th is a holiday everywhere.</summary>
    private static readonly DateTimeOffset Monday = new(2027, 3, 1, 0, 10, 0, TimeSpan.Zero);

    private const int Steps = 90;

    public static TheoryData<string, int> Months =>
        new()
        {
            { "America/New_York", 1 },
            { "America/New_York", 4 },
            { "Asia/Kolkata", 2 },
            { "Pacific/Kiritimati", 3 },
            { "Pacific/Auckland", 5 },
        };

    [Theory, MemberData(nameof(Months))]
    public async Task A_month_goes_as_the_model_says(string zone, int seed)
    {
        var clock = new ShiftedClock(Monday);
        var organization = Given.Id("org");
        await using var server = await TestServer.OnSqliteAsync(
            clock,
            $"--Care:Organizations:{organization}:TimeZone={zone}",
            $"--Care:Organizations:{organization}:Holidays:0=2027-03-17"
        );
        var random = new Random(seed);
        var model = new MonthModel(
            TimeZoneInfo.FindSystemTimeZoneById(zone),
            [$"PractitionerRole/{Given.Id("cm")}", $"PractitionerRole/{Given.Id("cm")}"],
            [.. Enumerable.Range(0, 3).Select(_ => new Enrolled(Given.Id("p")))]
        );
        var play = new MonthPlay(server, clock, model, random);
        try
        {
            await play.BeginAsync(organization);
            for (var step = 0; step < Steps; step++)
            {
                clock.Advance(TimeSpan.FromHours(random.Next(16)));
                await play.StepAsync(organization);
                await play.CompareAsync();
            }

            await play.CompareTasksAsync();
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            throw new InvalidOperationException($"Seed {seed}, {zone}, after\n{play.Done}\n{problem.Message}", problem);
        }
    }
}
