namespace CareCoordination.Fhir.Primitives;

/// <summary>
/// The instants a date of any precision stands for, half-open, in UTC ticks (100 ns): <see cref="Start"/> is included,
/// <see cref="End"/> is not; End is never before Start. An open end of a Period is <see cref="MinTicks"/> or
/// <see cref="MaxTicks"/>.
/// </summary>
public readonly record struct DateRange(long Start, long End)
{
    public const long MinTicks = 0;
    public const long MaxTicks = 3155378975999999999; // DateTime.MaxValue.Ticks

    public static readonly DateRange All = new(MinTicks, MaxTicks);

    public bool Overlaps(DateRange other) => Start < other.End && other.Start < End;

    public bool Contains(DateRange other) => Start <= other.Start && other.End <= End;
}
