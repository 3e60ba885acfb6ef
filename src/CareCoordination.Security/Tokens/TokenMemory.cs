using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace CareCoordination.Security.Tokens;

/// <summary>
/// Remembers whose a token is, by its SHA-256: to check a signature costs more than to read a resource. Bounded; the token itself is not
/// kept.
/// </summary>
internal sealed class TokenMemory(TimeProvider time)
{
    public const int MostTokens = 20_000;

    /// <summary>
    /// No longer, whenever a token expires: what an issuer or the configuration does not stand for any more ends after this at the latest.
    /// </summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<TokenHash, Remembered> _tokens = new();

    public int Count => _tokens.Count;

    public RememberedToken? Find(TokenHash token)
    {
        if (!_tokens.TryGetValue(token, out var remembered))
            return null;
        var now = time.GetUtcNow();
        if (now < remembered.Until && now >= remembered.Since)
            return remembered.Token;
        _tokens.TryRemove(token, out _);
        return null;
    }

    /// <summary>It is not taken any more.</summary>
    public void Forget(TokenHash token) => _tokens.TryRemove(token, out _);

    /// <param name="until">When the token may not be used any more.</param>
    public void Add(TokenHash token, RememberedToken validated, DateTimeOffset until)
    {
        var now = time.GetUtcNow();
        var end = until < now + Longest ? until : now + Longest;
        if (end <= now)
            return;
        if (_tokens.Count >= MostTokens)
            MakeRoom(now);
        _tokens[token] = new Remembered(validated, now, end);
    }

    /// <summary>What is over goes, and as much of the rest that this is not done for each new token.</summary>
    private void MakeRoom(DateTimeOffset now)
    {
        foreach (var (token, remembered) in _tokens)
        {
            if (now >= remembered.Until)
                _tokens.TryRemove(token, out _);
        }

        foreach (var token in _tokens.Keys.Take(_tokens.Count - (MostTokens * 3 / 4)))
            _tokens.TryRemove(token, out _);
    }

    private sealed record Remembered(RememberedToken Token, DateTimeOffset Since, DateTimeOffset Until);
}

/// <summary>The SHA-256 of a token and of the FHIR base that it was shown at: which people are of this server depends on both.</summary>
internal readonly record struct TokenHash(UInt128 High, UInt128 Low)
{
    public static TokenHash Of(string token, string baseUrl)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{token}\n{baseUrl}"), hash);
        return new(BinaryPrimitives.ReadUInt128BigEndian(hash), BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));
    }
}
