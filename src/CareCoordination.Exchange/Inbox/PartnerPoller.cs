using CareCoordination.Exchange.Diagnostics;
using CareCoordination.Exchange.Partners;
using CareCoordination.Exchange.Settings;
using CareCoordination.Storage;
using CareCoordination.Storage.Deliveries;

namespace CareCoordination.Exchange.Inbox;

/// <summary>Lets this node ask partners for news when it is their time. Any number of nodes may.</summary>
public sealed class PartnerPoller(
    DeliveryStore deliveries,
    PartnerDirectory directory,
    PartnerPolls polls,
    DeliveryOptions options,
    TimeProvider time,
    ILogger<PartnerPoller> log
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.IsPolling)
            return;
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var partners = await deliveries.PartnersWithCopiesAsync(stoppingToken);
                await Task.WhenAll(partners.Select(p => PollAsync(p, stoppingToken)));
            }
            catch (StoreUnavailableException e)
            {
                Log.DeliveriesWait(log, e);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // One round that failed must not be the last one.
                Log.Unexpected(log, e, "polls");
            }
        }
    }

    private async Task PollAsync(string partner, CancellationToken stopping)
    {
        try
        {
            if ((await directory.FindAsync(partner, stopping)).Partner is { } found)
                await polls.RunAsync(found, stopping);
        }
        catch (Exception e) when (e is not StoreUnavailableException && !stopping.IsCancellationRequested)
        {
            // One partner that cannot be asked must not keep the others from it.
            Log.Unexpected(log, e, partner);
        }
    }
}
