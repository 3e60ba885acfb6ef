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
            var query = new AuditQuery
            {
                Links = AuditQuery.MostLinks,
                First = next,
                Last = end,
            };
            var links = await _store.ChainAsync(query, cancellationToken);
            if (links.Count == 0)
                break;
            var keys = AuditSql.NewKeys();
            foreach (var link in links)
                walk.Add(link, keys);
            if (keys.Count > 0)
                walk.Missing(links, await _store.MissingKeysAsync(keys, cancellationToken));
            next = links[^1].Sequence + 1;
            tell(next - 1);
        }

        if (walk.Last.Sequence < end)
            walk.Gap(end + 1);
        if (noted is { } note)
            await CompareAsync(note, cut, head, walk, cancellationToken);
        return new AuditReport(walk.Rows, walk.Last, walk.Problems);
    }

    /// <summary>The link before the first that is looked at.</summary>
    private async Task<AuditHead> BeforeAsync(AuditHead cut, long first, CancellationToken cancellationToken)
    {
        if (await FindAsync(first, cancellationToken) is { } link)
            first = Math.Min(first, link.First);
        return
            first > cut.Sequence + 1
            && await FindAsync(first - 1, cancellationToken) is { } before
            && before.Sequence == first - 1
            ? before.Head
            : cut;
    }

    /// <summary>The link with a row; where there is none, the one after it.</summary>
    private async Task<ChainLink?> FindAsync(long sequence, CancellationToken cancellationToken) =>
        await _store.ChainAsync(
            new AuditQuery
            {
                Links = 1,
                First = sequence,
                Last = sequence,
            },
            cancellationToken
        )
            is [var link]
            ? link
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
        var found = noted.Sequence == cut.Sequence ? cut : (await FindAsync(noted.Sequence, cancellationToken))?.Head;
        if (found is { } there && there.Sequence == noted.Sequence)
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
/// <param name="before">The link that the first one follows.</param>
internal sealed class ChainWalk(AuditHead before, int maxProblems)
{
    private readonly ImmutableArray<string>.Builder _problems = ImmutableArray.CreateBuilder<string>();
    private readonly HashSet<long> _keys = [];
    private bool _isLastDoubtful;

    public AuditHead Last { get; private set; } = before;

    public long Rows { get; private set; }

    public ImmutableArray<string> Problems => _problems.ToImmutable();

    /// <param name="keys">Gets those by which the link should be found.</param>
    public void Add(ChainLink link, RowBuffer keys)
    {
        Rows += AuditContent.Count(link.Content);
        if (link.First > Last.Sequence + 1)
        {
            // What follows a gap cannot be compared with what is not there.
            Gap(link.First);
            _isLastDoubtful = true;
        }
        else
        {
            var hash = AuditChain.Next(Last.Hash.Span, link.Sequence, link.Recorded, link.Content);
            var isRight = hash.AsSpan().SequenceEqual(link.Hash);
            if (!isRight)
                Report(
                    _isLastDoubtful
                        ? $"Row {link.First} does not follow row {link.First - 1}: one of them was changed, or stands in the place of another."
                        : $"{Name(link.First, link.Sequence, "was", "were")} changed."
                );
            _isLastDoubtful = !isRight;
        }

        _keys.Clear();
        foreach (var row in link.Lines())
            AuditChain.AddKeys(row.Line, _keys);
        foreach (var key in _keys)
            keys.Add(key).Add(link.Sequence);
        Last = link.Head;
    }

    /// <summary>Links are not found by what their rows name.</summary>
    public void Missing(List<ChainLink> links, List<(long Key, long Sequence)> missing)
    {
        var sequences = missing.Select(m => m.Sequence).ToHashSet();
        foreach (var link in links.Where(link => sequences.Contains(link.Sequence)))
            Report(
                $"{Name(link.First, link.Sequence, "is", "are")} not found by all that {(link.First == link.Sequence ? "it names" : "they name")}: rows of the table AuditKey were removed or changed."
            );
    }

    /// <summary>There is nothing between the last row and this place.</summary>
    public void Gap(long next) => Report($"{Name(Last.Sequence + 1, next - 1, "is", "are")} missing.");

    /// <summary>Rows that were stored together are told of together.</summary>
    private static string Name(long first, long last, string one, string several) =>
        first >= last
            ? string.Create(CultureInfo.InvariantCulture, $"Row {last} {one}")
            : string.Create(CultureInfo.InvariantCulture, $"Rows {first} to {last} {several}");

    public void Report(string problem)
    {
        if (_problems.Count < maxProblems)
            _problems.Add(problem);
    }
}
