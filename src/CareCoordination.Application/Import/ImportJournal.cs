using System.Text.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage;

namespace CareCoordination.Application.Import;

/// <summary>
/// How far a file has been imported. A witness is a resource of the file: where the database does not have it, it is another
/// database, and the line means nothing.
/// </summary>
internal sealed record JournalLine(
    string Path,
    long Length,
    DateTime ModifiedUtc,
    int Entries,
    bool IsDone,
    string WitnessType,
    string WitnessId
)
{
    public ResourceKey Witness => new(WitnessType, WitnessId);

    public bool IsOf(ImportFile file) => Length == file.Length && ModifiedUtc == file.ModifiedUtc;
}

/// <summary>What earlier runs have stored, so that a run that was interrupted goes on where it was.</summary>
internal sealed class ImportJournal : IDisposable
{
    private readonly Dictionary<string, JournalLine> _earlier = new(StringComparer.Ordinal);
    private readonly StreamWriter _writer;

    private ImportJournal(StreamWriter writer) => _writer = writer;

    public static ImportJournal Open(string path)
    {
        string[] lines;
        ImportJournal journal;
        try
        {
            lines = File.Exists(path) ? File.ReadAllLines(path) : [];
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
                Directory.CreateDirectory(folder);
            journal = new ImportJournal(new StreamWriter(path, append: true));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImportException($"The journal {path} cannot be written: {e.Message}");
        }

        foreach (var line in lines)
        {
            // The last line may be torn, as it was being written when the run was interrupted.
            if (TryRead(line) is { } read)
                journal._earlier[read.Path] = read;
        }

        return journal;
    }

    /// <summary>What this file has behind it in this database; null where nothing.</summary>
    public async Task<JournalLine?> FindAsync(
        ImportFile file,
        IStoreReads reads,
        CancellationToken cancellationToken
    ) =>
        _earlier.GetValueOrDefault(file.Path) is { } line
        && line.IsOf(file)
        && await reads.ReadAsync(line.Witness, cancellationToken) is { IsDeleted: false }
            ? line
            : null;

    public void Add(JournalLine line)
    {
        _writer.WriteLine(JsonSerializer.Serialize(line));
        _writer.Flush();
    }

    public void Dispose() => _writer.Dispose();

    private static JournalLine? TryRead(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<JournalLine>(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
