using CareCoordination.Fhir.FhirPath;
using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Schema;
using CareCoordination.Views.Definitions;
using CareCoordination.Views.Rows;

namespace CareCoordination.Views.Plans;

/// <summary>
/// The type of a column: what it is declared as, where its path can give that, or else what its path gives.
/// https://build.fhir.org/ig/FHIR/sql-on-fhir-v2/StructureDefinition-ViewDefinition.html#column-types
/// </summary>
internal static class ColumnTypes
{
    private const string DefinitionBase = "http://hl7.org/fhir/StructureDefinition/";
    private const string SystemBase = "http://hl7.org/fhirpath/System.";

    /// <summary>The column, or the sentence that says why there is none.</summary>
    public static (ViewColumn? Column, string? Fault) Of(
        ViewColumnDefinition column,
        FhirPathType given,
        FhirSchema schema
    )
    {
        var (type, name, fault) = column.Type is null ? Inferred(column, given) : Declared(column, given, schema);
        if (fault is not null)
            return (null, fault);
        var sql = SqlTypes.Of(type, name);
        if (column.AnsiType is { } tag)
        {
            if (SqlTypes.Tagged(tag, type, name) is not { } tagged)
                return (
                    null,
                    $"The column '{column.Name}' is of type {name}, which the tag ansi/type cannot make '{tag}'."
                );
            sql = tagged;
        }

        return (
            new ViewColumn(
                column.Name,
                type,
                name,
                column.IsCollection,
                sql,
                column.AnsiType is not null,
                column.Description
            ),
            null
        );
    }

    private static (ViewColumnType, string, string?) Inferred(ViewColumnDefinition column, FhirPathType given)
    {
        if (given.FhirTypes is [var only] && only.IsPrimitive)
            return (OfPrimitive(only.Name), only.Name, null);
        if (OfKind(given.Kind) is { } type)
            return (type, NameOf(given.Kind), null);
        var sentence = given switch
        {
            { IsUnknown: true } =>
                $"What the path of the column '{column.Name}' gives cannot be told from it: say its type.",
            { FhirTypes.Count: 1 } or { Kind: FhirPathKind.Quantity } =>
                $"The column '{column.Name}' gives {given}, which is no primitive: let its path go on to an element of it, or say its type to get JSON.",
            _ => $"The column '{column.Name}' may give {given}: choose one with ofType().",
        };
        return (default, "", sentence);
    }

    private static (ViewColumnType, string, string?) Declared(
        ViewColumnDefinition column,
        FhirPathType given,
        FhirSchema schema
    )
    {
        var name = NameIn(column.Type!);
        ViewColumnType type;
        if (name == "integer64")
            type = ViewColumnType.Integer;
        else if (!schema.TryGetType(name, out var definition))
            return (default, "", $"The column '{column.Name}' has the type '{column.Type}', which there is not.");
        else if (definition.IsPrimitive)
            type = OfPrimitive(name);
        else if (given.IsUnknown || (given.FhirTypes.Count > 0 && given.FhirTypes.All(t => t.Is(definition))))
            return (ViewColumnType.Json, name, null);
        else
            return (default, "", Misfit(column, name, given));
        return Fits(type, given) ? (type, name, null) : (default, "", Misfit(column, name, given));
    }

    private static string Misfit(ViewColumnDefinition column, string name, FhirPathType given) =>
        $"The column '{column.Name}' has the type {name}, and its path gives {given}, which does not fit.";

    /// <summary>True where every value of <paramref name="kind"/> is one of <paramref name="type"/>.</summary>
    public static bool Holds(ViewColumnType type, FhirPathKind kind) =>
        type switch
        {
            ViewColumnType.Boolean => kind == FhirPathKind.Boolean,
            ViewColumnType.Integer => kind == FhirPathKind.Integer,
            ViewColumnType.Decimal => kind is FhirPathKind.Decimal or FhirPathKind.Integer,
            ViewColumnType.Date => kind == FhirPathKind.Date,
            ViewColumnType.DateTime => kind is FhirPathKind.DateTime or FhirPathKind.Date,
            ViewColumnType.Instant => kind == FhirPathKind.DateTime,
            ViewColumnType.Time => kind == FhirPathKind.Time,
            // The text of a date is the date.
            ViewColumnType.Text => kind
                is FhirPathKind.String
                    or FhirPathKind.Date
                    or FhirPathKind.DateTime
                    or FhirPathKind.Time,
            _ => false,
        };

    private static bool Fits(ViewColumnType type, FhirPathType given)
    {
        if (given.IsUnknown)
            return true;
        return given.FhirTypes.Count == 0
            ? Holds(type, given.System)
            : given.FhirTypes.All(t => t.IsPrimitive && Holds(type, FhirPathType.KindOf(t)));
    }

    private static ViewColumnType OfPrimitive(string name) =>
        name switch
        {
            "boolean" => ViewColumnType.Boolean,
            "integer" or "positiveInt" or "unsignedInt" => ViewColumnType.Integer,
            "decimal" => ViewColumnType.Decimal,
            "date" => ViewColumnType.Date,
            "dateTime" => ViewColumnType.DateTime,
            "instant" => ViewColumnType.Instant,
            "time" => ViewColumnType.Time,
            _ => ViewColumnType.Text,
        };

    private static ViewColumnType? OfKind(FhirPathKind kind) =>
        kind switch
        {
            FhirPathKind.Boolean => ViewColumnType.Boolean,
            FhirPathKind.Integer => ViewColumnType.Integer,
            FhirPathKind.Decimal => ViewColumnType.Decimal,
            FhirPathKind.Date => ViewColumnType.Date,
            FhirPathKind.DateTime => ViewColumnType.DateTime,
            FhirPathKind.Time => ViewColumnType.Time,
            FhirPathKind.String => ViewColumnType.Text,
            _ => null,
        };

    private static string NameOf(FhirPathKind kind) =>
        kind == FhirPathKind.DateTime ? "dateTime" : kind.ToString().ToLowerInvariant();

    private static string NameIn(string type) =>
        type.StartsWith(DefinitionBase, StringComparison.Ordinal) ? type[DefinitionBase.Length..]
        : type.StartsWith(SystemBase, StringComparison.Ordinal)
            ? char.ToLowerInvariant(type[SystemBase.Length]) + type[(SystemBase.Length + 1)..]
        : type;
}
