using System.Collections.Immutable;
using static CareCoordination.Storage.Tables.ColumnType;

namespace CareCoordination.Storage.Tables;

/// <summary>The tables of what the server remembers for itself. docs/adr/0016-server-state.md</summary>
internal static class StateTables
{
    /// <summary>Of a hash in hexadecimal digits.</summary>
    public const int HashLength = 64;

    public static readonly TableShape RememberedAnswer = new(
        "RememberedAnswer",
        [
            new("KeyHash", Text, HashLength),
            new("Digest", Text, HashLength),
            new("AnswerType", Text, FhirTables.MaxIdLength),
            new("AnswerId", Text, FhirTables.MaxIdLength),
            new("AnswerVersion", Int),
            new("CreatedAt", Long),
            new("ExpiresAt", Long),
        ],
        ["KeyHash"],
        [new(["ExpiresAt"])]
    );

    /// <summary>EndedAt is 0 while the job goes on.</summary>
    public static readonly TableShape Job = new(
        "Job",
        [
            new("JobId", Text, FhirTables.MaxIdLength),
            new("Kind", Text, Storage.Job.MaxKindLength),
            new("Total", Int),
            new("CreatedAt", Long),
            new("EndedAt", Long),
            new("IsGivenUp", Short),
            new("Failures", Int),
            new("Arguments", Bytes),
        ],
        ["JobId"],
        [new(["EndedAt", "Kind", "CreatedAt"])]
    );

    public static readonly TableShape JobStep = new(
        "JobStep",
        [new("JobId", Text, FhirTables.MaxIdLength), new("Place", Int), new("Result", Bytes)],
        ["JobId", "Place"],
        []
    );

    public static readonly ImmutableArray<TableShape> All = [RememberedAnswer, Job, JobStep];

    public static readonly ImmutableArray<TableShape> Keys = [.. All.Select(t => t.KeyOnly())];
}
