using System.Collections.Immutable;
using System.Data.Common;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Commits;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Deliveries;

/// <summary>
/// Rows of the tables of <see cref="DeliveryTables"/>, on their way in. A row that changes is removed and added: what it was is not
/// always known.
/// </summary>
internal sealed class DeliveryRows
{
    private readonly RowBuffer _deliveries = new(DeliveryTables.Delivery);
    private readonly RowBuffer _copies = new(DeliveryTables.PartnerCopy);
    private readonly RowBuffer _inbound = new(DeliveryTables.Inbound);
    private readonly RowBuffer _marks = new(DeliveryTables.PartnerMark);

    public DeliveryRows() => Added = [_deliveries, _copies, _inbound, _marks];

    public ImmutableArray<RowBuffer> Added { get; }

    /// <summary>By key, in the order of <see cref="DeliveryTables.All"/>.</summary>
    public ImmutableArray<RowBuffer> Removed { get; } = [.. DeliveryTables.Keys.Select(t => new RowBuffer(t))];

    public void Insert(Delivery delivery) => DeliveryRow.Add(_deliveries, delivery);

    public void Replace(Delivery delivery)
    {
        Removed[0].Add(delivery.Order);
        Insert(delivery);
    }

    public void Replace(PartnerCopy copy)
    {
        Removed[1].Add(copy.Partner).Add(copy.Task.Id);
        DeliveryRow.Add(_copies, copy);
    }

    public void Replace(InboundUpdate update)
    {
        Removed[2].Add(update.Partner).Add(update.Reference).Add(update.Version);
        DeliveryRow.Add(_inbound, update);
    }

    public void Replace(PartnerMark mark)
    {
        Removed[3].Add(mark.Partner);
        DeliveryRow.Add(_marks, mark);
    }
}

/// <summary>Values to columns and back. No value is stored as 0 or an empty text: no column but those of bytes can be null.</summary>
internal static class DeliveryRow
{
    public static readonly string Columns = ColumnsOf(DeliveryTables.Delivery);
    public static readonly string CopyColumns = ColumnsOf(DeliveryTables.PartnerCopy);
    public static readonly string InboundColumns = ColumnsOf(DeliveryTables.Inbound);
    public static readonly string MarkColumns = ColumnsOf(DeliveryTables.PartnerMark);

    public static void Add(RowBuffer rows, Delivery d) =>
        rows.Add(d.Order)
            .Add(d.Id)
            .Add(QueueOf(d.State))
            .Add(d.Partner)
            .Add(d.Task.Id)
            .Add(d.Request.Id)
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
            .Add(Cut(d.Problem, DeliveryTables.MaxProblemLength))
            .Add(Bytes(d.Outcome))
            .Add(Bytes(d.Log));

    public static void Add(RowBuffer rows, PartnerCopy c) =>
        rows.Add(c.Partner)
            .Add(c.Task.Id)
            .Add(c.Reference)
            .Add(Cut(c.Version, InboundUpdate.MaxVersionLength))
            .Add(Cut(c.Status, DeliveryTables.MaxStatusLength))
            .Add(Ticks(c.UpdatedAt));

    public static void Add(RowBuffer rows, InboundUpdate u) =>
        rows.Add(u.Partner)
            .Add(u.Reference)
            .Add(u.Version)
            .Add(u.Order)
            .Add(u.Task?.Id ?? "")
            .Add((short)u.State)
            .Add(u.At.UtcTicks)
            .Add(Cut(u.Reason, DeliveryTables.MaxProblemLength))
            .Add(Bytes(u.Body));

    public static void Add(RowBuffer rows, PartnerMark m) =>
        rows.Add(m.Partner)
            .Add(Ticks(m.PolledThrough))
            .Add(Ticks(m.PolledAt))
            .Add(m.PollLease ?? "")
            .Add(Ticks(m.PollLeaseEnd))
            .Add(Ticks(m.LastSuccessAt))
            .Add(Ticks(m.LastFailureAt))
            .Add(m.ConsecutiveFailures)
            .Add((short)(m.IsPaused ? 1 : 0))
            .Add(Cut(m.LastProblem, DeliveryTables.MaxProblemLength));

