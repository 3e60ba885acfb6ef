using System.IO.Compression;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Canonicals;

namespace CareCoordination.Application.Import;

/// <summary>One file to import, with what tells whether it is still the same file as in an earlier run.</summary>
public sealed record ImportFile(string Path, long Length, DateTime ModifiedUtc)
{
    /// <summary>How others spell what this server defines; null where that is as it is known here.</summary>
    public CanonicalSpelling? Spelling { get; init; }

    /// <summary>What its resources are said to be; null: nobody says.</summary>
    public string? ResourceType { get; init; }

    /// <summary>By its name, where nobody has looked into it.</summary>
    public bool IsPacked { get; init; } = Path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    /// <summary>It is read no further, so that a small file cannot be without an end when it is unpacked.</summary>
    public long MaxUnpackedBytes { get; init; } = long.MaxValue;

    private static readonly string[] NdjsonEndings = [".ndjson", ".jsonl"];
    private static readonly string[] Endings = [".json", .. NdjsonEndings];

    /// <summary>True for one resource per line. https://hl7.org/fhir/R4/nd-json.html</summary>
    public bool IsNdjson => NdjsonEndings.Contains(Ending(Path));

    /// <summary>
    /// The named files, and those of the named folders that look like FHIR: in name order, so that a file others refer to goes
    /// first when its name starts with <c>0-</c>. Throws where a path does not exist.
    /// </summary>
    public static IReadOnlyList<ImportFile> Find(IEnumerable<string> paths) =>
        [
            .. paths
                .SelectMany(path => Directory.Exists(path) ? InFolder(path) : [path])
                .Select(path => System.IO.Path.GetFullPath(path))
                .Distinct(StringComparer.Ordinal)
                .Select(path => new FileInfo(path))
                .Select(info =>
                    info.Exists
                        ? new ImportFile(info.FullName, info.Length, info.LastWriteTimeUtc)
                        : throw new FileNotFoundException($"There is no file or folder {info.FullName}.")
                ),
        ];

    /// <summary>The files of the named folders that are of a kind which is not read.</summary>
    public static IReadOnlyList<string> NotRead(IEnumerable<string> paths) =>
        [
            .. paths
                .Where(Directory.Exists)
                .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
                .Where(path => !Endings.Contains(Ending(path)))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>The content, decompressed.</summary>
    /// <param name="onRead">Told the bytes of the file read so far, for progress.</param>
    public Stream Open(Action<long>? onRead = null)
    {
        Stream file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        if (onRead is not null)
            file = new CountingStream(file, onRead);
        if (IsPacked)
            file = new GZipStream(file, CompressionMode.Decompress);
        if (MaxUnpackedBytes < long.MaxValue)
            file = new BoundedStream(file, MaxUnpackedBytes);
        return Spelling is null ? file : new RespelledInput(file, Spelling);
    }

    private static IEnumerable<string> InFolder(string folder) =>
        Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(path => Endings.Contains(Ending(path)))
            .OrderBy(path => System.IO.Path.GetRelativePath(folder, path), StringComparer.Ordinal);

    private static string Ending(string path)
    {
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return System.IO.Path.GetExtension(name).ToLowerInvariant();
    }

    private sealed class CountingStream(Stream inner, Action<long> onRead) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => inner.Length;

        public override long Position
        {
            get => inner.Position;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            onRead(inner.Position);
            return read;
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
