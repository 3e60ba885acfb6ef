using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search.Matching;

/// <summary>Resources that a query names, as rows of type and id.</summary>
internal static class KeyRows
{
    private static readonly TableShape Shape = new(
        "q",
        [new("TypeId", ColumnType.Short), new("Id", ColumnType.Text, FhirTables.MaxIdLength)],
        [],
        []
    );

    /// <summary>Writes the table, under the name <c>q</c>.</summary>
    public static void Write(SqlBuilder sql, IndexSource source, IEnumerable<ResourceKey> keys)
    {
        var rows = new RowBuffer(Shape);
        foreach (var key in keys)
            rows.Add(source.TypeId(key.Type)).Add(key.Id);
        sql.Dialect.AddRows(sql, rows);
    }

    /// <summary>Writes the condition that a resource is the one of a row.</summary>
    public static void WriteIs(SqlBuilder sql, string resource) =>
        sql.Add($"""{new RawSql(resource)}."TypeId" = q."TypeId" """)
            .Add($"""AND {new RawSql(resource)}."Id" = q."Id"{sql.Dialect.ListedText}""");

    /// <summary>Writes a select of their surrogate keys; one that the store has never heard of has none.</summary>
    public static void WriteSelect(SqlBuilder sql, IndexSource source, IEnumerable<ResourceKey> keys)
    {
        sql.Add("""SELECT r."Key" FROM """);
        Write(sql, source, keys);
        sql.Add(""" CROSS JOIN "Resource" r WHERE """);
        WriteIs(sql, "r");
    }
}
