using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Exports.Files;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Indexing;
using CareCoordination.Storage;

namespace CareCoordination.Application.Exports;

/// <summary>
/// Writes one part of a type: page by page from the database into a file, the next page being read while one is written. What is
/// asked for whole is copied as it is stored; only what has changed since under a filter, or of which parts are wanted, is read as JSON.
/// </summary>
internal sealed class ExportPart(
    IStoreReads reads,
    JobFiles files,
    ExportOptions options,
    FhirDefinitions definitions,
    ExportPlan plan,
    ProvenanceTargets? targets
)
{
    public const int RowsOfPage = 5_000;

    private const string Extension = ".ndjson";

    // Nobody is held up for longer than a page takes, and neither is the export for longer than this.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    private ImmutableArray<string> _elements = [];
    private FileDraft? _output;
    private FileDraft? _deletions;
    private long _written;
    private long _deleted;

    /// <summary>Writes until the type is at its end, or the file is as large as files get.</summary>
    public async Task<ExportPlace> WriteAsync(
        string job,
        int step,
        SnapshotQuery query,
        ExportPlace reached,
        CancellationToken cancellationToken
    )
    {
        _elements = ElementsOf(query.ResourceType);
        var stem = string.Create(CultureInfo.InvariantCulture, $"{query.ResourceType}-{step}-{reached.Files.Length}");
        try
        {
            var after = await PagesAsync(job, stem, query with { After = reached.After }, cancellationToken);
            var made = reached.Files.ToBuilder();
            if (_output is not null)
            {
                await _output.PublishAsync(cancellationToken);
                made.Add(new ExportFile(_output.Name, query.ResourceType, _written, _output.Length));
            }

            if (_deletions is not null)
            {
                await _deletions.PublishAsync(cancellationToken);
                made.Add(
                    new ExportFile(_deletions.Name, query.ResourceType, _deleted, _deletions.Length)
                    {
                        IsOfDeletions = true,
                    }
                );
            }

            return new ExportPlace(after is null, after, made.ToImmutable());
        }
        finally
        {
            if (_output is not null)
                await _output.DisposeAsync();
            if (_deletions is not null)
                await _deletions.DisposeAsync();
        }
    }

    /// <summary>Where the next part begins; null: there is none.</summary>
    private async Task<long?> PagesAsync(
        string job,
        string stem,
        SnapshotQuery query,
        CancellationToken cancellationToken
    )
    {
        var next = ReadAsync(query, cancellationToken);
        try
        {
            while (true)
            {
                using var page = await next;
                var isLast =
                    page.Next is null
                    || _written + _deleted + page.Rows.Count >= options.FileResources
                    || (_output?.Length ?? 0) + page.Text.Length >= options.FileBytes;
                if (!isLast)
                    next = ReadAsync(query with { After = page.Next }, cancellationToken);
                await TakeAsync(job, stem, query, page, cancellationToken);
                if (isLast)
                    return page.Next;
            }
        }
        catch
        {
            await GiveUpAsync(next);
            throw;
        }
    }

    /// <summary>
    /// Reads a page beside the one that is written. Where others read too, they have as much of the database's time as this has had.
    /// </summary>
    private Task<SnapshotPage> ReadAsync(SnapshotQuery query, CancellationToken cancellationToken) =>
        Task.Run(
            async () =>
            {
                var start = TimeProvider.System.GetTimestamp();
                var page = await reads.SnapshotAsync(query, cancellationToken);
                if (page.HasCompany)
                {
                    var taken = TimeProvider.System.GetElapsedTime(start);
                    await Task.Delay(taken < LongestPause ? taken : LongestPause, CancellationToken.None);
                }

                return page;
            },
            cancellationToken
        );

    /// <summary>The memory of a page that nobody takes any more is given back.</summary>
    private static async Task GiveUpAsync(Task<SnapshotPage> reading)
    {
        try
        {
            (await reading).Dispose();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // What it is that went wrong is told already.
        }
    }

    private async Task TakeAsync(
        string job,
        string stem,
        SnapshotQuery query,
        SnapshotPage page,
        CancellationToken cancellationToken
    )
    {
        MendLines(page);
        var wanted = targets is null ? null : await targets.WantedAsync(page, cancellationToken);
        if (
            wanted is null
            && _elements.IsEmpty
            && !page.Rows.Any(row => row.IsDeleted || (row.HasChanged && !query.AnyOf.IsEmpty))
        )
        {
            if (page.Text.IsEmpty)
                return;
            _output ??= files.New(job, stem, Extension);
            await _output.WriteAsync(page.Text, cancellationToken);
            _written += page.Rows.Count;
            return;
        }

        foreach (var row in page.Rows)
        {
            if (wanted is null || wanted.Contains(row.Key))
                await TakeAsync(job, stem, query, page, row, cancellationToken);
        }
    }

    private async Task TakeAsync(
        string job,
        string stem,
        SnapshotQuery query,
        SnapshotPage page,
        SnapshotRow row,
        CancellationToken cancellationToken
    )
    {
        if (row.IsDeleted)
        {
            _deletions ??= files.New(job, $"{stem}-deleted", Extension);
            await _deletions.WriteAsync(Deletion(query.ResourceType, row.Id!), cancellationToken);
            _deleted++;
            return;
        }

        var bytes = page.BytesOf(row);
        if (row.HasChanged && !query.AnyOf.IsEmpty && !Matches(query, row.Id!, bytes))
            return;
        _output ??= files.New(job, stem, Extension);
        await _output.WriteAsync(_elements.IsEmpty ? bytes : PartsOf(bytes), cancellationToken);
        await _output.WriteAsync("\n"u8.ToArray(), cancellationToken);
        _written++;
    }

    /// <summary>What is stored with line breaks between its tokens, where JSON has blanks, is one line.</summary>
    private static void MendLines(SnapshotPage page)
    {
        var text = page.Text.Span;
        var lines = page.Rows.Count(row => !row.IsDeleted);
        if (text.Count((byte)'\n') == lines && !text.Contains((byte)'\r'))
            return;
        foreach (var row in page.Rows)
        {
            var line = text.Slice(row.Offset, row.Length);
            line.Replace((byte)'\n', (byte)' ');
            line.Replace((byte)'\r', (byte)' ');
        }
    }

    /// <summary>By its bytes of then: the index knows only what it is now.</summary>
    private bool Matches(SnapshotQuery query, string id, ReadOnlyMemory<byte> bytes)
    {
        var key = new ResourceKey(query.ResourceType, id);
        var entries = definitions.Extractor.ExtractAll(key, ResourceDocument.Parse(bytes).Value);
        return query.AnyOf.Any(all => CriteriaMatcher.Holds(new SearchQuery(query.ResourceType, all), key, entries));
    }

    private byte[] PartsOf(ReadOnlyMemory<byte> bytes) =>
        ResourceProjection.Elements(ResourceDocument.Parse(bytes).Value, definitions.Schema, _elements);

    /// <summary>Those that are wanted of a type; empty: all of them.</summary>
    private ImmutableArray<string> ElementsOf(string type) =>
        [
            .. plan
                .Request.Elements.Select(element => element.Split('.'))
                .Where(parts => parts.Length == 1 || parts[0] == type)
                .Select(parts => parts[^1]),
        ];

    /// <summary>https://hl7.org/fhir/uv/bulkdata/export.html#bulk-data-output-file-organization</summary>
    private static byte[] Deletion(string type, string id) =>
        Encoding.ASCII.GetBytes(
            $$$"""{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"DELETE","url":"{{{type}}}/{{{id}}}"}}]}"""
                + "\n"
        );
}
