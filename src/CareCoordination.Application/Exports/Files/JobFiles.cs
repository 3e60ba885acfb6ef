using CareCoordination.Application.Settings;

namespace CareCoordination.Application.Exports.Files;

/// <summary>
/// The files of jobs: a folder for each job below the one of the configuration. A file is written under a name that nobody looks for and
/// gets its own by being renamed, when it is whole and on the disk. Files that no result of a step names are nobody's, and go with their
/// folder.
/// </summary>
public sealed class JobFiles(ExportOptions options)
{
    private const string Unfinished = ".part";

    /// <summary>A new file of a job, under a name that no other file has.</summary>
    /// <param name="stem">How its name begins: <c>Patient-0</c>.</param>
    /// <param name="extension">With its dot.</param>
    public FileDraft New(string job, string stem, string extension)
    {
        var folder = Path.Combine(options.Folder, job);
        Directory.CreateDirectory(folder);
        // Two nodes that make the same step make two files; the one whose result is kept is named by it.
        var name =
            $"{stem}-{Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(6))}{extension}";
        return new FileDraft(Path.Combine(folder, name + Unfinished), Path.Combine(folder, name));
    }

    /// <summary>Where a file is; null: it is not there.</summary>
    public string? Find(string job, string name)
    {
        if (
            Path.GetFileName(name) != name
            || Path.GetFileName(job) != job
            || name.EndsWith(Unfinished, StringComparison.Ordinal)
        )
            return null;
        var path = Path.Combine(options.Folder, job, name);
        return File.Exists(path) ? path : null;
    }

    /// <summary>The jobs that have a folder, with when something last came into it.</summary>
    public IEnumerable<(string Job, DateTimeOffset ChangedAt)> All()
    {
        var folder = new DirectoryInfo(options.Folder);
        return folder.Exists
            ? folder.EnumerateDirectories().Select(d => (d.Name, new DateTimeOffset(d.LastWriteTimeUtc)))
            : [];
    }

    /// <summary>Removes the files of a job that are not wanted, unfinished ones among them.</summary>
    public void RemoveOthers(string job, Func<string, bool> isWanted)
    {
        var folder = new DirectoryInfo(Path.Combine(options.Folder, job));
        foreach (var file in folder.Exists ? folder.EnumerateFiles() : [])
        {
            if (!isWanted(file.Name))
                file.Delete();
        }
    }

    /// <summary>Removes one file of a job.</summary>
    public void Remove(string job, string name)
    {
        if (Find(job, name) is { } path)
            File.Delete(path);
    }

    /// <summary>Removes all files of a job. Who reads one at the moment reads it to its end.</summary>
    public void Remove(string job)
    {
        var folder = Path.Combine(options.Folder, job);
        if (Path.GetFileName(job) != job || !Directory.Exists(folder))
            return;
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A node that is in the middle of a step makes another file; the sweep comes again.
        }
    }
}

/// <summary>A file that is being written. What is not published is gone when this is disposed of.</summary>
public sealed class FileDraft(string draft, string path) : IAsyncDisposable
{
    private const int BufferBytes = 1 << 20;

    private readonly FileStream _stream = new(
        draft,
        FileMode.CreateNew,
        FileAccess.Write,
        FileShare.None,
        BufferBytes,
        FileOptions.Asynchronous
    );
    private bool _isPublished;

    public string Name => Path.GetFileName(path);

    public long Length { get; private set; }

    /// <summary>Where a format writes by itself, as Parquet does.</summary>
    public Stream Stream => _stream;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(bytes, cancellationToken);
        Length += bytes.Length;
    }

    /// <summary>Gives the file its name. It is whole on the disk then, as what is told of it in the database will be.</summary>
    public async Task PublishAsync(CancellationToken cancellationToken)
    {
        await _stream.FlushAsync(cancellationToken);
        _stream.Flush(flushToDisk: true);
        await _stream.DisposeAsync();
        File.Move(draft, path);
        _isPublished = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isPublished)
            return;
        try
        {
            await _stream.DisposeAsync();
        }
        catch (IOException)
        {
            // A disk that is full has no room for what was still to be written.
        }

        File.Delete(draft);
    }
}
