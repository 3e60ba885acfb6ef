using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CareCoordination.Fhir.Json;

/// <summary>A cursor on one JSON value of a <see cref="ResourceDocument"/>; as cheap to copy as a reference and an index.</summary>
public readonly struct JsonValue : IEquatable<JsonValue>
{
    internal JsonValue(ResourceDocument document, int index)
    {
        Document = document;
        Index = index;
    }

    public ResourceDocument Document { get; }

    internal int Index { get; }

    /// <summary>False for <c>default</c>: no value at all.</summary>
    public bool Exists => Document is not null;

    public JsonValueKind Kind =>
        Document is null
            ? JsonValueKind.Undefined
            : Node.Kind switch
            {
                NodeKind.Object => JsonValueKind.Object,
                NodeKind.Array => JsonValueKind.Array,
                NodeKind.String => JsonValueKind.String,
                NodeKind.Number => JsonValueKind.Number,
                NodeKind.True => JsonValueKind.True,
                NodeKind.False => JsonValueKind.False,
                _ => JsonValueKind.Null,
            };

    /// <summary>The value as written, quotes and brackets included.</summary>
    public ReadOnlySpan<byte> RawUtf8 => Document.Slice(Node.Start, Node.Length);

    /// <summary>Offset of <see cref="RawUtf8"/> in the document's text.</summary>
    public int Start => Node.Start;

    /// <summary>Offset of the property's name, which has a quote before it.</summary>
    internal int NameStart => Node.NameStart;

    /// <summary>The property's name; empty for array items and the root.</summary>
    public ReadOnlySpan<byte> NameUtf8 => Document.Slice(Node.NameStart, Node.NameLength);

    public string Name => Encoding.UTF8.GetString(NameUtf8);

    /// <summary>True where the string has escapes, so that <see cref="StringUtf8"/> has to decode.</summary>
    public bool IsEscaped => Node.IsEscaped;

    /// <summary>A string's content as UTF-8, decoded; for any other value the text as written.</summary>
    public ReadOnlySpan<byte> StringUtf8
    {
        get
        {
            ref readonly var node = ref Node;
            if (node.Kind != NodeKind.String)
                return RawUtf8;
            return node.IsEscaped
                ? Encoding.UTF8.GetBytes(GetString())
                : Document.Slice(node.Start + 1, node.Length - 2);
        }
    }

    /// <summary>A string's content, decoded; for any other value the text as written.</summary>
    public string GetString()
    {
        ref readonly var node = ref Node;
        if (node.Kind == NodeKind.String && node.IsEscaped)
        {
            var reader = new Utf8JsonReader(RawUtf8);
            reader.Read();
            return reader.GetString()!;
        }

        return Encoding.UTF8.GetString(
            node.Kind == NodeKind.String ? Document.Slice(node.Start + 1, node.Length - 2) : RawUtf8
        );
    }

    public bool StringEquals(ReadOnlySpan<byte> utf8) => Kind == JsonValueKind.String && StringUtf8.SequenceEqual(utf8);

    public bool TryGetProperty(ReadOnlySpan<byte> name, out JsonValue value)
    {
        if (Document is not null && Node.Kind == NodeKind.Object)
        {
            var nodes = Document.Nodes;
            var text = Document.Utf8.Span;
            var end = nodes[Index].Next;
            for (var i = Index + 1; i < end; i = nodes[i].Next)
            {
                if (
                    nodes[i].NameLength == name.Length
                    && text.Slice(nodes[i].NameStart, name.Length).SequenceEqual(name)
                )
                {
                    value = new JsonValue(Document, i);
                    return true;
                }
            }
        }

        value = default;
        return false;
    }

    /// <summary>The properties of an object or the items of an array, in order; empty for any other value.</summary>
    public ChildEnumerator GetEnumerator() => new(this);

    /// <summary>How many properties or items there are.</summary>
    public int Count()
    {
        var count = 0;
        foreach (var _ in this)
            count++;
        return count;
    }

    /// <summary>How many values there are in it, itself included.</summary>
    internal int Size => Node.Next - Index;

    /// <summary>The value that holds this one; <c>default</c> for the root.</summary>
    public JsonValue Parent => Node.Parent < 0 ? default : new JsonValue(Document, Node.Parent);

    /// <summary>The JSON path as FHIR expressions name it: <c>CarePlan.activity[2].detail.status</c>.</summary>
    public string Location
    {
        get
        {
            var builder = new StringBuilder();
            AppendLocation(builder);
            return builder.ToString();
        }
    }

    public bool Equals(JsonValue other) => ReferenceEquals(Document, other.Document) && Index == other.Index;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is JsonValue other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Document, Index);

    public static bool operator ==(JsonValue left, JsonValue right) => left.Equals(right);

    public static bool operator !=(JsonValue left, JsonValue right) => !left.Equals(right);

    private ref readonly JsonNode Node => ref Document.Node(Index);

    private void AppendLocation(StringBuilder builder)
    {
        var parent = Parent;
        if (!parent.Exists)
        {
            var type = Document.ResourceTypeUtf8;
            builder.Append(type.IsEmpty ? "Resource" : Encoding.UTF8.GetString(type));
            return;
        }

        parent.AppendLocation(builder);
        if (parent.Kind == JsonValueKind.Array)
        {
            var position = 0;
            for (var i = parent.Index + 1; i < Index; i = Document.Node(i).Next)
                position++;
            builder.Append('[').Append(position.ToString(CultureInfo.InvariantCulture)).Append(']');
        }
        else
        {
            builder.Append('.').Append(Name);
        }
    }

    public struct ChildEnumerator
    {
        private readonly ResourceDocument _document;
        private readonly int _end;
        private int _current;
        private int _next;

        internal ChildEnumerator(JsonValue container)
        {
            _document = container.Document;
            if (container.Kind is JsonValueKind.Object or JsonValueKind.Array)
            {
                _next = container.Index + 1;
                _end = container.Node.Next;
            }
        }

        public readonly JsonValue Current => new(_document, _current);

        public bool MoveNext()
        {
            if (_next >= _end)
                return false;
            _current = _next;
            _next = _document.Node(_current).Next;
            return true;
        }
    }
}
