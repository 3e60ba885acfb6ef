using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Patch;

/// <summary>
/// A JSON value that is being patched. What no operation touches stays a view of its document, and is written byte for byte as it
/// was: decimals keep their precision.
/// </summary>
internal sealed class PatchedValue
{
    /// <summary>Values of a document that are walked over in about the time of a step.</summary>
    private const int VisitedPerStep = 8;

    private readonly JsonValue _original;
    private List<PatchedMember>? _members;
    private List<PatchedValue>? _items;

    public PatchedValue(JsonValue original)
    {
        _original = original;
        Kind = original.Kind;
    }

    private PatchedValue(JsonValueKind kind) => Kind = kind;

    public static PatchedValue NewObject() => new(JsonValueKind.Object) { _members = [] };

    public static PatchedValue NewArray() => new(JsonValueKind.Array) { _items = [] };

    /// <summary>What an array of values holds where a shadow has something to say, or the other way round.</summary>
    public static PatchedValue NewNull() => new(JsonValueKind.Null);

    public JsonValueKind Kind { get; }

    /// <summary>The members of an object, to be changed; throws for anything else.</summary>
    public List<PatchedMember> Members => _members ??= [.. ReadMembers()];

    /// <summary>The items of an array, to be changed; throws for anything else.</summary>
    public List<PatchedValue> Items => _items ??= [.. ReadItems()];

    /// <summary>How many members or items there are; 0 for anything else.</summary>
    public int Count =>
        Kind switch
        {
            JsonValueKind.Object => Members.Count,
            JsonValueKind.Array => Items.Count,
            _ => 0,
        };

    public bool IsEmpty =>
        Kind switch
        {
            JsonValueKind.Object => Members.Count == 0,
            JsonValueKind.Array => Items.TrueForAll(i => i.Kind == JsonValueKind.Null),
            _ => false,
        };

    public PatchedMember? Member(string name) => Members.Find(m => m.Name == name);

    public void Set(string name, PatchedValue value)
    {
        if (Member(name) is { } member)
            member.Value = value;
        else
            Members.Add(new PatchedMember(name, value));
    }

    public void Remove(string name) => Members.RemoveAll(m => m.Name == name);

    /// <summary>The same content, to be changed on its own.</summary>
    /// <param name="budget">Takes the bytes of the copy: copies of copies grow without bound.</param>
    public PatchedValue Copy(WorkBudget budget)
    {
        budget.Charge(Work.PatchedBytes, Size);
        return Copy();
    }

    private PatchedValue Copy()
    {
        if (_members is not null)
            return new(Kind) { _members = [.. _members.Select(m => new PatchedMember(m.Name, m.Value.Copy()))] };
        if (_items is not null)
            return new(Kind) { _items = [.. _items.Select(i => i.Copy())] };
        return _original.Exists ? new(_original) : new(Kind);
    }

    /// <summary>About how many bytes it is written with.</summary>
    private long Size =>
        _members?.Sum(m => m.Name.Length + 4 + m.Value.Size)
        ?? _items?.Sum(i => i.Size + 1)
        ?? (_original.Exists ? _original.RawUtf8.Length : 4);

    /// <summary>Levels of nesting; 1 for a value without any.</summary>
    public int Depth(WorkBudget budget)
    {
        budget.Charge(Work.Steps, 1);
        return _members is not null ? 1 + _members.Select(m => m.Value.Depth(budget)).DefaultIfEmpty().Max()
            : _items is not null ? 1 + _items.Select(i => i.Depth(budget)).DefaultIfEmpty().Max()
            : _original.Exists ? DepthOfOriginal(budget)
            : 1;
    }

    /// <summary>Equal as JSON Patch compares: numbers by value, objects without order. https://www.rfc-editor.org/rfc/rfc6902#section-4.6</summary>
    public bool IsEqualTo(PatchedValue other)
    {
        if (Kind != other.Kind)
            return false;
        return Kind switch
        {
            JsonValueKind.Object => HasMembersOf(other),
            JsonValueKind.Array => Items.Count == other.Items.Count
                && Items.Zip(other.Items).All(pair => pair.First.IsEqualTo(pair.Second)),
            JsonValueKind.String => _original.StringUtf8.SequenceEqual(other._original.StringUtf8),
            JsonValueKind.Number => _original.RawUtf8.SequenceEqual(other._original.RawUtf8)
                || (Number is { } number && number == other.Number),
            _ => true,
        };
    }

    private bool HasMembersOf(PatchedValue other)
    {
        if (Members.Count != other.Members.Count)
            return false;
        var others = new Dictionary<string, PatchedValue>(other.Members.Count, StringComparer.Ordinal);
        foreach (var member in other.Members)
            others[member.Name] = member.Value;
        return Members.TrueForAll(m => others.TryGetValue(m.Name, out var same) && m.Value.IsEqualTo(same));
    }

    private decimal? Number =>
        decimal.TryParse(_original.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    /// <summary>The patched document; 422 where the operations made none that can be stored.</summary>
    public Result<ResourceDocument> ToDocument(JsonLimits limits)
    {
        var output = new Utf8Output((int)Math.Min(Size, limits.MaxBytes));
        Write(ref output);
        return ResourceDocument.Parse(output.Memory, limits).TryGet(out var document, out var failure)
            ? document
            : failure with
            {
                Status = failure.Status == 400 ? 422 : failure.Status,
            };
    }

    private void Write(ref Utf8Output output)
    {
        if (_members is not null)
        {
            output.Add((byte)'{');
            foreach (var member in _members)
            {
                output.Name(
                    JsonEncodedText.Encode(member.Name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes
                );
                member.Value.Write(ref output);
            }

            output.Add((byte)'}');
        }
        else if (_items is not null)
        {
            output.Add((byte)'[');
            foreach (var item in _items)
            {
                output.Separate();
                item.Write(ref output);
            }

            output.Add((byte)']');
        }
        else if (_original.Exists)
        {
            output.Value(_original);
        }
        else
        {
            output.Add("null"u8);
        }
    }

    private int DepthOfOriginal(WorkBudget budget)
    {
        budget.Charge(Work.Steps, _original.Size / VisitedPerStep);
        return DepthOf(_original);
    }

    private static int DepthOf(JsonValue value)
    {
        var deepest = 0;
        foreach (var child in value)
            deepest = Math.Max(deepest, DepthOf(child));
        return deepest + 1;
    }

    private IEnumerable<PatchedMember> ReadMembers()
    {
        if (Kind != JsonValueKind.Object)
            throw new InvalidOperationException("Only an object has members.");
        foreach (var child in _original)
            yield return new PatchedMember(child.Name, new PatchedValue(child));
    }

    private IEnumerable<PatchedValue> ReadItems()
    {
        if (Kind != JsonValueKind.Array)
            throw new InvalidOperationException("Only an array has items.");
        foreach (var child in _original)
            yield return new PatchedValue(child);
    }
}

/// <summary>A property of an object that is being patched.</summary>
internal sealed class PatchedMember(string name, PatchedValue value)
{
    public string Name => name;

    public PatchedValue Value { get; set; } = value;
}
