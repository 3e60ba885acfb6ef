using CareCoordination.Application.Settings;
using CareCoordination.Exchange.Settings;
using Microsoft.Extensions.Configuration;

namespace CareCoordination.Server.Tests;

/// <summary>How long messages to partners wait, and the settings that say so.</summary>
public sealed class DeliveryOptionsTests
{
    [Theory]
    [InlineData(1, 30)]
    [InlineData(2, 60)]
    [InlineData(5, 480)]
    [InlineData(7, 1920)]
    [InlineData(8, 3600)]
    [InlineData(1000, 3600)]
    public void Waits_double_from_half_a_minute_to_an_hour_and_spread_by_a_fifth(int attempts, int seconds)
    {
        var options = new DeliveryOptions();

        Assert.Equal(seconds, options.WaitAfter(attempts, jitter: 1, asked: null).TotalSeconds);
        Assert.Equal(0.8 * seconds, options.WaitAfter(attempts, jitter: 0, asked: null).TotalSeconds, 6);
    }

    [Fact]
    public void No_attempt_comes_before_the_time_that_the_partner_asked_for()
    {
        var options = new DeliveryOptions();
        var asked = TimeSpan.FromHours(2);

        Assert.Equal(asked, options.WaitAfter(1, jitter: 0, asked));
        Assert.Equal(1.1 * asked, options.WaitAfter(1, jitter: 1, asked));
        Assert.Equal(24, options.WaitAfter(1, jitter: 0, TimeSpan.FromSeconds(1)).TotalSeconds, 6);
    }

    [Theory]
    [InlineData("LeaseSeconds", "1", "Deliveries:LeaseSeconds is '1'; it must be a whole number from 5 to 3600.")]
    [InlineData("Enabled", "yes", "Deliveries:Enabled is 'yes'; it must be true or false.")]
    [InlineData(
        "Leese",
        "5",
        "Deliveries:Leese is no setting; Deliveries has BudgetHours, Enabled, FirstWaitSeconds, LeaseSeconds, LongestWaitSeconds, Polling, ScanSeconds, SecondTryMinutes, StopSeconds."
    )]
    [InlineData(
        "FirstWaitSeconds",
        "3600;LongestWaitSeconds=60",
        "Deliveries:FirstWaitSeconds is longer than Deliveries:LongestWaitSeconds, which no wait exceeds."
    )]
    public void A_wrong_setting_stops_the_start_with_a_sentence(string key, string value, string sentence)
    {
        var settings = $"{key}={value}"
            .Split(';')
            .Select(s => s.Split('='))
            .Select(s => KeyValuePair.Create($"Deliveries:{s[0]}", (string?)s[1]));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();

        var problem = Assert.Throws<ConfigurationProblem>(() => DeliveryOptions.Read(configuration));

        Assert.Equal(sentence, problem.Message);
    }
}
