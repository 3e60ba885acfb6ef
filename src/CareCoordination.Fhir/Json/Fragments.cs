using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Fhir.Json;

/// <summary>The contained resources that something names, as <c>#id</c> in references and canonicals, and in the links of narratives.</summary>
internal static class Fragments
{
    public static HashSet<string> In(JsonValue value)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var document = value.Document;
        for (var i = value.Index; i < document.Node(value.Index).Next; i++)
        {
            ref readonly var node = ref document.Node(i);
            if (node.Kind != NodeKind.String || node.Length <= 2)
                continue;
            var text = new JsonValue(document, i);
            if (document.Slice(node.Start + 1, 1)[0] == (byte)'#')
                found.Add(text.GetString());
            else if (text.NameUtf8.SequenceEqual("div"u8))
                found.UnionWith(Narrative.FragmentsOf(text.GetString()).Select(id => "#" + id));
        }

        return found;
    }

    /// <summary>Of contained resources those that something refers to, itself or by way of others of them, in their order.</summary>
    public static IEnumerable<JsonValue> Reached(JsonValue from, JsonValue contained)
    {
        var byName = new Dictionary<string, JsonValue>(StringComparer.Ordinal);
        foreach (var resource in contained)
        {
            if (resource.TryGetProperty("id"u8, out var id))
                byName.TryAdd("#" + id.GetString(), resource);
        }

        var open = new Queue<string>(In(from));
        var reached = new HashSet<string>(open, StringComparer.Ordinal);
        while (open.TryDequeue(out var name))
        {
            foreach (var further in byName.TryGetValue(name, out var found) ? In(found) : [])
            {
                if (reached.Add(further))
                    open.Enqueue(further);
            }
        }

        return byName.Where(pair => reached.Contains(pair.Key)).Select(pair => pair.Value);
    }
}
