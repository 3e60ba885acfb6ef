using System.Runtime.CompilerServices;
using CareCoordination.Connectors.Diagnostics;
using CareCoordination.Connectors.Exchanges;
using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Payloads;
using CareCoordination.Connectors.Probing;
using CareCoordination.Connectors.Security;
using CareCoordination.Fhir.Canonicals;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using Microsoft.Extensions.Logging;

namespace CareCoordination.Connectors;

/// <summary>Everything between this server and one partner. Safe for many callers at once.</summary>
public sealed class PartnerConnector : IDisposable
{
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly string? _refusal;
    private readonly ConnectorParts _parts;
    private readonly RefusalStreak _refusals = new();
    private long _lastSuccess;
    private long _lastFailure;
    private volatile string? _lastProblem;
    private int _users = 1;

    internal PartnerConnector(
        Partner partner,
        AddressGuard guard,
        OwnCanonicals canonicals,
        ILogger logger,
        TimeProvider time
    )
    {
        Partner = partner;
        _logger = logger;
        _time = time;
        _refusal = PartnerStrategies.Get(partner.Options.Strategy).CallsPartner ? guard.Refusal(partner.Address) : null;
        _parts = new ConnectorParts(partner, guard, canonicals, BreakerMoved, time);
    }

    public Partner Partner { get; }

    /// <summary>True where the partner keeps copies of our Tasks that can be read and polled.</summary>
    public bool KeepsTasks => _parts.KeepsTasks;

    public PartnerHealth Health =>
        new(
            _parts.Pipeline.Breaker.State,
            _parts.Pipeline.Breaker.QuietUntil,
            _parts.Pipeline.Breaker.FailuresInARow,
            At(Interlocked.Read(ref _lastSuccess)),
            At(Interlocked.Read(ref _lastFailure)),
            _lastProblem
        )
        {
            Concurrency = _parts.Pipeline.Concurrency.Limit,
        };

    /// <summary>Tells the partner. Failures are outcomes; an exception means that the caller has given up, or a mistake of ours.</summary>
    public async Task<SendOutcome> SendAsync(ReferralPackage package, CancellationToken cancel)
    {
        if (_refusal is not null)
            return Settle(package, new SendOutcome.NeedsHuman(_refusal, null, default), TimeSpan.Zero);
        using var activity = Telemetry.Activities.StartActivity("send referral");
        activity?.SetTag("partner", Partner.Id);
        activity?.SetTag("kind", package.Kind);
        activity?.SetTag("delivery", package.DeliveryId);
        var started = _time.GetTimestamp();
        if (!TryEnter())
            return Replaced();
        using var use = new Use(this);
        var outcome = await _parts.Sender.SendAsync(package, cancel);
        activity?.SetTag("outcome", outcome.GetType().Name);
        return Settle(package, outcome, _time.GetElapsedTime(started));
    }

    /// <summary>Reads the partner's copy.</summary>
    /// <param name="reference">As the outcome of sending it gave it.</param>
    public async Task<ReadOutcome> ReadAsync(string reference, CancellationToken cancel)
    {
        if (!KeepsTasks)
            return new ReadOutcome.Absent();
        if (_refusal is not null)
            return new ReadOutcome.Failed(new SendOutcome.NeedsHuman(_refusal, null, default));
        if (!TryEnter())
            return new ReadOutcome.Failed(Replaced());
        using var use = new Use(this);
        return Answered(await _parts.Tasks!.ReadAsync(reference, cancel));
    }

    /// <summary>Reads a resource that an output of a partner's Task refers to.</summary>
    public async Task<ResourceOutcome> ReadOutputAsync(ResourceKey key, CancellationToken cancel)
    {
        if (!KeepsTasks)
            return new(
                default,
                new SendOutcome.NeedsHuman("The partner keeps nothing that could be read.", null, default)
            );
        if (_refusal is not null)
            return new(default, new SendOutcome.NeedsHuman(_refusal, null, default));
        if (!TryEnter())
            return new(default, Replaced());
        using var use = new Use(this);
        var read = await _parts.Tasks!.ReadAsync(key, cancel);
        if (read.Why is null)
            Answered();
        return read;
    }

    /// <summary>Reads the partner's copy of a Task once more; where it has another id by now, that one.</summary>
    /// <param name="reference">As the outcome of sending it gave it.</param>
    /// <param name="ownBase">The base of this server, that the Task was sent with.</param>
    public async Task<ReadOutcome> ReadAgainAsync(
        string reference,
        ResourceKey task,
        Uri ownBase,
        CancellationToken cancel
    )
    {
        if (!KeepsTasks)
            return new ReadOutcome.Failed(
                new SendOutcome.NeedsHuman("The partner keeps no copies that could be read.", null, default)
            );
        if (_refusal is not null)
            return new ReadOutcome.Failed(new SendOutcome.NeedsHuman(_refusal, null, default));
        if (!TryEnter())
            return new ReadOutcome.Failed(Replaced());
        using var use = new Use(this);
        return Answered(await _parts.Tasks!.ReadAgainAsync(reference, OwnIdentifier.Of(ownBase, task), cancel));
    }

