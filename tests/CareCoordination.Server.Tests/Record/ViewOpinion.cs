using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hl7.Fhir.FhirPath;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Hl7.FhirPath;
using Hl7.FhirPath.Expressions;

namespace CareCoordination.Server.Tests.Record;

/// <summary>
/// The rows of a ViewDefinition as Firely's FHIRPath gives them, by the specification of
/// https://build.fhir.org/ig/FHIR/sql-on-fhir-v2/StructureDefinition-ViewDefinition.html
/// </summary>
internal sealed partial class ViewOpinion(JsonElement view, NaiveDays days)
{
    private static readonly FhirJsonDeserializer Parser = new(
        new DeserializerSettings().UsingMode(DeserializationMode.Ostrich)
    );

    private static readonly FhirPathCompiler Compiler = NewCompiler();

    private static readonly ConcurrentDictionary<string, CompiledExpression> Compiled = new(StringComparer.Ordinal);

    public string Name => view.Text("name")!;

    public string ResourceType => view.Text("resource")!;

    public static PocoNode Parse(JsonElement resource)
    {
        Parser.TryDeserializeResource(resource.GetRawText(), out var parsed, out _);
        return parsed!.ToPocoNode();
    }

    /// <summary>The rows of a resource; none where a column that is no collection has several values.</summary>
    public List<Dictionary<string, object?>> Rows(PocoNode resource) => Tried(resource) ?? [];

    /// <summary>True where a column that is no collection has several values.</summary>
    public bool IsUnfit(PocoNode resource) => Tried(resource) is null;

    private List<Dictionary<string, object?>>? Tried(PocoNode resource)
    {
        if (view.Items("where").Any(w => !IsTrue(Evaluate(w.Text("path")!, resource))))
            return [];
        try
        {
            return Cross(view.Items("select"), resource, 0);
        }
        catch (SeveralValuesException)
        {
            return null;
        }
    }

    private static bool IsTrue(List<PocoNode> nodes) => nodes is [var one] && ValueOf(one) is true;

    private List<Dictionary<string, object?>> Cross(IEnumerable<JsonElement> selects, PocoNode node, int? index)
    {
        List<Dictionary<string, object?>> rows =
        [
            [],
        ];
        foreach (var select in selects)
        {
            var parts = RowsOf(select, node, index);
            rows = [.. rows.SelectMany(_ => parts, (row, part) => Joined(row, part))];
        }

        return rows;
    }

    private static Dictionary<string, object?> Joined(
        Dictionary<string, object?> one,
        Dictionary<string, object?> other
    )
    {
        var joined = new Dictionary<string, object?>(one, StringComparer.Ordinal);
        foreach (var (name, value) in other)
            joined[name] = value;
        return joined;
    }

    private List<Dictionary<string, object?>> RowsOf(JsonElement select, PocoNode node, int? index)
    {
        if (select.Items("repeat").Any())
            return Iterated(select, Repeated([.. select.Items("repeat").Select(p => p.GetString()!)], node));
        if (select.Text("forEach") is { } each)
            return Iterated(select, Evaluate(each, node));
        if (select.Text("forEachOrNull") is { } orNull)
            return Evaluate(orNull, node) is { Count: > 0 } found ? Iterated(select, found) : [NullRow(select)];
        return Iterated(select, [node], index);
    }

    /// <summary>Nothing in it but the places, which are the first.</summary>
    private static Dictionary<string, object?> NullRow(JsonElement select) =>
        select
            .Items("column")
            .Where(c => c.Text("path") == "%rowIndex")
            .ToDictionary(c => c.Text("name")!, _ => (object?)0, StringComparer.Ordinal);

    private List<Dictionary<string, object?>> Iterated(JsonElement select, List<PocoNode> nodes, int? fixedIndex = null)
    {
        var rows = new List<Dictionary<string, object?>>();
        for (var i = 0; i < nodes.Count; i++)
        {
            var index = fixedIndex ?? i;
            var columns = new Dictionary<string, object?>(StringComparer.Ordinal);
            foreach (var column in select.Items("column"))
                Add(columns, column, nodes[i], index);
            var further = Cross(select.Items("select"), nodes[i], index);
            if (select.Items("unionAll").Any())
                further =
                [
                    .. further.SelectMany(
                        _ => select.Items("unionAll").SelectMany(u => RowsOf(u, nodes[i], index)),
                        Joined
                    ),
                ];
            rows.AddRange(further.Select(f => Joined(columns, f)));
        }

        return rows;
    }

    /// <summary>What the paths lead to, and what they lead to from there, depth first.</summary>
    private static List<PocoNode> Repeated(List<string> paths, PocoNode node)
    {
        var found = new List<PocoNode>();
        foreach (var child in paths.SelectMany(p => Evaluate(p, node)))
        {
            found.Add(child);
            found.AddRange(Repeated(paths, child));
        }

        return found;
    }

    private void Add(Dictionary<string, object?> row, JsonElement column, PocoNode node, int index)
    {
        var (name, path) = (column.Text("name")!, column.Text("path")!);
        if (path == "%rowIndex")
        {
            row[name] = index;
            return;
        }

        var values = Evaluate(path, node);
        if (column.At("collection").ValueKind == JsonValueKind.True)
        {
            row[name] = values.Select(v => ValueOf(v)).ToList();
            return;
        }

        if (values.Count > 1)
            throw new SeveralValuesException();
        if (values is not [var one])
            return;
        row[name] = ValueOf(one);
        if (one.Poco is Date or FhirDateTime or Instant)
            row[$"{name}_day"] = days.Of((string?)ValueOf(one));
        if (one.Poco is FhirDateTime or Instant)
            row[$"{name}_at"] = days.StartOf((string?)ValueOf(one));
    }

    private static object? ValueOf(PocoNode node) =>
        ((PrimitiveType)node.Poco).JsonValue switch
        {
            DateTimeOffset instant => instant.ToString(
                "yyyy-MM-dd'T'HH:mm:ss.fff'Z'",
                System.Globalization.CultureInfo.InvariantCulture
            ),
            var value => value,
        };

    private static List<PocoNode> Evaluate(string path, PocoNode node) =>
        [.. Compiled.GetOrAdd(path, Compile)([node], new FhirEvaluationContext())];

    /// <summary>The type is given as a text, since Firely takes a name for an element.</summary>
    private static CompiledExpression Compile(string path) =>
        Compiler.Compile(TypeOfKey().Replace(path, "Key('${type}')"));

    private static FhirPathCompiler NewCompiler()
    {
        var symbols = new SymbolTable().AddStandardFP().AddFhirExtensions();
        symbols.Add("getResourceKey", (PocoNode focus) => ((Resource)focus.Poco).Id, doNullProp: true);
        symbols.Add("getReferenceKey", (PocoNode focus) => KeyOf(focus, null), doNullProp: true);
        symbols.Add("getReferenceKey", (PocoNode focus, string type) => KeyOf(focus, type), doNullProp: true);
        return new FhirPathCompiler(symbols);
    }

    /// <summary>Of a reference to what is here: relative, with a version or without.</summary>
    private static string? KeyOf(PocoNode focus, string? type)
    {
        var parts = (focus.Poco as ResourceReference)?.Reference?.Split('/') ?? [];
        return (parts.Length == 2 || parts is [_, _, "_history", _]) && (type is null || parts[0] == type)
            ? parts[1]
            : null;
    }

    [GeneratedRegex(@"Key\((?<type>[A-Z]\w+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TypeOfKey();

    private sealed class SeveralValuesException : Exception;
}
