using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using CareCoordination.Fhir.Schema;
using CareCoordination.Views.Rows;

namespace CareCoordination.Views.Files;

/// <summary>
/// A Parameters with a repeating <c>row</c>, whose parts are the columns with values of their FHIR types; null is a part that is missing.
/// https://build.fhir.org/ig/FHIR/sql-on-fhir-v2/operations-common.html#fhir-format
/// </summary>
public sealed class ParametersFile : TextFile
{
    private readonly ImmutableArray<ViewColumn> _columns;
    private readonly ImmutableArray<JsonEncodedText> _values;
    private readonly Utf8JsonWriter _json;

    public ParametersFile(ImmutableArray<ViewColumn> columns)
    {
        _columns = columns;
        _values =
        [
            .. columns.Select(c =>
                JsonEncodedText.Encode($"value{char.ToUpperInvariant(c.FhirType[0])}{c.FhirType[1..]}")
            ),
        ];
        _json = new Utf8JsonWriter(Output, Json);
        Output.Write("{\"resourceType\":\"Parameters\""u8);
    }

    /// <summary>The name of a column that a Parameters has no value for, as one of a backbone element; null where all have one.</summary>
    public static string? WhyNot(ImmutableArray<ViewColumn> columns, FhirSchema schema) =>
        columns
            .Where(c =>
                !schema.TryGetType(c.FhirType, out var type)
                || schema["Parameters.parameter"].Element("value")!.Types.All(t => t.Type != type)
            )
            .Select(c => c.Name)
            .FirstOrDefault();

    protected override void Write(ReadOnlySpan<ViewCell> cells, bool isFirst)
    {
        Output.Write(isFirst ? ",\"parameter\":["u8 : ","u8);
        _json.Reset(Output);
        _json.WriteStartObject();
        _json.WriteString("name"u8, "row"u8);
        var hasPart = false;
        for (var i = 0; i < cells.Length; i++)
        {
            if (_columns[i].IsCollection)
            {
                foreach (var item in cells[i].Items)
                    WritePart(_columns[i] with { IsCollection = false }, _values[i], item, ref hasPart);
            }
            else if (!cells[i].IsNull && !(cells[i].Utf8.IsEmpty && _columns[i].Type == ViewColumnType.Text))
            {
                // FHIR has no empty text.
                WritePart(_columns[i], _values[i], cells[i], ref hasPart);
            }
        }

        if (hasPart)
            _json.WriteEndArray();
        _json.WriteEndObject();
        _json.Flush();
    }

    private void WritePart(ViewColumn column, JsonEncodedText value, ViewCell cell, ref bool hasPart)
    {
        if (!hasPart)
            _json.WriteStartArray("part"u8);
        hasPart = true;
        _json.WriteStartObject();
        _json.WriteString("name"u8, column.Name);
        _json.WritePropertyName(value);
        Write(_json, column, cell);
        _json.WriteEndObject();
    }

    protected override void WriteEnd() => Output.Write(Rows == 0 ? "}"u8 : "]}"u8);
}
