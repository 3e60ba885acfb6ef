using System.Collections.Immutable;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Settings;
using CareCoordination.Storage;

namespace CareCoordination.Application.Audit;

/// <summary>
/// What one session is about, for its rows in the audit trail: a commit takes the row of its interaction along, and what has its row so
/// needs no other.
/// </summary>
public sealed class AuditScope(AuditOptions options)
{
    private HashSet<int>? _entries;

    /// <summary>The interaction that is answered; null: the session is opened for something else, as a timer.</summary>
    public FhirInteraction? Asked { get; private set; }

    /// <summary>The interaction has its row: it was written with what it wrote.</summary>
    public bool IsRecorded { get; private set; }

    public void Begin(FhirInteraction asked) => Asked ??= asked;

    /// <summary>An entry of a transaction has its row.</summary>
    /// <param name="entry">From 1.</param>
    public bool HasEntry(int entry) => _entries?.Contains(entry) is true;

    /// <summary>A line of the audit trail that is stored with what it tells of.</summary>
    internal AuditLine NewLine(Caller caller, string interaction, DateTimeOffset now) =>
        AuditLines.New(caller, interaction, now, options.Node);

    /// <summary>To be told of what was stored.</summary>
    internal void Stored(Commit commit, ImmutableArray<ChangeResult> results)
    {
        foreach (var line in commit.Audit)
        {
            if (!line.IsKept(results))
                continue;
            // An entry of a batch is asked for in a session of its own.
            if (line.Interaction == Asked?.Code)
                IsRecorded = true;
            else if (line.Entry > 0)
                (_entries ??= []).Add(line.Entry);
        }
    }
}
