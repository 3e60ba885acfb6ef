using System.Globalization;

namespace CareCoordination.HospitalSimulator.Scripts;

/// <summary>An invented person, whom nobody could take for another one: neither names nor birth dates are shared.</summary>
/// <param name="Number">The number that the hospital has for her.</param>
public sealed record Person(string Number, string Family, string Given, DateOnly BirthDate, bool IsMale)
{
    private static readonly DateOnly First = new(1930, 1, 1);

    /// <param name="seed">Of the day.</param>
    /// <param name="index">Of the person on that day.</param>
    public static Person Of(int seed, int index) =>
        new(
            string.Create(CultureInfo.InvariantCulture, $"S{seed}-{index}"),
            "Marsh" + Letters(seed) + "x" + Letters(index),
            "Ada" + Letters(index) + "y" + Letters(seed),
            // No two indexes below 25,000 have the same one: 7919 is a prime that does not divide it.
            First.AddDays((int)(((long)index * 7919 + seed * 31L) % 25_000)),
            index % 2 == 1
        );

    /// <summary>A number in letters, as no name has figures.</summary>
    private static string Letters(int number)
    {
        var text = "";
        for (var rest = number; ; rest /= 26)
        {
            text = (char)('a' + rest % 26) + text;
            if (rest < 26)
                return text;
        }
    }
}
