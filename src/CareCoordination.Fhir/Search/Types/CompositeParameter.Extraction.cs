using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Search.Extraction;

namespace CareCoordination.Fhir.Search.Types;

public static partial class CompositeParameter
{
    // More than there can be room for.
    private const long NoRoom = 1L << 40;

    /// <summary>The number a reference has as a part of a composite.</summary>
    private static HashKey ReferenceKey(int parameter, Primitives.ResourceKey target) =>
        StableHash.Of(target.ToString(), parameter);

    /// <summary>
    /// Joins the parts of one composite element: every first part with every second. Both are gathered by the extractors of
    /// their own types, under the composite's number.
    /// </summary>
    internal static void Extract(int parameter, PlanNode first, PlanNode second, JsonValue value, EntryCollector index)
    {
        var (left, right) = index.Parts;
        // Most resources with the first part, a code, lack the second: an Observation has one type of value.
        second.Walk(value, right);
        if (right.Presence == 0)
            return;
        first.Walk(value, left);
        if (left.Presence == 0)
            return;
        index.Presence |= left.Presence;
        KeepParts(left.Entries);
        KeepParts(right.Entries);
        // Counted before they are made: a thousand codes with a thousand values are a million tuples.
        if (!index.HasRoomFor(left.IsFull || right.IsFull ? NoRoom : Tuples(left.Entries, right.Entries)))
            return;

        foreach (var token in left.Entries.Tokens)
            Join(token.Code, token.System, right.Entries, index);
        foreach (var reference in left.Entries.References)
            Join(ReferenceKey(parameter, reference.Target), TokenEntry.NoSystem, right.Entries, index);
    }

    /// <summary>
    /// A token with two numbers: the row's interval is from the first to the second. A resource without one of them has no such row.
    /// </summary>
    internal static void ExtractInterval(
        (PlanNode Token, PlanNode Start, PlanNode End) parts,
        JsonValue token,
        JsonValue value,
        EntryCollector index
    )
    {
        var (left, right) = index.Parts;
        parts.Token.Walk(token, left);
        parts.Start.Walk(value, right);
        var starts = right.Entries.Numbers.Count;
        parts.End.Walk(value, right);
        var numbers = right.Entries.Numbers;
        if (starts == 0 || numbers.Count == starts || left.Entries.Tokens.Count == 0)
            return;
        index.Presence |= left.Presence;
        KeepParts(left.Entries);
        foreach (var first in left.Entries.Tokens)
            index.Add(new CompositeEntry(first.Code, first.System, 0, 0, numbers[0].Low, numbers[^1].High, ""));
    }

    /// <summary>Leaves what a tuple can be made of, each once.</summary>
    private static void KeepParts(IndexEntries entries)
    {
        entries.Tokens.RemoveAll(token => token.System == TokenEntry.SystemOnly);
        IndexEntries.Deduplicate(entries.Tokens);
        IndexEntries.Deduplicate(entries.References);
        IndexEntries.Deduplicate(entries.Quantities);
        IndexEntries.Deduplicate(entries.Strings);
    }

    private static long Tuples(IndexEntries first, IndexEntries second) =>
        (long)(first.Tokens.Count + first.References.Count)
        * (
            second.Tokens.Count
            + second.Quantities.Count
            + second.Dates.Count
            + second.Numbers.Count
            + second.Strings.Count
        );

    private static void Join(HashKey first, long system, IndexEntries second, EntryCollector index)
    {
        foreach (var token in second.Tokens)
            index.Add(new CompositeEntry(first, system, token.Code.Key, token.System, 0, 0, ""));

        foreach (var quantity in second.Quantities)
            index.Add(
                new CompositeEntry(first, system, quantity.Unit, quantity.System, quantity.Low, quantity.High, "")
            );
        foreach (var date in second.Dates)
            index.Add(new CompositeEntry(first, system, 0, 0, date.Range.Start, date.Range.End, ""));
        foreach (var number in second.Numbers)
            index.Add(new CompositeEntry(first, system, 0, 0, number.Low, number.High, ""));
        foreach (var text in second.Strings)
            index.Add(new CompositeEntry(first, system, 0, 0, 0, 0, text.Value));
    }
}
