using System.Collections.Concurrent;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Writes;
using CareCoordination.Connectors;
using CareCoordination.Connectors.Exchanges;
using CareCoordination.Connectors.Partners;
using CareCoordination.Exchange.Diagnostics;
using CareCoordination.Storage;
using CareCoordination.Storage.Stores;

namespace CareCoordination.Exchange.Partners;

/// <summary>
/// Remembers how partners fare, for operators at every node, and sees when one is back: then what waits for its next attempt
/// need not wait any longer.
/// </summary>
public sealed class PartnerStatuses(
    CareSessions sessions,
    OutboxStore deliveries,
    TimeProvider time,
    ILogger<PartnerStatuses> log
)
{
    /// <summary>How old what others see may be.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private const int PageSize = 500;

    private readonly ConcurrentDictionary<string, Noted> _noted = new(StringComparer.Ordinal);

    public async Task<bool> IsPausedAsync(string partner, CancellationToken cancellationToken)
    {
        var status = await deliveries.PartnerStatusAsync(partner, cancellationToken);
        // That it was down may have been seen by another node, or before this one was started.
        _noted.TryAdd(
            partner,
            new Noted(DateTimeOffset.MinValue, status.ConsecutiveFailures > 0, status.LastProblem is not null)
        );
        return status.IsPaused;
    }

    /// <summary>To be told after each attempt.</summary>
    public async Task NoteAsync(Partner partner, PartnerHealth health)
    {
        var now = time.GetUtcNow();
        var isDown = health.Breaker != BreakerState.Closed || health.FailuresInARow >= partner.Options.BreakerFailures;
        var noted = _noted.GetValueOrDefault(partner.Id);
        var hasProblem = health.LastProblem is not null;
        // A failure that did not open the breaker says nothing of whether a partner that was down is back.
        var stays = noted is { IsDown: true } && !isDown && health.FailuresInARow > 0;
        if (
            noted is not null
            && (stays || isDown == noted.IsDown)
            && noted.HasProblem == hasProblem
            && now - noted.At < Every
        )
            return;
        var next = new Noted(now, isDown || stays, hasProblem);
        // One of those that end together writes it.
        if (noted is null ? !_noted.TryAdd(partner.Id, next) : !_noted.TryUpdate(partner.Id, next, noted))
            return;
        await CommitAsync(
            partner.Id,
            new ChangePartnerStatus(
                partner.Id,
                status =>
                    status with
                    {
                        LastSuccessAt = Later(status.LastSuccessAt, health.LastSuccessAt),
                        LastFailureAt = Later(status.LastFailureAt, health.LastFailureAt),
                        ConsecutiveFailures = next.IsDown ? Math.Max(1, health.FailuresInARow) : 0,
                        LastProblem = health.LastProblem,
                    }
            )
        );
        if (noted is not { IsDown: true } || next.IsDown)
            return;
        Log.PartnerBack(log, partner.Id);
        await RetryNowAsync(partner.Id);
    }

    private async Task RetryNowAsync(string partner)
    {
        for (long? before = null; ; )
        {
            var page = await deliveries.SearchAsync(
                new OutboxQuery(PageSize)
                {
                    Destination = partner,
                    State = MessageState.Retry,
                    Before = before,
                },
                CancellationToken.None
            );
            if (page.Messages.Count > 0)
                await CommitAsync(partner, [.. page.Messages.Select(d => new RetryMessageNow(d.Id))]);
            if (page.Next is null)
                return;
            before = page.Next;
        }
    }

    private async Task CommitAsync(string partner, params OutboxChange[] changes)
    {
        await using var session = sessions.Open(Caller.Partner(partner));
        var writes = new WriteSet { Outbox = [.. changes] };
        await session.Session.WriteAsync(_ => ValueTask.FromResult<WriteDecision>(writes), CancellationToken.None);
    }

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other > one ? other : one;

    private sealed record Noted(DateTimeOffset At, bool IsDown, bool HasProblem);
}
