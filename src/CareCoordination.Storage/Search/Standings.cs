using System.Collections.Concurrent;
using System.Collections.Immutable;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Search.Matching;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search;

/// <summary>
/// Whom callers act as, found out before what they see is asked for: a statement then names parties by their keys. It changes rarely and
/// is asked for by every read, so it is remembered together with the number of the transaction that changed it last; one that finds
/// another number finds out anew.
/// </summary>
/// <param name="remembers">
/// False inside transactions that write: they see changes of their own to who acts as whom, of which nothing outside may know.
/// </param>
internal sealed class Standings(SqlDialect dialect, IndexSource source, bool remembers)
{
    /// <summary>
    /// Somebody acts as another through at most so many relations: as their role, which covers for a role, which is a member of a team.
    /// </summary>
    private const int ActingSteps = 3;

    // Of about 300 bytes. Whoever asks again after so many others is found out anew.
    private const int MostRemembered = 20_000;

    /// <summary>The number of the transaction that last changed who acts as whom, as a column.</summary>
    public const string Change = """(SELECT c."CommitId" FROM "ActingChange" c WHERE c."Id" = 1)""";

    private static readonly Sql ChangeSql = new("""SELECT "CommitId" FROM "ActingChange" WHERE "Id" = 1""", []);
    private readonly ConcurrentDictionary<Asker, Standing> _remembered = new();

    /// <summary>What is remembered of the askers of a visibility; null where it is not of all of them, or not of the same time.</summary>
    public KnownVisibility? Remembered(Visibility visibility)
    {
        long? change = null;
        var known = new Dictionary<Asker, ImmutableArray<long>>(visibility.Askers.Length);
        foreach (var asker in visibility.Askers)
        {
            if (!_remembered.TryGetValue(asker, out var standing) || (change ?? standing.Change) != standing.Change)
                return null;
            change = standing.Change;
            known.Add(asker, standing.At(visibility.Now));
        }

        return new KnownVisibility(visibility.Knowing(known), change);
    }

    /// <summary>The transaction that last changed who acts as whom.</summary>
    public static Task<long> ChangeAsync(DbSession session, CancellationToken cancellationToken) =>
        session.FirstAsync(ChangeSql, row => row.GetInt64(0), cancellationToken);

    /// <summary>The same with whom its askers act as now, as the session sees it. What is remembered is used where it still holds.</summary>
    public async Task<Visibility> KnowAsync(
        DbSession session,
        Visibility visibility,
        CancellationToken cancellationToken
    )
    {
        // Before the relations are read: what changes between is found out anew the next time.
        var change =
            remembers && !visibility.Askers.IsEmpty ? await ChangeAsync(session, cancellationToken) : default(long?);
        if (remembers && Remembered(visibility) is { } remembered && remembered.Holds(change))
            return remembered.Visibility;
        var known = new Dictionary<Asker, ImmutableArray<long>>(visibility.Askers.Length);
        foreach (var asker in visibility.Askers)
        {
            var standing = await LoadAsync(session, asker, change ?? 0, cancellationToken);
            known.Add(asker, standing.At(visibility.Now));
            if (remembers)
                Remember(asker, standing);
        }

        return visibility.Knowing(known);
    }

    /// <summary>The keys of whom somebody is and acts as, as the session sees it.</summary>
    public async Task<ImmutableArray<long>> PartiesAsync(
        DbSession session,
        Asker asker,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) => (await LoadAsync(session, asker, 0, cancellationToken)).At(now);

    private void Remember(Asker asker, Standing standing)
    {
        // One that has no row yet may get one by any transaction: there is no number that would tell.
        if (!standing.IsWhole)
            return;
        if (_remembered.Count >= MostRemembered)
            _remembered.Clear();
        _remembered[asker] = standing;
    }

    /// <summary>The relations by which somebody acts, those of other times included, from each step to the next.</summary>
    private async Task<Standing> LoadAsync(
        DbSession session,
        Asker asker,
        long change,
        CancellationToken cancellationToken
    )
    {
        if (asker.Parties.IsEmpty)
            return new Standing(change, [], [], IsWhole: true);
        var keys = new SqlBuilder(dialect);
        KeyRows.WriteSelect(keys, source, asker.Parties);
        var own = await session.QueryAsync(keys.Build(), row => row.GetInt64(0), cancellationToken);
        var isWhole = own.Count == asker.Parties.Distinct().Count();
        var acting = ImmutableArray.CreateBuilder<Acting>();
        var seen = own.ToHashSet();
        var last = own;
        for (var step = 1; step <= ActingSteps && last.Count > 0 && !asker.ActingKinds.IsEmpty; step++)
        {
            var found = await session.QueryAsync(
                OfParties(last, asker.ActingKinds),
                row => new Acting(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)),
                cancellationToken
            );
            acting.AddRange(found);
            last = [.. found.Select(relation => relation.Of).Where(seen.Add)];
        }

        return new Standing(change, [.. own], acting.ToImmutable(), isWhole);
    }

    private Sql OfParties(List<long> parties, ImmutableArray<short> kinds)
    {
        var sql = new SqlBuilder(dialect).Add(
            """SELECT a."Party", a."Of", a."Start", a."End" FROM "CareRelation" a WHERE """
        );
        dialect.AnyOf(sql, "a.\"Party\"", parties);
        dialect.AnyOf(sql.Add(" AND "), "a.\"Kind\"", kinds);
        return sql.Build();
    }

    /// <summary>A party acts as another from a time until before another, in ticks of UTC.</summary>
    private readonly record struct Acting(long Party, long Of, long Start, long End)
    {
        public bool Holds(long now) => Start <= now && End > now;
    }

    /// <summary>Whom somebody acts as at whatever time.</summary>
    /// <param name="Change">The transaction after which it is so.</param>
    /// <param name="IsWhole">The store has heard of each of the asker's own parties.</param>
    private sealed record Standing(
        long Change,
        ImmutableArray<long> Own,
        ImmutableArray<Acting> Relations,
        bool IsWhole
    )
    {
        private Hours? _last;

        public ImmutableArray<long> At(DateTimeOffset now)
        {
            var ticks = now.UtcTicks;
            if (_last is not { } last || ticks < last.From || ticks >= last.Until)
                _last = last = Find(ticks);
            return last.Parties;
        }

        private Hours Find(long now)
        {
            var parties = Own.ToHashSet();
            var last = Own.ToHashSet();
            for (var step = 1; step <= ActingSteps && last.Count > 0; step++)
                last =
                [
                    .. Relations
                        .Where(relation => last.Contains(relation.Party) && relation.Holds(now))
                        .Select(relation => relation.Of)
                        .Where(parties.Add),
                ];
            var ends = Relations.SelectMany(relation => (long[])[relation.Start, relation.End]).ToList();
            return new Hours(
                ends.Where(end => end <= now).DefaultIfEmpty(long.MinValue).Max(),
                ends.Where(end => end > now).DefaultIfEmpty(long.MaxValue).Min(),
                [.. parties.Order()]
            );
        }
    }

    /// <summary>Who it is while no relation begins or ends.</summary>
    private sealed record Hours(long From, long Until, ImmutableArray<long> Parties);
}

/// <summary>What somebody sees, with whom they act as.</summary>
/// <param name="Change">The transaction after which they do; null: nothing of it depends on whom anybody acts as.</param>
internal sealed record KnownVisibility(Visibility Visibility, long? Change)
{
    /// <summary>True where it is so yet.</summary>
    /// <param name="last">The transaction that last changed who acts as whom.</param>
    public bool Holds(long? last) => Change is null || Change == last;
}
