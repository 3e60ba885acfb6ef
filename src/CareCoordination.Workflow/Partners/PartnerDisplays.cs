using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Partners;

/// <summary>
/// The names that stand beside references. A name tells what the resource would, so that it stays here where resources of that type may
/// not leave.
/// </summary>
public static class PartnerDisplays
{
    private const string Display = "display";

    /// <param name="types">What may leave with a referral, besides ServiceRequest and Task.</param>
    public static Snapshot Withhold(Snapshot snapshot, ImmutableHashSet<string> types)
    {
        if (JsonNode.Parse(snapshot.Utf8Json.Span) is not { } resource || !Remove(resource, types))
            return snapshot;
        return snapshot with { Utf8Json = Encoding.UTF8.GetBytes(resource.ToJsonString()) };
    }

    private static bool Remove(JsonNode node, ImmutableHashSet<string> types)
    {
        var removed = false;
        if (node is JsonArray items)
        {
            foreach (var item in items.OfType<JsonNode>())
                removed |= Remove(item, types);
        }
        else if (node is JsonObject element)
        {
            foreach (var (_, value) in element.ToArray())
                removed |= value is JsonObject or JsonArray && Remove(value, types);
            if (element.ContainsKey(Display) && StaysHere(element, types))
                removed |= element.Remove(Display) | element.Remove("_" + Display);
        }

        return removed;
    }

    private static bool StaysHere(JsonObject reference, ImmutableHashSet<string> types)
    {
        var type =
            reference["reference"] is JsonValue value && value.TryGetValue(out string? text)
                ? LiteralReference.Parse(text, R4Definitions.Schema.IsResourceType) is { HasKey: true } literal
                    ? literal.Key.Type
                    : null
                : reference["type"] is JsonValue named && named.TryGetValue(out string? name)
                    ? name
                    : null;
        return type is not (null or ResourceTypes.ServiceRequest or ResourceTypes.Task) && !types.Contains(type);
    }
}
