namespace CareCoordination.RepoGuards;

/// <summary>
/// Without a comparer texts are ordered by the rules of a language, which change with the version of the ICU library: two nodes of
/// one database could disagree. Every order of texts names its comparer.
/// </summary>
public sealed class TextOrderTests
{
    [Fact]
    public void No_program_orders_texts_without_saying_how()
    {
        var offences =
            from assembly in Directory.EnumerateFiles(AppContext.BaseDirectory, "CareCoordination.*.dll")
            from call in SignatureNames.Calls(assembly).Distinct(StringComparer.Ordinal)
            where IsOrderOfText(call)
            select $"{Path.GetFileName(assembly)}: {call}";

        Assert.True(!offences.Any(), string.Join('\n', offences));
    }

    [Theory]
    [InlineData(true, "System.Linq.Enumerable.Order<string>(IEnumerable<!!0>)")]
    [InlineData(false, "System.Linq.Enumerable.Order<string>(IEnumerable<!!0>, IComparer<!!0>)")]
    [InlineData(false, "System.Linq.Enumerable.Order<int>(IEnumerable<!!0>)")]
    [InlineData(true, "System.Linq.Enumerable.ThenByDescending<Row, string>(IOrderedEnumerable<!!0>, Func<!!0, !!1>)")]
    [InlineData(true, "System.Linq.Enumerable.OrderBy<Row, ValueTuple<int, string>>(IEnumerable<!!0>, Func<!!0, !!1>)")]
    [InlineData(false, "System.Linq.Enumerable.OrderBy<string, int>(IEnumerable<!!0>, Func<!!0, !!1>)")]
    [InlineData(true, "System.Linq.Enumerable.Max<string>(IEnumerable<!!0>)")]
    [InlineData(true, "System.Linq.Enumerable.MinBy<Row, string>(IEnumerable<!!0>, Func<!!0, !!1>)")]
    [InlineData(true, "System.Collections.Generic.List<string>.Sort()")]
    [InlineData(false, "System.Collections.Generic.List<string>.Sort(IComparer<!0>)")]
    [InlineData(false, "System.Collections.Generic.List<string>.Sort(Comparison<!0>)")]
    [InlineData(true, "System.Collections.Generic.SortedSet<string>..ctor()")]
    [InlineData(true, "System.Collections.Generic.SortedDictionary<string, int>..ctor()")]
    [InlineData(false, "System.Collections.Generic.SortedDictionary<string, int>..ctor(IComparer<!0>)")]
    [InlineData(false, "System.Collections.Generic.SortedDictionary<int, string>..ctor()")]
    [InlineData(false, "System.Collections.Generic.SortedSet<string>.Add(!0)")]
    [InlineData(true, "System.Collections.Generic.Comparer<string>.get_Default()")]
    [InlineData(true, "System.Array.Sort<string>(!!0[])")]
    [InlineData(true, "string.CompareTo(string)")]
    [InlineData(true, "string.Compare(string, string)")]
    [InlineData(false, "string.Compare(string, string, StringComparison)")]
    [InlineData(false, "string.CompareOrdinal(string, string)")]
    public void Knows_an_order_that_depends_on_a_language(bool isOrderOfText, string call) =>
        Assert.Equal(isOrderOfText, IsOrderOfText(call));

    [Fact]
    public void The_guard_sees_the_calls_of_a_program()
    {
        var calls = SignatureNames.Calls(typeof(TextOrderTests).Assembly.Location).ToList();

        Assert.Contains("System.IO.Path.GetFileName(string)", calls);
        Assert.Contains(calls, c => c.StartsWith("System.Linq.Enumerable.Distinct<string>(", StringComparison.Ordinal));
    }

    /// <summary>A call as text: it orders by keys that are or hold text, and takes no comparer.</summary>
    private static bool IsOrderOfText(string call)
    {
        var open = call.IndexOf('(', StringComparison.Ordinal);
        var (name, parameters) = (call[..open], call[open..]);
        if (parameters.Contains("Compar", StringComparison.Ordinal))
            return false;
        if (name is "string.CompareTo" or "string.Compare")
            return true;
        if (TypeArguments(name) is not { } arguments)
            return false;
        var method = name.StartsWith("System.Linq.Enumerable.", StringComparison.Ordinal)
            ? name.Split('.', '<')[3]
            : "";
        return method switch
        {
            "Order" or "OrderDescending" or "Min" or "Max" or "ToSortedSet" => HoldsText(arguments[^1]),
            "OrderBy" or "OrderByDescending" or "ThenBy" or "ThenByDescending" or "MinBy" or "MaxBy" => HoldsText(
                arguments[1]
            ),
            _ => Ordered.Any(o =>
                name.StartsWith(o.Type, StringComparison.Ordinal)
                && (o.Member is null || name.EndsWith(o.Member, StringComparison.Ordinal))
            ) && HoldsText(arguments[0]),
        };
    }

    /// <summary>What orders by its first type argument: where the comparer is given, or whatever is called.</summary>
    private static readonly (string Type, string? Member)[] Ordered =
    [
        ("System.Collections.Generic.List<string>.", ".Sort"),
        ("System.Collections.Generic.List<string>.", ".BinarySearch"),
        ("System.Collections.Generic.SortedSet<", "..ctor"),
        ("System.Collections.Generic.SortedList<", "..ctor"),
        ("System.Collections.Generic.SortedDictionary<", "..ctor"),
        ("System.Collections.Generic.Comparer<", ".get_Default"),
        ("System.Collections.Immutable.ImmutableSortedSet.", null),
        ("System.Collections.Immutable.ImmutableSortedDictionary.", null),
        ("System.Array.Sort<", null),
        ("System.Array.BinarySearch<", null),
    ];

    private static bool HoldsText(string type) =>
        type == "string"
        || (type.StartsWith("ValueTuple<", StringComparison.Ordinal) && TypeArguments(type)!.Any(HoldsText));

    /// <summary>The outermost type arguments; null where there are none.</summary>
    private static List<string>? TypeArguments(string name)
    {
        var open = name.IndexOf('<', StringComparison.Ordinal);
        if (open < 0)
            return null;
        var (arguments, depth, start) = (new List<string>(), 0, open + 1);
        for (var i = open; i < name.Length; i++)
        {
            depth += name[i] switch
            {
                '<' => 1,
                '>' => -1,
                _ => 0,
            };
            if ((name[i] == ',' && depth == 1) || depth == 0)
            {
                arguments.Add(name[start..i].Trim());
                start = i + 1;
            }

            if (depth == 0)
                break;
        }

        return arguments;
    }
}
