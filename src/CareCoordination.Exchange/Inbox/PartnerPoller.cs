using CareCoordination.Application.Workers;
using CareCoordination.Exchange.Partners;
using CareCoordination.Exchange.Settings;
using CareCoordination.Storage.Stores;

namespace CareCoordination.Exchange.Inbox;

/// <summary>
/// Lets this node ask partners for news when it is their time. Any number of nodes may. One partner that cannot be asked, or answers
/// slowly, does not keep the others from it.
/// </summary>
public sealed class PartnerPoller(
    OutboxStore deliveries,
    PartnerDirectory directory,
    PartnerPolls polls,
    DeliveryOptions options,
    TimeProvider time,
    ILogger<PartnerPoller> log
) : PeriodicWorker("polls", TimeSpan.FromMinutes(1), time, log)
{
    private readonly SideWork _polls = new();

    protected override bool IsEnabled => options.IsPolling;

    /// <summary>Nobody is asked before a minute has passed: partners are given time to find what was just sent.</summary>
    protected override Task PrepareAsync(CancellationToken stopping) =>
        Task.Delay(TimeSpan.FromMinutes(1), Time, stopping);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await _polls.EndAsync();
    }

    protected override async Task RunAsync(CancellationToken stopping)
    {
        foreach (var partner in await deliveries.PartnersWithCopiesAsync(stopping))
            _polls.Begin(
                partner,
                () => Guard.RunAsync(() => PollAsync(partner, stopping), $"poll of {partner}", log, stopping)
            );
    }

    private async Task PollAsync(string partner, CancellationToken stopping)
    {
        if ((await directory.FindAsync(partner, stopping)).Partner is { } found)
            await polls.RunAsync(found, isWanted: false, stopping);
    }
}
