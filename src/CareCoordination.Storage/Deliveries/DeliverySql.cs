using CareCoordination.Storage.Engines;

namespace CareCoordination.Storage.Deliveries;

/// <summary>What is asked of the tables of deliveries.</summary>
internal sealed class DeliverySql(SqlDialect dialect)
{
    private static readonly RawSql Columns = new(DeliveryRow.Columns);
    private static readonly RawSql Open = RawSql.Of(DeliveryTables.Open);
    private static readonly RawSql Parked = RawSql.Of(DeliveryTables.Parked);

    /// <summary>The partner with open deliveries that follows.</summary>
    public Sql NextPartner(string after)
    {
        var sql = New()
            .Add(
                $"""SELECT "Partner" FROM "Delivery" WHERE "Queue" = {Open} AND "Partner" > {after} ORDER BY "Partner" """
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
    public Sql Due(string partner, long now, int count)
    {
        var sql = New()
            .Add(
                $"""SELECT {Columns} FROM "Delivery" d WHERE "Queue" = {Open} AND "Partner" = {partner} AND "NextAt" <= {now} """
            )
            .Add(
                $"""AND NOT EXISTS (SELECT 1 FROM "Delivery" e WHERE e."TaskId" = d."TaskId" AND e."Order" < d."Order" """
            )
            .Add(
                $"""AND e."Partner" = d."Partner" AND e."Queue" IN ({Open}, {Parked}){dialect.ProbeEnd}) ORDER BY "Order" """
            );
        dialect.Limit(sql, count);
        return sql.Build();
    }

    public Sql Oldest(string partner)
    {
        var sql = New()
            .Add(
                $"""SELECT {Columns} FROM "Delivery" WHERE "Queue" = {Open} AND "Partner" = {partner} ORDER BY "Order" """
            );
        dialect.Limit(sql, 1);
        return sql.Build();
    }

    public Sql Find(string id) => New().Add($"""SELECT {Columns} FROM "Delivery" WHERE "MessageId" = {id}""").Build();

    public Sql ByIds(IReadOnlyList<string> ids)
    {
        var sql = New().Add($"""SELECT {Columns} FROM "Delivery" WHERE """);
        dialect.AnyOf(sql, "\"MessageId\"", ids);
        return sql.Build();
    }

    /// <summary>Those about the Tasks that a later change can still concern.</summary>
    public Sql OfTasks(IReadOnlyList<string> tasks)
    {
        var sql = New()
            .Add(
                $"""SELECT {Columns} FROM "Delivery" WHERE ("Queue" IN ({Open}, {Parked}) OR "State" = {RawSql.Of((int)DeliveryState.Delivered)}) AND """
            );
        dialect.AnyOf(sql, "\"TaskId\"", tasks);
        return sql.Build();
    }

    public Sql Page(DeliveryQuery query)
    {
        var sql = New().Add($"""SELECT {Columns} FROM "Delivery" WHERE 1 = 1""");
        if (query.Task is { } task)
            sql.Add($""" AND "TaskId" = {task}""");
        if (query.Request is { } request)
            sql.Add($""" AND "RequestId" = {request}""");
        if (query.Partner is { } partner)
            sql.Add($""" AND "Partner" = {partner}""");
        if (query.State is { } state)
            sql.Add(
                $""" AND "State" = {RawSql.Of((int)state)} AND "Queue" = {RawSql.Of(DeliveryRow.QueueOf(state))}"""
            );
        if (query.Since is { } since)
            sql.Add($""" AND "ChangedAt" >= {since.UtcTicks}""");
        if (query.Before is { } before)
            sql.Add($""" AND "Order" < {before}""");
        sql.Add(""" ORDER BY "Order" DESC""");
        dialect.Limit(sql, query.Count + 1);
        return sql.Build();
    }

    public Sql Depth(string partner) =>
        New()
            .Add($"""SELECT "State", COUNT(*), MIN("QueuedAt") FROM "Delivery" WHERE "Queue" IN ({Open}, {Parked}) """)
            .Add($"""AND "Partner" = {partner} GROUP BY "State" """)
            .Build();

    public Sql Copy(string partner, string task) =>
        New()
            .Add(
                $"""SELECT {new RawSql(DeliveryRow.CopyColumns)} FROM "PartnerCopy" WHERE "Partner" = {partner} AND "TaskId" = {task}"""
            )
            .Build();

    public Sql CopyAt(string partner, string reference) =>
        New()
            .Add(
                $"""SELECT {new RawSql(DeliveryRow.CopyColumns)} FROM "PartnerCopy" WHERE "Partner" = {partner} AND "Reference" = {reference}"""
            )
            .Build();

    public Sql Inbound(string partner, string reference, string version) =>
        New()
            .Add($"""SELECT {new RawSql(DeliveryRow.InboundColumns)} FROM "Inbound" WHERE "Partner" = {partner} """)
            .Add($"""AND "Reference" = {reference} AND "Version" = {version}""")
            .Build();

    public Sql InboundAt(long order) =>
        New()
            .Add($"""SELECT {new RawSql(DeliveryRow.InboundColumns)} FROM "Inbound" WHERE "Order" = {order}""")
            .Build();

    public Sql InboundPage(InboundState state, string? partner, long? before, int count)
    {
        var sql = New()
            .Add(
                $"""SELECT {new RawSql(DeliveryRow.InboundColumns)} FROM "Inbound" WHERE "State" = {RawSql.Of((int)state)}"""
            );
        if (partner is not null)
            sql.Add($""" AND "Partner" = {partner}""");
        if (before is { } order)
            sql.Add($""" AND "Order" < {order}""");
        sql.Add(""" ORDER BY "Order" DESC""");
        dialect.Limit(sql, count + 1);
        return sql.Build();
    }

    public Sql Marks(IReadOnlyList<string> partners)
    {
        var sql = New().Add($"""SELECT {new RawSql(DeliveryRow.MarkColumns)} FROM "PartnerMark" WHERE """);
        dialect.AnyOf(sql, "\"Partner\"", partners);
        return sql.Build();
    }

    private SqlBuilder New() => new(dialect);
}
