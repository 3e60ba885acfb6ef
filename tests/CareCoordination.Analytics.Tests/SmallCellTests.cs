using CareCoordination.Analytics.Measures;

namespace CareCoordination.Analytics.Tests;

/// <summary>Whoever adds and subtracts what is told finds no single people.</summary>
public sealed class SmallCellTests
{
    [Theory]
    [InlineData("3,20,30", 11, "-,-,30")]
    [InlineData("20,30", 11, "20,30")]
    [InlineData("0,20", 11, "0,20")]
    [InlineData("3,4,30", 5, "-,-,30")]
    [InlineData("1,1,30,40", 11, "-,-,-,40")]
    [InlineData("3,20", 11, "-,-")]
    [InlineData("3,0,0", 11, "-,0,0")]
    [InlineData("3,4", 11, "-,-")]
    [InlineData("3,1", 0, "3,1")]
    [InlineData("1,1,1", 3, null)]
    [InlineData("1,1,1,3", 3, "-,-,-,-")]
    [InlineData("", 11, "")]
    public void Where_one_is_hidden_another_is_too(string counts, int smallest, string? told)
    {
        var cells = counts.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToArray();

        var shown = SmallCells.Told(cells, smallest);

        Assert.Equal(
            told,
            shown is { } each ? string.Join(',', cells.Select((cell, i) => each[i] ? $"{cell}" : "-")) : null
        );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_count_that_is_hidden_follows_from_the_others_and_the_sum(int seed)
    {
        var random = new Random(seed);
        for (var run = 0; run < 3_000; run++)
        {
            var smallest = random.Next(2, 9);
            var cells = Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(random.Next(2, 12))).ToArray();
            var said = $"{string.Join(',', cells)} below {smallest}";
            if (SmallCells.Told(cells, smallest) is not { } told)
            {
                // Everybody is alone.
                Assert.True(cells.All(cell => cell <= 1), said);
                continue;
            }

            for (var i = 0; i < cells.Length; i++)
                Assert.True(cells[i] == 0 || cells[i] >= smallest || !told[i], said);
            if (cells.All(cell => cell == 0 || cell >= smallest))
                Assert.True(told.All(t => t), said);
            var hidden = cells.Where((_, i) => !told[i]).ToArray();
            if (hidden.Length == 0 || cells.Sum() < smallest)
                continue;
            // Somebody knows the sum, what is told, and that nobody hides none.
            var possible = Fillings(hidden.Length, hidden.Sum()).ToList();
            for (var i = 0; i < hidden.Length; i++)
                Assert.True(possible.Select(filling => filling[i]).Distinct().Count() > 1, said);
        }
    }

    /// <summary>Every way in which so many counts, each of somebody, come to a sum.</summary>
    private static IEnumerable<int[]> Fillings(int cells, int sum)
    {
        if (cells == 1)
        {
            if (sum >= 1)
                yield return [sum];
            yield break;
        }

        for (var first = 1; first <= sum - cells + 1; first++)
        {
            foreach (var rest in Fillings(cells - 1, sum - first))
                yield return [first, .. rest];
        }
    }
}
