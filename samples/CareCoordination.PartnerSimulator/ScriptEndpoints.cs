using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using static CareCoordination.PartnerSimulator.PartnerStore;

namespace CareCoordination.PartnerSimulator;

/// <summary>The strings behind the stage, over HTTP: faults, what the recipient does, and what came of it all.</summary>
internal sealed class ScriptEndpoints(
    FaultScript faults,
    ReferralRecipient recipient,
    EffectLedger effects,
    TokenEndpoint tokens
)
{
    /// <summary>
    /// <c>{"fault":"DropAfter","times":1,"method":"POST","path":"Task"}</c>, <c>{"share":0.3}</c>, <c>{"down":true}</c>,
    /// <c>{"expireTokens":true}</c> or <c>{"clear":true}</c>.
    /// </summary>
    public async Task ScriptAsync(HttpContext context)
    {
        var wish = await BodyAsync(context);
        if (Text(wish["fault"]) is { Length: > 0 } name)
        {
            if (!Enum.TryParse<Fault>(name, ignoreCase: true, out var fault))
            {
                await WriteAsync(context, 400, $"'{name}' is no fault: {string.Join(", ", Enum.GetNames<Fault>())}.");
                return;
            }

            var times = wish["times"]?.GetValue<int>() ?? 1;
            faults.Next(fault, times, wish["method"]?.GetValue<string>(), wish["path"]?.GetValue<string>());
        }

        if (wish["share"] is { } share)
            faults.Share = share.GetValue<double>();
        if (wish["down"] is { } down)
            faults.IsDown = down.GetValue<bool>();
        if (wish["clear"] is not null)
            faults.Clear();
        if (wish["expireTokens"] is not null)
            tokens.ExpireAll();
        await WriteAsync(context, 200, "The script is changed.");
    }

    /// <summary>
    /// <c>{"step":"accept","referral":"Task/1","reason":"…"}</c>: the copy of the Task as the step leaves it. With <c>tell</c>, the
    /// FHIR base of the one that referred, it is told to it by a message; 502 where it was not taken there.
    /// </summary>
    public async Task RecipientAsync(HttpContext context)
    {
        var wish = await BodyAsync(context);
        var (step, referral) = (Text(wish["step"]), Text(wish["referral"]));
        if (!ReferralRecipient.Steps.ContainsKey(step))
        {
            await WriteAsync(context, 400, $"'{step}' is no step: {string.Join(", ", ReferralRecipient.Steps.Keys)}.");
            return;
        }

        try
        {
            var changed = recipient.Do(step, referral, wish["reason"]?.GetValue<string>());
            if (
                Text(wish["tell"]) is { Length: > 0 } initiator
                && await recipient.TellAsync(changed, initiator, context.RequestAborted) is { Status: not 200 } refused
            )
                await PartnerLine.WriteAsync(context, new PartnerAnswer(502, refused.Body));
            else
                await PartnerLine.WriteAsync(context, PartnerAnswer.Of(200, changed));
        }
        catch (InvalidOperationException unknown)
        {
            await WriteAsync(context, 404, unknown.Message);
        }
    }

    /// <summary>All effects in their order.</summary>
    public Task EffectsAsync(HttpContext context) => context.Response.WriteAsJsonAsync(effects.All);

    private static async Task<JsonObject> BodyAsync(HttpContext context) =>
        await JsonSerializer.DeserializeAsync<JsonObject>(context.Request.Body) ?? [];

    private static Task WriteAsync(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { sentence });
    }
}
