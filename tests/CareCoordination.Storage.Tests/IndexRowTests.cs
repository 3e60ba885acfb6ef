using System.Globalization;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Engines;

namespace CareCoordination.Storage.Tests;

/// <summary>The index tables hold the rows of the current versions, and a change touches only the rows that differ.</summary>
public sealed class IndexRowTests
{
    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Rows_are_those_of_the_current_versions_after_any_changes(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        var random = new RandomResources(seed: 99);
        var current = new Dictionary<ResourceKey, IndexEntries>();
        for (var i = 0; i < 200; i++)
        {
            var (key, members) = random.Put(i % 50, patients: 10);
            if (i % 7 == 6)
            {
                await store.OneAsync(new DeleteResource(key));
                current.Remove(key);
            }
            else
            {
                var put = Given.Put(key.ToString(), members);
                await store.OneAsync(put);
                current[key] = put.Index;
            }
        }

        var expected = new Dictionary<string, long>(StringComparer.Ordinal)
        {
            ["TokenIndex"] = current.Values.Sum(e => e.Tokens.Count),
            ["StringIndex"] = current.Values.Sum(e => e.Strings.Count),
            ["DateIndex"] = current.Values.Sum(e => e.Dates.Count),
            ["NumberIndex"] = current.Values.Sum(e => e.Numbers.Count),
            ["QuantityIndex"] = current.Values.Sum(e => e.Quantities.Count),
            ["ReferenceIndex"] = current.Values.Sum(e => e.References.Count + e.Patients.Count),
            ["UriIndex"] = current.Values.Sum(e => e.Uris.Count),
            ["CompositeIndex"] = current.Values.Sum(e => e.Composites.Count),
        };
        Assert.Equal(expected, await CountRowsAsync(database, expected.Keys));
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_reference_finds_its_source_before_and_after_the_target_exists(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        await store.OneAsync(
            Given.Put("CarePlan/1", """ "status":"active","intent":"plan","subject":{"reference":"Patient/later"} """)
        );

        Assert.Null(await store.ReadAsync(Given.Key("Patient/later"), default));
        Assert.Empty((await store.SearchAsync(Given.Query("Patient"), default)).Matches);
        Assert.Single((await store.SearchAsync(Given.Query("CarePlan?patient=Patient/later"), default)).Matches);
        Assert.Empty((await store.SearchAsync(Given.Query("CarePlan?patient.active=true"), default)).Matches);
        Assert.Equal(
            (ChangeOutcome.Created, 1),
            Summary(await store.OneAsync(Given.Put("Patient/later", """ "active":true """)))
        );
        Assert.Single((await store.SearchAsync(Given.Query("CarePlan?patient.active=true"), default)).Matches);

        static (ChangeOutcome, int) Summary(ChangeResult result) => (result.Outcome, result.Resource.Version);
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Pages_repeat_and_omit_nothing_while_others_write(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        for (var i = 0; i < 60; i++)
            await store.OneAsync(Given.Put(Id(i), """ "name":[{"family":"Same"}] """));
        using var done = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; !done.IsCancellationRequested; i++)
            {
                await store.OneAsync(
                    Given.Put(Id(i % 60), $$""" "name":[{"family":"Same"}],"birthDate":"{{1900 + i % 100}}" """)
                );
                await store.OneAsync(Given.Put($"Patient/new{i}", """ "name":[{"family":"Same"}] """));
            }
        });

        foreach (
            var text in (string[])
                ["Patient?family=same&_count=7", "Patient?_sort=family&_count=7", "Patient?_sort=-_id&_count=7"]
        )
        {
            var seen = new List<string>();
            var query = Given.Query(text);
            for (
                SearchPage? page = null;
                page is null || page.Next is not null;
                query = query with { After = page.Next }
            )
            {
                page = await store.SearchAsync(query, default);
                seen.AddRange(
                    page.Matches.Select(m => m.Key.ToString()).Where(k => !k.Contains("new", StringComparison.Ordinal))
                );
            }

            Assert.Equal(
                Enumerable.Range(0, 60).Select(Id).Order(StringComparer.Ordinal),
                seen.Order(StringComparer.Ordinal)
            );
        }

        await done.CancelAsync();
        await writing;
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Text_that_an_engine_cannot_hold_is_stored_and_found(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        var longName = new string('x', 127) + "\U0001F600\U0001F600";
        var longUri = "urn:" + new string('y', 3000);
        var put = Given.Put(
            "ValueSet/a",
            $$"""
            "status":"draft","name":"a\u0000b","title":"{{longName}}","url":"{{longUri}}"
            """
        );

        Assert.Equal(ChangeOutcome.Created, (await store.OneAsync(put)).Outcome);
        Assert.Equal(
            ChangeOutcome.Updated,
            (await store.OneAsync(Given.Put("ValueSet/a", "\"status\":\"active\""))).Outcome
        );
        Assert.Equal(ChangeOutcome.Updated, (await store.OneAsync(put)).Outcome);

        foreach (
            var query in (string[])["ValueSet?name=a\0b", "ValueSet?title:exact=" + longName, "ValueSet?url=" + longUri]
        )
            Assert.Single((await store.SearchAsync(Given.Query(query), default)).Matches);
        Assert.Empty((await store.SearchAsync(Given.Query($"ValueSet?url={longUri}y"), default)).Matches);
    }

    private static string Id(int i) => string.Create(CultureInfo.InvariantCulture, $"Patient/p{i}");

    private static async Task<Dictionary<string, long>> CountRowsAsync(
        TestDatabase database,
        IEnumerable<string> tables
    )
    {
        await using var engine = DatabaseEngine.Create(database.Options);
        await using var session = await engine.OpenReaderAsync(default);
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var table in tables)
        {
            var rows = await session.QueryAsync(
                new Sql($"SELECT COUNT(*) FROM \"{table}\"", []),
                row => Convert.ToInt64(row.GetValue(0), CultureInfo.InvariantCulture),
                default
            );
            counts.Add(table, rows[0]);
        }

        return counts;
    }
}
