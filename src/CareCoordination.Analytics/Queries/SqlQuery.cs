using System.Collections.Immutable;
using System.Data.Common;
using System.Text;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Views.Files;
using CareCoordination.Views.Rows;
using DuckDB.NET.Data;

namespace CareCoordination.Analytics.Queries;

/// <summary>SQL of somebody over the tables, with values for its parameters.</summary>
/// <param name="Sql">With parameters as <c>:name</c> or <c>$name</c>.</param>
internal sealed record SqlQuery(string Sql, ImmutableArray<KeyValuePair<string, object?>> Values)
{
    private const int FlushAfterBytes = 1024 * 1024;

    /// <summary>What an answer may be at most: it is there before it is sent, so that a question holds the tables no longer than it is computed.</summary>
    private const long MostBytes = 256L * 1024 * 1024;

    /// <summary>Runs it, and writes its rows. 422 where it may not be run, fails, or has more rows than an answer may.</summary>
    public Result<SqlRows> Run(
        DuckDBConnection reader,
        RowFormat format,
        int mostRows,
        CancellationToken cancellationToken
    )
    {
        var parameters = new SortedSet<string>(StringComparer.Ordinal);
        var sql = WithDollars(Sql, parameters);
        if (SqlGuard.Check(reader, sql) is { } refused)
            return refused;
        if (!parameters.SetEquals(Values.Select(value => value.Key)))
            return Failure.Unprocessable(
                IssueCode.Invalid,
                $"The SQL has the parameters {Listed(parameters)}, and values came for {Listed(Values.Select(value => value.Key))}."
            );
        using var command = reader.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in Values)
            command.Parameters.Add(new DuckDBParameter(name, value ?? DBNull.Value));
        using var cancel = cancellationToken.Register(command.Cancel);
        try
        {
            using var rows = command.ExecuteReader();
            return Write(rows, format, mostRows);
        }
        catch (Exception e)
            when (e is not (DuckDBException or OperationCanceledException or OutOfMemoryException or IOException))
        {
            // What the engine computes and its driver has no type for, as days without an end.
            return Failure.Unprocessable(
                IssueCode.Invalid,
                "A value of the rows is of a kind that cannot be answered: cast its column to VARCHAR."
            );
        }
    }

    private static Result<SqlRows> Write(DbDataReader rows, RowFormat format, int mostRows)
    {
        var columns = Enumerable
            .Range(0, rows.FieldCount)
            .Select(i => new SqlColumn(rows.GetName(i), rows.GetFieldType(i)))
            .ToImmutableArray();
        // Text has columns by their place; a table of types has them by their names.
        if (
            format.Code == "parquet"
            && columns
                .GroupBy(column => column.Column.Name, StringComparer.OrdinalIgnoreCase)
                .FirstOrDefault(of => of.Skip(1).Any())
                is { } twice
        )
            return Failure.Unprocessable(
                IssueCode.Invalid,
                $"Two columns are called '{twice.Key}': give one of them another name (AS)."
            );
        var file = format.New(new([.. columns.Select(column => column.Column)]));
        var bytes = new MemoryStream();
        var named = columns
            .Select((column, at) => SqlRows.PatientColumns.Contains(column.Column.Name) ? at : -1)
            .Where(at => at >= 0)
            .ToList();
        var patients = new SortedSet<string>(StringComparer.Ordinal);
        var cells = new ViewCell[columns.Length];
        for (var count = 0; rows.Read(); count++)
        {
            if (count == mostRows)
                return TooMany($"There are more than {mostRows} rows (Analytics:MaxRows)");
            for (var i = 0; i < cells.Length; i++)
                cells[i] = columns[i].CellOf(rows, i);
            file.Row(cells);
            foreach (var at in named)
            {
                if (cells[at] is { IsNull: false } patient && !columns[at].Column.IsCollection)
                    patients.Add(patient.Text!);
            }

            if (file.Gathered < FlushAfterBytes)
                continue;
            // Into memory: it ends at once.
            file.FlushAsync(bytes, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            if (bytes.Length > MostBytes)
                return TooMany($"The rows are larger than {MostBytes / 1024 / 1024} MB");
        }

        file.EndAsync(bytes, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return new SqlRows(bytes.ToArray(), [.. patients]);
    }

    private static Failure TooMany(string what) =>
        Failure.Unprocessable(IssueCode.TooCostly, $"{what}: ask for less, or add up.");

    private static string Listed(IEnumerable<string> names) =>
        string.Join(", ", names) is { Length: > 0 } list ? list : "none";

    /// <summary>
    /// Parameters as the engine spells them: <c>:name</c> of SQL on FHIR becomes <c>$name</c>, but for what stands in quotes and in comments,
    /// and for casts (<c>::</c>).
    /// </summary>
    /// <param name="named">Gets the names of the parameters.</param>
    private static string WithDollars(string sql, SortedSet<string> named)
    {
        var text = new StringBuilder(sql.Length);
        for (var i = 0; i < sql.Length; i++)
        {
            var end = EndOfQuoted(sql, i);
            if (end > i)
            {
                text.Append(sql, i, end - i);
                i = end - 1;
            }
            else if (sql[i] == ':' && i + 1 < sql.Length && sql[i + 1] == ':')
            {
                text.Append("::");
                i++;
            }
            else if (sql[i] is ':' or '$' && EndOfName(sql, i + 1) is var last && last > i + 1)
            {
                named.Add(sql[(i + 1)..last]);
                text.Append('$').Append(sql, i + 1, last - i - 1);
                i = last - 1;
            }
            else
                text.Append(sql[i]);
        }

        return text.ToString();
    }

    private static int EndOfName(string sql, int start)
    {
        var end = start;
        while (
            end < sql.Length
            && (sql[end] == '_' || char.IsAsciiLetter(sql[end]) || (end > start && char.IsAsciiDigit(sql[end])))
        )
            end++;
        return end;
    }

    /// <summary>Where what is quoted, or a comment, ends that begins here; the same place where none begins.</summary>
    private static int EndOfQuoted(string sql, int start)
    {
        if (sql[start] is '\'' or '"')
        {
            var close = sql.IndexOf(sql[start], start + 1);
            return close < 0 ? sql.Length : close + 1;
        }

        var ends = sql.AsSpan(start) switch
        {
            ['-', '-', ..] => "\n",
            ['/', '*', ..] => "*/",
            _ => null,
        };
        if (ends is null)
            return start;
        var end = sql.IndexOf(ends, start + 2, StringComparison.Ordinal);
        return end < 0 ? sql.Length : end + ends.Length;
    }
}
