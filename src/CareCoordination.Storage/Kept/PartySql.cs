using CareCoordination.Storage.Commits;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Search;

namespace CareCoordination.Storage.Kept;

/// <summary>Owners and managers as values of their columns.</summary>
internal static class PartySql
{
    /// <summary>Writes <c>(a, b)</c>: the numbers of the parties. One that this store has never heard of has none, and equals nobody's.</summary>
    public static void WriteNumbers(SqlBuilder sql, IndexSource source, IReadOnlyList<Party> parties)
    {
        sql.Add("(");
        for (var i = 0; i < parties.Count; i++)
        {
            if (i > 0)
                sql.Add(", ");
            if (parties[i].Key is { } key)
                sql.Add(
                    $"""(SELECT r."Key" FROM "Resource" r WHERE r."TypeId" = {source.TypeId(key.Type)} AND r."Id" = {key.Id})"""
                );
            else
                sql.Add($"{KeptRowWriter.NumberOf(parties[i].Text)}");
        }

        sql.Add(")");
    }

    /// <summary>Writes a condition: the column is one of these.</summary>
    public static void WriteIn(SqlBuilder sql, string column, IEnumerable<short> values)
    {
        sql.Add($" AND {new RawSql(column)} IN (");
        IndexMatch.WriteList(sql, values);
        sql.Add(")");
    }
}
