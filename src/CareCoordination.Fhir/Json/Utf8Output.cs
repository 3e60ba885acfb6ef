namespace CareCoordination.Fhir.Json;

/// <summary>UTF-8 JSON being put together from pieces of documents, which are copied as they were written.</summary>
internal struct Utf8Output(int capacity)
{
    private byte[] _bytes = new byte[Math.Max(16, capacity)];

    public int Length { get; private set; }

    public void Add(byte value)
    {
        if (Length == _bytes.Length)
            Array.Resize(ref _bytes, _bytes.Length * 2);
        _bytes[Length++] = value;
    }

    public void Add(scoped ReadOnlySpan<byte> utf8)
    {
        if (_bytes.Length - Length < utf8.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + utf8.Length));
        utf8.CopyTo(_bytes.AsSpan(Length));
        Length += utf8.Length;
    }

    /// <summary>Takes back what was added after the output had this length.</summary>
    public void CutTo(int length) => Length = length;

    /// <summary>A comma, unless an object or array has just been opened.</summary>
    public void Separate()
    {
        if (_bytes[Length - 1] is not (byte)'{' and not (byte)'[')
            Add((byte)',');
    }

    /// <summary>A comma where one is needed, then the name and its colon.</summary>
    public void Name(scoped ReadOnlySpan<byte> name)
    {
        Separate();
        BareName(name);
    }

    /// <summary>The name and its colon. Names are never escaped.</summary>
    public void BareName(scoped ReadOnlySpan<byte> name)
    {
        Add((byte)'"');
        Add(name);
        Add("\":"u8);
    }

    /// <summary>The property as written, without insignificant whitespace.</summary>
    public void Property(JsonValue property)
    {
        Name(property.NameUtf8);
        Value(property);
    }

    /// <summary>The value as written, without insignificant whitespace.</summary>
    public void Value(JsonValue value)
    {
        var document = value.Document;
        if (document.IsCompact)
        {
            Add(value.RawUtf8);
            return;
        }

        var root = value.Index;
        var end = document.Node(root).Next;
        for (var i = root; i < end; i++)
        {
            ref readonly var node = ref document.Node(i);
            if (i != root)
            {
                if (i != node.Parent + 1)
                    Add((byte)',');
                if (document.Node(node.Parent).Kind == NodeKind.Object)
                    BareName(document.Slice(node.NameStart, node.NameLength));
            }

            if (node.Kind > NodeKind.Array)
                Add(document.Slice(node.Start, node.Length));
            else
                Add(node.Kind == NodeKind.Object ? (byte)'{' : (byte)'[');

            // Everything that ends with this node is closed here, innermost first.
            for (
                var open = node.Kind > NodeKind.Array ? node.Parent : i;
                open >= root && document.Node(open).Next == i + 1;
                open = document.Node(open).Parent
            )
                Add(document.Node(open).Kind == NodeKind.Object ? (byte)'}' : (byte)']');
        }
    }

    public readonly ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    public readonly byte[] ToArray() => _bytes.AsSpan(0, Length).ToArray();
}
