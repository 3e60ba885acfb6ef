using System.Collections;
using System.Text.Json;

namespace CareCoordination.Fhir.Json;

/// <summary>A list of objects that is being made or changed.</summary>
public sealed class ObjectListEditor<T> : JsonEditor, IReadOnlyList<T>
    where T : ObjectEditor, new()
{
    private List<Entry>? _items;

    public int Count => Items.Count;

    public override bool IsEmpty =>
        (IsChanged || !Original.Exists) && Items.TrueForAll(i => i.Editor is { IsEmpty: true });

    private List<Entry> Items => _items ??= ReadOriginal();

    /// <summary>The item, to read or change it.</summary>
    public T this[int index]
    {
        get
        {
            var item = Items[index];
            if (item.Editor is { } editor)
                return editor;
            editor = new T();
            editor.StartFrom(item.Original);
            editor.AttachTo(this);
            Items[index] = item with { Editor = editor };
            return editor;
        }
    }

    public void Add(T item) => Insert(Count, item);

    public void Insert(int index, T item)
    {
        item.AttachTo(this);
        Items.Insert(index, new Entry(default, item));
        Change();
    }

    public void RemoveAt(int index)
    {
        Items.RemoveAt(index);
        Change();
    }

    public void RemoveAll(Predicate<T> match)
    {
        for (var i = Count - 1; i >= 0; i--)
        {
            if (match(this[i]))
                RemoveAt(i);
        }
    }

    public void Clear()
    {
        Items.Clear();
        Change();
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal override void WriteContent(ref Utf8Output output)
    {
        output.Add((byte)'[');
        foreach (var item in Items)
        {
            if (item.Editor is { IsEmpty: true })
                continue;
            output.Separate();
            if (item.Editor is { } editor)
                editor.Write(ref output);
            else
                output.Value(item.Original);
        }

        output.Add((byte)']');
    }

    private List<Entry> ReadOriginal()
    {
        var items = new List<Entry>();
        if (Original.Kind == JsonValueKind.Array)
        {
            foreach (var value in Original)
                items.Add(new Entry(value, null));
        }

        return items;
    }

    private readonly record struct Entry(JsonValue Original, T? Editor);
}
