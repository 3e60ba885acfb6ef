using CareCoordination.Views.Rows;

namespace CareCoordination.Views.Plans;

/// <summary>
/// Types of SQL: which FHIR types stand for, and which the tag <c>ansi/type</c> may ask for instead.
/// https://build.fhir.org/ig/FHIR/sql-on-fhir-v2/StructureDefinition-ViewDefinition.html#type-hinting-with-tags
/// </summary>
internal static class SqlTypes
{
    private const string Text = "CHARACTER VARYING";

    public static string Of(ViewColumnType type, string fhirType) =>
        type switch
        {
            ViewColumnType.Boolean => "BOOLEAN",
            ViewColumnType.Integer => fhirType == "integer64" ? "BIGINT" : "INT",
            ViewColumnType.Instant => "TIMESTAMP WITH TIME ZONE",
            ViewColumnType.Text when fhirType == "base64Binary" => "BINARY",
            _ => Text,
        };

    /// <summary>The type as it is written in the standard, or null where a column of <paramref name="type"/> cannot be it.</summary>
    public static string? Tagged(string text, ViewColumnType type, string fhirType)
    {
        var sql = string.Join(' ', text.ToUpperInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var paren = sql.IndexOf('(', StringComparison.Ordinal);
        var name = paren < 0 ? sql : sql[..paren].TrimEnd();
        var close = sql.IndexOf(')', StringComparison.Ordinal);
        if (paren >= 0)
        {
            if (close < paren || !sql[(paren + 1)..close].All(c => char.IsAsciiDigit(c) || c is ',' or ' '))
                return null;
            name += sql[(close + 1)..];
        }

        var fits = name switch
        {
            Text or "VARCHAR" or "CHARACTER" or "CHAR" or "TEXT" or "CLOB" or "CHARACTER LARGE OBJECT" => true,
            "BOOLEAN" => type == ViewColumnType.Boolean,
            "SMALLINT" or "INTEGER" or "INT" or "BIGINT" => type == ViewColumnType.Integer,
            "DECIMAL" or "NUMERIC" or "DEC" or "REAL" or "FLOAT" or "DOUBLE PRECISION" => type
                is ViewColumnType.Decimal
                    or ViewColumnType.Integer,
            "DATE" => type is ViewColumnType.Date,
            "TIMESTAMP" or "TIMESTAMP WITH TIME ZONE" or "TIMESTAMP WITHOUT TIME ZONE" => type
                is ViewColumnType.DateTime
                    or ViewColumnType.Instant,
            "TIME" => type == ViewColumnType.Time,
            "BINARY" or "VARBINARY" or "BINARY VARYING" or "BLOB" => fhirType == "base64Binary",
            _ => false,
        };
        return fits ? sql : null;
    }
}
