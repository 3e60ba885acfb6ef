using System.Collections.Immutable;
using System.Globalization;

namespace CareCoordination.Fuzz;

/// <summary>Chance that is the same whenever seed and number of a request are, and never depends on the requests before.</summary>
internal sealed class Dice(int seed, int number)
{
    /// <summary>Requests change what is there, to its end: after so many there is a new world, so that none starts from ruins alone.</summary>
    public const int EpochLength = 250;

    private ulong _state = ((ulong)(uint)seed << 32) | (uint)number;

    /// <summary>How many characters of values may still be drawn, so that a request ends.</summary>
    public int Room { get; private set; } = 30_000;

    public bool IsFull => Room <= 0;

    /// <summary>
    /// True for a request that may break the rules of R4. What does is refused at the first of them, so that most requests keep the rules and
    /// go as far as values allow.
    /// </summary>
    public bool IsSloppy { get; private set; }

    /// <summary>True now and then in a request that may break rules.</summary>
    public bool Slips(int times = 8) => IsSloppy && Once(times);

    public static Dice Of(int seed, int number)
    {
        var dice = new Dice(seed, number);
        dice.IsSloppy = dice.Once(3);
        return dice;
    }

    /// <summary>The id of a resource that is there.</summary>
    public string Known() => Known(1 + Below(3), number / EpochLength);

    public static string Known(int which, int epoch) =>
        string.Create(CultureInfo.InvariantCulture, $"f{which}-{epoch}");

    /// <summary>From 0 to below a limit. https://prng.di.unimi.it/splitmix64.c</summary>
    public int Below(int limit)
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15;
            var z = _state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return (int)((z ^ (z >> 31)) % (ulong)limit);
        }
    }

    /// <summary>True once in so many times.</summary>
    public bool Once(int times) => Below(times) == 0;

    public T Pick<T>(ImmutableArray<T> all) => all[Below(all.Length)];

    public T Pick<T>(params ReadOnlySpan<T> all) => all[Below(all.Length)];

    /// <summary>Counts what was drawn.</summary>
    public string Drawn(string text)
    {
        Room -= text.Length;
        return text;
    }
}
