using System.Collections.Immutable;
using System.Text;

namespace CareCoordination.Fhir.Schema;

/// <summary>JSON property name to meaning, by open addressing over the UTF-8 name: no string is made to look one up.</summary>
internal sealed class PropertyTable
{
    private readonly (byte[] Name, PropertyBinding Binding)[] _slots;
    private readonly int _mask;

    public PropertyTable(ImmutableArray<ElementDefinition> elements)
    {
        var entries = new List<(byte[], PropertyBinding)>();
        foreach (var element in elements)
        {
            foreach (var type in element.Types)
            {
                var name = element.JsonName(type.Type);
                entries.Add((Encoding.UTF8.GetBytes(name), new PropertyBinding(element, type.Type, IsShadow: false)));
                if (type.Type.IsPrimitive)
                    entries.Add(
                        (Encoding.UTF8.GetBytes("_" + name), new PropertyBinding(element, type.Type, IsShadow: true))
                    );
            }
        }

        var size = 8;
        while (size < entries.Count * 3)
            size *= 2;
        _slots = new (byte[], PropertyBinding)[size];
        _mask = size - 1;
        foreach (var (name, binding) in entries)
        {
            var slot = Hash(name) & _mask;
            while (_slots[slot].Name is { } taken && !name.AsSpan().SequenceEqual(taken))
                slot = (slot + 1) & _mask;
            _slots[slot] = (name, binding);
        }
    }

    public PropertyBinding? Find(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
            return null;
        for (var slot = Hash(name) & _mask; _slots[slot].Name is { } candidate; slot = (slot + 1) & _mask)
        {
            if (name.SequenceEqual(candidate))
                return _slots[slot].Binding;
        }

        return null;
    }

    private static int Hash(ReadOnlySpan<byte> name)
    {
        var hash = (uint)name.Length * 0x9E3779B1u;
        hash = (hash ^ name[0]) * 0x85EBCA6Bu;
        hash = (hash ^ name[name.Length / 2]) * 0xC2B2AE35u;
        hash = (hash ^ name[^1]) * 0x27D4EB2Fu;
        return (int)(hash ^ (hash >> 15));
    }
}
