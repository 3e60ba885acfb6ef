using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Outbox;

/// <summary>What is asked of the outbox, the inbox and what is remembered of partners.</summary>
internal sealed class OutboxSql(SqlDialect dialect)
{
    private static readonly RawSql Columns = new(OutboxTables.Message.ColumnList());
    private static readonly RawSql CopyColumns = new(OutboxTables.PartnerCopy.ColumnList());
    private static readonly RawSql InboundColumns = new(OutboxTables.Inbound.ColumnList());
    private static readonly RawSql StatusColumns = new(OutboxTables.PartnerStatus.ColumnList());
    private static readonly RawSql Open = RawSql.Of(OutboxTables.Open);
    private static readonly RawSql Parked = RawSql.Of(OutboxTables.Parked);
    private static readonly RawSql Refused = RawSql.Of((int)InboundState.Refused);

    /// <summary>The destination of a topic with open messages that follows.</summary>
    public Sql NextDestination(string topic, string after)
    {
        var sql = New()
            .Add(
                $"""SELECT "Destination" FROM "Outbox" WHERE "Queue" = {Open} AND "Topic" = {topic} AND "Destination" > {after} ORDER BY "Destination" """
            );
        dialect.Limit(sql, 1);
        return sql.Build();
    }

    /// <summary>The partner that has copies which follows.</summary>
    public Sql NextPartnerWithCopies(string after)
    {
        var sql = New().Add($"""SELECT "Partner" FROM "PartnerCopy" WHERE "Partner" > {after} ORDER BY "Partner" """);
        dialect.Limit(sql, 1);
        return sql.Build();
    }

    /// <summary>Those of a partner that may be tried, in their order.</summary>
    public Sql Due(string topic, string destination, long now, int count)
    {
        var sql = New()
            .Add(
                $"""SELECT {Columns} FROM "Outbox" d WHERE "Queue" = {Open} AND "Topic" = {topic} AND "Destination" = {destination} AND "NextAt" <= {now} """
            )
            .Add(
                $"""AND NOT EXISTS (SELECT 1 FROM "Outbox" e WHERE e."Subject" = d."Subject" AND e."Order" < d."Order" """
            )
            .Add(
                $"""AND e."Topic" = d."Topic" AND e."Destination" = d."Destination" AND e."Queue" IN ({Open}, {Parked}){dialect.ProbeEnd}) ORDER BY "Order" """
            );
        dialect.Limit(sql, count);
        return sql.Build();
    }

    public Sql Oldest(string topic, string destination)
    {
        var sql = New()
            .Add(
                $"""SELECT {Columns} FROM "Outbox" WHERE "Queue" = {Open} AND "Topic" = {topic} AND "Destination" = {destination} ORDER BY "Order" """
            );
        dialect.Limit(sql, 1);
        return sql.Build();
    }

    public Sql Find(string id) => New().Add($"""SELECT {Columns} FROM "Outbox" WHERE "MessageId" = {id}""").Build();

    public Sql ByIds(IReadOnlyList<string> ids)
    {
        var sql = New().Add($"""SELECT {Columns} FROM "Outbox" WHERE """);
        dialect.AnyOf(sql, "\"MessageId\"", ids);
        return sql.Build();
    }

    /// <summary>Those about the subjects that a later change can still concern.</summary>
    public Sql OfSubjects(IReadOnlyList<string> subjects)
    {
        var sql = New()
            .Add(
                $"""SELECT {Columns} FROM "Outbox" WHERE ("Queue" IN ({Open}, {Parked}) OR "State" = {RawSql.Of((int)MessageState.Delivered)}) AND """
            );
        dialect.AnyOf(sql, "\"Subject\"", subjects);
        return sql.Build();
    }

    public Sql Page(OutboxQuery query)
    {
        var sql = New().Add($"""SELECT {Columns} FROM "Outbox" WHERE 1 = 1""");
        if (query.Topic is { } topic)
            sql.Add($""" AND "Topic" = {topic}""");
        if (query.Subject is { } subject)
            sql.Add($""" AND "Subject" = {subject.ToString()}""");
        if (query.About is { } about)
            sql.Add($""" AND "About" = {about.ToString()}""");
        if (query.Destination is { } destination)
            sql.Add($""" AND "Destination" = {destination}""");
        if (query.State is { } state)
            sql.Add($""" AND "State" = {RawSql.Of((int)state)} AND "Queue" = {RawSql.Of(OutboxRow.QueueOf(state))}""");
        if (query.Since is { } since)
            sql.Add($""" AND "ChangedAt" >= {since.UtcTicks}""");
        if (query.Before is { } before)
            sql.Add($""" AND "Order" < {before}""");
        sql.Add(""" ORDER BY "Order" DESC""");
        dialect.Limit(sql, query.Count + 1);
        return sql.Build();
    }

