using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Search.Matching;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Projections;

/// <summary>Owners and managers as values of their columns.</summary>
internal static class PartySql
{
    private static readonly TableShape Numbers = new("q", [new("Number", ColumnType.Long)], [], []);

    /// <summary>
    /// Writes a condition: the column has the number of one of the parties. One that this store has never heard of has none, and
    /// equals nobody's.
    /// </summary>
    public static void WriteIs(SqlBuilder sql, string column, IndexSource source, IReadOnlyList<Party> parties)
    {
        if (parties is [var only])
        {
            sql.Add($"{new RawSql(column)} = ");
            WriteNumber(sql, source, only);
            return;
        }

        sql.Add($"{new RawSql(column)}{sql.Dialect.Among}");
        KeyRows.WriteSelect(sql, source, parties.Where(p => p.Key is not null).Select(p => p.Key!.Value));
        var elsewhere = new RowBuffer(Numbers);
        foreach (var party in parties.Where(p => p.Key is null))
            elsewhere.Add(PartyNumbers.Of(party.Text));
        sql.Add(""" UNION ALL SELECT q."Number" FROM """);
        sql.Dialect.AddRows(sql, elsewhere);
        sql.Add($"{sql.Dialect.AmongEnd}");
    }

    private static void WriteNumber(SqlBuilder sql, IndexSource source, Party party)
    {
        if (party.Key is { } key)
            sql.Add($"""(SELECT r."Key" FROM "Resource" r WHERE r."TypeId" = {source.TypeId(key.Type)} """)
                .Add($"""AND r."Id" = {key.Id})""");
        else
            sql.Add($"{PartyNumbers.Of(party.Text)}");
    }
}
