using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Application.Writes;

/// <summary>
/// A client's promise that requests with this key are one request. What was done for it is remembered as a Basic resource in the
/// commit that did it, under an id made of the key: there can be one, so that a replay finds it and a race has one winner.
/// https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
/// </summary>
/// <param name="Record">Where the record is.</param>
/// <param name="Digest">Of what was asked: another request must not come with the same key.</param>
public sealed record IdempotencyKey(ResourceKey Record, string Digest)
{
    public const int MaxLength = 255;

    private const string Extension = "https://carecoordination.example/fhir/StructureDefinition/request-digest";

    /// <summary>A key or none, because a <see cref="Result{T}"/> is never null.</summary>
    public readonly record struct Optional(IdempotencyKey? Key);

    /// <param name="code">Of the operation, with <c>$</c>.</param>
    public static Result<Optional> Of(string code, ResourceKey target, InteractionRequest request)
    {
        if (request.Conditions.IdempotencyKey is not { } text)
            return new Optional(null);
        if (text.Length is 0 or > MaxLength)
            return Failure.Invalid(IssueCode.Value, $"Idempotency-Key has 1 to {MaxLength} characters.");
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        digest.AppendData(Encoding.UTF8.GetBytes($"{code} {target}\n"));
        digest.AppendData(request.Body.Span);
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return new Optional(
            new IdempotencyKey(
                new ResourceKey("Basic", $"idempotency-{key[..48]}"),
                Convert.ToHexStringLower(digest.GetHashAndReset())
            )
        );
    }

    /// <summary>The record, as a resource.</summary>
    /// <param name="answer">The version that the first request was answered with.</param>
    public byte[] ToRecord(ResourceKey answer, int version, DateTimeOffset now) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                resourceType = "Basic",
                id = Record.Id,
                extension = new[] { new { url = Extension, valueString = Digest } },
                code = new { text = "Answer to a request with an Idempotency-Key" },
                subject = new { reference = $"{answer}/_history/{version}" },
                created = now.UtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            }
        );

    /// <summary>The version that a record tells of; 422 where the key was used for something else.</summary>
    public Result<(ResourceKey Answer, int Version)> Recall(ReadOnlyMemory<byte> record)
    {
        using var json = JsonDocument.Parse(record);
        var root = json.RootElement;
        var digest = root.GetProperty("extension")[0].GetProperty("valueString").GetString();
        if (digest != Digest)
            return Failure.Unprocessable(
                IssueCode.BusinessRule,
                "This Idempotency-Key was used for another request: give every request a key of its own."
            );
        var parts = root.GetProperty("subject").GetProperty("reference").GetString()!.Split('/');
        return (
            new ResourceKey(parts[0], parts[1]),
            int.Parse(parts[3], System.Globalization.CultureInfo.InvariantCulture)
        );
    }
}
