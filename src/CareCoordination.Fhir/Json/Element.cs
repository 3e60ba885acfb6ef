using System.Text.Json;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Json;

/// <summary>
/// A cursor on one FHIR element: a JSON value seen through its definition. A primitive is its value and its shadow
/// (<c>_status</c>, with id and extensions), either of which may be missing. Arrays are invisible: each item is an element.
/// </summary>
public readonly struct Element
{
    private readonly int _value;
    private readonly int _shadow;

    internal Element(
        ResourceDocument document,
        int value,
        int shadow,
        TypeDefinition type,
        ElementDefinition? definition
    )
    {
        Document = document;
        _value = value;
        _shadow = shadow;
        Type = type;
        Definition = definition;
    }

    public ResourceDocument Document { get; }

    /// <summary>The actual type: for choices the one the JSON name carries, for <c>Resource</c> the one <c>resourceType</c> names.</summary>
    public TypeDefinition Type { get; }

    /// <summary>The definition in the parent type; null for a root.</summary>
    public ElementDefinition? Definition { get; }

    public bool Exists => Document is not null;

    /// <summary>The JSON value; <c>default</c> where only a shadow or JSON null is there.</summary>
    public JsonValue Value => _value < 0 ? default : new JsonValue(Document, _value);

    /// <summary>The object with a primitive's id and extensions; <c>default</c> where there is none.</summary>
    public JsonValue Shadow => _shadow < 0 ? default : new JsonValue(Document, _shadow);

    public bool HasValue => Document is not null && _value >= 0;

    /// <summary>A primitive's text, decoded; null where there is no value or it is no primitive.</summary>
    public string? Text => HasValue && Type.IsPrimitive ? Value.GetString() : null;

    /// <summary>A primitive's text as UTF-8, decoded; empty where there is none.</summary>
    public ReadOnlySpan<byte> TextUtf8 => HasValue && Type.IsPrimitive ? Value.StringUtf8 : default;

    /// <summary>Where it is: <c>CarePlan.activity[2].detail.status</c>.</summary>
    public string Location => _value >= 0 ? Value.Location : Shadow.Location;

    /// <summary>
    /// The document's root as an element of <paramref name="schema"/>; <c>default</c> (<see cref="Exists"/> is false) where
    /// <c>resourceType</c> is missing or no resource type.
    /// </summary>
    public static Element Root(ResourceDocument document, FhirSchema schema) =>
        schema.FindResource(document.ResourceTypeUtf8) is { } type ? new Element(document, 0, -1, type, null) : default;

    /// <summary>The values of one child element, in order; choices and arrays are resolved.</summary>
    public ElementChildren Children(ElementDefinition definition) => new(this, definition);

    /// <summary>All child elements, in document order. Properties the type does not have are passed over.</summary>
    public ElementChildren Children() => new(this, null);

    /// <summary>The values of the child with this FHIRPath name; none where the type has no such element.</summary>
    public ElementChildren Children(string name) =>
        Exists && Type.Element(name) is { } definition ? new ElementChildren(this, definition) : default;

    /// <summary>The first value of a child, or <c>default</c>.</summary>
    public Element Child(string name)
    {
        foreach (var child in Children(name))
            return child;
        return default;
    }

    internal int ValueIndex => _value;

    internal int ShadowIndex => _shadow;

    /// <summary>Length of the value as written; of the shadow where there is no value.</summary>
    internal int RawLength => Document.Node(_value >= 0 ? _value : _shadow).Length;

    public override string ToString() => Exists ? Location : "";
}

/// <summary>Walks the child elements of an <see cref="Element"/> without allocation.</summary>
public struct ElementChildren
{
    private readonly Element _parent;
    private readonly ElementDefinition? _wanted;
    private readonly int _container;
    private readonly int _end;
    private int _property;
    private PropertyBinding? _binding;
    private int _item;
    private int _itemEnd;
    private int _shadowItem;
    private int _shadowEnd;
    private bool _inArray;

    internal ElementChildren(Element parent, ElementDefinition? wanted)
    {
        _parent = parent;
        _wanted = wanted;
        // A primitive's children (id, extension) live in its shadow.
        _container =
            !parent.Exists ? -1
            : parent.Type.IsPrimitive ? parent.ShadowIndex
            : parent.ValueIndex;
        if (_container >= 0 && parent.Document.Node(_container).Kind == NodeKind.Object)
        {
            _property = _container + 1;
            _end = parent.Document.Node(_container).Next;
        }
    }

    public Element Current { get; private set; }

