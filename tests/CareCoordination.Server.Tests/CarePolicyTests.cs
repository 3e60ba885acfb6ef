using CareCoordination.Application.Settings;
using CareCoordination.Server.Tests.Kit;
using Microsoft.Extensions.Configuration;

namespace CareCoordination.Server.Tests;

/// <summary>Calendars and rules come from the configuration, and each organisation may have its own.</summary>
public sealed class CarePolicyTests
{
    private static readonly string[] TwoClinics =
    [
        "--Care:TimeZone=America/New_York",
        "--Care:Rules:0:EffectiveFrom=2020-01-01",
        "--Care:Rules:0:MostPatients=50",
        "--Care:Organizations:north:TimeZone=Pacific/Auckland",
        "--Care:Organizations:north:WorkDays=Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday",
        "--Care:Organizations:north:Holidays=None",
        "--Care:Organizations:north:Rules:0:EffectiveFrom=2021-01-01",
        "--Care:Organizations:north:Rules:0:MostPoints=10",
    ];

    private static readonly DateTimeOffset Wednesday = new(2026, 11, 25, 17, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_an_organisation_does_not_say_is_as_everywhere()
    {
        var options = Read(TwoClinics);
        var north = options.Organizations["north"];

        Assert.Equal("America/New_York", options.Default.TimeZone.Id);
        Assert.Equal("Pacific/Auckland", north.TimeZone.Id);
        // Thanksgiving and the weekend count in one of the two only.
        Assert.Equal(new DateOnly(2026, 11, 30), options.Default.Calendar.AddBusinessDays(new(2026, 11, 25), 2));
        Assert.Equal(new DateOnly(2026, 11, 27), north.Calendar.AddBusinessDays(new(2026, 11, 25), 2));
        Assert.Equal(
            (50, 300, 50, 10),
            (
                options.Default.RulesAt(Wednesday).MostPatients,
                options.Default.RulesAt(Wednesday).MostPoints,
                north.RulesAt(Wednesday).MostPatients,
                north.RulesAt(Wednesday).MostPoints
            )
        );
        Assert.Equal((170, 300), Caps(options, new(2019, 12, 31, 12, 0, 0, TimeSpan.Zero)));
        // It is the first of January 2020 in Auckland before it is in New York.
        Assert.Equal((50, 300), Caps(options, new(2019, 12, 31, 12, 0, 0, TimeSpan.Zero), "north"));
    }

    [Fact]
    public void Rule_sets_build_on_those_before_and_an_organisation_on_the_common_ones()
    {
        var options = Read(
            "--Care:Rules:0:EffectiveFrom=2027-01-01",
            "--Care:Rules:0:MostPatients=100",
            "--Care:Rules:1:EffectiveFrom=2026-01-01",
            "--Care:Rules:1:MostPatients=120",
            "--Care:Rules:1:MostPoints=200",
            "--Care:Rules:1:TierPoints:high=5",
            "--Care:Organizations:a:Rules:0:EffectiveFrom=2026-06-01",
            "--Care:Organizations:a:Rules:0:MostPoints=150"
        );

        Assert.Equal((170, 300), Caps(options, At(2025)));
        Assert.Equal((120, 200), Caps(options, At(2026)));
        Assert.Equal((100, 200), Caps(options, At(2027)));
        Assert.Equal((120, 200), Caps(options, At(2026), "a"));
        Assert.Equal((100, 150), Caps(options, At(2027), "a"));
        Assert.Equal(
            [("high", 5), ("low", 1), ("moderate", 2)],
            options
                .Default.RulesAt(At(2027))
                .TierPoints.OrderBy(p => p.Key, StringComparer.Ordinal)
                .Select(p => (p.Key, p.Value))
        );
        Assert.Same(Read().Default.RulesAt(At(2027)).TierPoints, Workflow.Rules.CareRules.Defaults.TierPoints);
    }

    [Theory]
    [InlineData("2026-11-27", "2026-11-27", "2026-11-26")]
    [InlineData("12-24", "2031-12-24", "2026-11-26")]
    [InlineData("02-29", "2028-02-29", "2028-02-28")]
    [InlineData("fourth Friday of November", "2026-11-27", "2026-11-20")]
    [InlineData("Last monday in May", "2026-05-25", "2026-05-18")]
    [InlineData("UnitedStates", "2026-11-26", "2026-11-27")]
    public void A_holiday_is_written_as_people_say_it(string text, string closed, string open)
    {
        var calendar = Read($"--Care:Holidays:0={text}").Default.Calendar;

        Assert.Equal(
            (true, false),
            (calendar.IsHoliday(DateOnly.Parse(closed, null)), calendar.IsHoliday(DateOnly.Parse(open, null)))
        );
    }

    [Fact]
    public async Task A_task_is_due_on_the_calendar_of_its_owner_or_else_of_its_patient()
    {
        await using var server = await TestServer.OnSqliteAsync(TwoClinics);
        await server.PutAsync("Organization/north", """{"resourceType":"Organization","id":"north","name":"North"}""");
        await server.PutAsync(
            "Organization/ward",
            """{"resourceType":"Organization","id":"ward","name":"Ward","partOf":{"reference":"Organization/north"}}"""
        );
        await server.PutAsync(
            "PractitionerRole/r",
            """{"resourceType":"PractitionerRole","id":"r","organization":{"reference":"Organization/ward"}}"""
        );
        await server.PutAsync(
            "Patient/n",
            """{"resourceType":"Patient","id":"n","managingOrganization":{"reference":"Organization/north"}}"""
        );
        await server.PutAsync("Patient/e", """{"resourceType":"Patient","id":"e"}""");

        Assert.EndsWith("+13:00", await EscalatedDueAsync("PractitionerRole/r", "Patient/e"), StringComparison.Ordinal);
        Assert.EndsWith("+13:00", await EscalatedDueAsync("Organization/north", "Patient/e"), StringComparison.Ordinal);
        Assert.EndsWith("+13:00", await EscalatedDueAsync("Practitioner/x", "Patient/n"), StringComparison.Ordinal);
        Assert.Contains("-0", await EscalatedDueAsync("Practitioner/x", "Patient/e"), StringComparison.Ordinal);

        async Task<string> EscalatedDueAsync(string owner, string patient)
        {
            var task = await server.PostAsync(
                "Task",
                $$$"""{"resourceType":"Task","status":"ready","intent":"order","owner":{"reference":"{{{owner}}}"},"for":{"reference":"{{{patient}}}"}}"""
            );
            await server.AskAsync($"Task/{task.Id}/$escalate", Ask.Reference("to", "Practitioner/lead"));
            var escalation = Assert.Single((await server.GetAsync($"Task?part-of=Task/{task.Id}")).Resources);
            return escalation.GetProperty("restriction").GetProperty("period").GetProperty("end").GetString()![19..];
        }
    }

    private static (int Patients, int Points) Caps(CareOptions options, DateTimeOffset at, string? organization = null)
    {
        var policy = organization is null ? options.Default : options.Organizations[organization];
        return (policy.RulesAt(at).MostPatients, policy.RulesAt(at).MostPoints);
    }

    private static DateTimeOffset At(int year) => new(year, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static CareOptions Read(params string[] settings) =>
        CareOptions.Read(new ConfigurationBuilder().AddCommandLine(settings).Build());
}
