using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Json;

/// <summary>Builds the tape of a document in one pass of <see cref="Utf8JsonReader"/>.</summary>
/// <param name="root">What the document has to be.</param>
internal sealed class TapeBuilder(JsonLimits limits, NodeKind root = NodeKind.Object)
{
    private const int PairwiseNames = 64;

    // 2 MB or so: more than any but the largest Bundles have.
    private const int MostPooled = 1 << 16;

    private JsonNode[] _nodes = [];
    private int _count;

    public Result<ResourceDocument> Build(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Span.StartsWith("\uFEFF"u8))
            utf8 = utf8[3..];
        if (utf8.Length > limits.MaxBytes)
            return Failure.From(
                413,
                IssueCode.TooLong,
                $"The document has {utf8.Length} bytes; at most {limits.MaxBytes} are accepted."
            );
        if (utf8.IsEmpty)
            return Failure.Invalid(IssueCode.Structure, "The body is empty; send a resource as JSON.");
        if (!Utf8.IsValid(utf8.Span))
            return InvalidUtf8(utf8.Span);

        // About 20 bytes of compact FHIR JSON make one node; the array grows where that is short. What is large is often one long text.
        _nodes = ArrayPool<JsonNode>.Shared.Rent(Math.Clamp(utf8.Length / 20, 16, MostPooled));
        try
        {
            return Read(utf8);
        }
        catch (JsonException e)
        {
            return Failure.Invalid(IssueCode.Structure, Describe(e));
        }
        finally
        {
            Release();
        }
    }

    private Result<ResourceDocument> Read(ReadOnlyMemory<byte> utf8)
    {
        var text = utf8.Span;
        var reader = new Utf8JsonReader(
            text,
            new JsonReaderOptions { MaxDepth = limits.MaxDepth, CommentHandling = JsonCommentHandling.Disallow }
        );
        var parent = -1;
        var nameStart = 0;
        var nameLength = 0;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    if (NameFault(ref reader) is { } fault)
                        return Refuse(text, reader.TokenStartIndex, fault);
                    nameStart = (int)reader.TokenStartIndex + 1;
                    nameLength = reader.ValueSpan.Length;
                    continue;

                case JsonTokenType.EndObject
                or JsonTokenType.EndArray:
                    if (Close(text, parent, (int)reader.BytesConsumed) is { } twice)
                        return twice;
                    parent = _nodes[parent].Parent;
                    continue;

                case JsonTokenType.StartObject
                or JsonTokenType.StartArray:
                    parent = Add(ref reader, parent, nameStart, nameLength);
                    break;

                default:
                    if (reader.ValueIsEscaped && HasLoneSurrogate(ref reader))
                        return Refuse(
                            text,
                            reader.TokenStartIndex,
                            "A string holds half of a surrogate pair; send both halves or neither."
                        );
                    Add(ref reader, parent, nameStart, nameLength);
                    break;
            }

            (nameStart, nameLength) = (0, 0);
        }

        if (_nodes[0].Kind != root)
            return Failure.Invalid(
                IssueCode.Structure,
                root == NodeKind.Object
                    ? "The body is JSON, but no object; send one resource."
                    : "The body is JSON, but no array; send an array of operations."
            );
        return new ResourceDocument(utf8, _nodes.AsSpan(0, _count).ToArray());
    }

    private static string? NameFault(ref Utf8JsonReader reader)
    {
        if (reader.ValueIsEscaped)
            return "Write property names without escapes.";
        return reader.ValueSpan.Length > ushort.MaxValue ? "A property name is too long." : null;
    }

    /// <summary>Adds the value that the reader stands at. The length of a container is known when it is closed.</summary>
    private int Add(ref Utf8JsonReader reader, int parent, int nameStart, int nameLength)
    {
        if (_count == _nodes.Length)
            Grow();
        var kind = KindOf(reader.TokenType);
        _nodes[_count] = new JsonNode
        {
            Parent = parent,
            NameStart = nameStart,
            NameLength = (ushort)nameLength,
            Start = (int)reader.TokenStartIndex,
            Length = reader.ValueSpan.Length + (kind == NodeKind.String ? 2 : 0),
            Next = _count + 1,
            Kind = kind,
            IsEscaped = reader.ValueIsEscaped,
        };
        return _count++;
    }

    private static NodeKind KindOf(JsonTokenType token) =>
        token switch
        {
            JsonTokenType.StartObject => NodeKind.Object,
            JsonTokenType.StartArray => NodeKind.Array,
            JsonTokenType.String => NodeKind.String,
            JsonTokenType.Number => NodeKind.Number,
            JsonTokenType.True => NodeKind.True,
            JsonTokenType.False => NodeKind.False,
            _ => NodeKind.Null,
        };

    /// <summary>Ends a container; the failure where an object has a name twice.</summary>
    private Failure? Close(ReadOnlySpan<byte> text, int index, int end)
    {
        ref var container = ref _nodes[index];
        container.Length = end - container.Start;
        container.Next = _count;
        if (container.Kind != NodeKind.Object)
            return null;
        var duplicate = FindDuplicate(text, index);
        return duplicate < 0
            ? null
            : Refuse(
                text,
                _nodes[duplicate].NameStart,
                $"Property '{ShortName(text, duplicate)}' is given twice in one object; send it once."
            );
    }

    private void Grow()
    {
        var length = _nodes.Length * 2;
        var larger = length <= MostPooled ? ArrayPool<JsonNode>.Shared.Rent(length) : new JsonNode[length];
        _nodes.AsSpan(0, _count).CopyTo(larger);
        Release();
        _nodes = larger;
    }

    /// <summary>The pool would keep a large array for each core, long after the one document that needed it.</summary>
    private void Release()
    {
        if (_nodes.Length <= MostPooled)
            ArrayPool<JsonNode>.Shared.Return(_nodes);
    }

    /// <summary>Names are compared only where a one-bit sketch of an earlier name is the same, which is rare.</summary>
    private int FindDuplicate(ReadOnlySpan<byte> text, int container)
    {
        var end = _nodes[container].Next;
        var sketches = 0UL;
        var seen = 0;
        for (var i = container + 1; i < end; i = _nodes[i].Next)
        {
            if (++seen > PairwiseNames)
                return FindDuplicateAmongMany(text, container);
            var name = NameOf(text, i);
            var sketch = 1UL << (name.IsEmpty ? 0 : (name.Length * 7) + (name[0] * 3) + name[^1]);
            if ((sketches & sketch) == 0)
            {
                sketches |= sketch;
                continue;
            }

            for (var j = container + 1; j < i; j = _nodes[j].Next)
            {
                if (_nodes[j].NameLength == name.Length && NameOf(text, j).SequenceEqual(name))
                    return i;
            }
        }

        return -1;
    }

    private int FindDuplicateAmongMany(ReadOnlySpan<byte> text, int container)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = container + 1; i < _nodes[container].Next; i = _nodes[i].Next)
        {
            if (!names.Add(Name(text, i)))
                return i;
        }

        return -1;
    }

    private ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> text, int node) =>
        text.Slice(_nodes[node].NameStart, _nodes[node].NameLength);

    private string Name(ReadOnlySpan<byte> text, int node) => Encoding.UTF8.GetString(NameOf(text, node));

    /// <summary>A name as a sentence can carry it.</summary>
    private string ShortName(ReadOnlySpan<byte> text, int node) =>
        Name(text, node) is { Length: > 64 } longer ? longer[..64] + "..." : Name(text, node);

    private static bool HasLoneSurrogate(ref Utf8JsonReader reader)
    {
        if (reader.ValueSpan.IndexOf("\\u"u8) < 0)
            return false;
        try
        {
            reader.GetString();
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    private static Failure InvalidUtf8(ReadOnlySpan<byte> text)
    {
        var position = 0;
        while (
            position < text.Length
            && Rune.DecodeFromUtf8(text[position..], out _, out var consumed) == OperationStatus.Done
        )
            position += consumed;
        return Refuse(text, position, "The body is not valid UTF-8.");
    }

    private static Failure Refuse(ReadOnlySpan<byte> text, long position, string sentence)
    {
        var before = text[..(int)position];
        var line = before.Count((byte)'\n') + 1;
        var column = before.Length - (before.LastIndexOf((byte)'\n') + 1) + 1;
        return Failure.Invalid(IssueCode.Structure, $"Line {line}, position {column}: {sentence}");
    }

    /// <summary>The reader's own message quotes bytes of the body, which may be patient content: only the place is kept.</summary>
    private string Describe(JsonException e)
    {
        var place = $"Line {e.LineNumber + 1}, position {e.BytePositionInLine + 1}: ";
        return e.Message.Contains("maximum configured depth", StringComparison.Ordinal)
            ? $"{place}the JSON is nested more than {limits.MaxDepth} levels deep."
            : $"{place}the JSON is malformed here.";
    }
}
