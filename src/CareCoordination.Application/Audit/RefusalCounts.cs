using CareCoordination.Storage;

namespace CareCoordination.Application.Audit;

/// <summary>
/// Refusals of those who could not say who they are: a flood of them must not be a flood of rows. One row stands for all of one network
/// address in one second; of more addresses than can be told apart one row stands for the others.
/// </summary>
internal sealed class RefusalCounts
{
    private const int MaxAddresses = 1_000;
    private readonly Lock _lock = new();
    private Dictionary<string, AuditLine> _counted = new(StringComparer.Ordinal);

    /// <summary>True for the first since the counts were taken last: somebody has to take them in a second.</summary>
    public bool Add(AuditLine line)
    {
        lock (_lock)
        {
            var isFirst = _counted.Count == 0;
            var address = line.Agent.Address ?? "";
            if (!_counted.ContainsKey(address) && _counted.Count >= MaxAddresses)
            {
                address = "others";
                line = line with { Agent = line.Agent with { Address = null } };
            }

            _counted[address] = _counted.TryGetValue(address, out var first)
                ? first with
                {
                    Count = first.Count + 1,
                }
                : line;
            return isFirst;
        }
    }

    public IReadOnlyCollection<AuditLine> Take()
    {
        lock (_lock)
        {
            var taken = _counted;
            _counted = new Dictionary<string, AuditLine>(StringComparer.Ordinal);
            return taken.Values;
        }
    }
}
