using System.Collections.Immutable;
using System.Data.Common;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Rows;

/// <summary>
/// Rows of the tables of <see cref="OutboxTables"/>, on their way in. A row that changes is removed and added: what it was is not
/// always known.
/// </summary>
internal sealed class OutboxRows
{
    private readonly RowBuffer _messages = new(OutboxTables.Message);
    private readonly RowBuffer _copies = new(OutboxTables.PartnerCopy);
    private readonly RowBuffer _inbound = new(OutboxTables.Inbound);
    private readonly RowBuffer _statuses = new(OutboxTables.PartnerStatus);

    public OutboxRows() => Added = [_messages, _copies, _inbound, _statuses];

    public ImmutableArray<RowBuffer> Added { get; }

    /// <summary>By key, in the order of <see cref="OutboxTables.All"/>.</summary>
    public ImmutableArray<RowBuffer> Removed { get; } = [.. OutboxTables.Keys.Select(t => new RowBuffer(t))];

    public void Insert(OutboxMessage message) => OutboxRow.Add(_messages, message);

    public void Remove(OutboxMessage message) => Removed[0].Add(message.Order);

    public void Replace(OutboxMessage message)
    {
        Remove(message);
        Insert(message);
    }

    public void Replace(PartnerCopy copy)
    {
        Removed[1].Add(copy.Partner).Add(copy.Task.Id);
        OutboxRow.Add(_copies, copy);
    }

    public void RemoveInbound(string partner, string reference, string version) =>
        Removed[2].Add(partner).Add(reference).Add(version);

    public void Replace(InboundUpdate update)
    {
        RemoveInbound(update.Partner, update.Reference, update.Version);
        OutboxRow.Add(_inbound, update);
    }

    public void Replace(PartnerStatus status)
    {
        Removed[3].Add(status.Partner);
        OutboxRow.Add(_statuses, status);
    }
}

/// <summary>Values to columns and back. No value is stored as 0 or an empty text: no column but those of bytes can be null.</summary>
internal static class OutboxRow
{
    public static void Add(RowBuffer rows, OutboxMessage d) =>
        rows.Add(d.Order)
            .Add(d.Id)
            .Add(QueueOf(d.State))
            .Add(d.Topic)
            .Add(d.Destination)
            .Add(d.Subject.ToString())
            .Add(d.About?.ToString() ?? "")
            .Add((short)d.Kind)
            .Add((short)d.State)
            .Add(d.Attempts)
            .Add(d.QueuedAt.UtcTicks)
            .Add(d.ChangedAt.UtcTicks)
            .Add(Ticks(d.FirstAttemptAt))
            .Add(Ticks(d.NextAt))
            .Add(d.Lease ?? "")
            .Add(d.LastStatus ?? 0)
            .Add(d.Sequence)
            .Add(Cut(d.Problem, OutboxTables.MaxProblemLength))
            .Add(Bytes(d.Outcome))
            .Add(Bytes(d.Log));

    public static void Add(RowBuffer rows, PartnerCopy c) =>
        rows.Add(c.Partner)
            .Add(c.Task.Id)
            .Add(c.Reference ?? "")
            .Add(Cut(c.Version, InboundUpdate.MaxVersionLength))
            .Add(Cut(c.Status, OutboxTables.MaxStatusLength))
            .Add(Ticks(c.UpdatedAt));

    public static void Add(RowBuffer rows, InboundUpdate u) =>
        rows.Add(u.Partner)
            .Add(u.Reference)
            .Add(u.Version)
            .Add(u.Order)
            .Add(u.Task?.Id ?? "")
            .Add((short)u.State)
            .Add(u.At.UtcTicks)
            .Add(Cut(u.Reason, OutboxTables.MaxProblemLength))
            .Add(Bytes(u.Body));

