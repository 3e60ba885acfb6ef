using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using CareCoordination.Application.Exports.Files;
using CareCoordination.Storage;

namespace CareCoordination.Application.Exports;

/// <summary>The arguments of the job: a step for each type, and one that tells the audit trail of whom they are.</summary>
/// <param name="Types">Those that have resources, and of which whoever asked may see some.</param>
/// <param name="AsOf">The place in the change sequence that all files are of.</param>
/// <param name="TransactionTime">When the last change up to it was made: the <c>_since</c> of the next export.</param>
internal sealed record ExportPlan(
    FileTicket Ticket,
    ExportRequest Request,
    ImmutableArray<string> Types,
    long AsOf,
    DateTimeOffset TransactionTime
)
{
    public const string Kind = "export";

    /// <summary>The id of the Group whose members are exported; null: there is none.</summary>
    public string? Group { get; init; }

    /// <summary>Which version of it says who they are.</summary>
    public int GroupVersion { get; init; }

    /// <summary>The address by which criteria were read.</summary>
    public required string BaseUrl { get; init; }

    [JsonIgnore]
    public int Steps => Types.Length + 1;

    public static ExportPlan Of(Job job) => JsonSerializer.Deserialize<ExportPlan>(job.Arguments.Span)!;

    public byte[] ToUtf8Json() => JsonSerializer.SerializeToUtf8Bytes(this);
}

/// <summary>A file that was made.</summary>
internal sealed record ExportFile(string Name, string Type, long Count, long Bytes)
{
    /// <summary>It tells which resources were deleted.</summary>
    public bool IsOfDeletions { get; init; }
}

/// <summary>How far a step is: the files of a type so far, and after which key it goes on.</summary>
internal sealed record ExportPlace(bool IsDone, long? After, ImmutableArray<ExportFile> Files)
{
    public static readonly ExportPlace Start = new(IsDone: false, null, []);

    public static ExportPlace Of(ReadOnlyMemory<byte> result) =>
        result.IsEmpty ? Start : JsonSerializer.Deserialize<ExportPlace>(result.Span)!;

    public byte[] ToUtf8Json() => JsonSerializer.SerializeToUtf8Bytes(this);
}
