using System.Net;
using System.Net.Http.Headers;
using CareCoordination.Connectors.Partners;
using CareCoordination.Fhir.Canonicals;

namespace CareCoordination.Connectors.Exchanges;

/// <summary>One attempt of a request to a partner's FHIR server. https://hl7.org/fhir/R4/http.html</summary>
/// <param name="fhirBase">Without a slash at its end.</param>
internal sealed class PartnerHttp(
    string fhirBase,
    PartnerOptions options,
    HttpClient client,
    SmartClient? smart,
    TimeProvider time
)
{
    private readonly Uri _base = new(fhirBase + "/");

    /// <summary>How the partner knows what this server defines.</summary>
    public OwnCanonicals Canonicals { get; init; } = OwnCanonicals.AsKnownHere;

    public async ValueTask<PartnerAnswer> AskAsync(PartnerRequest request, CancellationToken cancel)
    {
        try
        {
            if (smart is null)
                return await AskAsync(request, token: null, cancel);
            var token = await smart.TokenAsync(cancel);
            if (token.Value is null)
                return token.Refusal!;
            var answer = await AskAsync(request, token.Value, cancel);
            if (answer.Status != (int)HttpStatusCode.Unauthorized)
                return answer;
            // The token may have been withdrawn before its time.
            smart.Forget(token.Value);
            token = await smart.TokenAsync(cancel);
            return token.Value is null ? token.Refusal! : await AskAsync(request, token.Value, cancel);
        }
        catch (Exception problem) when (NetworkProblem.Describe(problem, cancel) is { } described)
        {
            return described;
        }
    }

    private async ValueTask<PartnerAnswer> AskAsync(PartnerRequest request, string? token, CancellationToken cancel)
    {
        using var message = Message(request, token);
        using var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancel);
        var body = await BoundedBody.ReadAsync(response.Content, request.MaxAnswerBytes, cancel);
        if (body is not null && Canonicals.Inside is { } inside)
            body = inside.Respell(body.AsMemory()).ToArray();
        var status = (int)response.StatusCode;
        var retryAfter = HttpAnswers.RetryAfter(response.Headers.RetryAfter, time.GetUtcNow());
        var outcome = status < 300 ? default : HttpAnswers.OutcomeOnly(body);
        var kind = HttpAnswers.KindOf(status, retryAfter is not null, ConflictWords.In(outcome));
        if (kind == AnswerKind.Accepted && body is null)
            return PartnerAnswer.Refused(
                $"The partner's answer has more than {request.MaxAnswerBytes} bytes, which is not read."
            );
        return new PartnerAnswer(kind, status, HttpAnswers.Problem(status, kind))
        {
            Version = HttpAnswers.Version(response.Headers.ETag?.ToString()),
            Location = response.Headers.Location?.OriginalString,
            RetryAfter = retryAfter,
            Body = kind == AnswerKind.Accepted ? body : outcome,
        };
    }

    private HttpRequestMessage Message(PartnerRequest request, string? token)
    {
        var message = new HttpRequestMessage(request.Method, Address(request.Path));
        foreach (var (name, value) in options.Headers)
            message.Headers.TryAddWithoutValidation(name, value);
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/fhir+json"));
        if (token is not null)
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (request.RequestId is not null)
            message.Headers.Add("X-Request-Id", request.RequestId);
        if (request.IfMatch is not null)
            message.Headers.TryAddWithoutValidation("If-Match", $"W/\"{request.IfMatch}\"");
        if (request.IfNoneExist is not null)
            message.Headers.TryAddWithoutValidation("If-None-Exist", request.IfNoneExist);
        if (!request.Body.IsEmpty)
        {
            message.Headers.Add("Prefer", "return=representation");
            message.Content = new ReadOnlyMemoryContent(Canonicals.Outside?.Respell(request.Body) ?? request.Body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/fhir+json");
        }

        return message;
    }

    /// <summary>A transaction goes to the base itself, which has no slash at its end.</summary>
    private Uri Address(string path) => path.Length == 0 ? new Uri(fhirBase) : new Uri(_base, path);
}
