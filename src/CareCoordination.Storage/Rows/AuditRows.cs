using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Rows;

/// <summary>Rows of the tables of <see cref="AuditTables"/>, on their way in.</summary>
internal sealed class AuditRows
{
    private readonly RowBuffer _rows = new(AuditTables.Row);
    private readonly RowBuffer _keys = new(AuditTables.Key);
    private readonly RowBuffer _cut = new(AuditTables.Cut);
    private readonly HashSet<long> _named = [];
    private readonly ArrayBufferWriter<byte> _content = new();

    public AuditRows() => Added = [_rows, _keys, _cut];

    public ImmutableArray<RowBuffer> Added { get; }

    /// <summary>By key, in the order of <see cref="AuditTables.All"/>.</summary>
    public ImmutableArray<RowBuffer> Removed { get; } = [.. AuditTables.Keys.Select(t => new RowBuffer(t))];

    /// <summary>Adds lines after the last link of the chain so far: as few links as may be.</summary>
    /// <param name="recorded">In ticks of UTC.</param>
    /// <returns>The last link.</returns>
    public AuditHead Add(AuditHead before, long recorded, IReadOnlyList<AuditLine> lines)
    {
        var keys = new List<(long Key, long Sequence)>(lines.Count * 2);
        for (var next = 0; next < lines.Count; )
        {
            _content.ResetWrittenCount();
            _named.Clear();
            var first = next;
            do
            {
                AuditContent.Add(_content, lines[next]);
                AuditChain.AddKeys(lines[next], _named);
                next++;
            } while (
                next < lines.Count
                && next - first < AuditChain.MaxLines
                && _content.WrittenCount < AuditChain.EnoughBytes
            );
            before = Add(before, recorded, next - first);
            foreach (var key in _named)
                keys.Add((key, before.Sequence));
        }

        // In the order of the index, whose pages are then each looked up once.
        keys.Sort();
        foreach (var (key, sequence) in keys)
            _keys.Add(key).Add(sequence);
        return before;
    }

    private AuditHead Add(AuditHead before, long recorded, int lines)
    {
        var sequence = before.Sequence + lines;
        var hash = AuditChain.Next(before.Hash.Span, sequence, recorded, _content.WrittenSpan);
        _rows.Add(sequence).Add(recorded).Add(_content.WrittenSpan.ToArray()).Add(hash);
        return new AuditHead(sequence, hash);
    }

    public void Remove(ChainLink link)
    {
        Removed[0].Add(link.Sequence);
        _named.Clear();
        foreach (var line in link.Lines())
            AuditChain.AddKeys(line.Line, _named);
        foreach (var key in _named)
            Removed[1].Add(key).Add(link.Sequence);
    }

    public void Replace(AuditHead cut, long recorded)
    {
        const short TheOne = 1;
        Removed[2].Add(TheOne);
        _cut.Add(TheOne).Add(cut.Sequence).Add(recorded).Add(cut.Hash.ToArray());
    }
}

/// <summary>What a row's hash is over, and by what it is found.</summary>
internal static class AuditChain
{
    private const int Seed = 0x41554449;
    private const int Head = AuditTables.HashBytes + 2 * sizeof(long);

    /// <summary>A link has no more lines, and takes no further one from this size on: whoever looks for one line reads them all.</summary>
    public const int MaxLines = 64;
    public const int EnoughBytes = 16 * 1024;

    /// <summary>SHA-256 over the hash before, the sequence, the time and the content.</summary>
    public static byte[] Next(ReadOnlySpan<byte> before, long sequence, long recorded, ReadOnlySpan<byte> content)
    {
        var length = Head + content.Length;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        var bytes = buffer.AsSpan(0, length);
        before.CopyTo(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[AuditTables.HashBytes..], sequence);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[(AuditTables.HashBytes + sizeof(long))..], recorded);
        content.CopyTo(bytes[Head..]);
        var hash = SHA256.HashData(bytes);
        ArrayPool<byte>.Shared.Return(buffer);
        return hash;
    }

    public static long KeyOf(string reference) => StableHash.Of(reference, Seed).Key;

    /// <summary>Adds the keys of all resources that a line names.</summary>
    public static void AddKeys(AuditLine line, HashSet<long> keys)
    {
        if (line is { Type: { } type, Id: { } id })
            keys.Add(KeyOf($"{type}/{id}"));
        foreach (var patient in line.Patients)
            keys.Add(KeyOf($"Patient/{patient}"));
        foreach (var entity in line.Entities)
            keys.Add(KeyOf(WithoutVersion(entity)));
        if (line.Agent.Person is { } person)
            keys.Add(KeyOf(person));
        if (line.By is { } by)
            keys.Add(KeyOf(by));
    }

    private static string WithoutVersion(string reference) =>
        reference.IndexOf("/_history/", StringComparison.Ordinal) is var end and > 0 ? reference[..end] : reference;
}
