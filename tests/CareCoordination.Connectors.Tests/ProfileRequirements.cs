using System.Text.Json.Nodes;

namespace CareCoordination.Connectors.Tests;

/// <summary>
/// What a profile demands to be there, read from its snapshot: elements and slices with a minimum, fixed values and patterns. A child is
/// demanded where its parent is there. https://hl7.org/fhir/R4/profiling.html
/// </summary>
internal sealed class ProfileRequirements
{
    private readonly JsonObject[] _elements;
    private readonly string _root;

    public ProfileRequirements(string path)
    {
        var definition = JsonNode.Parse(File.ReadAllText(path))!;
        _elements = [.. definition["snapshot"]!["element"]!.AsArray().Select(e => e!.AsObject())];
        _root = (string)definition["type"]!;
    }

    /// <summary>What the resource lacks or has otherwise, as element ids; empty where it has all.</summary>
    public IReadOnlyList<string> Unmet(JsonObject resource)
    {
        var unmet = new List<string>();
        Check(resource, _root, unmet);
        return unmet;
    }

    private void Check(JsonObject parent, string id, List<string> unmet)
    {
        foreach (var element in _elements.Where(e => IsChild((string)e["id"]!, id)))
        {
            var childId = (string)element["id"]!;
            var slice = (string?)element["sliceName"];
            var values = Values(parent, Name(childId)).Where(v => slice is null || Fits(v, childId)).ToArray();
            if (values.Length < (int)element["min"]!)
                unmet.Add(childId);
            foreach (var value in values)
            {
                if (!HasPattern(value, element))
                    unmet.Add($"{childId} is {value.ToJsonString()}");
                if (value is JsonObject child)
                    Check(child, childId, unmet);
            }
        }
    }

    /// <summary>True where a value is of this slice: by the types of its resources, or by its patterns.</summary>
    private bool Fits(JsonNode value, string sliceId)
    {
        var own = _elements.First(e => (string)e["id"]! == sliceId);
        if (!HasPattern(value, own))
            return false;
        foreach (var child in _elements.Where(e => IsChild((string)e["id"]!, sliceId)))
        {
            var name = Name((string)child["id"]!);
            if (name == "resource" && Type(child) is { } type)
            {
                if ((string?)value["resource"]?["resourceType"] != type)
                    return false;
            }
            else if (Pattern(child) is not null && !Values(value.AsObject(), name).Any(v => HasPattern(v, child)))
            {
                return false;
            }
        }

        // A slice by the profile of what is referred to cannot be told from the reference: it demands nothing here.
        return true;
    }

    private static string? Type(JsonObject element) => (string?)element["type"]?[0]?["code"];

    private static bool IsChild(string id, string parent) =>
        id.StartsWith(parent + ".", StringComparison.Ordinal)
        && !id[(parent.Length + 1)..].Contains('.', StringComparison.Ordinal);

    private static string Name(string id) => id.Split('.')[^1].Split(':')[0];

    private static IEnumerable<JsonNode> Values(JsonObject parent, string name)
    {
        var isChoice = name.EndsWith("[x]", StringComparison.Ordinal);
        var stem = isChoice ? name[..^3] : name;
        foreach (var (key, value) in parent)
        {
            if (value is null || !(key == stem || (isChoice && IsOfChoice(key, stem))))
                continue;
            foreach (var item in value is JsonArray list ? list.OfType<JsonNode>() : [value])
                yield return item;
        }
    }

    private static bool IsOfChoice(string key, string stem) =>
        key.Length > stem.Length && key.StartsWith(stem, StringComparison.Ordinal) && char.IsUpper(key[stem.Length]);

    private static bool HasPattern(JsonNode value, JsonObject element) =>
        Pattern(element) is not { } pattern || Includes(value, pattern);

    private static JsonNode? Pattern(JsonObject element) =>
        element
            .FirstOrDefault(p =>
                p.Key.StartsWith("pattern", StringComparison.Ordinal)
                || p.Key.StartsWith("fixed", StringComparison.Ordinal)
            )
            .Value;

    private static bool Includes(JsonNode value, JsonNode pattern) =>
        (value, pattern) switch
        {
            (JsonObject v, JsonObject p) => p.All(m => v[m.Key] is { } there && Includes(there, m.Value!)),
            (JsonArray v, JsonArray p) => p.All(wanted => v.Any(there => Includes(there!, wanted!))),
            _ => JsonNode.DeepEquals(value, pattern),
        };
}
