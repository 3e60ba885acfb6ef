using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;

namespace CareCoordination.Application.Reindexing;

/// <summary>
/// The arguments of the job: first a step for each type, which writes the rows of its resources, then one for each table whose rows cannot
/// be asked for by resource, which removes those that no resource has.
/// </summary>
/// <param name="IsOfAll">Every type there is; <paramref name="Types"/> are those that had resources.</param>
/// <param name="Resources">How many there were when the job began.</param>
internal sealed record ReindexPlan(bool IsOfAll, ImmutableArray<string> Types, long Resources)
{
    public int Steps => Types.Length + StrayQuery.Tables;

    public static ReindexPlan Of(Job job) => JsonSerializer.Deserialize<ReindexPlan>(job.Arguments.Span)!;

    public byte[] ToUtf8Json() => JsonSerializer.SerializeToUtf8Bytes(this);
}

/// <summary>How far a step is.</summary>
/// <param name="Seen">Resources, or rows.</param>
/// <param name="Wrong">Resources that had rows which are not theirs.</param>
/// <param name="At">Where it goes on, in the words of the step.</param>
internal sealed record ReindexPlace(bool IsDone, long Seen, long Wrong, byte[] At)
{
    public static readonly ReindexPlace Start = new(IsDone: false, 0, 0, []);

    /// <summary>Where a walk through a type goes on: no property, which would be written with the place of a table too.</summary>
    public PageCursor? ToCursor() =>
        At.Length == 0 ? null : new PageCursor(null, long.Parse(At, NumberStyles.None, CultureInfo.InvariantCulture));

    public static ReindexPlace Of(ReadOnlyMemory<byte> result) =>
        result.IsEmpty ? Start : JsonSerializer.Deserialize<ReindexPlace>(result.Span)!;

    public byte[] ToUtf8Json() => JsonSerializer.SerializeToUtf8Bytes(this);
}
