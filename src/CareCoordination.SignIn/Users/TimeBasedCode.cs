using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CareCoordination.SignIn.Users;

/// <summary>One-time codes that an app makes of a secret and the time. https://www.rfc-editor.org/rfc/rfc6238</summary>
internal static class TimeBasedCode
{
    private const int StepSeconds = 30;
    private const int Digits = 6;
    private const int SecretBytes = 20;
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(SecretBytes);

    /// <summary>The step that the code is of: that of the time, or one beside it, as clocks differ. Null: it is none of them.</summary>
    /// <param name="after">The step of the last code that was taken: that one and those before are not taken again.</param>
    public static long? Match(byte[] secret, string code, DateTimeOffset now, long after)
    {
        var given = Encoding.ASCII.GetBytes(code.Replace(" ", "", StringComparison.Ordinal));
        var step = now.ToUnixTimeSeconds() / StepSeconds;
        long? found = null;
        for (var candidate = step - 1; candidate <= step + 1; candidate++)
        {
            var isIt = CryptographicOperations.FixedTimeEquals(given, Encoding.ASCII.GetBytes(Make(secret, candidate)));
            if (isIt && candidate > after)
                found ??= candidate;
        }

        return found;
    }

    /// <summary>The code of a moment.</summary>
    public static string Make(byte[] secret, DateTimeOffset moment) =>
        Make(secret, moment.ToUnixTimeSeconds() / StepSeconds);

    // The function is part of the standard, as apps have it: HMAC with SHA-1 is not broken by what SHA-1 is broken by.
    private static string Make(byte[] secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        HMACSHA1.HashData(secret, counter, hash);
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 15)..]) & int.MaxValue;
        return (number % 1_000_000).ToString(CultureInfo.InvariantCulture).PadLeft(Digits, '0');
    }

    /// <summary>As people type it into an app. https://www.rfc-editor.org/rfc/rfc4648#section-6</summary>
    public static string Spell(byte[] secret)
    {
        var text = new StringBuilder();
        var (bits, count) = (0, 0);
        foreach (var value in secret)
        {
            bits = (bits << 8) | value;
            for (count += 8; count >= 5; count -= 5)
                text.Append(Base32[(bits >> (count - 5)) & 31]);
            bits &= (1 << count) - 1;
        }

        if (count > 0)
            text.Append(Base32[(bits << (5 - count)) & 31]);
        return text.ToString();
    }

    /// <summary>What an app takes the secret from. https://github.com/google/google-authenticator/wiki/Key-Uri-Format</summary>
    public static string Address(byte[] secret, string user) =>
        $"otpauth://totp/CareCoordination:{Uri.EscapeDataString(user)}?secret={Spell(secret)}&issuer=CareCoordination";
}
