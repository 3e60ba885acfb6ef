using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Audit;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Outbox;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.ServerState;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Commits;

/// <summary>What a transaction reads of resources and messages after it has begun, to decide on and to write.</summary>
internal sealed class CommitReads(SqlDialect dialect, IndexSource source, ResourceMemory memory)
{
    // SQL Server ends at 2,100 parameters.
    private const int MaxIds = 512;
    private readonly OutboxSql _outbox = new(dialect);
    private readonly StateSql _state = new(dialect);
    private readonly AuditSql _audit = new(dialect);

    /// <summary>Adds the states of resources to those that the transaction knows, with their bytes if wanted.</summary>
    public async Task AddStatesAsync(DbSession session, GroupHeads heads, List<ResourceKey> keys, bool withBody)
    {
        foreach (var type in keys.GroupBy(key => key.Type, StringComparer.Ordinal))
        {
            foreach (var chunk in type.Chunk(MaxIds))
            {
                var rows = await session.QueryAsync(
                    States(source.TypeId(type.Key), Array.ConvertAll(chunk, key => key.Id), withBody),
                    row => (Id: row.GetString(0), Head: HeadRows.Read(row, 0)),
                    CancellationToken.None
                );
                var found = rows.ToDictionary(row => row.Id, row => row.Head, StringComparer.Ordinal);
                foreach (var key in chunk)
                    heads.Add(key, found.TryGetValue(key.Id, out var head) ? head : null, withBody);
            }
        }
    }

    /// <summary>Adds the keys of resources that rows refer to.</summary>
    public async Task AddKeysAsync(DbSession session, GroupHeads heads, List<ResourceKey> keys)
    {
        if (keys.Count == 0)
            return;
        foreach (var key in keys)
        {
            if (memory.TryGet(key, out var known))
                heads.AddKnown(key, known);
        }

        await AddStatesAsync(session, heads, heads.Unnamed(keys), withBody: false);
    }

    /// <summary>Adds the messages that the changes are about.</summary>
    public async Task AddMessagesAsync(DbSession session, OutboxGroup group, IEnumerable<OutboxChange> changes)
    {
        var (subjects, ids, partners) = OutboxGroup.Wanted(changes);
        if (subjects.Count > 0)
            foreach (var found in await session.QueryAsync(_outbox.OfSubjects(subjects), OutboxRow.Read, default))
                group.Load(found);
        if (ids.Count > 0)
            foreach (var found in await session.QueryAsync(_outbox.ByIds(ids), OutboxRow.Read, default))
                group.Load(found);
        if (partners.Count > 0)
            foreach (
                var found in await session.QueryAsync(
                    _outbox.PartnerStatuses(partners),
                    OutboxRow.ReadPartnerStatus,
                    default
                )
            )
                group.Load(found);
    }

    /// <summary>Adds the answers whose keys the commits depend on.</summary>
    public async Task AddAnswersAsync(DbSession session, StateGroup group, IEnumerable<Commit> commits)
    {
        var keys = group.Unknown(commits);
        foreach (var chunk in keys.Chunk(MaxIds))
            group.Load([.. chunk], await session.QueryAsync(_state.Answers(chunk), StateRow.ReadAnswer, default));
    }

    /// <summary>The row of the audit trail that the next one follows; without a round trip where nobody else has written since.</summary>
    public async ValueTask<AuditHead> AuditHeadAsync(DbSession session) =>
        memory.AuditHead ?? await _audit.HeadAsync(session, CancellationToken.None);

    public Task<AuditHead> AuditCutAsync(DbSession session) => _audit.CutAsync(session, CancellationToken.None);

    private Sql States(short typeId, string[] ids, bool withBody)
    {
        var version = new RawSql(withBody ? """v."Change", v."Body" """ : "NULL, NULL");
        var sql = new SqlBuilder(dialect)
            .Add("""SELECT h."Id", h."Key", h."Version", h."IsDeleted", h."LastUpdated", h."Sequence", """)
            .Add("""h."Patient", h."Labels", """)
            .Add($"""{version} FROM "Resource" h """);
        if (withBody)
            sql.Add("""LEFT JOIN "ResourceVersion" v ON v."Sequence" = h."Sequence" """);
        sql.Add($"""WHERE h."TypeId" = {typeId} AND """);
        dialect.AnyOf(sql, "h.\"Id\"", ids);
        return sql.Build();
    }
}
