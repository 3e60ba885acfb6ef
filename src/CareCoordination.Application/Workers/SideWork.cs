namespace CareCoordination.Application.Workers;

/// <summary>
/// Work that goes on beside the rounds of a worker, each under a key and once at a time: what takes long holds up neither the next round
/// nor other keys. What it runs must not throw.
/// </summary>
public sealed class SideWork
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _underWay = new(StringComparer.Ordinal);

    /// <summary>Where work under the key is under way, it is done once more after that.</summary>
    public void Begin(string key, Func<Task> work)
    {
        lock (_gate)
        {
            if (_underWay.TryGetValue(key, out var known))
            {
                known.IsWantedAgain = true;
                return;
            }

            var entry = new Entry();
            _underWay.Add(key, entry);
            entry.Running = Task.Run(() => RunAsync(key, entry, work));
        }
    }

    /// <summary>Ends when all of it has. To be asked when no more is begun.</summary>
    public Task EndAsync()
    {
        lock (_gate)
            return Task.WhenAll([.. _underWay.Values.Select(e => e.Running)]);
    }

    private async Task RunAsync(string key, Entry entry, Func<Task> work)
    {
        do await work();
        while (IsWantedAgain(key, entry));
    }

    private bool IsWantedAgain(string key, Entry entry)
    {
        lock (_gate)
        {
            if (!entry.IsWantedAgain)
                _underWay.Remove(key);
            var isWanted = entry.IsWantedAgain;
            entry.IsWantedAgain = false;
            return isWanted;
        }
    }

    private sealed class Entry
    {
        public Task Running { get; set; } = Task.CompletedTask;

        public bool IsWantedAgain { get; set; }
    }
}