    public Sql Depth(string topic, string destination) =>
        New()
            .Add(
                $"""SELECT "State", COUNT(*) AS "Count", MIN("QueuedAt") AS "Oldest" FROM "Outbox" WHERE "Queue" IN ({Open}, {Parked}) """
            )
            .Add($"""AND "Topic" = {topic} AND "Destination" = {destination} GROUP BY "State" """)
            .Build();

    public Sql Copy(string partner, string task) =>
        New()
            .Add($"""SELECT {CopyColumns} FROM "PartnerCopy" WHERE "Partner" = {partner} AND "TaskId" = {task}""")
            .Build();

    /// <summary>Those of a partner that are not over, as far as their status tells, behind a Task in the order of the Tasks' ids.</summary>
    public Sql OpenCopies(string partner, string after, int count)
    {
        var sql = New()
            .Add($"""SELECT {CopyColumns} FROM "PartnerCopy" WHERE "Partner" = {partner} AND "TaskId" > {after} """)
            .Add($"""AND "Reference" IS NOT NULL AND "Status" IS NOT NULL """);
        foreach (var over in PartnerCopy.StatusesOver)
            sql.Add($"""AND "Status" NOT LIKE {over + "%"} """);
        sql.Add($"""ORDER BY "TaskId" """);
        dialect.Limit(sql, count);
        return sql.Build();
    }

    public Sql CopyAt(string partner, string reference) =>
        New()
            .Add(
                $"""SELECT {CopyColumns} FROM "PartnerCopy" WHERE "Partner" = {partner} AND "Reference" = {reference}"""
            )
            .Build();

    public Sql Inbound(string partner, string reference, string version) =>
        New()
            .Add($"""SELECT {InboundColumns} FROM "Inbound" WHERE "Partner" = {partner} """)
            .Add($"""AND "Reference" = {reference} AND "Version" = {version}""")
            .Build();

    public Sql InboundAt(long order) =>
        New().Add($"""SELECT {InboundColumns} FROM "Inbound" WHERE "Order" = {order}""").Build();

    public Sql InboundPage(InboundState state, string? partner, long? before, int count)
    {
        var sql = New().Add($"""SELECT {InboundColumns} FROM "Inbound" WHERE "State" = {RawSql.Of((int)state)}""");
        if (partner is not null)
            sql.Add($""" AND "Partner" = {partner}""");
        if (before is { } order)
            sql.Add($""" AND "Order" < {order}""");
        sql.Add(""" ORDER BY "Order" DESC""");
        dialect.Limit(sql, count + 1);
        return sql.Build();
    }

    public Sql PartnerStatuses(IReadOnlyList<string> partners)
    {
        var sql = New().Add($"""SELECT {StatusColumns} FROM "PartnerStatus" WHERE """);
        dialect.AnyOf(sql, "\"Partner\"", partners);
        return sql.Build();
    }

    /// <summary>Messages that were done with before an instant, the longest first.</summary>
    public Sql Done(long before, int count)
    {
        var sql = New()
            .Add($"""SELECT {Columns} FROM "Outbox" WHERE "Queue" = {RawSql.Of(OutboxTables.Done)} """)
            .Add($"""AND "ChangedAt" < {before} ORDER BY "ChangedAt" """);
        dialect.Limit(sql, count);
        return sql.Build();
    }

    /// <summary>What came in before an instant and was applied or passed over, the oldest first.</summary>
    public Sql DoneInbound(long before, int count)
    {
        var sql = New()
            .Add($"""SELECT {InboundColumns} FROM "Inbound" WHERE "At" < {before} """)
            .Add($"""AND "State" NOT IN ({RawSql.Of((int)InboundState.Unapplied)}, {Refused}) ORDER BY "At" """);
        dialect.Limit(sql, count);
        return sql.Build();
    }

    /// <summary>What was refused before an instant.</summary>
    public Sql RefusedBefore(long before, int count)
    {
        var sql = New()
            .Add($"""SELECT {InboundColumns} FROM "Inbound" WHERE "State" = {Refused} AND "At" < {before} """)
            .Add($"""ORDER BY "At" """);
        dialect.Limit(sql, count);
        return sql.Build();
    }

    /// <summary>The places of what was refused of one source, the newest first.</summary>
    public Sql RefusedOf(string source, int count)
    {
        var sql = New()
            .Add($"""SELECT "Order" FROM "Inbound" WHERE "State" = {Refused} AND "Partner" = {source} """)
            .Add($"""ORDER BY "Order" DESC""");
        dialect.Limit(sql, count);
        return sql.Build();
    }

    /// <summary>What was refused of one source before and at a place.</summary>
    public Sql RefusedThrough(string source, long order, int count)
    {
        var sql = New()
            .Add($"""SELECT {InboundColumns} FROM "Inbound" WHERE "State" = {Refused} AND "Partner" = {source} """)
            .Add($"""AND "Order" <= {order} ORDER BY "Order" """);
        dialect.Limit(sql, count);
        return sql.Build();
    }

    private SqlBuilder New() => new(dialect);
}
