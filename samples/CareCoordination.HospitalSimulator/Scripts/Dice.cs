namespace CareCoordination.HospitalSimulator.Scripts;

/// <summary>SplitMix64: small, and the same sequence in every release of every runtime. Each patient has a stream of its own.</summary>
internal sealed class Dice(ulong seed, ulong stream)
{
    private ulong _state = Mix(seed * 0x9E3779B97F4A7C15UL) ^ Mix(stream + 0x632BE59BD9B4E019UL);

    public int Below(int end) => (int)(Mix(_state += 0x9E3779B97F4A7C15UL) % (ulong)end);

    public bool Chance(int percent) => Below(100) < percent;

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
