using System.Collections.Immutable;
using System.Globalization;

namespace CareCoordination.Storage;

/// <summary>Who did something, as the audit trail names them.</summary>
/// <param name="Kind">By which door: <c>open</c>, <c>partner</c>, <c>user</c>, ...</param>
/// <param name="Subject">Their name for records; never a person's data.</param>
public sealed record AuditAgent(string Kind, string Subject)
{
    /// <summary>The resource that stands for them here: <c>Practitioner/1</c>.</summary>
    public string? Person { get; init; }

    /// <summary>The program that they used.</summary>
    public string? Client { get; init; }

    public ImmutableArray<string> Roles { get; init; } = [];

    public string? Organization { get; init; }

    /// <summary>A code of v3-PurposeOfUse. https://terminology.hl7.org/ValueSet-v3-PurposeOfUse.html</summary>
    public string? Purpose { get; init; }

    /// <summary>The network address that they asked from.</summary>
    public string? Address { get; init; }
}

/// <summary>One interaction as the audit trail keeps it: who, what, whose, and how it ended. No content of resources.</summary>
/// <param name="Interaction">As a CapabilityStatement names it, or an operation's <c>$name</c>.</param>
/// <param name="At">When it was asked.</param>
public sealed record AuditLine(AuditAgent Agent, string Interaction, DateTimeOffset At)
{
    /// <summary>Of what was asked for; null: the whole system, or nobody knows.</summary>
    public string? Type { get; init; }

    public string? Id { get; init; }

    /// <summary>The version that was read or written; 0: none.</summary>
    public int Version { get; init; }

    /// <summary>The ids of the patients whose data was seen or changed, all of them.</summary>
    public ImmutableArray<string> Patients { get; init; } = [];

    /// <summary>What was written besides: <c>Task/1/_history/2</c>.</summary>
    public ImmutableArray<string> Entities { get; init; } = [];

    /// <summary>What a decision was about, for people.</summary>
    public string? Activity { get; init; }

    /// <summary>Who is said to have acted, where the request names somebody: <c>Practitioner/1</c>.</summary>
    public string? By { get; init; }

    /// <summary>The criteria of a search.</summary>
    public string? Query { get; init; }

    /// <summary>The HTTP status of the answer.</summary>
    public int Status { get; init; }

    /// <summary>The id of the request, for its log lines.</summary>
    public string? Request { get; init; }

    /// <summary>Which entry of a Bundle, from 1; 0: none.</summary>
    public int Entry { get; init; }

    /// <summary>The node that answered.</summary>
    public string? Node { get; init; }

    /// <summary>How many such there were, where one row stands for several.</summary>
    public int Count { get; init; } = 1;

    /// <summary>
    /// The place of a change in its commit that says type, id, version and status; null: the line says so itself. Where the change has no
    /// effect the line is not written with it.
    /// </summary>
    public int? Change { get; init; }

    /// <summary>The places of changes in its commit whose versions are among <see cref="Entities"/> once they are written.</summary>
    public ImmutableArray<int> Writes { get; init; } = [];

    /// <summary>False where the changes that it stands for had no effect.</summary>
    public bool IsKept(ImmutableArray<ChangeResult> results) =>
        Change is { } place
            ? HasEffect(results[place])
            : Writes.IsEmpty || !Entities.IsEmpty || Writes.Any(w => HasEffect(results[w]));

    /// <summary>The line with what became of its changes.</summary>
    internal AuditLine Resolve(ImmutableArray<ChangeResult> results)
    {
        var line = Writes.IsEmpty
            ? this
            : this with
            {
                Entities = [.. Entities, .. Writes.Select(w => results[w]).Where(HasEffect).Select(VersionOf)],
                Writes = [],
            };
        return Change is { } place && results[place] is var (outcome, resource)
            ? line with
            {
                Type = resource.Key.Type,
                Id = resource.Key.Id,
                Version = resource.Version,
                Status = StatusOf(outcome),
                Change = null,
            }
            : line;
    }

    private static bool HasEffect(ChangeResult result) =>
        result.Outcome is not (ChangeOutcome.Unchanged or ChangeOutcome.NothingToDelete);

    private static string VersionOf(ChangeResult result) =>
        string.Create(CultureInfo.InvariantCulture, $"{result.Resource.Key}/_history/{result.Resource.Version}");

    /// <summary>As the change alone would be answered. https://hl7.org/fhir/R4/http.html#create</summary>
    private static int StatusOf(ChangeOutcome outcome) =>
        outcome switch
        {
            ChangeOutcome.Created => 201,
            ChangeOutcome.Deleted => 204,
            _ => 200,
        };
}

/// <summary>A line that is stored.</summary>
/// <param name="Sequence">Its place in the trail, from 1.</param>
/// <param name="Recorded">The time of the transaction that wrote it; never goes back along the sequence.</param>
public sealed record AuditRow(long Sequence, DateTimeOffset Recorded, AuditLine Line);

/// <summary>A place of the chain: a link and its hash.</summary>
/// <param name="Sequence">The number of its last row; 0: before the first row.</param>
/// <param name="Hash">SHA-256.</param>
public readonly record struct AuditHead(long Sequence, ReadOnlyMemory<byte> Hash)
{
    /// <summary>Before the first row.</summary>
    public static readonly AuditHead None = new(0, new byte[32]);

    /// <summary><c>12:0a1b...</c>: as an operator notes it down.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Sequence}:{Convert.ToHexStringLower(Hash.Span)}");
}

/// <summary>A part of the trail: of the links that were read, the rows that were asked for.</summary>
/// <param name="Next">The row to go on at; null: there are no more.</param>
public sealed record AuditPage(ImmutableArray<AuditRow> Rows, long? Next)
{
    public static readonly AuditPage Empty = new([], null);
}

/// <summary>Which rows of the trail are looked at, in which order.</summary>
public sealed record AuditQuery
{
    /// <summary>Beyond it no further part is larger: about 2 MB.</summary>
    public const int MostLinks = 128;

    /// <summary>How many links of the chain are read at most: none is read twice, however few of its rows are wanted.</summary>
    public int Links { get; init; } = 8;

    /// <summary>Only rows that name one of these resources; empty: all.</summary>
    public ImmutableArray<string> References { get; init; } = [];

    /// <summary>The first and the last row.</summary>
    public long First { get; init; } = 1;

    public long Last { get; init; } = long.MaxValue;

    public bool IsDescending { get; init; }

    /// <summary>The next part, twice as large: who wants few rows reads little, and who walks asks seldom. Null where no row is left.</summary>
    public AuditQuery? From(long? next)
    {
        if (next is not { } row || row < First || row > Last)
            return null;
        var links = Math.Min(2 * Links, MostLinks);
        return IsDescending ? this with { Links = links, Last = row } : this with { Links = links, First = row };
    }
}
