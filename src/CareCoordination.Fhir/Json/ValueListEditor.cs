using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Fhir.Json;

/// <summary>A list of primitives that is being made or changed, such as <c>HumanName.given</c>. Read back as text.</summary>
public sealed class ValueListEditor : JsonEditor, IReadOnlyCollection<string>
{
    private readonly List<ReadOnlyMemory<byte>> _added = [];

    public int Count => Kept + _added.Count;

    public override bool IsEmpty => Count == 0;

    internal bool IsCleared { get; private set; }

    private int Kept => !IsCleared && Original.Kind == JsonValueKind.Array ? Original.Count() : 0;

    public void Add(string value) => AddJson(JsonText.OfString(value));

    public void Add(FhirDateTime value) => Add(value.ToString());

    public void Add(int value) => AddJson(Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));

    public void Clear()
    {
        IsCleared = true;
        _added.Clear();
        Change();
    }

    public IEnumerator<string> GetEnumerator()
    {
        if (Kept > 0)
        {
            foreach (var value in Original)
            {
                if (value.Kind != JsonValueKind.Null)
                    yield return value.GetString();
            }
        }

        foreach (var json in _added)
            yield return JsonText.Read(json.Span)!;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal override void WriteContent(ref Utf8Output output)
    {
        output.Add((byte)'[');
        if (Kept > 0)
        {
            foreach (var value in Original)
            {
                output.Separate();
                output.Value(value);
            }
        }

        foreach (var json in _added)
        {
            output.Separate();
            output.Add(json.Span);
        }

        output.Add((byte)']');
    }

    private void AddJson(ReadOnlyMemory<byte> json)
    {
        _added.Add(json);
        Change();
    }
}
