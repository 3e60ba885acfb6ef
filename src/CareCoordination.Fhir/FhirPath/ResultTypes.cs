using System.Collections.Immutable;
using CareCoordination.Fhir.FhirPath.Values;

namespace CareCoordination.Fhir.FhirPath;

/// <summary>The types that operators and functions give. http://hl7.org/fhirpath/N1/#functions</summary>
internal static class ResultTypes
{
    /// <summary>Of a function that does not give items of its input; any where that depends on the values.</summary>
    public static FhirPathType Of(string function, FhirPathType source, ImmutableArray<FhirPathType> arguments) =>
        function switch
        {
            "select" => arguments[0],
            "iif" => arguments.Length < 3 ? arguments[1] : arguments[1].Or(arguments[2]),
            "combine" or "union" => source.Or(arguments[0]),
            "getValue" or "min" or "max" or "abs" => FhirPathType.Of(source.Kind),
            "sum" => FhirPathType.Of(source.Kind),
            "lowBoundary" or "highBoundary" => FhirPathType.Of(
                source.Kind == FhirPathKind.Integer ? FhirPathKind.Decimal : source.Kind
            ),
            _ => FhirPathType.Of(KindOf(function)),
        };

    public static FhirPathType OfOperator(string symbol, FhirPathType left, FhirPathType right) =>
        symbol switch
        {
            "|" => left.Or(right),
            "&" => FhirPathType.Of(FhirPathKind.String),
            "/" when left.Kind is FhirPathKind.Integer or FhirPathKind.Decimal => FhirPathType.Of(FhirPathKind.Decimal),
            "+" or "-" or "*" or "mod" => FhirPathType.Of(OfNumbers(left.Kind, right.Kind)),
            "div" => FhirPathType.Of(FhirPathKind.Integer),
            "/" => FhirPathType.Any,
            _ => FhirPathType.Of(FhirPathKind.Boolean),
        };

    private static FhirPathKind OfNumbers(FhirPathKind left, FhirPathKind right) =>
        (left, right) switch
        {
            (FhirPathKind.Integer, FhirPathKind.Integer) => FhirPathKind.Integer,
            (FhirPathKind.Integer or FhirPathKind.Decimal, FhirPathKind.Integer or FhirPathKind.Decimal) =>
                FhirPathKind.Decimal,
            (FhirPathKind.Date or FhirPathKind.DateTime or FhirPathKind.Time, FhirPathKind.Quantity) => left,
            _ when left == right => left,
            _ => FhirPathKind.None,
        };

    private static FhirPathKind KindOf(string function) =>
        function switch
        {
            "count" or "length" or "indexOf" or "lastIndexOf" or "ceiling" or "floor" or "truncate" or "precision" =>
                FhirPathKind.Integer,
            "toInteger" => FhirPathKind.Integer,
            "toDecimal" or "round" or "exp" or "ln" or "log" or "sqrt" or "avg" => FhirPathKind.Decimal,
            "toString"
            or "substring"
            or "upper"
            or "lower"
            or "trim"
            or "replace"
            or "replaceMatches"
            or "join"
            or "split"
            or "toChars"
            or "encode"
            or "decode"
            or "escape"
            or "unescape"
            or "getResourceKey"
            or "getReferenceKey" => FhirPathKind.String,
            "exists" or "empty" or "matches" or "matchesFull" => FhirPathKind.Boolean,
            "toDate" or "today" => FhirPathKind.Date,
            "toDateTime" or "now" => FhirPathKind.DateTime,
            "toTime" or "timeOfDay" => FhirPathKind.Time,
            "toQuantity" => FhirPathKind.Quantity,
            _ => FhirPathKind.None,
        };
}
