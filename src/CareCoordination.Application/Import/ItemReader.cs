using CareCoordination.Application.Interactions;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Application.Import;

/// <summary>Reads files into items, one at a time and in order.</summary>
internal sealed class ItemReader(LimitsOptions limits, ImportHomes homes, ConditionalReferences references)
{
    private const int MaxItemEntries = 256;
    private const int MaxItemBytes = 1 << 20;

    /// <summary>A larger transaction is imported entry by entry, because it could not be held in memory as a whole.</summary>
    private const int MaxTransactionBytes = 32 << 20;

    private static readonly string[] Streamed = ["transaction", "batch", "collection", "searchset"];

    private long _next;

    /// <param name="range">Which of its entries.</param>
    /// <param name="onRead">Told the bytes of the file read so far.</param>
    public async IAsyncEnumerable<ImportItem> ReadAsync(ImportFile file, EntryRange range, Action<long> onRead)
    {
        string? unreadable = null;
        await using var items = ItemsAsync(file, range, onRead).GetAsyncEnumerator();
        while (true)
        {
            try
            {
                if (!await items.MoveNextAsync())
                    break;
            }
            catch (Exception e) when (e is ImportException or InvalidDataException or IOException)
            {
                unreadable = e.Message;
                break;
            }

            yield return items.Current;
        }

        yield return Item(file, isWhole: false, [], null) with
        {
            EndsFile = true,
            Unreadable = unreadable,
        };
    }

    private async IAsyncEnumerable<ImportItem> ItemsAsync(ImportFile file, EntryRange range, Action<long> onRead)
    {
        var type = file.IsNdjson ? null : BundleType(file);
        var addresses = type is null or "searchset" ? BundleAddresses.None : null;
        using var stream = file.Open(onRead);
        if (type is null && !file.IsNdjson)
        {
            yield return Item(file, isWhole: false, [await SingleAsync(file, stream)], addresses);
        }
        else if (type == "transaction" && IsWithin(file, MaxTransactionBytes))
        {
            yield return Item(file, isWhole: true, [.. Entries(stream)], addresses: null);
        }
        else
        {
            // Entries may refer to later ones, so that a first pass finds where each will be.
            addresses ??= await AddressesAsync(file);
            foreach (var item in Chunks(file, range, addresses, file.IsNdjson ? Lines(stream) : Entries(stream)))
                yield return item;
        }
    }

    /// <summary>A file that holds one resource, which may be a Bundle of a kind that is kept as it is: a document, a message.</summary>
    private async Task<ImportEntry> SingleAsync(ImportFile file, Stream stream)
    {
        if (!IsWithin(file, limits.MaxBodyBytes))
            throw new ImportException(
                $"The resource has more than {limits.MaxBodyBytes} bytes, the limit of Limits:MaxBodyBytes."
            );
        using var content = new MemoryStream();
        await stream.CopyToAsync(content);
        return AtHome(ImportEntry.OfResource(content.ToArray(), 1));
    }

    private async Task<BundleAddresses> AddressesAsync(ImportFile file)
    {
        var addresses = new BundleAddresses();
        using var stream = file.Open();
        foreach (var entry in Entries(stream))
            await references.AddAddressAsync(addresses, entry, _next);
        return addresses;
    }

    private IEnumerable<ImportItem> Chunks(
        ImportFile file,
        EntryRange range,
        BundleAddresses addresses,
        IEnumerable<ImportEntry> entries
    )
    {
        var chunk = new List<ImportEntry>();
        long bytes = 0;
        foreach (var entry in range.Of(entries))
        {
            // What criteria find may be the entry before, so that an entry with criteria is an item of its own.
            if (entry.Criteria is not null && chunk.Count > 0)
            {
                yield return Item(file, isWhole: false, chunk, addresses);
                (chunk, bytes) = ([], 0);
            }

            chunk.Add(entry);
            bytes += entry.Json.Length;
            if (chunk.Count < MaxItemEntries && bytes < MaxItemBytes && entry.Criteria is null)
                continue;
            yield return Item(file, isWhole: false, chunk, addresses);
            (chunk, bytes) = ([], 0);
        }

        if (chunk.Count > 0)
            yield return Item(file, isWhole: false, chunk, addresses);
    }

    private ImportItem Item(
        ImportFile file,
        bool isWhole,
        IReadOnlyList<ImportEntry> entries,
        BundleAddresses? addresses
    ) => new(file, _next++, isWhole, entries, addresses, entries.Sum(e => (long)e.Json.Length));

    private IEnumerable<ImportEntry> Lines(Stream stream)
    {
        var reader = new LineReader(stream, limits.MaxBodyBytes);
        for (var number = 1; reader.Next() is { } line; number++)
            yield return AtHome(ImportEntry.OfResource(line, number));
    }

    private IEnumerable<ImportEntry> Entries(Stream stream)
    {
        var reader = new BundleReader(stream, limits.MaxBodyBytes, limits.MaxJsonDepth);
        for (var number = 1; reader.Next() is { } json; number++)
            yield return AtHome(ImportEntry.OfBundle(json, number));
    }

    private ImportEntry AtHome(ImportEntry entry) => entry with { Home = homes.Of(entry) };

    /// <summary>The type of a Bundle whose entries are imported one by one; null for every other resource.</summary>
    private string? BundleType(ImportFile file)
    {
        using var stream = file.Open();
        var reader = new BundleReader(stream, limits.MaxBodyBytes, limits.MaxJsonDepth);
        // The type nearly always comes before the entries; where it does not, they are read past.
        while (reader.Next() is not null && (reader.Type is null || reader.ResourceType is null)) { }
        return reader.ResourceType == ResourceTypes.Bundle && Streamed.Contains(reader.Type) ? reader.Type : null;
    }

    private static bool IsWithin(ImportFile file, int limit)
    {
        if (!file.IsPacked)
            return file.Length <= limit;
        using var stream = file.Open();
        var buffer = new byte[1 << 16];
        long total = 0;
        for (int read; total <= limit && (read = stream.Read(buffer)) > 0; )
            total += read;
        return total <= limit;
    }
}

/// <summary>Some neighbouring entries or lines of a file.</summary>
/// <param name="Skip">How many have been stored already.</param>
/// <param name="Take">How many are read behind them; null: all there are.</param>
internal readonly record struct EntryRange(int Skip, int? Take = null)
{
    public IEnumerable<ImportEntry> Of(IEnumerable<ImportEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (entry.Number <= Skip)
                continue;
            yield return entry;
            // Not one more is read to find that it is not wanted: it might be what cannot be read.
            if (entry.Number - Skip == Take)
                yield break;
        }
    }
}