    public static void Add(RowBuffer rows, PartnerStatus m) =>
        rows.Add(m.Partner)
            .Add(Ticks(m.PolledThrough))
            .Add(Ticks(m.PolledAt))
            .Add(m.ReadThrough ?? "")
            .Add(m.PollLease ?? "")
            .Add(Ticks(m.PollLeaseEnd))
            .Add(Cut(m.PollProblem, OutboxTables.MaxProblemLength))
            .Add(Ticks(m.LastSuccessAt))
            .Add(Ticks(m.LastFailureAt))
            .Add(m.ConsecutiveFailures)
            .Add((short)(m.IsPaused ? 1 : 0))
            .Add(Cut(m.LastProblem, OutboxTables.MaxProblemLength));

    public static OutboxMessage Read(DbDataReader row) =>
        new(
            row.Text("MessageId"),
            row.Text("Topic"),
            row.Text("Destination"),
            KeyOf(row.Text("Subject")),
            (MessageKind)row.Short("Kind")
        )
        {
            About = row.TextOrNull("About") is { } about ? KeyOf(about) : null,
            Order = row.Long("Order"),
            State = (MessageState)row.Short("State"),
            Attempts = row.Int("Attempts"),
            QueuedAt = row.Time("QueuedAt") ?? default,
            ChangedAt = row.Time("ChangedAt") ?? default,
            FirstAttemptAt = row.Time("FirstAttemptAt"),
            NextAt = row.Time("NextAt"),
            Lease = row.TextOrNull("Lease"),
            LastStatus = row.Int("LastStatus") is var status and > 0 ? status : null,
            Sequence = row.Long("Sequence"),
            Problem = row.TextOrNull("Problem"),
            Outcome = row.Bytes("Outcome"),
            Log = row.Bytes("Log"),
        };

    public static PartnerCopy ReadCopy(DbDataReader row) =>
        new(
            row.Text("Partner"),
            TaskKey(row.Text("TaskId")),
            row.TextOrNull("Reference"),
            row.TextOrNull("Version"),
            row.TextOrNull("Status"),
            row.Time("UpdatedAt")
        );

    public static InboundUpdate ReadInbound(DbDataReader row) =>
        new(
            row.Text("Partner"),
            row.Text("Reference"),
            row.Text("Version"),
            row.TextOrNull("TaskId") is { } task ? TaskKey(task) : null,
            (InboundState)row.Short("State"),
            row.Time("At") ?? default
        )
        {
            Order = row.Long("Order"),
            Reason = row.TextOrNull("Reason"),
            Body = row.Bytes("Body"),
        };

    public static PartnerStatus ReadPartnerStatus(DbDataReader row) =>
        new(row.Text("Partner"))
        {
            PolledThrough = row.Time("PolledThrough"),
            PolledAt = row.Time("PolledAt"),
            ReadThrough = row.TextOrNull("ReadThrough"),
            PollLease = row.TextOrNull("PollLease"),
            PollLeaseEnd = row.Time("PollLeaseEnd"),
            PollProblem = row.TextOrNull("PollProblem"),
            LastSuccessAt = row.Time("LastSuccessAt"),
            LastFailureAt = row.Time("LastFailureAt"),
            ConsecutiveFailures = row.Int("ConsecutiveFailures"),
            IsPaused = row.Flag("IsPaused"),
            LastProblem = row.TextOrNull("LastProblem"),
        };

    public static short QueueOf(MessageState state) =>
        state switch
        {
            MessageState.Queued or MessageState.Sending or MessageState.Retry => OutboxTables.Open,
            MessageState.Parked => OutboxTables.Parked,
            _ => OutboxTables.Done,
        };

    private static ResourceKey KeyOf(string reference)
    {
        var slash = reference.IndexOf('/', StringComparison.Ordinal);
        return new(reference[..slash], reference[(slash + 1)..]);
    }

    private static ResourceKey TaskKey(string id) => new("Task", id);

    private static long Ticks(DateTimeOffset? time) => time?.UtcTicks ?? 0;

    private static string Cut(string? text, int length) => IndexText.Cut(text ?? "", length);

    private static byte[]? Bytes(ReadOnlyMemory<byte> bytes) => bytes.IsEmpty ? null : bytes.ToArray();
}
