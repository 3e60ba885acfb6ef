using System.Text.Json;
using CareCoordination.Fhir.Budgets;

namespace CareCoordination.Fhir.Patch;

/// <summary>
/// A repeating element that is being patched. For primitives two arrays, of values and of shadows, go side by side.
/// https://hl7.org/fhir/R4/json.html#primitive
/// </summary>
internal sealed class PatchedList
{
    private readonly PatchedValue _holder;
    private readonly string _name;
    private readonly List<PatchContent> _items = [];

    /// <param name="budget">Takes a step for each item: the list is put together anew with every change.</param>
    public PatchedList(PatchedValue holder, string name, WorkBudget budget)
    {
        _holder = holder;
        _name = name;
        var values = ItemsOf(name);
        var shadows = ItemsOf("_" + name);
        budget.Charge(Work.Steps, Math.Max(values.Count, shadows.Count));
        for (var i = 0; i < Math.Max(values.Count, shadows.Count); i++)
            _items.Add(new PatchContent(At(values, i), At(shadows, i), null));
    }

    public int Count => _items.Count;

    public void Insert(int index, PatchContent content)
    {
        _items.Insert(index, content);
        Store();
    }

    public void Replace(int index, PatchContent content)
    {
        _items[index] = content;
        Store();
    }

    public void RemoveAt(int index)
    {
        _items.RemoveAt(index);
        Store();
    }

    public void Move(int source, int destination)
    {
        var item = _items[source];
        _items.RemoveAt(source);
        _items.Insert(destination, item);
        Store();
    }

    private List<PatchedValue> ItemsOf(string name) =>
        _holder.Member(name)?.Value is { Kind: JsonValueKind.Array } array ? array.Items : [];

    private static PatchedValue? At(List<PatchedValue> items, int index) =>
        index < items.Count && items[index].Kind != JsonValueKind.Null ? items[index] : null;

    private void Store()
    {
        Store(_name, [.. _items.Select(i => i.Value)]);
        Store("_" + _name, [.. _items.Select(i => i.Shadow)]);
    }

    private void Store(string name, PatchedValue?[] items)
    {
        if (items.All(i => i is null))
        {
            _holder.Remove(name);
            return;
        }

        var array = PatchedValue.NewArray();
        foreach (var item in items)
            array.Items.Add(item ?? PatchedValue.NewNull());
        _holder.Set(name, array);
    }
}
