using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Storage;
using CareCoordination.Storage.Audit;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Stores;

namespace CareCoordination.Application.Audit;

/// <summary>What a walk along the chain of the audit trail has shown.</summary>
/// <param name="Rows">How many were looked at.</param>
/// <param name="Last">The last of them.</param>
/// <param name="Problems">A sentence for each place at which the trail is not as it was written; the first thousand.</param>
public sealed record AuditReport(long Rows, AuditHead Last, ImmutableArray<string> Problems);

/// <summary>
/// Walks along the chain and says which rows were changed, are missing, or stand where they should not. Whoever can write to the database
/// could write the whole end of the chain anew: that is seen by a head that was noted elsewhere.
/// </summary>
public sealed class AuditVerifier
{
    private const int Chunk = 1_000;
    private const int MaxProblems = 1_000;
    private readonly AuditStore _store;

    internal AuditVerifier(AuditStore store) => _store = store;

    /// <summary>The last row, to be noted elsewhere.</summary>
    public Task<AuditHead> HeadAsync(CancellationToken cancellationToken) => _store.HeadAsync(cancellationToken);

    /// <param name="first">The first row to look at; the rows before it are taken as they are.</param>
    /// <param name="last">Null: the last that there is now.</param>
    /// <param name="noted">A head that was noted before; null: there is none.</param>
    /// <param name="tell">Called with the row that the walk has come to.</param>
    public async Task<AuditReport> VerifyAsync(
        long first,
        long? last,
        AuditHead? noted,
        Action<long> tell,
        CancellationToken cancellationToken
    )
    {
        var cut = await _store.CutAsync(cancellationToken);
        var head = await _store.HeadAsync(cancellationToken);
        var walk = new ChainWalk(await BeforeAsync(cut, first, cancellationToken), MaxProblems);
        var end = Math.Min(last ?? head.Sequence, head.Sequence);
        for (var next = walk.Last.Sequence + 1; next <= end; )
        {
            var query = new AuditQuery(Chunk) { First = next, Last = end };
            var rows = await _store.ChainAsync(query, cancellationToken);
            if (rows.Count == 0)
                break;
            var keys = AuditSql.NewKeys();
            foreach (var row in rows)
                walk.Add(row, keys);
            if (keys.Count > 0)
                walk.Missing(await _store.MissingKeysAsync(keys, cancellationToken));
            next = rows[^1].Sequence + 1;
            tell(next - 1);
        }

        if (walk.Last.Sequence < end)
            walk.Gap(end + 1);
        if (noted is { } note)
            await CompareAsync(note, cut, head, walk, cancellationToken);
        return new AuditReport(walk.Rows, walk.Last, walk.Problems);
    }

    /// <summary>The row before the first that is looked at.</summary>
    private async Task<AuditHead> BeforeAsync(AuditHead cut, long first, CancellationToken cancellationToken) =>
        first > cut.Sequence + 1 && await FindAsync(first - 1, cancellationToken) is { } before ? before : cut;

    private async Task<AuditHead?> FindAsync(long sequence, CancellationToken cancellationToken) =>
        await _store.ChainAsync(new AuditQuery(1) { First = sequence, Last = sequence }, cancellationToken) is [var row]
            ? new AuditHead(row.Sequence, row.Hash)
            : null;

    private async Task CompareAsync(
        AuditHead noted,
        AuditHead cut,
        AuditHead head,
        ChainWalk walk,
        CancellationToken cancellationToken
    )
    {
        if (noted.Sequence < cut.Sequence)
            return;
        var found = noted.Sequence == cut.Sequence ? cut : await FindAsync(noted.Sequence, cancellationToken);
        if (found is { } there)
        {
            if (!there.Hash.Span.SequenceEqual(noted.Hash.Span))
                walk.Report($"Row {noted.Sequence} has another hash than was noted: the trail was written anew.");
        }
        else if (noted.Sequence > head.Sequence)
        {
            walk.Report(
                $"The trail ends at row {head.Sequence}, and row {noted.Sequence} was noted: its end was cut off."
            );
        }
        else
        {
            walk.Report($"Row {noted.Sequence}, which was noted, is missing.");
        }
    }
}

/// <summary>One walk along the chain.</summary>
/// <param name="before">The row that the first one follows.</param>
internal sealed class ChainWalk(AuditHead before, int maxProblems)
{
    private readonly ImmutableArray<string>.Builder _problems = ImmutableArray.CreateBuilder<string>();
    private readonly HashSet<long> _keys = [];
    private bool _isLastDoubtful;

    public AuditHead Last { get; private set; } = before;

    public long Rows { get; private set; }

    public ImmutableArray<string> Problems => _problems.ToImmutable();

    /// <param name="keys">Gets those by which the row should be found.</param>
    public void Add(ChainRow row, RowBuffer keys)
    {
        Rows++;
        if (row.Sequence > Last.Sequence + 1)
        {
            // What follows a gap cannot be compared with what is not there.
            Gap(row.Sequence);
            _isLastDoubtful = true;
        }
        else
        {
            var hash = AuditChain.Next(Last.Hash.Span, row.Sequence, row.Recorded, row.Content);
            var isRight = hash.AsSpan().SequenceEqual(row.Hash);
            if (!isRight)
                Report(
                    _isLastDoubtful
                        ? $"Row {row.Sequence} does not follow row {row.Sequence - 1}: one of them was changed, or stands in the place of another."
                        : $"Row {row.Sequence} was changed."
                );
            _isLastDoubtful = !isRight;
        }

        if (AuditContent.Read(row.Content) is { } line)
        {
            AuditChain.Keys(line, _keys);
            foreach (var key in _keys)
                keys.Add(key).Add(row.Sequence);
        }

        Last = new AuditHead(row.Sequence, row.Hash);
    }

    /// <summary>Rows are not found by what they name.</summary>
    public void Missing(List<(long Key, long Sequence)> missing)
    {
        foreach (var sequence in missing.Select(m => m.Sequence).Distinct().Order())
            Report(
                $"Row {sequence} is not found by all that it names: rows of the table AuditKey were removed or changed."
            );
    }

    /// <summary>There is nothing between the last row and this place.</summary>
    public void Gap(long next)
    {
        var (from, to) = (Last.Sequence + 1, next - 1);
        Report(
            from == to
                ? string.Create(CultureInfo.InvariantCulture, $"Row {from} is missing.")
                : string.Create(CultureInfo.InvariantCulture, $"Rows {from} to {to} are missing.")
        );
    }

    public void Report(string problem)
    {
        if (_problems.Count < maxProblems)
            _problems.Add(problem);
    }
}
