using System.Collections.Frozen;
using System.Globalization;
using System.Numerics;
using System.Text;
using CareCoordination.Storage.Connections;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Engines;

/// <summary>
/// The statements that write rows to SQL Server. Rows go as the text of a JSON array in one parameter, whatever their number: one
/// text for each table, whose plan is reused. Bytes and doubles do not go through text: those tables have a parameter for each
/// value, in a few sizes of statements.
/// </summary>
internal static class SqlServerStatements
{
    // Of 2,100, and never as many rows as VALUES ends at, which is 1,000.
    private const int MaxParameters = 2000;

    private const string Rows = "d";

    /// <summary>The resources whose state is read with the lock.</summary>
    public static readonly TableShape WantedHeads = new(
        Rows,
        [
            new("Place", ColumnType.Int),
            new("TypeId", ColumnType.Short),
            new("Id", ColumnType.Text, FhirTables.MaxIdLength),
            new("NeedsBody", ColumnType.Int),
        ],
        ["Place"],
        []
    );

    /// <summary>Takes the write lock. The row is read by a statement of its own, after whoever had it before has committed.</summary>
    public static readonly string Begin = $"""
        DECLARE @clock bigint = {DatabaseClock.SqlServer};
        DECLARE @now bigint = {DatabaseClock.Bounded("@p1", "@clock", "@p7")};
        UPDATE "ChangeSequence" SET "Sequence" = "Sequence" + @p0,
            "LastUpdated" = {DatabaseClock.Next("\"LastUpdated\"", "@now")}, "NextKey" = "NextKey" + @p2,
            "PreviousCommitId" = "CommitId", "CommitId" = @p4
        WHERE "Id" = 1;
        SELECT "Sequence", "LastUpdated", "NextKey", "PreviousCommitId", @now, @clock
        FROM "ChangeSequence" WHERE "Id" = 1;
        SELECT d."Place", h."Key", h."Version", h."IsDeleted", h."LastUpdated", h."Sequence", h."Patient", h."Labels",
            v."Change", v."Body"
        FROM OPENJSON(@p3) WITH ({SqlServerDialect.JsonColumns(WantedHeads)}) d
        JOIN "Resource" h ON h."TypeId" = d."TypeId" AND h."Id" = d."Id" COLLATE {SqlServerFhirDbContext.Collation}
        LEFT JOIN "ResourceVersion" v ON d."NeedsBody" = 1 AND v."Sequence" = h."Sequence"
        WHERE d."Place" < @p5 OR EXISTS (
            SELECT 1 FROM "ChangeSequence" c WHERE c."Id" = 1 AND c."PreviousCommitId" <> @p6)
        """;

    public static readonly string UpdateHeads = UpdateHeadsSql();

    private static readonly FrozenDictionary<TableShape, (string Insert, string Delete)> AsJson = FhirTables
        .Written.Where(GoesAsJson)
        .ToFrozenDictionary(table => table, table => (Insert(table, null), Delete(table, null)));

    /// <summary>The columns of a head that change: all but its identity.</summary>
    private static IEnumerable<Column> ChangingColumns =>
        FhirTables.Resource.Columns.Where(c => c.Name is not ("Key" or "TypeId" or "Id"));

    /// <summary>All rows in one parameter. False: one parameter for each value, <see cref="ChunkSize"/> rows at a time.</summary>
    public static bool GoesAsJson(TableShape table) =>
        table.Columns.All(column => column.Type is not (ColumnType.Bytes or ColumnType.Real));

    public static string Insert(TableShape table) => AsJson[table].Insert;

    public static string Delete(TableShape table) => AsJson[table].Delete;

    public static string Insert(TableShape table, int rows) => Insert(table, Values(rows, table.Columns.Length));

    public static string Delete(TableShape table, int rows) => Delete(table, Values(rows, table.Columns.Length));

    /// <summary>How many of the rows the next statement takes: powers of two, so that there are few texts.</summary>
    public static int ChunkSize(int rows, TableShape table)
    {
        var limit = Math.Min(rows, MaxParameters / table.Columns.Length);
        return (int)BitOperations.RoundUpToPowerOf2((uint)limit + 1) / 2;
    }

    private static string Insert(TableShape table, string? values) =>
        $"INSERT INTO \"{table.Name}\" ({Names(table)}) "
        + (values is null ? $"SELECT {Names(table, $"{Rows}.")} FROM {Json(table)}" : $"VALUES {values}");

    private static string Delete(TableShape table, string? values) =>
        $"DELETE t FROM \"{table.Name}\" t JOIN "
        + (values is null ? Json(table) : $"(VALUES {values}) AS {Rows}({Names(table)})")
        + $" ON {string.Join(" AND ", table.Key.Select(c => Matches(table, c)))}";

    private static string UpdateHeadsSql() =>
        $"UPDATE h SET {string.Join(", ", ChangingColumns.Select(c => $"\"{c.Name}\" = {Rows}.\"{c.Name}\""))} "
        + $"FROM \"Resource\" h JOIN {Json(FhirTables.Resource)} ON h.\"Key\" = {Rows}.\"Key\"";

    /// <summary>Which collation a text has that came through JSON or VALUES the reference does not say; columns have their own.</summary>
    private static string Matches(TableShape table, string column)
    {
        var isText = table.Columns[table.Ordinal(column)].Type == ColumnType.Text;
        return $"t.\"{column}\" = {Rows}.\"{column}\"{(isText ? $" COLLATE {SqlServerFhirDbContext.Collation}" : "")}";
    }

    private static string Json(TableShape table) =>
        $"OPENJSON(@p0) WITH ({SqlServerDialect.JsonColumns(table)}) {Rows}";

    private static string Names(TableShape table, string prefix = "") =>
        string.Join(", ", table.Columns.Select(c => $"{prefix}\"{c.Name}\""));

    private static string Values(int rows, int columns)
    {
        var text = new StringBuilder();
        for (var row = 0; row < rows; row++)
        {
            text.Append(row == 0 ? "(" : ", (");
            for (var i = 0; i < columns; i++)
                text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ", ")}@p{row * columns + i}");
            text.Append(')');
        }

        return text.ToString();
    }
}
