using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Search.Extraction;

namespace CareCoordination.Fhir.Search.Types;

public static partial class CompositeParameter
{
    /// <summary>The number a reference has as a part of a composite.</summary>
    private static HashKey ReferenceKey(int parameter, Primitives.ResourceKey target) =>
        StableHash.Of(target.ToString(), parameter);

    /// <summary>
    /// Joins the parts of one composite element: every first part with every second. Both are gathered by the extractors of
    /// their own types, under the composite's number.
    /// </summary>
    internal static void Extract(int parameter, PlanNode first, PlanNode second, JsonValue value, IndexWriter index)
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
        foreach (var token in left.Entries.Tokens)
        {
            if (token.System != TokenEntry.SystemOnly)
                Join(token.Code, token.System, right.Entries, index.Entries.Composites);
        }

        foreach (var reference in left.Entries.References)
            Join(
                ReferenceKey(parameter, reference.Target),
                TokenEntry.NoSystem,
                right.Entries,
                index.Entries.Composites
            );
    }

    private static void Join(HashKey first, long system, IndexEntries second, List<CompositeEntry> composites)
    {
        foreach (var token in second.Tokens)
        {
            if (token.System != TokenEntry.SystemOnly)
                composites.Add(new CompositeEntry(first, system, token.Code.Key, token.System, 0, 0, ""));
        }

        foreach (var quantity in second.Quantities)
            composites.Add(
                new CompositeEntry(first, system, quantity.Unit, quantity.System, quantity.Low, quantity.High, "")
            );
        foreach (var date in second.Dates)
            composites.Add(new CompositeEntry(first, system, 0, 0, date.Range.Start, date.Range.End, ""));
        foreach (var number in second.Numbers)
            composites.Add(new CompositeEntry(first, system, 0, 0, number.Low, number.High, ""));
        foreach (var text in second.Strings)
            composites.Add(new CompositeEntry(first, system, 0, 0, 0, 0, text.Value));
    }
}
