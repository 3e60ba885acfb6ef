using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Search.Extraction;

/// <summary>Adds what one element is worth to an index.</summary>
internal delegate void ValueExtractor(JsonValue value, EntryCollector index);

/// <summary>True where an element passes a <c>where(...)</c>.</summary>
internal delegate bool ValueTest(JsonValue value, EntryCollector index);

/// <summary>
/// A place in a resource type that search parameters lead to or through. All parameters of a type share one tree of these, so
/// that one walk over the resource serves them all and stays out of what no parameter needs.
/// </summary>
/// <param name="type">The type of the element here; choices have one node for each of their types.</param>
/// <param name="definition">The element's definition; null at the root.</param>
internal sealed class PlanNode(TypeDefinition type, ElementDefinition? definition)
{
    private readonly Utf8Table<PlanNode> _children = new();
    private readonly List<(SearchStep Step, ValueTest Test, PlanNode Node)> _guarded = [];
    private readonly List<(int Parameter, ulong Presence, ValueExtractor? Extract)> _leaves = [];

    public TypeDefinition Type => type;

    public ElementDefinition? Definition => definition;

    /// <summary>The nodes of a child element, one for each JSON name it can have.</summary>
    public IEnumerable<PlanNode> Children(string name)
    {
        if (type.Element(name) is not { } element)
            yield break;
        foreach (var choice in element.Types)
            yield return _children.GetOrAdd(element.JsonName(choice.Type), () => new PlanNode(choice.Type, element));
    }

    /// <summary>The node of the elements here that pass a step's test.</summary>
    public PlanNode Where(SearchStep step, ValueTest test)
    {
        foreach (var guarded in _guarded)
        {
            if (guarded.Step == step)
                return guarded.Node;
        }

        var node = new PlanNode(type, definition);
        _guarded.Add((step, test, node));
        return node;
    }

    /// <param name="presence">The bit to set where there is an element here.</param>
    /// <param name="extract">Null where an element of this type has no value that the parameter could find.</param>
    public void Add(int parameter, ulong presence, ValueExtractor? extract)
    {
        if (!_leaves.Exists(leaf => leaf.Parameter == parameter))
            _leaves.Add((parameter, presence, extract));
    }

    public void Walk(JsonValue value, EntryCollector index)
    {
        foreach (var leaf in _leaves)
        {
            index.Parameter = leaf.Parameter;
            index.Presence |= leaf.Presence;
            leaf.Extract?.Invoke(value, index);
        }

        foreach (var guarded in _guarded)
        {
            if (guarded.Test(value, index))
                guarded.Node.Walk(value, index);
        }

        if (_children.IsEmpty || value.Kind != System.Text.Json.JsonValueKind.Object)
            return;
        foreach (var property in value)
        {
            if (_children.Find(property.NameUtf8) is { } child)
                child.WalkItems(property, index);
        }
    }

    private void WalkItems(JsonValue value, EntryCollector index)
    {
        if (value.Kind == System.Text.Json.JsonValueKind.Array)
        {
            foreach (var item in value)
            {
                if (index.IsFull)
                    return;
                if (item.Kind != System.Text.Json.JsonValueKind.Null)
                    Walk(item, index);
            }
        }
        else if (value.Kind != System.Text.Json.JsonValueKind.Null)
        {
            Walk(value, index);
        }
    }
}
