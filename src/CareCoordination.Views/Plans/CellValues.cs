using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CareCoordination.Fhir.FhirPath;
using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Json;
using CareCoordination.Views.Rows;

namespace CareCoordination.Views.Plans;

/// <summary>Values of FHIRPath as cells. What stands in the resource is not copied.</summary>
internal static class CellValues
{
    public static ViewCell Of(int number) =>
        ViewCell.OfInteger(number, Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)));

    /// <summary>False where the value is of another type; a cell of null for a primitive that has extensions only.</summary>
    public static bool TryMake(in FhirPathValue value, ViewColumnType type, out ViewCell cell)
    {
        cell = default;
        if (value.Kind == FhirPathKind.Element)
            return TryMake(value.Element, type, out cell);
        if (value.TryGetBoolean(out var truth))
        {
            cell = ViewCell.OfBoolean(truth);
            return type == ViewColumnType.Boolean;
        }

        if (value.TryGetInteger(out var number) && type == ViewColumnType.Integer)
        {
            cell = Of(number);
            return true;
        }

        if (!ColumnTypes.Holds(type, value.Kind))
            return false;
        cell = ViewCell.OfText(Encoding.UTF8.GetBytes(value.Text!));
        return true;
    }

    private static bool TryMake(Element element, ViewColumnType type, out ViewCell cell)
    {
        cell = default;
        if (type == ViewColumnType.Json)
        {
            cell = ViewCell.OfText(Raw(element.Value, element.Value.RawUtf8.Length, 0));
            return !element.Type.IsPrimitive;
        }

        if (!element.Type.IsPrimitive || !ColumnTypes.Holds(type, FhirPathType.KindOf(element.Type)))
            return false;
        if (!element.HasValue)
            return true;
        var json = element.Value;
        switch (type)
        {
            case ViewColumnType.Boolean:
                cell = ViewCell.OfBoolean(json.Kind == JsonValueKind.True);
                return json.Kind is JsonValueKind.True or JsonValueKind.False;
            case ViewColumnType.Integer:
                if (!Utf8Parser.TryParse(json.RawUtf8, out long number, out var read) || read != json.RawUtf8.Length)
                    return false;
                cell = ViewCell.OfInteger(number, Raw(json, read, 0));
                return true;
            default:
                cell = ViewCell.OfText(Text(json));
                return true;
        }
    }

    private static ReadOnlyMemory<byte> Text(JsonValue json)
    {
        if (json.Kind != JsonValueKind.String)
            return Raw(json, json.RawUtf8.Length, 0);
        return json.IsEscaped ? Encoding.UTF8.GetBytes(json.GetString()) : Raw(json, json.RawUtf8.Length - 2, 1);
    }

    private static ReadOnlyMemory<byte> Raw(JsonValue json, int length, int skip) =>
        json.Document.Utf8.Slice(json.Start + skip, length);
}
