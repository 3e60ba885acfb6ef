using System.Security.Cryptography;
using System.Text;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Workers;
using CareCoordination.Exchange.Partners;
using CareCoordination.Exchange.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CareCoordination.Exchange.Inbox;

/// <summary>
/// Takes word from partners that there is news of our Tasks: the rest-hook of a Subscription there, with a secret that the two agreed on.
/// What is news is asked for, so that nothing rests on what a notification says. https://hl7.org/fhir/R4/subscription.html#2.46.7.1
/// </summary>
public sealed class PartnerNotifications(
    PartnerDirectory directory,
    PartnersOptions options,
    PartnerPolls polls,
    ILogger<PartnerNotifications> log
) : IHostedService
{
    public const string Header = "X-Notification-Secret";

    /// <summary>Notifications come in bursts, one for each change: they are answered by one question.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromSeconds(1);

    // While another node asks the partner, this one waits for its turn: what is notified now may be too late for that question.
    private const int MostTurns = 20;

    private readonly SideWork _work = new();

    /// <summary>Where partners tell of news, below the root of the server: <c>/notifications/{id of the Endpoint}</c>.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        // With a payload R4 has servers PUT the resource below the address; without one they POST nothing.
        string[] methods = ["POST", "PUT"];
        // A Subscription shows the secret that was agreed on, and cannot get a token.
        routes.MapMethods("/notifications/{endpoint}/{**rest}", methods, Answer).AllowAnonymous();
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends when what was notified has been asked for, or given up.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _work.EndAsync();

    private IResult Answer(HttpContext context, string endpoint)
    {
        if (options[endpoint].NotificationSecret is not { } secret)
            // A secured server does not tell strangers which partners it has.
            return context.Features.Get<Caller>() is { Kind: not CallerKind.Open }
                ? Results.Unauthorized()
                : Results.NotFound();
        if (!IsSecret(Shown(context.Request), secret))
            return Results.Unauthorized();
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        _work.Begin(
            endpoint,
            () => Guard.RunAsync(() => AskAsync(endpoint, stopping), $"notification of {endpoint}", log, stopping)
        );
        return Results.Ok();
    }

    private static string Shown(HttpRequest request) =>
        request.Headers[Header].ToString() is { Length: > 0 } own ? own
        : request.Headers.Authorization.ToString() is { } authorization
        && authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? authorization["Bearer ".Length..].Trim()
        : "";

    /// <summary>Takes as long whatever was shown.</summary>
    private static bool IsSecret(string shown, string secret) =>
        CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(shown)),
            SHA256.HashData(Encoding.UTF8.GetBytes(secret))
        );

    private async Task AskAsync(string endpoint, CancellationToken stopping)
    {
        if ((await directory.FindAsync(endpoint, stopping)).Partner is not { } partner)
            return;
        for (var turn = 0; turn < MostTurns; turn++)
        {
            await Task.Delay(Gathering, TimeProvider.System, stopping);
            if (await polls.RunAsync(partner, isWanted: true, stopping) is not null)
                return;
        }
    }
}
