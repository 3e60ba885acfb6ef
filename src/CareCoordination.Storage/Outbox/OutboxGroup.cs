using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Outbox;

/// <summary>
/// The messages that the commits of one transaction touch, as stored, then as changed by each commit in turn. What may become
/// of a message is decided here, under the write lock.
/// </summary>
internal sealed class OutboxGroup(DateTimeOffset now)
{
    private readonly Dictionary<string, OutboxMessage> _messages = new(StringComparer.Ordinal);
    private readonly Dictionary<ResourceKey, List<string>> _ofSubject = [];
    private readonly Dictionary<string, PartnerStatus> _statuses = new(StringComparer.Ordinal);
    private readonly HashSet<string> _stored = new(StringComparer.Ordinal);
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, ResourceKey), PartnerCopy> _copies = [];
    private readonly Dictionary<(string, string, string), InboundUpdate> _inbound = [];
    private readonly List<OutboxMessage> _forgotten = [];
    private readonly HashSet<(string, string, string)> _forgottenInbound = [];
    private readonly HashSet<string> _changedStatuses = new(StringComparer.Ordinal);
    private long _sequence;

    /// <summary>A message as it was written last: its row in the database shows that the transaction has committed.</summary>
    public OutboxMessage? Evidence { get; private set; }

    /// <summary>The subjects, messages and partners whose rows have to be read before these changes can be decided.</summary>
    public static (List<string> Subjects, List<string> Ids, List<string> Partners) Wanted(
        IEnumerable<OutboxChange> changes
    )
    {
        var (subjects, ids, partners) = (new HashSet<string>(), new HashSet<string>(), new HashSet<string>());
        foreach (var change in changes)
        {
            _ = change switch
            {
                EnqueueMessage enqueue => subjects.Add(enqueue.Subject.ToString()),
                ClaimMessage claim => subjects.Add(claim.Subject.ToString()),
                AcknowledgeMessages acknowledge => subjects.Add(acknowledge.Subject.ToString()),
                ChangePartnerStatus status => partners.Add(status.Partner),
                IOfOneMessage one => ids.Add(one.Id),
                _ => false,
            };
        }

        return ([.. subjects], [.. ids], [.. partners]);
    }

    public void Load(OutboxMessage message)
    {
        if (_stored.Add(message.Id))
            Remember(message);
    }

    public void Load(PartnerStatus status) => _statuses.TryAdd(status.Partner, status);

    /// <summary>The first change that the state of its message forbids.</summary>
    public Precondition? FirstRefused(Commit commit)
    {
        foreach (var change in commit.Outbox)
        {
            if (
                change is ConditionalOutboxChange conditional
                && (!_messages.TryGetValue(conditional.Id, out var found) || !conditional.IsAllowed(found))
            )
                return new MessageRefused(conditional);
        }

        return null;
    }

    /// <param name="sequence">The place of the change in the change sequence.</param>
    /// <returns>False where it had no effect.</returns>
    public bool TryApply(OutboxChange change, long sequence)
    {
        _sequence = sequence;
        switch (change)
        {
            case EnqueueMessage enqueue:
                Enqueue(enqueue);
                return true;
            case ClaimMessage claim:
                return TryClaim(claim);
            case ExtendLease extend:
                return TryExtend(extend);
            case RetryMessageNow retry:
                return TryRetryNow(retry);
            case SettleMessage settle:
                Settle(settle);
                return true;
            case ReplayMessage replay:
                Store(
                    _messages[replay.Id] with
                    {
                        State = MessageState.Queued,
                        QueuedAt = now,
                        FirstAttemptAt = null,
                        NextAt = now,
                        Problem = null,
                    }
                );
                return true;
            case ParkMessage park:
                Stop(_messages[park.Id], MessageState.Parked, park.Problem);
                return true;
            case EndMessage end:
                Stop(_messages[end.Id], MessageState.Dead, end.Problem);
                return true;
            case AcknowledgeMessages acknowledge:
                return TryAcknowledge(acknowledge);
            case KeepCopy keep:
                _copies[(keep.Copy.Partner, keep.Copy.Task)] = keep.Copy;
                return true;
            case KeepInbound keep:
                var update = keep.Update;
                _inbound[(update.Partner, update.Reference, update.Version)] =
                    update.Order > 0 ? update : update with { Order = sequence };
                return true;
            case ForgetMessage forget:
                return TryForget(forget);
            case ForgetInbound forget:
                _forgottenInbound.Add((forget.Partner, forget.Reference, forget.Version));
                return true;
            case ChangePartnerStatus status:
                return TryChange(status);
            default:
                throw new ArgumentException($"{change.GetType().Name} is no change this store knows.", nameof(change));
        }
    }

    public void Stage(StagedRows rows)
    {
        foreach (var id in _changed)
        {
            var message = _messages[id];
            Evidence = message;
            if (_stored.Add(id))
                rows.Outbox.Insert(message);
            else
                rows.Outbox.Replace(message);
        }

        // Whether these are there already was not asked: removing what is not costs little.
        foreach (var copy in _copies.Values)
            rows.Outbox.Replace(copy);
        foreach (var update in _inbound.Values)
            rows.Outbox.Replace(update);
        foreach (var partner in _changedStatuses)
            rows.Outbox.Replace(_statuses[partner]);
        foreach (var message in _forgotten)
            rows.Outbox.Remove(message);
        foreach (var (partner, reference, version) in _forgottenInbound)
            rows.Outbox.RemoveInbound(partner, reference, version);
        _forgotten.Clear();
        _forgottenInbound.Clear();
        _changed.Clear();
        _copies.Clear();
        _inbound.Clear();
        _changedStatuses.Clear();
    }

    private void Enqueue(EnqueueMessage enqueue)
    {
        var message = new OutboxMessage(enqueue.Id, enqueue.Topic, enqueue.Destination, enqueue.Subject, enqueue.Kind)
        {
            About = enqueue.About,
            Order = _sequence,
            QueuedAt = now,
            NextAt = now,
        };
        foreach (var earlier in Siblings(message).Where(d => d.IsUntried).ToList())
        {
            message = message with { Kind = Merge(earlier.Kind, message.Kind) };
            Stop(earlier, MessageState.Superseded, null);
            if (earlier.Kind == MessageKind.Send && enqueue.Kind == MessageKind.Cancel)
            {
                Stop(message, MessageState.Superseded, "It was called off before it left.");
                return;
            }
        }

        // What waits for a correction need not be corrected any more.
        if (enqueue.Kind == MessageKind.Cancel)
            foreach (var parked in Siblings(message).Where(d => d.State == MessageState.Parked).ToList())
                Stop(parked, MessageState.Dead, "It was called off.");
        Store(message);
    }

    private static MessageKind Merge(MessageKind earlier, MessageKind later) =>
        (earlier, later) switch
        {
            (MessageKind.Send, MessageKind.Update) => MessageKind.Send,
            (MessageKind.Cancel, MessageKind.Update) => MessageKind.Cancel,
            _ => later,
        };

    private bool TryClaim(ClaimMessage claim)
    {
        if (!_messages.TryGetValue(claim.Id, out var message) || !message.IsOpen || message.NextAt > now)
            return false;
        if (Siblings(message).Any(d => d.Order < message.Order && (d.IsOpen || d.State == MessageState.Parked)))
            return false;
        // Not written to the log: what becomes of the attempt is.
        Put(
            message with
            {
                State = MessageState.Sending,
                Attempts = message.Attempts + 1,
                FirstAttemptAt = message.FirstAttemptAt ?? now,
                NextAt = now + claim.For,
                Lease = claim.Lease,
            }
        );
        return true;
    }

    private bool TryExtend(ExtendLease extend)
    {
        if (
            !_messages.TryGetValue(extend.Id, out var message)
            || message.State != MessageState.Sending
            || message.Lease != extend.Lease
        )
            return false;
        Put(message with { NextAt = now + extend.For });
        return true;
    }

    private bool TryRetryNow(RetryMessageNow retry)
    {
        if (!_messages.TryGetValue(retry.Id, out var message) || message.State != MessageState.Retry)
            return false;
        Put(message with { NextAt = now });
        return true;
    }

    private void Settle(SettleMessage settle)
    {
        var message = _messages[settle.Id] with { State = settle.State, Lease = null };
        var waits = settle.State is MessageState.Queued or MessageState.Retry;
        message = message with { NextAt = waits ? settle.NextAt ?? now : null };
        if (settle.WasTried)
        {
            Store(message with { Problem = settle.Problem, LastStatus = settle.Status, Outcome = settle.Outcome });
            return;
        }

        message = message with
        {
            Attempts = message.Attempts - 1,
            FirstAttemptAt = message.Attempts == 1 ? null : message.FirstAttemptAt,
            Problem = settle.Problem ?? message.Problem,
        };
        // That it was given back as it was is no event.
        if (settle.State == MessageState.Queued)
            Put(message);
        else
            Store(message);
    }

    private bool TryAcknowledge(AcknowledgeMessages acknowledge)
    {
        if (!_ofSubject.TryGetValue(acknowledge.Subject, out var ids))
            return false;
        var delivered = ids.Select(id => _messages[id])
            .Where(d =>
                d.State == MessageState.Delivered
                && d.Topic == acknowledge.Topic
                && d.Destination == acknowledge.Destination
            )
            .ToList();
        foreach (var message in delivered)
            Store(message with { State = MessageState.Acknowledged });
        return delivered.Count > 0;
    }

    private bool TryForget(ForgetMessage forget)
    {
        if (
            !_messages.TryGetValue(forget.Id, out var message)
            || message.ChangedAt >= forget.Before
            || OutboxRow.QueueOf(message.State) != OutboxTables.Done
        )
            return false;
        _forgotten.Add(message);
        _messages.Remove(forget.Id);
        _ofSubject[message.Subject].Remove(forget.Id);
        return true;
    }

    private bool TryChange(ChangePartnerStatus change)
    {
        var status = _statuses.GetValueOrDefault(change.Partner) ?? new PartnerStatus(change.Partner);
        if (change.Change(status) is not { } changed)
            return false;
        _statuses[change.Partner] = changed;
        _changedStatuses.Add(change.Partner);
        return true;
    }

    private void Stop(OutboxMessage message, MessageState state, string? problem) =>
        Store(message with { State = state, NextAt = null, Problem = problem ?? message.Problem });

    private IEnumerable<OutboxMessage> Siblings(OutboxMessage message) =>
        _ofSubject.TryGetValue(message.Subject, out var ids)
            ? ids.Select(id => _messages[id]).Where(d => d.Id != message.Id && d.IsSibling(message))
            : [];

    /// <summary>Puts the new state and tells the log of it.</summary>
    private void Store(OutboxMessage message) =>
        Put(
            message with
            {
                Log = MessageLog.Append(
                    message.Log,
                    new MessageEvent(now, message.State, message.LastStatus, message.Problem)
                ),
            }
        );

    private void Put(OutboxMessage message)
    {
        Remember(message with { ChangedAt = now, Sequence = _sequence });
        _changed.Add(message.Id);
    }

    private void Remember(OutboxMessage message)
    {
        if (!_messages.ContainsKey(message.Id))
        {
            if (!_ofSubject.TryGetValue(message.Subject, out var ids))
                _ofSubject.Add(message.Subject, ids = []);
            ids.Add(message.Id);
        }

        _messages[message.Id] = message;
    }

    public OutboxMessage? Find(string id) => _messages.GetValueOrDefault(id);
}
