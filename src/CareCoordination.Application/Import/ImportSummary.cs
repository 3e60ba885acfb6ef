using CareCoordination.Application.Interactions;

namespace CareCoordination.Application.Import;

/// <summary>What an import has done so far; read by the progress display while it grows.</summary>
public sealed class ImportSummary
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, TypeCount> _types = new(StringComparer.Ordinal);
    private readonly List<Rejection> _rejections = [];

    public long Resources { get; private set; }

    public int FilesDone { get; private set; }

    public int FilesSkipped { get; private set; }

    public long BytesRead { get; private set; }

    public IReadOnlyList<Rejection> Rejections
    {
        get
        {
            lock (_lock)
                return [.. _rejections];
        }
    }

    public IReadOnlyList<KeyValuePair<string, TypeCount>> Types
    {
        get
        {
            lock (_lock)
                return [.. _types];
        }
    }

    internal void Stored(string type, bool isChange)
    {
        lock (_lock)
        {
            var count = _types.GetValueOrDefault(type, new TypeCount(0, 0));
            _types[type] = isChange
                ? count with
                {
                    Written = count.Written + 1,
                }
                : count with
                {
                    Unchanged = count.Unchanged + 1,
                };
            Resources++;
        }
    }

    internal void Refused(IEnumerable<Rejection> rejections)
    {
        lock (_lock)
            _rejections.AddRange(rejections);
    }

    internal void Read(long bytes)
    {
        lock (_lock)
            BytesRead += bytes;
    }

    internal void Done(bool isSkipped)
    {
        lock (_lock)
        {
            FilesDone++;
            FilesSkipped += isSkipped ? 1 : 0;
        }
    }
}

/// <param name="Written">Created or updated.</param>
/// <param name="Unchanged">There already, with the same content.</param>
public sealed record TypeCount(long Written, long Unchanged);
