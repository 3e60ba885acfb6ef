using System.Runtime.CompilerServices;
using System.Text;
using CareCoordination.Storage.Rows;

namespace CareCoordination.Storage.Engines;

/// <summary>A finished statement. The text depends only on the shape of what is asked, so that engines reuse its plan.</summary>
internal sealed record Sql(string Text, IReadOnlyList<object> Values);

/// <summary>Text that goes into a statement as it is. Made of our own names only, never of what a client sent.</summary>
internal readonly record struct RawSql(string Text)
{
    public static RawSql Of(long number) => new(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
}

/// <summary>
/// Writes a statement from interpolated strings whose holes become parameters:
/// <c>sql.Add($"""x."Key" = {hash.Key}""")</c>. Nothing a client sent can become text.
/// </summary>
internal sealed class SqlBuilder(SqlDialect dialect)
{
    private readonly List<object> _values = [];
    private readonly Dictionary<object, RawSql> _sets = [];
    private readonly StringBuilder _with = new();
    private StringBuilder _text = new(512);

    public SqlDialect Dialect => dialect;

    public SqlBuilder Add([InterpolatedStringHandlerArgument("")] ref Handler handler)
    {
        _ = handler;
        return this;
    }

    public SqlBuilder Add(string text)
    {
        _text.Append(text);
        return this;
    }

    /// <summary>Adds a value and gives the text that stands for it, for a value that is used more than once.</summary>
    public RawSql Parameter(object value)
    {
        _values.Add(value is string text ? DbText.Of(text) : value);
        return new RawSql(dialect.Placeholder(_values.Count - 1));
    }

    /// <summary>
    /// A select that several places of the statement ask: it is written in front of it, and made once. What the statement begins with is a
    /// SELECT then.
    /// </summary>
    /// <param name="what">Equal where it is the same select.</param>
    /// <returns>Its name, as that of a table.</returns>
    public RawSql Once(object what, Action<SqlBuilder> write)
    {
        if (_sets.TryGetValue(what, out var known))
            return known;
        var outside = _text;
        _text = new StringBuilder();
        write(this);
        var name = new RawSql($"set{RawSql.Of(_sets.Count).Text}");
        // What it asks itself stands before it.
        _with
            .Append(_with.Length == 0 ? "WITH " : ", ")
            .Append(name.Text)
            .Append(dialect.AsOnce.Text)
            .Append(_text)
            .Append(')');
        _text = outside;
        return _sets[what] = name;
    }

    public Sql Build() => new(_with.Length == 0 ? _text.ToString() : $"{_with} {_text}", _values);

    [InterpolatedStringHandler]
    public readonly ref struct Handler(int literalLength, int formattedCount, SqlBuilder builder)
    {
        public void AppendLiteral(string text) => builder._text.Append(text);

        public void AppendFormatted(RawSql raw) => builder._text.Append(raw.Text);

        public void AppendFormatted<T>(T value)
            where T : notnull => builder._text.Append(builder.Parameter(value).Text);

        // The compiler passes the lengths to every handler; there is nothing to reserve here.
        public int Size => literalLength + formattedCount;
    }
}