    /// <summary>
    /// The copies of our Tasks that have changed since then (inclusive), page by page. Nothing where the partner keeps none.
    /// </summary>
    /// <param name="ownBase">The base of this server, that the Tasks were sent with.</param>
    public async IAsyncEnumerable<PollPage> PollAsync(
        Uri ownBase,
        DateTimeOffset since,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        if (!KeepsTasks)
            yield break;
        if (_refusal is not null)
        {
            yield return new PollPage([], new SendOutcome.NeedsHuman(_refusal, null, default));
            yield break;
        }

        if (!TryEnter())
        {
            yield return new PollPage([], Replaced());
            yield break;
        }

        using var use = new Use(this);
        var query =
            Partner.Options.PollQuery
            ?? $"identifier={Uri.EscapeDataString(OwnIdentifier.SystemOf(ownBase, ResourceTypes.Task) + "|")}";
        await foreach (var page in _parts.Poll!.RunAsync(query, since, cancel))
        {
            if (page.Problem is null)
                Answered();
            yield return page;
        }
    }

    /// <summary>Finds out whether referrals can go to this partner, without sending one.</summary>
    /// <param name="sample">A referral whose types are held against what the partner takes; null: all that the options allow.</param>
    public async Task<ProbeReport> ProbeAsync(ReferralPackage? sample, CancellationToken cancel)
    {
        if (_refusal is not null)
            return new ProbeReport(Partner.Id, [new ProbeStep("address", ProbeResult.Failed, _refusal)]);
        var address = new ProbeStep("address", ProbeResult.Passed, "The Endpoint's address may be called.");
        if (!PartnerStrategies.Get(Partner.Options.Strategy).CallsPartner)
            address = address with { Sentence = "Nothing is sent: the partner works with the Task on this server." };
        if (!TryEnter())
            return new ProbeReport(Partner.Id, [new ProbeStep("address", ProbeResult.Failed, Replaced().Problem)]);
        using var use = new Use(this);
        IEnumerable<string> types = sample is null
            ? Partner.Options.Types
            : sample.Supporting.Select(s => s.Key.Type).Distinct();
        var steps = await _parts.Probe.RunAsync([.. types, ResourceTypes.ServiceRequest, ResourceTypes.Task], cancel);
        return new ProbeReport(Partner.Id, [address, .. steps]);
    }

    /// <summary>Closes the connections once the last exchange that is under way has ended.</summary>
    public void Dispose() => Leave();

    private ReadOutcome Answered(ReadOutcome outcome)
    {
        if (outcome is ReadOutcome.Found)
            Answered();
        return outcome;
    }

    /// <summary>The partner answers as it should: what went wrong before is over.</summary>
    private void Answered()
    {
        Interlocked.Exchange(ref _lastSuccess, _time.GetUtcNow().UtcTicks);
        _lastProblem = null;
    }

    private SendOutcome Settle(ReferralPackage package, SendOutcome outcome, TimeSpan duration)
    {
        var (name, status, problem) = outcome switch
        {
            SendOutcome.TryLater later => ("later", later.Status, later.Problem),
            SendOutcome.NeedsHuman human => ("human", human.Status, human.Problem),
            SendOutcome.Collided collided => ("collided", collided.Status, collided.Problem),
            SendOutcome.ChangedThere => ("changed", null, null),
            _ => ("delivered", (int?)null, (string?)null),
        };
        Interlocked.Exchange(ref problem is null ? ref _lastSuccess : ref _lastFailure, _time.GetUtcNow().UtcTicks);
        _lastProblem = problem;
        if (outcome is SendOutcome.Collided)
            _parts.Pipeline.Concurrency.Halve();
        Telemetry.Outcome(Partner.Id, package.Kind, name, duration);
        Log.Sent(_logger, Partner.Id, package.Kind, package.DeliveryId, name, status);
        return _refusals.Note(package.Task.Key, outcome);
    }

    private void BreakerMoved(bool opened)
    {
        Telemetry.BreakerMoved(Partner.Id, opened);
        if (opened)
            Log.BreakerOpened(
                _logger,
                Partner.Id,
                Partner.Options.BreakTime.TotalSeconds,
                Partner.Options.BreakerFailures
            );
        else
            Log.BreakerClosed(_logger, Partner.Id);
    }

    /// <summary>False where this connector has been replaced by one with newer settings and is closed.</summary>
    private bool TryEnter()
    {
        var users = Volatile.Read(ref _users);
        while (users > 0)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
                return true;
            users = seen;
        }

        return false;
    }

    private static SendOutcome.TryLater Replaced() =>
        new("The settings of the partner have just changed: it is tried again with the new ones.", null, TimeSpan.Zero);

    private void Leave()
    {
        if (Interlocked.Decrement(ref _users) > 0)
            return;
        if (_parts.Pipeline.Breaker.State != BreakerState.Closed)
            Telemetry.BreakerMoved(Partner.Id, opened: false);
        _parts.Dispose();
    }

    private static DateTimeOffset? At(long ticks) => ticks == 0 ? null : new DateTimeOffset(ticks, TimeSpan.Zero);

    private readonly struct Use(PartnerConnector connector) : IDisposable
    {
        public void Dispose() => connector.Leave();
    }
}
