using System.Globalization;

namespace CareCoordination.Server.Tests.Record;

/// <summary>Chance, and what it makes of the time that it is.</summary>
internal sealed class Dice(int seed, TimeProvider clock)
{
    private readonly Random _random = new(seed);

    public int Next(int below) => _random.Next(below);

    public int Next(int from, int below) => _random.Next(from, below);

    public bool OneIn(int many) => _random.Next(many) == 0;

    public T Of<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];

    public string? Maybe(string part) => OneIn(2) ? part : null;

    public string? Seldom(string part) => OneIn(5) ? part : null;

    /// <summary>Ten weeks back to two ahead.</summary>
    public string Day() =>
        DateOnly
            .FromDateTime(clock.GetUtcNow().UtcDateTime)
            .AddDays(_random.Next(-70, 14))
            .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The last ten weeks, for what may not lie ahead.</summary>
    public string PastDay() =>
        DateOnly
            .FromDateTime(clock.GetUtcNow().UtcDateTime)
            .AddDays(_random.Next(-70, -1))
            .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>An instant in some zone, a day, a month or a year.</summary>
    public string Time() => Time(Day());

    public string PastTime() => Time(PastDay());

    /// <summary>A day so many days ago.</summary>
    public DateOnly DaysAgo(int from, int to) =>
        DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(-_random.Next(from, to));

    /// <summary>The day, or an instant of it somewhere; seldom no more than its month.</summary>
    public string At(DateOnly day)
    {
        var text = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return _random.Next(8) switch
        {
            < 3 => text,
            < 5 => $"{text}T{Clock()}Z",
            5 when OneIn(6) => text[..7],
            _ => $"{text}T{Clock()}{Of("-05:00", "-04:00", "+05:30", "+14:00")}",
        };
    }

    private string Time(string day) =>
        _random.Next(12) switch
        {
            < 4 => day,
            4 => day[..7],
            5 => day[..4],
            < 8 => $"{day}T{Clock()}Z",
            8 => $"{day}T{Clock()}.{_random.Next(1000):000}-08:00",
            _ => $"{day}T{Clock()}{Of("-05:00", "-04:00", "+05:30", "+14:00")}",
        };

    /// <summary>An instant of the last days, in New York.</summary>
    public DateTimeOffset Lately() => clock.GetUtcNow().AddMinutes(-_random.Next(60, 20_000));

    /// <summary>An instant of the last hours.</summary>
    public DateTimeOffset Just() => clock.GetUtcNow().AddMinutes(-_random.Next(10, 1_000));

    /// <summary>An instant of the next days.</summary>
    public DateTimeOffset Soon() => clock.GetUtcNow().AddMinutes(_random.Next(60, 10_000));

    private string Clock() => $"{Of(0, 4, 5, 7, 12, 19, 23):00}:{Of(0, 30, 59):00}:{Of(0, 59):00}";
}
