using CareCoordination.Server.Options;

namespace CareCoordination.Server.Import;

/// <summary>Reads files into items, one at a time and in order.</summary>
internal sealed class ItemReader(LimitsOptions limits, ConditionalReferences references)
{
    private const int MaxItemEntries = 256;
    private const int MaxItemBytes = 1 << 20;

    /// <summary>A larger transaction is imported entry by entry, because it could not be held in memory as a whole.</summary>
    private const int MaxTransactionBytes = 32 << 20;

    private static readonly string[] Streamed = ["transaction", "batch", "collection", "searchset"];

    private long _next;

    /// <param name="skip">How many entries an earlier run has stored already.</param>
    /// <param name="onRead">Told the bytes of the file read so far.</param>
    public async IAsyncEnumerable<ImportItem> ReadAsync(ImportFile file, int skip, Action<long> onRead)
    {
        var start = _next;
        string? unreadable = null;
        var items = file.IsNdjson ? Lines(file, start, skip, onRead) : Json(file, start, skip, onRead);
        await using var enumerator = items.GetAsyncEnumerator();
        while (unreadable is null)
        {
            try
            {
                if (!await enumerator.MoveNextAsync())
                    break;
            }
            catch (Exception e) when (e is ImportException or InvalidDataException or IOException)
            {
                unreadable = e.Message;
                break;
            }

            yield return enumerator.Current;
        }

        yield return new ImportItem(file, _next++, start, false, [], null, 0)
        {
            EndsFile = true,
            Unreadable = unreadable,
        };
    }

    private async IAsyncEnumerable<ImportItem> Lines(ImportFile file, long start, int skip, Action<long> onRead)
    {
        using var stream = file.Open(onRead);
        var lines = new LineReader(stream, limits.MaxBodyBytes);
        var number = 0;
        await foreach (
            var item in Chunks(
                file,
                start,
                skip,
                BundleAddresses.None,
                () => lines.Next() is { } line ? ImportEntry.OfResource(line, ++number) : null
            )
        )
            yield return item;
    }

    private async IAsyncEnumerable<ImportItem> Json(ImportFile file, long start, int skip, Action<long> onRead)
    {
        var items = BundleType(file) switch
        {
            null => Single(file, start, onRead),
            "transaction" when IsWithin(file, MaxTransactionBytes) => Transaction(file, start, onRead),
            var type => Entries(file, type, start, skip, onRead),
        };
        await foreach (var item in items)
            yield return item;
    }

    /// <summary>A file that holds one resource, which may be a Bundle of a kind that is kept as it is: a document, a message.</summary>
    private async IAsyncEnumerable<ImportItem> Single(ImportFile file, long start, Action<long> onRead)
    {
        using var stream = file.Open(onRead);
        using var content = new MemoryStream();
        if (!IsWithin(file, limits.MaxBodyBytes))
            throw new ImportException(
                $"The resource has more than {limits.MaxBodyBytes} bytes, the limit of Limits:MaxBodyBytes."
            );
        await stream.CopyToAsync(content);
        yield return Item(
            file,
            start,
            isWhole: false,
            [ImportEntry.OfResource(content.ToArray(), 1)],
            BundleAddresses.None
        );
    }

    private async IAsyncEnumerable<ImportItem> Transaction(ImportFile file, long start, Action<long> onRead)
    {
        using var stream = file.Open(onRead);
        var entries = All(stream).ToList();
        await Task.CompletedTask;
        yield return Item(file, start, isWhole: true, entries, addresses: null);
    }

    private async IAsyncEnumerable<ImportItem> Entries(
        ImportFile file,
        string type,
        long start,
        int skip,
        Action<long> onRead
    )
    {
        // Entries may refer to later ones, so that a first pass finds where each will be.
        var addresses = new BundleAddresses();
        if (type != "searchset")
        {
            using var first = file.Open();
            foreach (var entry in All(first))
                await references.AddAddressAsync(addresses, entry, start);
        }

        using var stream = file.Open(onRead);
        using var entries = All(stream).GetEnumerator();
        await foreach (
            var item in Chunks(file, start, skip, addresses, () => entries.MoveNext() ? entries.Current : null)
        )
            yield return item;
    }

    private async IAsyncEnumerable<ImportItem> Chunks(
        ImportFile file,
        long start,
        int skip,
        BundleAddresses addresses,
        Func<ImportEntry?> next
    )
    {
        var chunk = new List<ImportEntry>();
        long bytes = 0;
        while (next() is { } entry)
        {
            if (entry.Number <= skip)
                continue;
            chunk.Add(entry);
            bytes += entry.Json.Length;
            if (chunk.Count < MaxItemEntries && bytes < MaxItemBytes)
                continue;
            yield return Item(file, start, isWhole: false, chunk, addresses);
            chunk = [];
            bytes = 0;
            await Task.Yield();
        }

        if (chunk.Count > 0)
            yield return Item(file, start, isWhole: false, chunk, addresses);
    }

    private ImportItem Item(
        ImportFile file,
        long start,
        bool isWhole,
        IReadOnlyList<ImportEntry> entries,
        BundleAddresses? addresses
    ) => new(file, _next++, start, isWhole, entries, addresses, entries.Sum(e => (long)e.Json.Length));

    private IEnumerable<ImportEntry> All(Stream stream)
    {
        var reader = new BundleReader(stream, limits.MaxBodyBytes, limits.MaxJsonDepth);
        for (var number = 1; reader.Next() is { } json; number++)
            yield return ImportEntry.OfBundle(json, number);
    }

    /// <summary>The type of a Bundle whose entries are imported one by one; null for every other resource.</summary>
    private string? BundleType(ImportFile file)
    {
        using var stream = file.Open();
        var reader = new BundleReader(stream, limits.MaxBodyBytes, limits.MaxJsonDepth);
        // The type nearly always comes before the entries; where it does not, they are read past.
        while (reader.Next() is not null && (reader.Type is null || reader.ResourceType is null)) { }
        return reader.ResourceType == "Bundle" && Streamed.Contains(reader.Type) ? reader.Type : null;
    }

    private static bool IsWithin(ImportFile file, int limit)
    {
        if (!file.Path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            return file.Length <= limit;
        using var stream = file.Open();
        var buffer = new byte[1 << 16];
        long total = 0;
        for (int read; total <= limit && (read = stream.Read(buffer)) > 0; )
            total += read;
        return total <= limit;
    }
}
