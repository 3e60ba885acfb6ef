using System.Numerics;
using CareCoordination.Storage.Engines;

namespace CareCoordination.Storage.Search.Matching;

/// <summary>
/// A condition on the interval of an index row, from its low to its high end: each bound is included, and null where there is
/// none. What a comparison prefix asks for is one box or two.
/// </summary>
internal readonly record struct Box<T>(T? LowMin, T? LowMax, T? HighMin, T? HighMax)
    where T : struct, INumber<T>, IMinMaxValue<T>
{
    /// <summary>
    /// The fewest boxes that hold the same rows: open ones of a kind become one, and those that ask for an overlap with ranges
    /// that overlap each other do too. The low end of a row is never above its high end.
    /// </summary>
    public static List<Box<T>> Reduce(IEnumerable<Box<T>> boxes)
    {
        var open = new Box<T>();
        var overlaps = new List<(T From, T To)>();
        var others = new HashSet<Box<T>>();
        foreach (var box in boxes)
        {
            switch (box)
            {
                case { LowMin: { } from, LowMax: null, HighMin: null, HighMax: null }:
                    open = open with { LowMin = T.Min(from, open.LowMin ?? from) };
                    break;
                case { LowMin: null, LowMax: { } to, HighMin: null, HighMax: null }:
                    open = open with { LowMax = T.Max(to, open.LowMax ?? to) };
                    break;
                case { LowMin: null, LowMax: null, HighMin: { } from, HighMax: null }:
                    open = open with { HighMin = T.Min(from, open.HighMin ?? from) };
                    break;
                case { LowMin: null, LowMax: null, HighMin: null, HighMax: { } to }:
                    open = open with { HighMax = T.Max(to, open.HighMax ?? to) };
                    break;
                case { LowMin: null, LowMax: { } to, HighMin: { } from, HighMax: null }:
                    overlaps.Add((from, to));
                    break;
                default:
                    others.Add(box);
                    break;
            }
        }

        var reduced = new List<Box<T>>();
        if (open.HighMin is not null)
            reduced.Add(new(null, null, open.HighMin, null));
        if (open.LowMin is not null)
            reduced.Add(new(open.LowMin, null, null, null));
        if (open.LowMax is not null)
            reduced.Add(new(null, open.LowMax, null, null));
        if (open.HighMax is not null)
            reduced.Add(new(null, null, null, open.HighMax));
        reduced.AddRange(Merge(overlaps).Select(range => new Box<T>(null, range.To, range.From, null)));
        reduced.AddRange(others);
        return reduced;
    }

    /// <summary>Writes the condition on two expressions.</summary>
    public void Write(SqlBuilder sql, string low, string high)
    {
        var before = "";
        void Bound(T? bound, string expression, string comparison)
        {
            if (bound is not { } value)
                return;
            sql.Add($"{new RawSql(before)}{new RawSql(expression)} {new RawSql(comparison)} {value}");
            before = " AND ";
        }

        Bound(LowMin, low, ">=");
        Bound(LowMax, low, "<=");
        Bound(HighMin, high, ">=");
        Bound(HighMax, high, "<=");
    }

    /// <summary>Adds the four bounds to a row of a list; where there is none the first or last number there is.</summary>
    public IEnumerable<T> Bounds =>
        [LowMin ?? T.MinValue, LowMax ?? T.MaxValue, HighMin ?? T.MinValue, HighMax ?? T.MaxValue];

    /// <summary>The condition on the columns of <c>x</c> that the bounds of a listed row <c>q</c> make.</summary>
    public static string Listed(string low, string high) =>
        $"{low} >= q.\"LowMin\" AND {low} <= q.\"LowMax\" AND {high} >= q.\"HighMin\" AND {high} <= q.\"HighMax\"";

    private static IEnumerable<(T From, T To)> Merge(List<(T From, T To)> ranges)
    {
        ranges.Sort();
        for (var i = 0; i < ranges.Count; )
        {
            var (from, to) = ranges[i];
            for (i++; i < ranges.Count && ranges[i].From <= to; i++)
                to = T.Max(to, ranges[i].To);
            yield return (from, to);
        }
    }
}
