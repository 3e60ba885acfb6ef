using System.Collections.Immutable;
using System.Text.Json;
using CareCoordination.Application.Exports.Files;
using CareCoordination.Storage;

namespace CareCoordination.Application.Import.Bulk;

/// <summary>The arguments of the job: a step for each file.</summary>
/// <param name="Source">As <see cref="BulkImport.Source"/>.</param>
/// <param name="BaseUrl">The address of this server.</param>
/// <param name="WithToken">False: the files ask for none.</param>
internal sealed record ImportPlan(
    FileTicket Ticket,
    ImmutableArray<AskedFile> Files,
    string? Source,
    string BaseUrl,
    bool WithToken
)
{
    public const string Kind = "import";

    public static ImportPlan Of(Job job) => JsonSerializer.Deserialize<ImportPlan>(job.Arguments.Span)!;

    public byte[] ToUtf8Json() => JsonSerializer.SerializeToUtf8Bytes(this);
}

/// <summary>A list of what was rejected.</summary>
internal sealed record ReportFile(string Name, long Count);

/// <summary>How far a step is.</summary>
/// <param name="Lines">Of the file that are done.</param>
/// <param name="Written">Resources that were created, updated or deleted.</param>
/// <param name="Unchanged">Those that were stored already as they are, or were not there to be deleted.</param>
internal sealed record ImportPlace(bool IsDone, int Lines, long Written, long Unchanged)
{
    public static readonly ImportPlace Start = new(IsDone: false, 0, 0, 0);

    /// <summary>The file as it was fetched; null: it was not, or is not needed any more.</summary>
    public string? Fetched { get; init; }

    public ImmutableArray<ReportFile> Reports { get; init; } = [];

    public static ImportPlace Of(ReadOnlyMemory<byte> result) =>
        result.IsEmpty ? Start : JsonSerializer.Deserialize<ImportPlace>(result.Span)!;

    public byte[] ToUtf8Json() => JsonSerializer.SerializeToUtf8Bytes(this);
}
