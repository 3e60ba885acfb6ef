namespace CareCoordination.Storage.Tests;

/// <summary>Versions and preconditions. https://hl7.org/fhir/R4/http.html</summary>
public sealed class CommitTests
{
    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Reads_what_was_created(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();

        var created = await store.OneAsync(Given.Put("Patient/a", """ "active":true """));
        var read = await store.ReadAsync(Given.Key("Patient/a"), default);

        Assert.Equal(ChangeOutcome.Created, created.Outcome);
        Assert.Equal(created.Resource.Text(), read!.Value.Text());
        Assert.Equal(
            (1, ChangeKind.Create, created.Resource.Sequence, created.Resource.LastUpdated),
            (read.Value.Version, read.Value.Change, read.Value.Sequence, read.Value.LastUpdated)
        );
        Assert.Contains("\"versionId\":\"1\"", read.Value.Text(), StringComparison.Ordinal);
        Assert.Null(await store.ReadAsync(Given.Key("Patient/b"), default));
        Assert.Null(await store.ReadVersionAsync(Given.Key("Patient/a"), 2, default));
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Keeps_every_version_and_writes_nothing_for_an_equal_one(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();

        var first = await store.OneAsync(Given.Put("Patient/a", """ "gender":"male" """));
        var same = await store.OneAsync(Given.Put("Patient/a", """ "gender":"male" """));
        var second = await store.OneAsync(Given.Put("Patient/a", """ "gender":"female" """));
        var deleted = await store.OneAsync(Given.Delete("Patient/a"));
        var again = await store.OneAsync(Given.Delete("Patient/a"));
        var never = await store.OneAsync(Given.Delete("Patient/b"));
        var recreated = await store.OneAsync(Given.Put("Patient/a", """ "gender":"other" """));

        Assert.Equal(
            (ChangeOutcome.Unchanged, 1, first.Resource.Text()),
            (same.Outcome, same.Resource.Version, same.Resource.Text())
        );
        Assert.Equal((ChangeOutcome.Updated, 2), (second.Outcome, second.Resource.Version));
        Assert.Equal(
            (ChangeOutcome.Deleted, 3, true),
            (deleted.Outcome, deleted.Resource.Version, deleted.Resource.IsDeleted)
        );
        Assert.Equal((ChangeOutcome.NothingToDelete, 3), (again.Outcome, again.Resource.Version));
        Assert.Equal((ChangeOutcome.NothingToDelete, 0), (never.Outcome, never.Resource.Version));
        Assert.Equal((ChangeOutcome.Created, 4), (recreated.Outcome, recreated.Resource.Version));
        Assert.Equal(
            first.Resource.Text(),
            (await store.ReadVersionAsync(Given.Key("Patient/a"), 1, default))!.Value.Text()
        );
        Assert.True((await store.ReadVersionAsync(Given.Key("Patient/a"), 3, default))!.Value.IsDeleted);
        var history = await store.HistoryAsync(new HistoryQuery("Patient", "a", 3), default);
        Assert.Equal([4, 3, 2], history.Versions.Select(v => v.Version));
        Assert.Equal(4, history.Total);
        var rest = await store.HistoryAsync(new HistoryQuery("Patient", "a", 3) { Before = history.Next }, default);
        Assert.Equal([1], rest.Versions.Select(v => v.Version));
        Assert.Null(rest.Next);
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Finds_resources_by_their_current_values_only(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        await store.OneAsync(
            Given.Put("CarePlan/1", """ "status":"active","intent":"plan","subject":{"reference":"Patient/p"} """)
        );
        await store.OneAsync(
            Given.Put("CarePlan/2", """ "status":"active","intent":"plan","subject":{"reference":"Patient/p"} """)
        );
        await store.OneAsync(
            Given.Put("CarePlan/3", """ "status":"draft","intent":"plan","subject":{"reference":"Patient/p"} """)
        );
        await store.OneAsync(
            Given.Put("CarePlan/2", """ "status":"completed","intent":"plan","subject":{"reference":"Patient/q"} """)
        );

        Assert.Equal(["1"], await IdsAsync("CarePlan?patient=Patient/p&status=active"));
        Assert.Equal(["1", "3"], await IdsAsync("CarePlan?patient=Patient/p"));
        Assert.Equal(["2"], await IdsAsync("CarePlan?status=completed"));
        Assert.Equal(["1", "2", "3"], await IdsAsync("CarePlan"));
        Assert.Equal(["2", "3", "1"], await IdsAsync("CarePlan?_sort=-_lastUpdated"));
        await store.OneAsync(Given.Delete("CarePlan/1"));
        Assert.Equal(["3"], await IdsAsync("CarePlan?patient=Patient/p"));

        async Task<string[]> IdsAsync(string query) =>
            [.. (await store.SearchAsync(Given.Query(query), default)).Matches.Select(m => m.Key.Id)];
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Refuses_a_commit_whose_precondition_does_not_hold(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        await store.OneAsync(Given.Put("Patient/a"));
        var stale = new VersionIs(Given.Key("Patient/a"), 2);
        var absent = new NotPresent(Given.Key("Patient/a"));
        var unique = new SearchFinds(Given.Query("Patient?_id=a"), null);

        foreach (var precondition in new Precondition[] { stale, absent, unique })
        {
            var result = await store.CommitAsync(Given.Commit(Given.Put("Patient/b")).When(precondition), default);
            Assert.Equal(precondition, result.Failed);
            Assert.Empty(result.Changes);
        }

        Assert.Null(await store.ReadAsync(Given.Key("Patient/b"), default));
        var held = await store.CommitAsync(
            Given
                .Commit(Given.Put("Patient/b"))
                .When(
                    new VersionIs(Given.Key("Patient/a"), 1),
                    new VersionIs(Given.Key("Patient/b"), 0),
                    new NotPresent(Given.Key("Patient/b")),
                    new SearchFinds(Given.Query("Patient?_id=a"), Given.Key("Patient/a"))
                ),
            default
        );
        Assert.True(held.IsCommitted);
    }
}
