using System.Text;

namespace CareCoordination.Fhir.Search.Extraction;

/// <summary>A few values by UTF-8 name, found without making a string. Not for use by several threads while it grows.</summary>
internal sealed class Utf8Table<T>
    where T : class
{
    private (byte[] Name, T Value)[] _slots = [];
    private int _count;

    public bool IsEmpty => _count == 0;

    public T? Find(ReadOnlySpan<byte> name)
    {
        if (_count == 0 || name.IsEmpty)
            return null;
        var mask = _slots.Length - 1;
        for (var slot = Hash(name) & mask; _slots[slot].Name is { } taken; slot = (slot + 1) & mask)
        {
            if (name.SequenceEqual(taken))
                return _slots[slot].Value;
        }

        return null;
    }

    public T GetOrAdd(string name, Func<T> make)
    {
        var utf8 = Encoding.UTF8.GetBytes(name);
        if (Find(utf8) is { } found)
            return found;
        if ((_count + 1) * 3 > _slots.Length)
            Grow();
        var value = make();
        Place(utf8, value);
        _count++;
        return value;
    }

    private void Grow()
    {
        var old = _slots;
        _slots = new (byte[], T)[Math.Max(8, old.Length * 2)];
        foreach (var (name, value) in old)
        {
            if (name is not null)
                Place(name, value);
        }
    }

    private void Place(byte[] name, T value)
    {
        var mask = _slots.Length - 1;
        var slot = Hash(name) & mask;
        while (_slots[slot].Name is not null)
            slot = (slot + 1) & mask;
        _slots[slot] = (name, value);
    }

    private static int Hash(ReadOnlySpan<byte> name) =>
        (name.Length * 31) + (name[0] * 7) + (name[name.Length / 2] * 13) + name[^1];
}
