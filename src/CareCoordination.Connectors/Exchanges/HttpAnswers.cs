using System.Net.Http.Headers;
using CareCoordination.Fhir.Json;

namespace CareCoordination.Connectors.Exchanges;

/// <summary>What HTTP statuses mean for a referral. https://hl7.org/fhir/R4/http.html#Status-Codes</summary>
internal static class HttpAnswers
{
    /// <param name="told">What the answer's OperationOutcome says, whatever its status.</param>
    public static AnswerKind KindOf(int status, bool asksToWait, Told told = Told.Other) =>
        (status, told) switch
        {
            (>= 400, Told.Ambiguity) => AnswerKind.Refused,
            (409 or 412, _) or (>= 400 and not (401 or 403 or 429), Told.Collision) => AnswerKind.Conflict,
            (400 or 422, Told.Passing) => AnswerKind.Conflict,
            (>= 400 and not (401 or 403), Told.Throttling) => AnswerKind.Throttled,
            _ => KindOf(status, asksToWait),
        };

    private static AnswerKind KindOf(int status, bool asksToWait) =>
        status switch
        {
            >= 200 and < 300 => AnswerKind.Accepted,
            429 => AnswerKind.Throttled,
            503 when asksToWait => AnswerKind.Throttled,
            408 or 425 => AnswerKind.Failing,
            501 or 505 => AnswerKind.Refused,
            >= 500 => AnswerKind.Failing,
            _ => AnswerKind.Refused,
        };

    /// <summary>What an operator should do about it.</summary>
    public static string Problem(int status, AnswerKind kind) =>
        status switch
        {
            not (409 or 412) when kind == AnswerKind.Conflict =>
                $"The partner answered {status} and speaks of a conflict with another request.",
            409 or 412 when kind == AnswerKind.Refused =>
                $"The partner has several resources that a condition of ours fits ({status}): see its answer, and ask it to join them.",
            >= 200 and < 300 => "",
            >= 300 and < 400 =>
                $"The partner answered {status}, a redirection, which is not followed: put the new address into the Endpoint.",
            400 or 422 =>
                $"The partner refused the content with {status}: correct what its answer names and send again.",
            401 => "The partner did not accept our identification (401): check the registration of this server there.",
            403 => "The partner does not allow this (403): ask it for the permission.",
            404 => "The partner has no such address (404): check the address of the Endpoint.",
            409 or 412 => $"The partner's copy was changed meanwhile ({status}).",
            410 => "The partner has deleted its copy (410): ask it what became of the referral.",
            429 => "The partner asks to be called less often (429).",
            _ => $"The partner answered {status}.",
        };

    public static TimeSpan? RetryAfter(RetryConditionHeaderValue? header, DateTimeOffset now)
    {
        var wait = header?.Delta ?? (header?.Date is { } date ? date - now : null);
        return wait is { } w && w < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    /// <summary>The version in an entity tag: <c>7</c> of <c>W/"7"</c>.</summary>
    public static string? Version(string? tag) =>
        tag is null ? null
        : (tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag).Trim('"') is { Length: > 0 } text ? text
        : null;

    /// <summary>The body where it is an OperationOutcome: nothing else a partner answers may be shown as its reason.</summary>
    public static ReadOnlyMemory<byte> OutcomeOnly(ReadOnlyMemory<byte> body) =>
        ResourceDocument.Parse(body).TryGet(out var document, out _)
        && document.ResourceTypeUtf8.SequenceEqual("OperationOutcome"u8)
            ? body
            : default;
}
