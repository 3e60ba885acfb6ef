using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CareCoordination.PartnerSimulator;

/// <summary>The line between a request and the partner: reads it, lets go wrong what the script says, writes the answer.</summary>
internal sealed class PartnerLine(
    FhirPartner partner,
    PartnerManners manners,
    TokenEndpoint tokens,
    FaultScript faults,
    ReferralRecipient recipient,
    SimulatorOptions options
)
{
    public async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.RouteValues["path"] as string ?? "";
        var fault = faults.Take(context.Request.Method, path);
        if (fault == Fault.DropBefore)
        {
            context.Abort();
            return;
        }

        if (fault == Fault.Slow)
            await Task.Delay(options.Slowness, context.RequestAborted);
        var answer = Refusal(fault, context.Request) ?? await PassAsync(context, path, fault);
        if (fault == Fault.LoseAnswer)
            await Task.Delay(options.Silence, context.RequestAborted);
        if (fault is Fault.LoseAnswer or Fault.DropAfter)
            context.Abort();
        else
            await WriteAsync(context, fault == Fault.WrongETag ? answer with { ETag = "W/\"999\"" } : answer);
    }

    /// <summary>What is answered without a look at the request.</summary>
    private PartnerAnswer? Refusal(Fault fault, HttpRequest request) =>
        fault switch
        {
            Fault.TooManyRequests => PartnerAnswer.Refusal(429, "throttled", "Too many requests: slow down.") with
            {
                RetryAfter = options.RetryAfter,
            },
            Fault.ServerError => PartnerAnswer.Refusal(503, "transient", "The partner is busy with itself."),
            Fault.Refuse => PartnerAnswer.Refusal(400, "invalid", "The partner does not take this."),
            Fault.Busy => PartnerAnswer.Refusal(409, "lock-error", "The patient's record is locked: try again."),
            Fault.NotFound => PartnerAnswer.Refusal(404, "not-found", "There is nothing here."),
            Fault.ExpiredToken => Unauthorized(),
            _ when manners.NeedsToken && !tokens.Takes(request.Headers.Authorization) => Unauthorized(),
            _ => null,
        };

    private static PartnerAnswer Unauthorized() =>
        PartnerAnswer.Refusal(401, "login", "The access token is not valid.");

    private async Task<PartnerAnswer> PassAsync(HttpContext context, string path, Fault fault)
    {
        var request = context.Request;
        JsonObject? body = null;
        if (request.ContentLength is > 0 || request.Headers.TransferEncoding.Count > 0)
        {
            try
            {
                body = await JsonSerializer.DeserializeAsync<JsonObject>(
                    request.Body,
                    cancellationToken: context.RequestAborted
                );
            }
            catch (JsonException)
            {
                return PartnerAnswer.Refusal(400, "structure", "The body is no JSON object.");
            }
        }

        if (fault == Fault.CompleteFirst)
            recipient.Do("complete", path);
        var query = request.Query.SelectMany(p => p.Value.Select(v => KeyValuePair.Create(p.Key, v ?? "")));
        return partner.Answer(new PartnerRequest(request.Method, path, [.. query], request.Headers, body), fault);
    }

    internal static async Task WriteAsync(HttpContext context, PartnerAnswer answer)
    {
        var response = context.Response;
        response.StatusCode = answer.Status;
        response.ContentType = "application/fhir+json; charset=utf-8";
        if (answer.ETag is { } etag)
            response.Headers.ETag = etag;
        if (answer.Location is { } location)
            response.Headers.Location = location;
        if (answer.RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (answer.Status == 401)
            response.Headers.Append(HeaderNames.WWWAuthenticate, "Bearer error=\"invalid_token\"");
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(answer.Body), context.RequestAborted);
    }
}
