namespace CareCoordination.Fhir.Schema;

/// <summary>UTF-8 name to value, by open addressing: no string is made to look one up. Fixed once built.</summary>
internal sealed class NameTable<T>
    where T : class
{
    private readonly (byte[] Name, T Value)[] _slots;
    private readonly int _mask;

    /// <summary>Of entries with the same name the last one counts.</summary>
    public NameTable(IReadOnlyCollection<(byte[] Name, T Value)> entries)
    {
        var size = 8;
        while (size < entries.Count * 3)
            size *= 2;
        _slots = new (byte[], T)[size];
        _mask = size - 1;
        foreach (var (name, value) in entries)
        {
            var slot = Hash(name) & _mask;
            while (_slots[slot].Name is { } taken && !name.AsSpan().SequenceEqual(taken))
                slot = (slot + 1) & _mask;
            _slots[slot] = (name, value);
        }
    }

    public IEnumerable<T> Values => _slots.Where(slot => slot.Name is not null).Select(slot => slot.Value);

    public T? Find(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
            return null;
        for (var slot = Hash(name) & _mask; _slots[slot].Name is { } candidate; slot = (slot + 1) & _mask)
        {
            if (name.SequenceEqual(candidate))
                return _slots[slot].Value;
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
