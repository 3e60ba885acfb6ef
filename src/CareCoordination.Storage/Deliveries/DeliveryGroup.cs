using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Engines;

namespace CareCoordination.Storage.Deliveries;

/// <summary>
/// The deliveries that the commits of one transaction touch, as stored, then as changed by each commit in turn. What may become
/// of a delivery is decided here, under the write lock.
/// </summary>
internal sealed class DeliveryGroup(DateTimeOffset now)
{
    private readonly Dictionary<string, Delivery> _deliveries = new(StringComparer.Ordinal);
    private readonly Dictionary<ResourceKey, List<string>> _ofTask = [];
    private readonly Dictionary<string, PartnerMark> _marks = new(StringComparer.Ordinal);
    private readonly HashSet<string> _stored = new(StringComparer.Ordinal);
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, ResourceKey), PartnerCopy> _copies = [];
    private readonly Dictionary<(string, string, string), InboundUpdate> _inbound = [];
    private readonly HashSet<string> _changedMarks = new(StringComparer.Ordinal);
    private long _sequence;

    /// <summary>A delivery as it was written last: its row in the database shows that the transaction has committed.</summary>
    public Delivery? Evidence { get; private set; }

    /// <summary>The Tasks, deliveries and partners whose rows have to be read before these changes can be decided.</summary>
    public static (List<string> Tasks, List<string> Ids, List<string> Partners) Wanted(
        IEnumerable<DeliveryChange> changes
    )
    {
        var (tasks, ids, partners) = (new HashSet<string>(), new HashSet<string>(), new HashSet<string>());
        foreach (var change in changes)
        {
            _ = change switch
            {
                EnqueueDelivery enqueue => tasks.Add(enqueue.Task.Id),
                ClaimDelivery claim => tasks.Add(claim.Task.Id),
                AcknowledgeDeliveries acknowledge => tasks.Add(acknowledge.Task.Id),
                ChangeMark mark => partners.Add(mark.Partner),
                IOfOneDelivery one => ids.Add(one.Id),
                _ => false,
            };
        }

        return ([.. tasks], [.. ids], [.. partners]);
    }

    public void Load(Delivery delivery)
    {
        if (_stored.Add(delivery.Id))
            Remember(delivery);
    }

    public void Load(PartnerMark mark) => _marks.TryAdd(mark.Partner, mark);

    /// <summary>The first change that the state of its delivery forbids.</summary>
    public Precondition? FirstRefused(Commit commit)
    {
        foreach (var change in commit.Deliveries)
        {
            if (
                change is ConditionalDeliveryChange conditional
                && (!_deliveries.TryGetValue(conditional.Id, out var found) || !conditional.IsAllowed(found))
            )
                return new DeliveryRefused(conditional);
        }

        return null;
    }

    /// <param name="sequence">The place of the change in the change sequence.</param>
    /// <returns>False where it had no effect.</returns>
    public bool TryApply(DeliveryChange change, long sequence)
    {
        _sequence = sequence;
        switch (change)
        {
            case EnqueueDelivery enqueue:
                Enqueue(enqueue);
                return true;
            case ClaimDelivery claim:
                return TryClaim(claim);
            case ExtendLease extend:
                return TryExtend(extend);
            case HurryDelivery hurry:
                return TryHurry(hurry);
            case SettleDelivery settle:
                Settle(settle);
                return true;
            case ReplayDelivery replay:
                Store(
                    _deliveries[replay.Id] with
                    {
                        State = DeliveryState.Queued,
                        QueuedAt = now,
                        FirstAttemptAt = null,
                        NextAt = now,
                        Problem = null,
                    }
                );
                return true;
            case ParkDelivery park:
                Stop(_deliveries[park.Id], DeliveryState.Parked, park.Problem);
                return true;
            case EndDelivery end:
                Stop(_deliveries[end.Id], DeliveryState.Dead, end.Problem);
                return true;
            case AcknowledgeDeliveries acknowledge:
                return TryAcknowledge(acknowledge);
            case KeepCopy keep:
                _copies[(keep.Copy.Partner, keep.Copy.Task)] = keep.Copy;
                return true;
            case KeepInbound keep:
                var update = keep.Update;
                _inbound[(update.Partner, update.Reference, update.Version)] =
                    update.Order > 0 ? update : update with { Order = sequence };
                return true;
            case ChangeMark mark:
                return TryMark(mark);
            default:
                throw new ArgumentException($"{change.GetType().Name} is no change this store knows.", nameof(change));
        }
    }

    public void Stage(StagedRows rows)
    {
        foreach (var id in _changed)
        {
            var delivery = _deliveries[id];
            Evidence = delivery;
            if (_stored.Add(id))
                rows.Deliveries.Insert(delivery);
            else
                rows.Deliveries.Replace(delivery);
        }

        // Whether these are there already was not asked: removing what is not costs little.
        foreach (var copy in _copies.Values)
            rows.Deliveries.Replace(copy);
        foreach (var update in _inbound.Values)
            rows.Deliveries.Replace(update);
        foreach (var partner in _changedMarks)
            rows.Deliveries.Replace(_marks[partner]);
        _changed.Clear();
        _copies.Clear();
        _inbound.Clear();
        _changedMarks.Clear();
    }

    private void Enqueue(EnqueueDelivery enqueue)
    {
        var delivery = new Delivery(enqueue.Id, enqueue.Partner, enqueue.Task, enqueue.Request, enqueue.Kind)
        {
            Order = _sequence,
            QueuedAt = now,
            NextAt = now,
        };
        foreach (var earlier in Siblings(delivery).Where(d => d.IsUntried).ToList())
        {
            delivery = delivery with { Kind = Merge(earlier.Kind, delivery.Kind) };
            Stop(earlier, DeliveryState.Superseded, null);
            if (earlier.Kind == DeliveryKind.Send && enqueue.Kind == DeliveryKind.Cancel)
            {
                Stop(delivery, DeliveryState.Superseded, "It was called off before it left.");
                return;
            }
        }

        // What waits for a correction need not be corrected any more.
        if (enqueue.Kind == DeliveryKind.Cancel)
            foreach (var parked in Siblings(delivery).Where(d => d.State == DeliveryState.Parked).ToList())
                Stop(parked, DeliveryState.Dead, "The referral was called off.");
        Store(delivery);
    }

    private static DeliveryKind Merge(DeliveryKind earlier, DeliveryKind later) =>
        (earlier, later) switch
        {
            (DeliveryKind.Send, DeliveryKind.Update) => DeliveryKind.Send,
            (DeliveryKind.Cancel, DeliveryKind.Update) => DeliveryKind.Cancel,
            _ => later,
        };

    private bool TryClaim(ClaimDelivery claim)
    {
        if (!_deliveries.TryGetValue(claim.Id, out var delivery) || !delivery.IsOpen || delivery.NextAt > now)
            return false;
        if (Siblings(delivery).Any(d => d.Order < delivery.Order && (d.IsOpen || d.State == DeliveryState.Parked)))
            return false;
        // Not written to the log: what becomes of the attempt is.
        Put(
            delivery with
            {
                State = DeliveryState.Sending,
                Attempts = delivery.Attempts + 1,
                FirstAttemptAt = delivery.FirstAttemptAt ?? now,
                NextAt = now + claim.For,
                Lease = claim.Lease,
            }
        );
        return true;
    }

    private bool TryExtend(ExtendLease extend)
    {
        if (
            !_deliveries.TryGetValue(extend.Id, out var delivery)
            || delivery.State != DeliveryState.Sending
            || delivery.Lease != extend.Lease
        )
            return false;
        Put(delivery with { NextAt = now + extend.For });
        return true;
    }

    private bool TryHurry(HurryDelivery hurry)
    {
        if (!_deliveries.TryGetValue(hurry.Id, out var delivery) || delivery.State != DeliveryState.Retry)
            return false;
        Put(delivery with { NextAt = now });
        return true;
    }

    private void Settle(SettleDelivery settle)
    {
        var delivery = _deliveries[settle.Id] with { State = settle.State, Lease = null };
        var waits = settle.State is DeliveryState.Queued or DeliveryState.Retry;
        delivery = delivery with { NextAt = waits ? settle.NextAt ?? now : null };
        if (settle.WasTried)
        {
            Store(delivery with { Problem = settle.Problem, LastStatus = settle.Status, Outcome = settle.Outcome });
            return;
        }

        delivery = delivery with
        {
            Attempts = delivery.Attempts - 1,
            FirstAttemptAt = delivery.Attempts == 1 ? null : delivery.FirstAttemptAt,
            Problem = settle.Problem ?? delivery.Problem,
        };
        // That it was given back as it was is no event.
        if (settle.State == DeliveryState.Queued)
            Put(delivery);
        else
            Store(delivery);
    }

    private bool TryAcknowledge(AcknowledgeDeliveries acknowledge)
    {
        if (!_ofTask.TryGetValue(acknowledge.Task, out var ids))
            return false;
        var delivered = ids.Select(id => _deliveries[id])
            .Where(d => d.State == DeliveryState.Delivered && d.Partner == acknowledge.Partner)
            .ToList();
        foreach (var delivery in delivered)
            Store(delivery with { State = DeliveryState.Acknowledged });
        return delivered.Count > 0;
    }

    private bool TryMark(ChangeMark change)
    {
        var mark = _marks.GetValueOrDefault(change.Partner) ?? new PartnerMark(change.Partner);
        if (change.Change(mark) is not { } changed)
            return false;
        _marks[change.Partner] = changed;
        _changedMarks.Add(change.Partner);
        return true;
    }

    private void Stop(Delivery delivery, DeliveryState state, string? problem) =>
        Store(delivery with { State = state, NextAt = null, Problem = problem ?? delivery.Problem });

    private IEnumerable<Delivery> Siblings(Delivery delivery) =>
        _ofTask.TryGetValue(delivery.Task, out var ids)
            ? ids.Select(id => _deliveries[id]).Where(d => d.Id != delivery.Id && d.Partner == delivery.Partner)
            : [];

    /// <summary>Puts the new state and tells the log of it.</summary>
    private void Store(Delivery delivery) =>
        Put(
            delivery with
            {
                Log = DeliveryLog.Append(
                    delivery.Log,
                    new DeliveryEvent(now, delivery.State, delivery.LastStatus, delivery.Problem)
                ),
            }
        );

    private void Put(Delivery delivery)
    {
        Remember(delivery with { ChangedAt = now, Sequence = _sequence });
        _changed.Add(delivery.Id);
    }

    private void Remember(Delivery delivery)
    {
        if (!_deliveries.ContainsKey(delivery.Id))
        {
            if (!_ofTask.TryGetValue(delivery.Task, out var ids))
                _ofTask.Add(delivery.Task, ids = []);
            ids.Add(delivery.Id);
        }

        _deliveries[delivery.Id] = delivery;
    }

    public Delivery? Find(string id) => _deliveries.GetValueOrDefault(id);
}
