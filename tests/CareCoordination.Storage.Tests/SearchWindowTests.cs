using System.Globalization;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Search;
using CareCoordination.Storage.Stores;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Tests;

/// <summary>
/// What may be most of a type or nearly nothing of it, newest first: what a page takes goes by the smaller of how many have it and how far
/// back the newest of them lie. Of a status it goes by the page alone (<see cref="StatusOrderTests"/>).
/// </summary>
public sealed class SearchWindowTests
{
    private const int Tasks = 3_000;

    /// <summary>How many of the tasks have the status, and whether those are the oldest or spread.</summary>
    public static TheoryData<StorageProvider, int, bool> Densities
    {
        get
        {
            var data = new TheoryData<StorageProvider, int, bool>();
            foreach (var provider in Engines.All)
            {
                foreach (var count in (int[])[0, 1, 5, 40, 300, 2_100, Tasks])
                {
                    data.Add(provider, count, true);
                    data.Add(provider, count, false);
                }
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Densities))]
    public async Task Pages_are_whole_however_rare_the_status_is_and_wherever_it_lies(
        StorageProvider provider,
        int count,
        bool isOldest
    )
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        bool Has(int i) => isOldest ? i < count : count > 0 && i % (Tasks / count) == 0 && i / (Tasks / count) < count;
        for (var first = 0; first < Tasks; first += 500)
            await store.CommitAsync(
                new Commit([.. Enumerable.Range(first, 500).Select(i => Given.Put($"Task/t{i}", Task(Has(i))))], []),
                TestContext.Current.CancellationToken
            );

        var expected = Enumerable.Range(0, Tasks).Where(Has).Reverse().Select(i => $"t{i}").ToList();
        foreach (var criteria in (string[])["status=failed", "priority=stat", "status=failed&priority=stat"])
        {
            var found = await FindAsync(store, Given.Query($"Task?{criteria}&_sort=-_lastUpdated&_count=20"));
            Assert.Equal(expected.Take(found.Count), found);
            Assert.True(found.Count == expected.Count || found.Count > 100, $"{found.Count} of {expected.Count}");
        }
    }

    /// <summary>The first hundred and some, page by page.</summary>
    private static async Task<List<string>> FindAsync(ResourceStore store, SearchQuery query)
    {
        var found = new List<string>();
        for (PageCursor? after = null; ; )
        {
            var page = await store.SearchAsync(query with { After = after }, TestContext.Current.CancellationToken);
            found.AddRange(page.Matches.Select(m => m.Key.Id));
            if ((after = page.Next) is null || found.Count > 100)
                return found;
        }
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_status_that_becomes_rare_or_common_is_found_whole(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        var query = Given.Query("Task?status=failed&_sort=-_lastUpdated&_count=20");
        foreach (var failed in (int[])[30, 1_500, 3, 1_500, 0, 700, 25, 1_500])
        {
            for (var first = 0; first < 1_500; first += 500)
                await store.CommitAsync(
                    new Commit(
                        [.. Enumerable.Range(first, 500).Select(i => Given.Put($"Task/t{i}", Task(i < failed)))],
                        []
                    ),
                    TestContext.Current.CancellationToken
                );

            for (var time = 0; time < 3; time++)
            {
                var page = await store.SearchAsync(query, TestContext.Current.CancellationToken);
                Assert.Equal(Math.Min(20, failed), page.Matches.Length);
                Assert.Equal(failed > 20, page.Next is not null);
                Assert.Equal(
                    page.Matches.OrderByDescending(m => m.Sequence).Select(m => m.Key),
                    page.Matches.Select(m => m.Key)
                );
                Assert.All(
                    page.Matches,
                    m => Assert.True(int.Parse(m.Key.Id[1..], CultureInfo.InvariantCulture) < failed)
                );
            }
        }
    }

    [Fact]
    public void The_rows_to_start_from_are_counted_no_further_than_to_a_limit_and_sorted_on_no_engine()
    {
        var query = Given.Query("Task?priority=stat&_sort=-_lastUpdated&_count=20");
        foreach (var dialect in (SqlDialect[])[new SqliteDialect(), new PostgreSqlDialect(), new SqlServerDialect()])
        {
            var search = new SearchSql(dialect, new IndexSource(R4Definitions.Schema, TestDatabase.Extractor));
            var text = search.UpTo(search.Start(query, default)!, 2_048).Text;

            Assert.StartsWith(
                "SELECT COUNT(*) FROM (SELECT x.\"ResourceKey\" FROM \"TokenIndex\" x WHERE",
                text,
                StringComparison.Ordinal
            );
            Assert.Matches(@"(LIMIT 2048|ORDER BY \(SELECT NULL\) OFFSET 0 ROWS FETCH NEXT 2048 ROWS ONLY)\) w$", text);
            Assert.DoesNotContain("ORDER BY x", text, StringComparison.Ordinal);
        }
    }

    private static string Task(bool isFailed) =>
        isFailed
            ? "\"status\":\"failed\",\"intent\":\"order\",\"priority\":\"stat\""
            : "\"status\":\"completed\",\"intent\":\"order\"";
}
