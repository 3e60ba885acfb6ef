using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Engines;

/// <summary>What the engines write differently.</summary>
internal abstract class SqlDialect
{
    /// <summary>Parameters that one statement may have.</summary>
    public abstract int MaxParameters { get; }

    /// <summary>The text of the parameter with this place.</summary>
    public virtual string Placeholder(int index) => $"@p{index}";

    /// <summary>Joins the next table inside the ones before it, in the order written.</summary>
    public virtual RawSql Join => new("JOIN");

    /// <summary>
    /// Ends an EXISTS that has to stay what it is: a probe for each row, and not the start of another plan.
    /// </summary>
    public virtual RawSql ProbeEnd => new("");

    /// <summary>
    /// A column that equals a parameter says nothing of the order in which an index is read, so a planner that has two indexes in
    /// the order asked for may walk the one without the column. Rows compared as a whole leave it one.
    /// </summary>
    public virtual bool ComparesRows => false;

    /// <summary>
    /// Takes the first rows of an ordered select; follows ORDER BY. The number is text and no parameter: a plan that does not know
    /// how few rows are wanted sorts all of them.
    /// </summary>
    public virtual void Limit(SqlBuilder sql, int count) => sql.Add($" LIMIT {RawSql.Of(count)}");

    /// <summary>Before <see cref="Limit"/> where any rows will do: nothing is sorted.</summary>
    public virtual RawSql AnyOrder => new("");

    /// <summary>Orders by an expression with rows without a value at the end.</summary>
    public virtual string NullsLast(string expression, bool descending) =>
        $"{expression}{(descending ? " DESC" : "")} NULLS LAST";

    /// <summary>A column of numbers as a condition has it for which no index is to be taken: there is a better one.</summary>
    public virtual string Unindexed(string column) => column;

    /// <summary>A condition: the column has one of the values. Two texts: for one value, and for any number.</summary>
    public void AnyOf<T>(SqlBuilder sql, string column, IReadOnlyList<T> values)
        where T : notnull
    {
        if (values is [var only])
            sql.Add($"{new RawSql(column)} = {only}");
        else
            AnyOfMany(sql, column, values);
    }

    /// <summary>
    /// Writes values of a query as a table for FROM, under the name and the columns of its shape: one text for any number
    /// of them.
    /// </summary>
    public abstract void AddRows(SqlBuilder sql, RowBuffer rows);

    /// <summary>
    /// Starts a condition that the column is among what a select finds, which depends on nothing around it; ends with
    /// <see cref="AmongEnd"/>.
    /// </summary>
    public virtual RawSql Among => new(" IN (");

    public virtual RawSql AmongEnd => new(")");

    /// <summary>Ends <c>IN (SELECT ...</c> that has to stay a set that is made once, and not become a join.</summary>
    public virtual RawSql SetEnd => new(")");

    /// <summary>Starts a select with a name, which is made once however often it is asked.</summary>
    public virtual RawSql AsOnce => new(" AS MATERIALIZED (");

    /// <summary>The function that gives the second of two values where the first is null.</summary>
    public virtual RawSql Coalesce => new("COALESCE");

    /// <summary>Follows a text of <see cref="AddRows"/> where it is compared with a column.</summary>
    public virtual RawSql ListedText => new("");

    protected abstract void AnyOfMany<T>(SqlBuilder sql, string column, IReadOnlyList<T> values)
        where T : notnull;

    protected static string Columns(TableShape shape, Func<Column, int, string> write) =>
        string.Join(", ", shape.Columns.Select(write));

    /// <summary>A condition: the text expression holds <paramref name="part"/>.</summary>
    public abstract void Contains(SqlBuilder sql, string expression, RawSql part);

    /// <summary>What sorts after every text that starts with <paramref name="prefix"/>.</summary>
    public virtual string AfterPrefix(string prefix) => prefix + "\U0010FFFF";
}

internal sealed class SqliteDialect : SqlDialect
{
    // SQLITE_MAX_VARIABLE_NUMBER. https://sqlite.org/limits.html
    public override int MaxParameters => 32_766;

    // SQLite reorders plain joins by guesses it has no statistics for; CROSS JOIN keeps the order. https://sqlite.org/optoverview.html
    public override RawSql Join => new("CROSS JOIN");

    // https://sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary_
    public override string Unindexed(string column) => $"+{column}";

    public override void Contains(SqlBuilder sql, string expression, RawSql part) =>
        sql.Add($"instr({new RawSql(expression)}, {part}) > 0");

    // MATERIALIZED: the JSON is read once for the statement and not once for each row that is probed.
    public override void AddRows(SqlBuilder sql, RowBuffer rows) =>
        sql.Add("(WITH m AS MATERIALIZED (SELECT ")
            .Add(Columns(rows.Table, (column, i) => $"j.value ->> {i} AS \"{column.Name}\""))
            .Add($" FROM json_each({JsonList.Of(rows)}) j) SELECT * FROM m) {new RawSql(rows.Table.Name)}");

