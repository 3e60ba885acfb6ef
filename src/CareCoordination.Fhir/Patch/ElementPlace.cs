using System.Text.Json;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Json;

namespace CareCoordination.Fhir.Patch;

/// <summary>Where an element stands in the JSON that is being patched.</summary>
internal sealed class ElementPlace
{
    /// <summary>From the root to the object that has the element.</summary>
    private readonly List<PatchedValue> _chain;

    private ElementPlace(List<PatchedValue> chain, string name, int? index)
    {
        _chain = chain;
        Name = name;
        Index = index;
    }

    /// <summary>The object that has the element.</summary>
    public PatchedValue Holder => _chain[^1];

    /// <summary>The property, without the underscore of a shadow.</summary>
    public string Name { get; }

    /// <summary>The place in the list; null where the element does not repeat.</summary>
    public int? Index { get; }

    /// <summary>The place of an element that is not the root.</summary>
    /// <param name="root">The same document, being patched.</param>
    public static ElementPlace Of(Element element, PatchedValue root)
    {
        var property = PropertyOf(element);
        int? index = null;
        if (property.Parent.Kind == JsonValueKind.Array)
        {
            index = IndexOf(property);
            property = property.Parent;
        }

        return new ElementPlace(ChainTo(property.Parent, root), property.Name.TrimStart('_'), index);
    }

    /// <summary>True where both are items of one list, or are the same element.</summary>
    public static bool AreTogether(Element a, Element b)
    {
        var (first, second) = (ListOf(a), ListOf(b));
        return first.Parent == second.Parent && first.Name.TrimStart('_') == second.Name.TrimStart('_');
    }

    /// <summary>What stands for the value itself.</summary>
    public static PatchedValue Find(JsonValue value, PatchedValue root) => ChainTo(value, root)[^1];

    /// <summary>The object with a primitive's id and extensions, made where there is none.</summary>
    public PatchedValue Shadow()
    {
        var name = "_" + Name;
        if (Index is not { } index)
        {
            if (Holder.Member(name) is null)
                Holder.Set(name, PatchedValue.NewObject());
            return Holder.Member(name)!.Value;
        }

        if (Holder.Member(name) is null)
            Holder.Set(name, PatchedValue.NewArray());
        var shadows = Holder.Member(name)!.Value.Items;
        while (shadows.Count <= index)
            shadows.Add(PatchedValue.NewNull());
        if (shadows[index].Kind == JsonValueKind.Null)
            shadows[index] = PatchedValue.NewObject();
        return shadows[index];
    }

    public void Replace(PatchContent content, string name, WorkBudget budget)
    {
        if (Index is { } index)
        {
            new PatchedList(Holder, Name, budget).Replace(index, content);
            return;
        }

        if (name != Name)
            RemoveProperties();
        PatchedObject.Put(Holder, name, content);
    }

    /// <summary>Removes the element, and what is empty without it: FHIR has no empty objects.</summary>
    public void Remove(WorkBudget budget)
    {
        if (Index is { } index)
            new PatchedList(Holder, Name, budget).RemoveAt(index);
        else
            RemoveProperties();
        for (var i = _chain.Count - 1; i > 0 && _chain[i].IsEmpty; i--)
        {
            var (empty, parent) = (_chain[i], _chain[i - 1]);
            if (parent.Kind == JsonValueKind.Object)
                parent.Members.RemoveAll(m => ReferenceEquals(m.Value, empty));
            else if (i > 1 && IsShadow(parent, _chain[i - 2]))
                parent.Items[parent.Items.IndexOf(empty)] = PatchedValue.NewNull();
            else
                parent.Items.Remove(empty);
        }
    }

    private static JsonValue PropertyOf(Element element) => element.HasValue ? element.Value : element.Shadow;

    private static JsonValue ListOf(Element element)
    {
        var property = PropertyOf(element);
        return property.Parent.Kind == JsonValueKind.Array ? property.Parent : property;
    }

    private void RemoveProperties()
    {
        Holder.Remove(Name);
        Holder.Remove("_" + Name);
    }

    /// <summary>The places in a list of shadows have to stay, because those of the values do.</summary>
    private static bool IsShadow(PatchedValue array, PatchedValue holder) =>
        holder.Members.Exists(m => ReferenceEquals(m.Value, array) && m.Name.StartsWith('_'));

    private static List<PatchedValue> ChainTo(JsonValue value, PatchedValue root)
    {
        if (!value.Parent.Exists)
            return [root];
        var chain = ChainTo(value.Parent, root);
        chain.Add(
            value.Parent.Kind == JsonValueKind.Array
                ? chain[^1].Items[IndexOf(value)]
                : chain[^1].Member(value.Name)!.Value
        );
        return chain;
    }

    private static int IndexOf(JsonValue item)
    {
        var index = 0;
        foreach (var sibling in item.Parent)
        {
            if (sibling == item)
                break;
            index++;
        }

        return index;
    }
}
