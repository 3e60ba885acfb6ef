using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using CareCoordination.Storage.Rows;

namespace CareCoordination.Storage.Audit;

/// <summary>Tells rows that name one of some resources from those that were only stored together with such a row.</summary>
/// <param name="references">Empty: every row is meant.</param>
internal sealed class AuditNames(ImmutableArray<string> references)
{
    /// <summary>JSON may spell any other character otherwise than it is.</summary>
    private static readonly SearchValues<char> Spelt = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-."
    );

    private readonly HashSet<long> _keys = [.. references.Select(AuditChain.KeyOf)];
    private readonly HashSet<long> _named = [];
    private readonly byte[][] _ids = [.. references.Select(IdOf)];

    /// <summary>False only where a line names none of them: it need not be parsed.</summary>
    public bool MayBeIn(ReadOnlyMemory<byte> line)
    {
        foreach (var id in _ids)
        {
            if (line.Span.IndexOf(id) >= 0)
                return true;
        }

        return _ids.Length == 0;
    }

    public bool AreIn(AuditLine line)
    {
        if (_keys.Count == 0)
            return true;
        _named.Clear();
        AuditChain.AddKeys(line, _named);
        return _named.Overlaps(_keys);
    }

    /// <summary>What stands in each line that names the resource; nothing where that cannot be said.</summary>
    private static byte[] IdOf(string reference)
    {
        var id = reference[(reference.LastIndexOf('/') + 1)..];
        return id.AsSpan().ContainsAnyExcept(Spelt) ? [] : Encoding.UTF8.GetBytes(id);
    }
}
