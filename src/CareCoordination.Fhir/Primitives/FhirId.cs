using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CareCoordination.Fhir.Primitives;

/// <summary>The rules of the id type: 1 to 64 of <c>A-Z a-z 0-9 - .</c>, but for a dot or two alone. https://hl7.org/fhir/R4/datatypes.html#id</summary>
public static class FhirId
{
    public const int MaxLength = 64;

    private const int RandomBytes = 1024;

    [ThreadStatic]
    private static byte[]? _random;

    [ThreadStatic]
    private static int _randomLeft;

    public static bool IsValid(ReadOnlySpan<char> text)
    {
        // In an address these two mean something else. https://www.rfc-editor.org/rfc/rfc3986#section-5.2.4
        if (text.Length is 0 or > MaxLength || text is "." or "..")
            return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not '-' and not '.')
                return false;
        }

        return true;
    }

    /// <summary>
    /// A new time-ordered id (UUIDv7), so that ids given by the server arrive in index order. Its random part is one of
    /// <see cref="RandomNumberGenerator"/>, asked for many ids at once: each question is a call of the operating system.
    /// https://www.rfc-editor.org/rfc/rfc9562#section-5.7
    /// </summary>
    public static string New(DateTimeOffset now)
    {
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(id, now.ToUnixTimeMilliseconds() << 16);
        TakeRandom(id[6..]);
        id[6] = (byte)((id[6] & 0x0F) | 0x70);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true).ToString();
    }

    private static void TakeRandom(Span<byte> bytes)
    {
        var random = _random ??= new byte[RandomBytes];
        if (_randomLeft < bytes.Length)
        {
            RandomNumberGenerator.Fill(random);
            _randomLeft = random.Length;
        }

        var taken = random.AsSpan(_randomLeft - bytes.Length, bytes.Length);
        taken.CopyTo(bytes);
        taken.Clear();
        _randomLeft -= bytes.Length;
    }
}
