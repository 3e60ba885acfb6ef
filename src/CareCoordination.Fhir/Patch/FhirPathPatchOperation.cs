using System.Globalization;
using System.Text.Json;
using CareCoordination.Fhir.FhirPath.Syntax;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Patch;

/// <summary>One operation of a <see cref="FhirPathPatch"/>. https://hl7.org/fhir/R4/fhirpatch.html#concept</summary>
/// <param name="Number">Its place in the patch, from 1.</param>
/// <param name="Type"><c>add</c>, <c>insert</c>, <c>delete</c>, <c>replace</c> or <c>move</c>.</param>
internal sealed record FhirPathPatchOperation(int Number, string Type, string Path)
{
    private const int LongestShown = 100;

    /// <summary>Of <c>add</c>: the element to add.</summary>
    public string? Name { get; private init; }

    /// <summary>Of <c>add</c>, <c>insert</c> and <c>replace</c>: the part that holds the content.</summary>
    public JsonValue Content { get; private init; }

    /// <summary>Of <c>insert</c>.</summary>
    public int Index { get; private init; }

    /// <summary>Of <c>move</c>: from.</summary>
    public int Source { get; private init; }

    /// <summary>Of <c>move</c>: to.</summary>
    public int Destination { get; private init; }

    public static Result<FhirPathPatchOperation> Read(JsonValue parameter, int number)
    {
        var parts = new Dictionary<string, JsonValue>(StringComparer.Ordinal);
        if (parameter.TryGetProperty("part"u8, out var list))
        {
            foreach (var part in list)
            {
                if (part.TryGetProperty("name"u8, out var name) && !parts.TryAdd(name.GetString(), part))
                    return Malformed(number, $"has more than one part '{name.GetString()}'.");
            }
        }

        if (Text(parts, "type") is not { } type)
            return Malformed(number, "needs the part 'type', sent as valueCode.");
        if (type is not ("add" or "insert" or "delete" or "replace" or "move"))
            return Malformed(number, "has a 'type' that is none of add, insert, delete, replace and move.");
        if (Text(parts, "path") is not { } path)
            return Malformed(number, "needs the part 'path', sent as valueString.");
        if (SyntaxError(path) is { } error)
            return Malformed(
                number,
                $"has a 'path' that is no FHIRPath: {error.Message} at position {error.Position + 1}."
            );

        var operation = new FhirPathPatchOperation(number, type, path)
        {
            Name = Text(parts, "name"),
            Content = parts.GetValueOrDefault("value"),
            Index = Position(parts, "index"),
            Source = Position(parts, "source"),
            Destination = Position(parts, "destination"),
        };
        string[] missing =
        [
            .. Needed(type)
                .Where(p => !parts.ContainsKey(p) || (p is not ("name" or "value") && Position(parts, p) < 0)),
        ];
        if (missing.Length > 0 || (type == "add" && operation.Name is null))
            return Malformed(number, $"({type}) needs the parts {string.Join(", ", Needed(type))}.");
        return operation;
    }

    public Failure Refuse(string sentence, IssueCode code = IssueCode.Processing) =>
        Failure.Unprocessable(code, $"Operation {Number} of the patch ({Type} {ShortPath}) cannot be done: {sentence}");

    public Failure Refuse(Failure reason) => Refuse(reason.Issues[0].Diagnostics, reason.Issues[0].Code);

    private string ShortPath => Path.Length > LongestShown ? Path[..LongestShown] + "..." : Path;

    private static string[] Needed(string type) =>
        type switch
        {
            "add" => ["name", "value"],
            "insert" => ["index", "value"],
            "replace" => ["value"],
            "move" => ["source", "destination"],
            _ => [],
        };

    private static FhirPathSyntaxException? SyntaxError(string path)
    {
        try
        {
            Parser.Parse(path);
            return null;
        }
        catch (FhirPathSyntaxException e)
        {
            return e;
        }
    }

    private static Failure Malformed(int number, string sentence) =>
        Failure.Invalid(IssueCode.Structure, $"Operation {number} of the patch {sentence}", "Parameters.parameter");

    private static string? Text(Dictionary<string, JsonValue> parts, string name) =>
        ValueOf(parts, name) is { Kind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>-1 where there is none.</summary>
    private static int Position(Dictionary<string, JsonValue> parts, string name) =>
        ValueOf(parts, name) is { Kind: JsonValueKind.Number } value
        && int.TryParse(value.RawUtf8, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : -1;

    private static JsonValue ValueOf(Dictionary<string, JsonValue> parts, string name)
    {
        foreach (var property in parts.GetValueOrDefault(name))
        {
            if (property.NameUtf8.StartsWith("value"u8))
                return property;
        }

        return default;
    }
}
