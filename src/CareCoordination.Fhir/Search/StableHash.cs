using System.Text;

namespace CareCoordination.Fhir.Search;

/// <summary>A value as two 64-bit numbers: the first finds index rows, both together prove that a row is the value's own.</summary>
public readonly record struct HashKey(long Key, long Check);

/// <summary>
/// Hashes that are the same in every process and release, because index rows hold them. Two independent multiply-fold lanes
/// over 8-byte words; 128 bits together, so two values never share a row in practice.
/// </summary>
public static class StableHash
{
    private const ulong P0 = 0xA0761D6478BD642FUL;
    private const ulong P1 = 0xE7037ED1A0B428DBUL;
    private const ulong P2 = 0x8EBC6AF09C88C6E3UL;
    private const ulong P3 = 0x589965CC75374CC3UL;

    public static HashKey Of(ReadOnlySpan<byte> bytes, int seed)
    {
        var a = P0 ^ (uint)seed;
        var b = P2 + (uint)seed;
        var length = (ulong)bytes.Length;
        while (bytes.Length >= 8)
        {
            var word = System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            a = Fold(a ^ word, P1);
            b = Fold(b ^ System.Numerics.BitOperations.RotateLeft(word, 29), P3);
            bytes = bytes[8..];
        }

        ulong tail = 0;
        for (var i = 0; i < bytes.Length; i++)
            tail |= (ulong)bytes[i] << (8 * i);
        a = Fold(Fold(a ^ tail, P1) ^ length, P2);
        b = Fold(Fold(b ^ System.Numerics.BitOperations.RotateLeft(tail, 29), P3) + length, P0);
        return new HashKey((long)a, (long)b);
    }

    public static HashKey Of(string text, int seed)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        var bytes = length <= 512 ? stackalloc byte[length] : new byte[length];
        Encoding.UTF8.GetBytes(text, bytes);
        return Of(bytes, seed);
    }

    public static int Of32(string text)
    {
        var key = Of(text, 0).Key;
        return (int)(key ^ (key >> 32));
    }

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out ulong low);
        // Keeping the word itself in the sum means that no multiplier can collapse different words to zero.
        return (high ^ low) + System.Numerics.BitOperations.RotateLeft(a, 23);
    }
}
