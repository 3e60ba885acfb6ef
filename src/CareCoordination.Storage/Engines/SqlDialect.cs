namespace CareCoordination.Storage.Engines;

/// <summary>What the engines write differently.</summary>
internal abstract class SqlDialect
{
    /// <summary>The text of the parameter with this place.</summary>
    public virtual string Placeholder(int index) => $"@p{index}";

    /// <summary>Joins the next table inside the ones before it, in the order written.</summary>
    public virtual RawSql Join => new("JOIN");

    /// <summary>
    /// Ends an EXISTS that has to stay what it is: a probe for each row, and not the start of another plan.
    /// </summary>
    public virtual RawSql ProbeEnd => new("");

    /// <summary>
    /// Takes the first rows of an ordered select; follows ORDER BY. The number is text and no parameter: a plan that does not know
    /// how few rows are wanted sorts all of them.
    /// </summary>
    public virtual void Limit(SqlBuilder sql, int count) => sql.Add($" LIMIT {RawSql.Of(count)}");

    /// <summary>Orders by an expression with rows without a value at the end.</summary>
    public virtual string NullsLast(string expression, bool descending) =>
        $"{expression}{(descending ? " DESC" : "")} NULLS LAST";

    /// <summary>
    /// A condition: the column has one of the values. Lists grow in powers of two, the last value repeated, so that there are few
    /// different texts.
    /// </summary>
    public virtual void AnyOf(SqlBuilder sql, string column, IReadOnlyList<string> values)
    {
        sql.Add($"{new RawSql(column)} IN (");
        var count = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)values.Count);
        for (var i = 0; i < count; i++)
            sql.Add(i == 0 ? "" : ", ").Add($"{values[Math.Min(i, values.Count - 1)]}");
        sql.Add(")");
    }

    /// <summary>A condition: the text expression holds <paramref name="part"/>.</summary>
    public abstract void Contains(SqlBuilder sql, string expression, string part);

    /// <summary>What sorts after every text that starts with <paramref name="prefix"/>.</summary>
    public virtual string AfterPrefix(string prefix) => prefix + "\U0010FFFF";
}

internal sealed class SqliteDialect : SqlDialect
{
    // SQLite reorders plain joins by guesses it has no statistics for; CROSS JOIN keeps the order. https://sqlite.org/optoverview.html
    public override RawSql Join => new("CROSS JOIN");

    public override void Contains(SqlBuilder sql, string expression, string part) =>
        sql.Add($"instr({new RawSql(expression)}, {part}) > 0");
}

internal sealed class PostgreSqlDialect : SqlDialect
{
    public override string Placeholder(int index) => $"${index + 1}";

    // PostgreSQL turns EXISTS into a join it then reorders, unless the subselect has an OFFSET.
    public override RawSql ProbeEnd => new(" OFFSET 0");

    public override void AnyOf(SqlBuilder sql, string column, IReadOnlyList<string> values) =>
        sql.Add($"{new RawSql(column)} = ANY({values.ToArray()})");

    public override void Contains(SqlBuilder sql, string expression, string part) =>
        sql.Add($"strpos({new RawSql(expression)}, {part}) > 0");
}

internal sealed class SqlServerDialect : SqlDialect
{
    public override void Limit(SqlBuilder sql, int count) =>
        sql.Add($" OFFSET 0 ROWS FETCH NEXT {RawSql.Of(count)} ROWS ONLY");

    public override string NullsLast(string expression, bool descending) =>
        $"CASE WHEN {expression} IS NULL THEN 1 ELSE 0 END, {expression}{(descending ? " DESC" : "")}";

    public override void Contains(SqlBuilder sql, string expression, string part) =>
        sql.Add($"CHARINDEX({part}, {new RawSql(expression)}) > 0");

    // The binary collation compares UTF-16 units, of which this is the last.
    public override string AfterPrefix(string prefix) => prefix + "\uFFFF";
}
