using System.Collections.Immutable;
using static CareCoordination.Storage.Tables.ColumnType;

namespace CareCoordination.Storage.Tables;

/// <summary>The tables of what goes to others, what comes from partners and what is remembered of them. docs/adr/0009-outbox.md</summary>
internal static class OutboxTables
{
    public const int MaxProblemLength = 512;
    public const int MaxStatusLength = 64;
    private const int IdLength = FhirTables.MaxIdLength;

    /// <summary>Of a type, a slash and an id.</summary>
    private const int MaxReferenceLength = 2 * FhirTables.MaxIdLength + 1;

    /// <summary>Messages that are done with.</summary>
    public const short Done = 0;

    /// <summary>Messages that wait or are being sent.</summary>
    public const short Open = 1;

    public const short Parked = 2;

    /// <summary>
    /// Destination is whom the topic knows under that name. Subject and About are references to resources here; About may be empty.
    /// </summary>
    public static readonly TableShape Message = new(
        "Outbox",
        [
            new("Order", Long),
            new("MessageId", Text, IdLength),
            new("Queue", Short),
            new("Topic", Text, OutboxMessage.MaxTopicLength),
            new("Destination", Text, IdLength),
            new("Subject", Text, MaxReferenceLength),
            new("About", Text, MaxReferenceLength),
            new("Kind", Short),
            new("State", Short),
            new("Attempts", Int),
            new("QueuedAt", Long),
            new("ChangedAt", Long),
            new("FirstAttemptAt", Long),
            new("NextAt", Long),
            new("Lease", Text, IdLength),
            new("LastStatus", Int),
            new("Sequence", Long),
            new("Problem", Text, MaxProblemLength),
            new("Outcome", Bytes),
            new("Log", Bytes),
        ],
        ["Order"],
        [
            new(["MessageId"], IsUnique: true),
            new(["Queue", "Topic", "Destination", "Order"]),
            new(["Queue", "ChangedAt"]),
            new(["Subject", "Order"]),
            new(["About", "Order"]),
        ]
    );

    public static readonly TableShape PartnerCopy = new(
        "PartnerCopy",
        [
            new("Partner", Text, IdLength),
            new("TaskId", Text, IdLength),
            new("Reference", Text, Storage.PartnerCopy.MaxReferenceLength),
            new("Version", Text, InboundUpdate.MaxVersionLength),
            new("Status", Text, MaxStatusLength),
            new("UpdatedAt", Long),
        ],
        ["Partner", "TaskId"],
        [new(["Partner", "Reference"])]
    );

    public static readonly TableShape Inbound = new(
        "Inbound",
        [
            new("Partner", Text, IdLength),
            new("Reference", Text, Storage.PartnerCopy.MaxReferenceLength),
            new("Version", Text, InboundUpdate.MaxVersionLength),
            new("Order", Long),
            new("TaskId", Text, IdLength),
            new("State", Short),
            new("At", Long),
            new("Reason", Text, MaxProblemLength),
            new("Body", Bytes),
        ],
        ["Partner", "Reference", "Version"],
        [new(["Order"], IsUnique: true), new(["State", "Order"]), new(["At"])]
    );

    public static readonly TableShape PartnerStatus = new(
        "PartnerStatus",
        [
            new("Partner", Text, IdLength),
            new("PolledThrough", Long),
            new("PolledAt", Long),
            new("ReadThrough", Text, IdLength),
            new("PollLease", Text, IdLength),
            new("PollLeaseEnd", Long),
            new("PollProblem", Text, MaxProblemLength),
            new("LastSuccessAt", Long),
            new("LastFailureAt", Long),
            new("ConsecutiveFailures", Int),
            new("IsPaused", Short),
            new("LastProblem", Text, MaxProblemLength),
        ],
        ["Partner"],
        []
    );

    public static readonly ImmutableArray<TableShape> All = [Message, PartnerCopy, Inbound, PartnerStatus];

    public static readonly ImmutableArray<TableShape> Keys = [.. All.Select(t => t.KeyOnly())];
}