    public static Delivery Read(DbDataReader row) =>
        new(
            row.GetString(1),
            row.GetString(3),
            TaskKey(row.GetString(4)),
            new("ServiceRequest", row.GetString(5)),
            (DeliveryKind)row.GetInt16(6)
        )
        {
            Order = row.GetInt64(0),
            State = (DeliveryState)row.GetInt16(7),
            Attempts = row.GetInt32(8),
            QueuedAt = Time(row.GetInt64(9)).GetValueOrDefault(),
            ChangedAt = Time(row.GetInt64(10)).GetValueOrDefault(),
            FirstAttemptAt = Time(row.GetInt64(11)),
            NextAt = Time(row.GetInt64(12)),
            Lease = Text(row, 13),
            LastStatus = row.GetInt32(14) is var status and > 0 ? status : null,
            Sequence = row.GetInt64(15),
            Problem = Text(row, 16),
            Outcome = Bytes(row, 17),
            Log = Bytes(row, 18),
        };

    public static PartnerCopy ReadCopy(DbDataReader row) =>
        new(
            row.GetString(0),
            TaskKey(row.GetString(1)),
            row.GetString(2),
            Text(row, 3),
            Text(row, 4),
            Time(row.GetInt64(5))
        );

    public static InboundUpdate ReadInbound(DbDataReader row) =>
        new(
            row.GetString(0),
            row.GetString(1),
            row.GetString(2),
            Text(row, 4) is { } task ? TaskKey(task) : null,
            (InboundState)row.GetInt16(5),
            Time(row.GetInt64(6)).GetValueOrDefault()
        )
        {
            Order = row.GetInt64(3),
            Reason = Text(row, 7),
            Body = Bytes(row, 8),
        };

    public static PartnerMark ReadMark(DbDataReader row) =>
        new(row.GetString(0))
        {
            PolledThrough = Time(row.GetInt64(1)),
            PolledAt = Time(row.GetInt64(2)),
            PollLease = Text(row, 3),
            PollLeaseEnd = Time(row.GetInt64(4)),
            LastSuccessAt = Time(row.GetInt64(5)),
            LastFailureAt = Time(row.GetInt64(6)),
            ConsecutiveFailures = row.GetInt32(7),
            IsPaused = row.GetInt16(8) != 0,
            LastProblem = Text(row, 9),
        };

    public static short QueueOf(DeliveryState state) =>
        state switch
        {
            DeliveryState.Queued or DeliveryState.Sending or DeliveryState.Retry => DeliveryTables.Open,
            DeliveryState.Parked => DeliveryTables.Parked,
            _ => DeliveryTables.Done,
        };

    private static ResourceKey TaskKey(string id) => new("Task", id);

    private static long Ticks(DateTimeOffset? time) => time?.UtcTicks ?? 0;

    private static DateTimeOffset? Time(long ticks) => ticks == 0 ? null : new DateTimeOffset(ticks, TimeSpan.Zero);

    private static string? Text(DbDataReader row, int column) =>
        row.GetString(column) is { Length: > 0 } text ? text : null;

    private static string Cut(string? text, int length) => IndexWriter.Cut(text ?? "", length);

    private static byte[]? Bytes(ReadOnlyMemory<byte> bytes) => bytes.IsEmpty ? null : bytes.ToArray();

    private static ReadOnlyMemory<byte> Bytes(DbDataReader row, int column) =>
        row.IsDBNull(column) ? default : row.GetFieldValue<byte[]>(column);

    private static string ColumnsOf(TableShape table) => string.Join(", ", table.Columns.Select(c => $"\"{c.Name}\""));
}
