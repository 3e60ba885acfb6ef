using CareCoordination.Fhir.Search;

namespace CareCoordination.Storage.Commits;

/// <summary>What a commit takes of a transaction, as far as it can be told before it is decided.</summary>
/// <param name="Rows">Versions, index rows and work rows. Those of earlier versions that it removes are not counted.</param>
internal readonly record struct CommitSize(int Rows, long Bytes)
{
    // What a version takes beside its content.
    private const int Overhead = 64;

    public static CommitSize Of(Commit commit)
    {
        var (rows, bytes) = (commit.Outbox.Length, 0L);
        foreach (var line in commit.Audit)
            rows += 2 + line.Patients.Length + line.Entities.Length;
        foreach (var change in commit.Changes)
        {
            rows++;
            bytes += Overhead;
            if (change is IndexAnew anew)
                rows += RowsOf(anew.Index) + anew.Strays.Length;
            if (change is not PutResource put)
                continue;
            rows += RowsOf(put.Index) + (put.Projection?.Reading?.Codes.Length ?? 0);
            bytes += put.Content.Before.Length + put.Content.After.Length;
        }

        return new(rows, bytes);
    }

    private static int RowsOf(IndexEntries index) =>
        index.Tokens.Count
        + index.Strings.Count
        + index.Dates.Count
        + index.Numbers.Count
        + index.Quantities.Count
        + index.References.Count
        + index.Patients.Count
        + index.Uris.Count
        + index.Composites.Count;
}
