using System.Collections.Immutable;
using System.Text.Json;
using CareCoordination.Application.Exports.Files;
using CareCoordination.Storage;

namespace CareCoordination.Application.Views;

/// <summary>The arguments of the job: a step for each view.</summary>
/// <param name="AsOf">The place in the change sequence that all files are of.</param>
internal sealed record ViewExportPlan(
    FileTicket Ticket,
    ImmutableArray<ExportedView> Views,
    string Format,
    bool HasHeader,
    long AsOf
)
{
    public const string Kind = "view-export";

    /// <summary>The ids of those whose data is exported; null: whoever it is about.</summary>
    public ImmutableArray<string>? Patients { get; init; }

    public DateTimeOffset? Since { get; init; }

    public string? TrackedAs { get; init; }

    /// <summary>The operation, as the audit trail names it.</summary>
    public required string Operation { get; init; }

    public static ViewExportPlan Of(Job job) => JsonSerializer.Deserialize<ViewExportPlan>(job.Arguments.Span)!;

    public byte[] ToUtf8Json() => JsonSerializer.SerializeToUtf8Bytes(this);
}

/// <param name="Json">The view as it was when it was asked for.</param>
internal sealed record ExportedView(string Name, string Json);

/// <summary>How far a view is: its files so far, and after which key it goes on.</summary>
internal sealed record ViewExportPlace(bool IsDone, long? After, ImmutableArray<ViewExportFile> Files)
{
    private static readonly ViewExportPlace Start = new(IsDone: false, null, []);

    public static ViewExportPlace Of(ReadOnlyMemory<byte> result) =>
        result.IsEmpty ? Start : JsonSerializer.Deserialize<ViewExportPlace>(result.Span)!;

    public byte[] ToUtf8Json() => JsonSerializer.SerializeToUtf8Bytes(this);
}

internal sealed record ViewExportFile(string Name, long Rows);
