using CareCoordination.Storage.Stores;

namespace CareCoordination.Storage.Tests;

/// <summary>What one answer holds is of one state of the database, whoever writes meanwhile.</summary>
public sealed class OneStateTests
{
    private const int States = 400;

    /// <summary>SQL Server has its own way of reading what was committed last, of each statement.</summary>
    public static TheoryData<StorageProvider> WithOneState => [StorageProvider.Sqlite, StorageProvider.PostgreSql];

    [Theory, MemberData(nameof(WithOneState))]
    public Task A_total_is_of_the_page_that_it_comes_with(StorageProvider provider) =>
        WhileWritingAsync(
            provider,
            async store =>
            {
                var page = await store.SearchAsync(Given.Query("Patient?active=true&_total=accurate"), default);
                Assert.Equal(page.Matches.Length, page.Total);
            }
        );

    [Theory, MemberData(nameof(WithOneState))]
    public Task A_total_is_of_the_page_whatever_it_is_sorted_by(StorageProvider provider) =>
        WhileWritingAsync(
            provider,
            async store =>
            {
                var page = await store.SearchAsync(
                    Given.Query("Patient?active=true&_total=accurate&_sort=-_lastUpdated"),
                    default
                );
                Assert.Equal(page.Matches.Length, page.Total);
            }
        );

    [Theory, MemberData(nameof(WithOneState))]
    public Task A_history_has_as_many_versions_as_it_says(StorageProvider provider) =>
        WhileWritingAsync(
            provider,
            async store =>
            {
                var page = await store.HistoryAsync(new HistoryQuery("Patient", "a", 100_000), default);
                Assert.Equal(page.Versions.Length, page.Total);
            }
        );

    [Fact]
    public Task What_is_included_is_of_the_same_time_as_the_matches() =>
        WhileWritingAsync(
            StorageProvider.Sqlite,
            async store =>
            {
                var page = await store.SearchAsync(
                    Given.Query("Patient?_id=d&_include=Patient:general-practitioner"),
                    default
                );
                Assert.Equal(Assert.Single(page.Matches).Version, Assert.Single(page.Included).Version);
            }
        );

    [Theory, MemberData(nameof(WithOneState))]
    public Task A_worklist_has_as_many_tasks_as_it_says(StorageProvider provider) =>
        WhileWritingAsync(
            provider,
            async store =>
            {
                var page = await store.WorklistAsync(new WorklistQuery(DateTimeOffset.UnixEpoch, 100), default);
                Assert.Equal(page.Tasks.Length, page.Total);
            }
        );

    [Theory, MemberData(nameof(WithOneState))]
    public Task Of_everything_the_patient_is_of_the_same_time_as_the_rest(StorageProvider provider) =>
        WhileWritingAsync(
            provider,
            async store =>
            {
                var page = await store.EverythingAsync(new EverythingQuery(Given.Key("Patient/d"), 100), default);
                Assert.Single(page.Resources.Select(r => r.Version).Distinct());
            }
        );

    /// <summary>One writer moves the database between two states, each of which is whole.</summary>
    private static async Task WhileWritingAsync(StorageProvider provider, Func<ResourceStore, Task> read)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        await store.CommitAsync(State(0), default);
        var writing = Task.Run(async () =>
        {
            for (var i = 1; i < States; i++)
                Assert.True((await store.CommitAsync(State(i), default)).IsCommitted);
        });

        do
        {
            await read(store);
        } while (!writing.IsCompleted);

        await writing;
    }

    private static Commit State(int number)
    {
        var isFirst = number % 2 == 0;
        string Active(bool active) => $""" "active":{(active ? "true" : "false")},"multipleBirthInteger":{number} """;
        return Given.Commit(
            Given.Put("Patient/a", Active(isFirst)),
            Given.Put("Patient/b", Active(isFirst)),
            Given.Put("Patient/c", Active(!isFirst)),
            Given.Put(
                "Patient/d",
                $$""" "generalPractitioner":[{"reference":"Practitioner/e"}],"multipleBirthInteger":{{number}} """
            ),
            Given.Put("Practitioner/e", $$""" "name":[{"text":"{{number}}"}] """),
            Given.Put(
                "Observation/f",
                $$""" "status":"final","code":{"text":"{{number}}"},"subject":{"reference":"Patient/d"} """
            ),
            isFirst ? Work("g") : Given.Delete("Task/g"),
            isFirst ? Given.Delete("Task/h") : Work("h")
        );
    }

    private static PutResource Work(string id) =>
        Given.Put($"Task/{id}", """ "status":"ready","intent":"order" """) with
        {
            Projection = new ProjectionRows { Work = new WorkItem(null, null, 1, 1, null) },
        };
}