    public readonly ElementChildren GetEnumerator() => this;

    public bool MoveNext()
    {
        while (true)
        {
            if (_inArray)
            {
                if (MoveNextItem())
                    return true;
                _inArray = false;
            }

            var property = NextProperty();
            if (property < 0)
                return false;
            var document = _parent.Document;
            ref readonly var node = ref document.Node(property);
            var name = document.Slice(node.NameStart, node.NameLength);
            if (_parent.Type.Property(name) is not { } binding || (_wanted is not null && binding.Element != _wanted))
                continue;

            var (value, shadow) =
                binding.IsShadow ? (-1, property)
                : binding.Type.IsPrimitive ? (property, FindShadow(name))
                : (property, -1);
            if (binding.IsShadow && HasProperty(name[1..]))
                continue; // seen with its value
            _binding = binding;
            if (IsArray(value) || IsArray(shadow))
            {
                EnterArray(value, shadow);
                continue;
            }

            if (Make(value, shadow))
                return true;
        }
    }

    /// <summary>The next property whose name may be the wanted element's; -1 at the end.</summary>
    private int NextProperty()
    {
        if (_property >= _end)
            return -1;
        var nodes = _parent.Document.Nodes;
        var property = _property;
        if (_wanted is null)
        {
            _property = nodes[property].Next;
            return property;
        }

        // Most properties are passed over: lengths first, and the spans are made once.
        var wanted = _wanted.Utf8Name.Span;
        var longest = _wanted.IsChoice ? int.MaxValue : wanted.Length + 1;
        var text = _parent.Document.Utf8.Span;
        for (; property < _end; property = nodes[property].Next)
        {
            ref readonly var node = ref nodes[property];
            if (node.NameLength < wanted.Length || node.NameLength > longest)
                continue;
            var name = text.Slice(node.NameStart, node.NameLength);
            if (name.StartsWith(wanted) || (name[0] == (byte)'_' && name[1..].StartsWith(wanted)))
            {
                _property = node.Next;
                return property;
            }
        }

        _property = _end;
        return -1;
    }

    private readonly int FindShadow(ReadOnlySpan<byte> name)
    {
        var document = _parent.Document;
        for (var i = _container + 1; i < _end; i = document.Node(i).Next)
        {
            ref readonly var node = ref document.Node(i);
            if (node.NameLength == name.Length + 1)
            {
                var candidate = document.Slice(node.NameStart, node.NameLength);
                if (candidate[0] == (byte)'_' && candidate[1..].SequenceEqual(name))
                    return i;
            }
        }

        return -1;
    }

    private readonly bool HasProperty(ReadOnlySpan<byte> name) =>
        new JsonValue(_parent.Document, _container).TryGetProperty(name, out _);

    private readonly bool IsArray(int node) => node >= 0 && _parent.Document.Node(node).Kind == NodeKind.Array;

    private void EnterArray(int value, int shadow)
    {
        _inArray = true;
        (_item, _itemEnd) = IsArray(value) ? (value + 1, _parent.Document.Node(value).Next) : (0, 0);
        (_shadowItem, _shadowEnd) = IsArray(shadow) ? (shadow + 1, _parent.Document.Node(shadow).Next) : (0, 0);
    }

    private bool MoveNextItem()
    {
        var document = _parent.Document;
        while (_item < _itemEnd || _shadowItem < _shadowEnd)
        {
            var value = -1;
            var shadow = -1;
            if (_item < _itemEnd)
            {
                value = _item;
                _item = document.Node(_item).Next;
            }

            if (_shadowItem < _shadowEnd)
            {
                shadow = _shadowItem;
                _shadowItem = document.Node(_shadowItem).Next;
            }

            if (Make(value, shadow))
                return true;
        }

        return false;
    }

    private bool Make(int value, int shadow)
    {
        var document = _parent.Document;
        if (value >= 0 && document.Node(value).Kind == NodeKind.Null)
            value = -1;
        if (shadow >= 0 && document.Node(shadow).Kind != NodeKind.Object)
            shadow = -1;
        if (value < 0 && shadow < 0)
            return false;
        var type = _binding!.Type;
        if (
            type is { IsResource: true, IsAbstract: true }
            && value >= 0
            && new JsonValue(document, value).TryGetProperty("resourceType"u8, out var name)
            && name.Kind == JsonValueKind.String
            && type.Schema.FindResource(name.StringUtf8) is { } actual
        )
        {
            type = actual;
        }

        Current = new Element(document, value, shadow, type, _binding.Element);
        return true;
    }
}
