namespace CareCoordination.Storage.Tables;

/// <summary>
/// The integer that stands for a resource in all tables: its type in the upper 16 bits, a number of the resource below. So the
/// resources of a type are one range of keys, and an index row tells the type of its resource.
/// </summary>
internal static class SurrogateKey
{
    private const int NumberBits = 48;

    public static long Of(short typeId, long number) => ((long)typeId << NumberBits) | number;

    public static short TypeId(long key) => (short)(key >> NumberBits);

    /// <summary>The smallest key of the type; the type's keys end before <see cref="End"/>.</summary>
    public static long Start(short typeId) => (long)typeId << NumberBits;

    public static long End(short typeId) => (typeId + 1L) << NumberBits;
}