    protected override void AnyOfMany<T>(SqlBuilder sql, string column, IReadOnlyList<T> values) =>
        sql.Add($"{new RawSql(column)} IN (SELECT value FROM json_each({JsonList.Of(values)}))");
}

internal sealed class PostgreSqlDialect : SqlDialect
{
    // The protocol counts them in 16 bits. https://www.postgresql.org/docs/current/limits.html
    public override int MaxParameters => 65_535;

    public override string Placeholder(int index) => $"${index + 1}";

    public override string Unindexed(string column) => $"({column} + 0)";

    public override bool ComparesRows => true;

    // PostgreSQL turns EXISTS into a join it then reorders, unless the subselect has an OFFSET.
    public override RawSql ProbeEnd => new(" OFFSET 0");

    // A select inside a probe would be joined to it, and run for each row; an array of it is made once.
    public override RawSql Among => new(" = ANY(ARRAY(");

    public override RawSql AmongEnd => new("))");

    // Of many selects that it may join PostgreSQL looks for the best order, which takes it seconds.
    public override RawSql SetEnd => new(") IS TRUE");

    public override void Contains(SqlBuilder sql, string expression, RawSql part) =>
        sql.Add($"strpos({new RawSql(expression)}, {part}) > 0");

    public override void AddRows(SqlBuilder sql, RowBuffer rows)
    {
        sql.Add("unnest(");
        for (var i = 0; i < rows.Table.Columns.Length; i++)
            sql.Add(i == 0 ? "" : ", ").Add($"{rows.Column(i)}");
        sql.Add($") AS {new RawSql(rows.Table.Name)}(")
            .Add(Columns(rows.Table, (column, _) => $"\"{column.Name}\""))
            .Add(")");
    }

    protected override void AnyOfMany<T>(SqlBuilder sql, string column, IReadOnlyList<T> values) =>
        sql.Add($"{new RawSql(column)} = ANY({values.ToArray()})");
}

internal sealed class SqlServerDialect : SqlDialect
{
    // https://learn.microsoft.com/sql/sql-server/maximum-capacity-specifications-for-sql-server
    public override int MaxParameters => 2_100;

    public override void Limit(SqlBuilder sql, int count) =>
        sql.Add($" OFFSET 0 ROWS FETCH NEXT {RawSql.Of(count)} ROWS ONLY");

    public override string NullsLast(string expression, bool descending) =>
        $"CASE WHEN {expression} IS NULL THEN 1 ELSE 0 END, {expression}{(descending ? " DESC" : "")}";

    public override void Contains(SqlBuilder sql, string expression, RawSql part) =>
        sql.Add($"CHARINDEX({part}, {new RawSql(expression)}) > 0");

    // It has no word for it, and decides by itself.
    public override RawSql AsOnce => new(" AS (");

    // OFFSET belongs to ORDER BY. https://learn.microsoft.com/sql/t-sql/queries/select-order-by-clause-transact-sql
    public override RawSql AnyOrder => new(" ORDER BY (SELECT NULL)");

    // The binary collation compares UTF-16 units, of which this is the last.
    public override string AfterPrefix(string prefix) => prefix + "\uFFFF";

    // COALESCE runs a subquery twice, and between may find that it has become null.
    // https://learn.microsoft.com/sql/t-sql/language-elements/coalesce-transact-sql#compare-coalesce-and-isnull
    public override RawSql Coalesce => new("ISNULL");

    // A text out of JSON has the collation of the database, our columns have their own.
    public override RawSql ListedText => new($" COLLATE {SqlServerFhirDbContext.Collation}");

    public override void AddRows(SqlBuilder sql, RowBuffer rows) =>
        sql.Add($"OPENJSON({JsonList.Of(rows)}) WITH (")
            .Add(JsonColumns(rows.Table))
            .Add($") {new RawSql(rows.Table.Name)}");

    /// <summary>The columns of rows that are arrays.</summary>
    public static string JsonColumns(TableShape shape) =>
        Columns(shape, (column, i) => $"\"{column.Name}\" {TypeOf(column)} '$[{i}]'");

    protected override void AnyOfMany<T>(SqlBuilder sql, string column, IReadOnlyList<T> values)
    {
        var isText = typeof(T) == typeof(string);
        sql.Add($"{new RawSql(column)} IN (SELECT j.\"Value\"{(isText ? ListedText : new RawSql(""))} ")
            .Add($"FROM OPENJSON({JsonList.Of(values)}) ")
            .Add(isText ? "WITH (\"Value\" nvarchar(4000) '$') j)" : "WITH (\"Value\" bigint '$') j)");
    }

    private static string TypeOf(Column column) =>
        column.Type switch
        {
            ColumnType.Short => "smallint",
            ColumnType.Int => "int",
            ColumnType.Long => "bigint",
            ColumnType.Real => "float",
            _ => $"nvarchar({column.MaxLength})",
        };
}
