namespace CareCoordination.Views.Rows;

/// <summary>What the cells of a column hold, whatever is written of them.</summary>
public enum ViewColumnType
{
    Boolean,

    /// <summary>A whole number of 64 bits.</summary>
    Integer,

    /// <summary>A number with the digits it was written with.</summary>
    Decimal,

    /// <summary>Text: string, code, id, uri and the like.</summary>
    Text,

    /// <summary><c>YYYY[-MM[-DD]]</c>, with the precision of the record.</summary>
    Date,

    /// <summary><c>YYYY[-MM[-DD[Thh:mm:ss[.f]zone]]]</c>, with the precision of the record.</summary>
    DateTime,

    /// <summary>A dateTime to the second at least, with its zone.</summary>
    Instant,

    /// <summary><c>hh:mm:ss[.f]</c></summary>
    Time,

    /// <summary>An element that is no primitive, as its JSON.</summary>
    Json,
}

/// <summary>A column of a view, known before any row is.</summary>
/// <param name="FhirType">The name of the FHIR type: <c>code</c>, <c>HumanName</c>.</param>
/// <param name="IsCollection">True where a cell is a list.</param>
/// <param name="SqlType">The type of SQL that its tag <c>ansi/type</c> asks for; else what the specification maps its type to.</param>
/// <param name="IsTagged">True where a tag asked for the type of SQL.</param>
public sealed record ViewColumn(
    string Name,
    ViewColumnType Type,
    string FhirType,
    bool IsCollection,
    string SqlType,
    bool IsTagged,
    string? Description
);
