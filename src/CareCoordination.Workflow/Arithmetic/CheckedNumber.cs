namespace CareCoordination.Workflow.Arithmetic;

/// <summary>
/// Arithmetic on numbers that come from outside. A result that the type cannot hold is the largest or smallest that it can: a
/// distance, a share or a count of that size decides as any other one beyond it would.
/// </summary>
public static class CheckedNumber
{
    public static decimal Minus(this decimal one, decimal other) =>
        other < 0 && one > decimal.MaxValue + other ? decimal.MaxValue
        : other > 0 && one < decimal.MinValue + other ? decimal.MinValue
        : one - other;

    /// <summary>A share of a number that is not negative.</summary>
    public static decimal Times(this decimal number, decimal share) =>
        share > 1 && number > decimal.MaxValue / share ? decimal.MaxValue : number * share;

    /// <summary>A count that is one more.</summary>
    public static int Next(int count) => count < int.MaxValue ? Math.Max(count, 0) + 1 : int.MaxValue;

    public static int Clamp(long number) => (int)Math.Clamp(number, int.MinValue, int.MaxValue);
}
