using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage;

namespace CareCoordination.Application.Writes;

/// <summary>
/// A client's promise that requests with this key are one request. What was done for it is remembered in the commit that did it, under
/// the hash of the key: there can be one, so that a replay finds it and a race has one winner.
/// https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
/// </summary>
/// <param name="Hash">Of the key: what is remembered says nothing of what a client sent.</param>
/// <param name="Digest">Of what was asked: another request must not come with the same key.</param>
public sealed record IdempotencyKey(string Hash, string Digest)
{
    public const int MaxLength = 255;

    /// <summary>Null where the client makes no such promise.</summary>
    /// <param name="code">Of the operation, with <c>$</c>.</param>
    public static Result<IdempotencyKey?> Of(string code, ResourceKey target, InteractionRequest request)
    {
        if (request.Conditions.IdempotencyKey is not { } text)
            return (IdempotencyKey?)null;
        if (text.Length is 0 or > MaxLength)
            return Failure.Invalid(IssueCode.Value, $"Idempotency-Key has 1 to {MaxLength} characters.");
        return new IdempotencyKey(Hex(SHA256.HashData(Encoding.UTF8.GetBytes(text))), DigestOf(code, target, request));
    }

    /// <summary>The key as one caller's: what others did with the same key is nothing to them.</summary>
    public IdempotencyKey Of(Caller caller)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in (string[])[Hash, caller.Kind.ToString(), caller.Subject, caller.Client ?? ""])
            Add(hash, part);
        return this with { Hash = Hex(hash.GetHashAndReset()) };
    }

    /// <summary>What there is to remember of the answer.</summary>
    /// <param name="answer">The version that the first request was answered with.</param>
    public RememberedAnswer Remember(ResourceKey answer, int version, DateTimeOffset now, TimeSpan lifetime) =>
        new(Hash, Digest, answer, version, now, now + lifetime);

    /// <summary>
    /// Whether what is remembered is the answer to this request: false where nothing is, or not any more; 422 where the key was used for
    /// something else.
    /// </summary>
    public Result<bool> Recalls(RememberedAnswer? remembered, DateTimeOffset now)
    {
        if (remembered is null || remembered.ExpiresAt <= now)
            return false;
        return remembered.Digest == Digest
            ? true
            : Failure.Unprocessable(
                IssueCode.BusinessRule,
                "This Idempotency-Key was used for another request: give every request a key of its own."
            );
    }

    /// <summary>Method, path, query and body, each with its length: no two requests run together into one text.</summary>
    private static string DigestOf(string code, ResourceKey target, InteractionRequest request)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(digest, request.Method);
        Add(digest, $"{target}/{code}");
        foreach (var (name, value) in request.Query)
        {
            Add(digest, name);
            Add(digest, value);
        }

        digest.AppendData("\n"u8);
        digest.AppendData(request.Body.Span);
        return Hex(digest.GetHashAndReset());
    }

    private static void Add(IncrementalHash digest, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        digest.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{bytes.Length}:")));
        digest.AppendData(bytes);
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
