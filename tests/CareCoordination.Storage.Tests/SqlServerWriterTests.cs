using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Stores;
using CareCoordination.Storage.Tables;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace CareCoordination.Storage.Tests;

/// <summary>What the writer sends to SQL Server, at the border of ADO.NET: how often, in which statements, and what becomes of the rows.</summary>
public sealed class SqlServerWriterTests
{
    private const string Patient = """
         "identifier":[{"system":"http://a.example/mrn","value":"1"}],"active":true,
         "name":[{"family":"Rivera","given":["Ana","María"]}],"telecom":[{"system":"phone","value":"1"}],
         "gender":"female","birthDate":"1990-02-28","managingOrganization":{"reference":"Organization/o"}
        """;

    private const string Commit = "COMMIT TRANSACTION";

    private static readonly StorageOptions Options = new()
    {
        Provider = StorageProvider.SqlServer,
        ConnectionString = "Server=none;Database=care",
    };

    [Fact]
    public async Task A_create_takes_three_round_trips()
    {
        var tables = new SqlServerTables();
        await using var store = Open(tables);

        await store.OneAsync(Given.Put("Patient/a", Patient));

        Assert.Equal(
            "SET XACT_ABORT ON; SET IMPLICIT_TRANSACTIONS ON; SET NOCOUNT ON; SET LOCK_TIMEOUT 24000",
            Text(tables.RoundTrips[0])
        );
        Assert.Equal(SqlServerStatements.Begin, Text(tables.RoundTrips[1]));
        Assert.True(tables.RoundTrips[2].IsBatch);
        Assert.Equal(Commit, Text(tables.RoundTrips[3]));
        Assert.Equal(4, tables.RoundTrips.Count);
        Assert.False(tables.IsInTransaction);
        Assert.Single(tables.Rows(FhirTables.ResourceVersion));
        Assert.Equal(2, tables.Rows(FhirTables.Resource).Count);
        Assert.Equal(9, tables.Rows(FhirTables.StringIndex).Count);

        await store.OneAsync(Given.Put("Patient/b", Patient));
        Assert.Equal(4 + 3, tables.RoundTrips.Count);
    }

    [Fact]
    public async Task So_do_five_hundred_resources_in_one_commit()
    {
        var tables = new SqlServerTables();
        await using var store = Open(tables);
        var random = new RandomResources(7);
        var puts = Enumerable.Range(0, 500).Select(i => Put(random, i));

        await store.CommitAsync(Given.Commit([.. puts]), default);

        Assert.Equal(1 + 3, tables.RoundTrips.Count);
        Assert.Equal(500, tables.Rows(FhirTables.ResourceVersion).Count);
    }

    [Fact]
    public async Task Updates_and_deletions_take_no_more()
    {
        var tables = new SqlServerTables();
        await using var store = Open(tables);
        await store.OneAsync(Given.Put("Patient/a", Patient));
        tables.RoundTrips.Clear();

        await store.OneAsync(Given.Put("Patient/a", """ "active":false """));
        await store.OneAsync(Given.Delete("Patient/a"));

        Assert.Equal(6, tables.RoundTrips.Count);
        Assert.Empty(tables.Rows(FhirTables.TokenIndex));
        Assert.Empty(tables.Rows(FhirTables.StringIndex));
        Assert.Equal(3, tables.Rows(FhirTables.ResourceVersion).Count);
    }

    [Fact]
    public async Task What_changes_nothing_is_begun_and_rolled_back()
    {
        var tables = new SqlServerTables();
        await using var store = Open(tables);
        await store.OneAsync(Given.Put("Patient/a", Patient));
        tables.RoundTrips.Clear();

        Assert.Equal(ChangeOutcome.Unchanged, (await store.OneAsync(Given.Put("Patient/a", Patient))).Outcome);

        Assert.Equal(
            [SqlServerStatements.Begin, "IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION"],
            tables.RoundTrips.Select(Text)
        );
        Assert.False(tables.IsInTransaction);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_rows_are_those_of_sqlite(int seed)
    {
        var clock = new SetClock(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var tables = new SqlServerTables();
        await using var sqlite = await TestDatabase.CreateAsync(StorageProvider.Sqlite);
        var (there, here) = (sqlite.OpenStore(clock), Open(tables, clock));
        var (random, resources) = (new Random(seed), new RandomResources(seed));
        for (var i = 0; i < 120; i++)
        {
            clock.Now += TimeSpan.FromSeconds(1);
            var changes = Enumerable
                .Range(0, random.Next(1, 6))
                .Select(_ => random.Next(60))
                .Distinct()
                .Select(place =>
                    random.Next(4) == 0 ? new DeleteResource(Put(new(seed), place).Key) : (Change)Put(resources, place)
                )
                .ToArray();
            var expected = await there.CommitAsync(Given.Commit(changes), default);
            var actual = await here.CommitAsync(Given.Commit(changes), default);
            Assert.Equal(
                expected.Changes.Select(c => (c.Outcome, c.Resource.Version)),
                actual.Changes.Select(c => (c.Outcome, c.Resource.Version))
            );
        }

        await here.DisposeAsync();
        foreach (var table in FhirTables.All.Except([FhirTables.ChangeSequence, FhirTables.ActingChange]))
            Assert.Equal(await RowsAsync(sqlite, table), tables.Rows(table));
        Assert.NotEmpty(tables.Rows(FhirTables.QuantityIndex));
        Assert.NotEmpty(tables.Rows(FhirTables.CompositeIndex));
        Assert.NotEmpty(tables.Rows(FhirTables.NumberIndex));
        Assert.NotEmpty(tables.Rows(FhirTables.UriIndex));
        Assert.NotEmpty(tables.Rows(FhirTables.DateIndex));
    }

    [Fact]
    public async Task A_thousand_commits_need_few_texts()
    {
        var tables = new SqlServerTables();
        await using var store = Open(tables);
        var (random, resources) = (new Random(11), new RandomResources(11));
        for (var i = 0; i < 200; i++)
            await store.CommitAsync(
                Given.Commit([.. Enumerable.Range(0, 5).Select(n => (Change)Put(resources, 5 * i + n))]),
                default
            );

        Assert.InRange(
            tables
                .RoundTrips.SelectMany(r => r.Statements)
                .Select(s => s.Text)
                .Distinct(StringComparer.Ordinal)
                .Count(),
            10,
            40
        );
    }

    [Fact]
    public async Task A_key_that_another_node_wrote_first_is_tried_again_and_leaves_nothing_open()
    {
        var tables = new SqlServerTables();
        await using var store = Open(tables);
        var failures = 0;
        tables.Fails = trip =>
            trip.IsBatch && failures++ < 2 ? new Failure(SqlServerErrors.Of((2627, 14), (3621, 0))) : null;

        var created = await store.OneAsync(Given.Put("Patient/a", Patient));

        Assert.Equal((ChangeOutcome.Created, 1), (created.Outcome, created.Resource.Version));
        Assert.Equal(3, failures);
        Assert.Single(tables.Rows(FhirTables.ResourceVersion));
        Assert.Single(tables.RoundTrips, r => Text(r) == Commit);
    }

    [Theory]
    [InlineData(3, 1222, 16, "Another process holds up all changes of the database.")]
    [InlineData(3, 1105, 17, "The database has no space left.")]
    [InlineData(3, 3906, 16, "The database takes no changes at the moment")]
    public async Task A_write_that_is_given_up_leaves_no_transaction_behind(
        int attempts,
        int number,
        byte severity,
        string sentence
    )
    {
        var tables = new SqlServerTables();
        await using var store = Open(tables, options: Options with { MaxAttempts = attempts });
        tables.Fails = trip => trip.IsBatch ? new Failure(SqlServerErrors.Of((number, severity))) : null;

        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.OneAsync(Given.Put("Patient/a")));

        Assert.StartsWith(sentence, refused.Message, StringComparison.Ordinal);
        Assert.False(tables.IsInTransaction);
        Assert.Empty(tables.Rows(FhirTables.Resource));
        Assert.DoesNotContain(tables.RoundTrips, r => Text(r) == Commit);
        tables.Fails = _ => null;
        Assert.Equal(ChangeOutcome.Created, (await store.OneAsync(Given.Put("Patient/a"))).Outcome);
    }

    [Theory]
    [InlineData(10054, true, true)]
    [InlineData(10054, false, true)]
    [InlineData(-2, true, false)]
    public async Task A_commit_whose_answer_is_lost_happens_once(int number, bool isDone, bool isConnectionLost)
    {
        var tables = new SqlServerTables();
        await using var store = Open(tables);
        var failures = 0;
        tables.Fails = trip =>
            Text(trip) == Commit && failures++ == 0
                ? new Failure(
                    SqlServerErrors.Of((number, (byte)(isConnectionLost ? 20 : 11))),
                    isDone,
                    isConnectionLost
                )
                : null;

        var created = await store.OneAsync(Given.Put("Patient/a", Patient));

        Assert.Equal((ChangeOutcome.Created, 1), (created.Outcome, created.Resource.Version));
        Assert.Single(tables.Rows(FhirTables.ResourceVersion));
        Assert.Equal(2, tables.Rows(FhirTables.Resource).Count);
        Assert.False(tables.IsInTransaction);
    }

    [Fact]
    public async Task A_commit_that_timed_out_and_did_not_happen_is_refused_and_leaves_nothing()
    {
        var tables = new SqlServerTables();
        await using var store = Open(tables);
        var failures = 0;
        tables.Fails = trip =>
            Text(trip) == Commit && failures++ == 0 ? new Failure(SqlServerErrors.Of((-2, 11)), IsDone: false) : null;

        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            store.OneAsync(Given.Put("Patient/a", Patient))
        );

        Assert.StartsWith("The database did not finish in time.", refused.Message, StringComparison.Ordinal);
        Assert.Empty(tables.Rows(FhirTables.ResourceVersion));
        Assert.False(tables.IsInTransaction);
        Assert.Equal(ChangeOutcome.Created, (await store.OneAsync(Given.Put("Patient/a", Patient))).Outcome);
        Assert.Single(tables.Rows(FhirTables.ResourceVersion));
    }

    [Theory]
    [InlineData(-2, 11, false)]
    [InlineData(10054, 20, true)]
    [InlineData(0, 11, false)]
    public async Task A_node_that_gives_up_leaves_the_lock_to_others(int number, byte severity, bool isConnectionLost)
    {
        var tables = new SqlServerTables();
        await using var first = Open(tables, options: Options with { MaxAttempts = 2 });
        await using var second = Open(tables);
        tables.Fails = trip =>
            trip.IsBatch || Text(trip) == Commit
                ? new Failure(SqlServerErrors.Of((number, severity)), IsConnectionLost: isConnectionLost)
                : null;

        await Assert.ThrowsAsync<StoreUnavailableException>(() => first.OneAsync(Given.Put("Patient/a")));

        tables.Fails = _ => null;
        Assert.False(tables.IsInTransaction);
        Assert.Equal(ChangeOutcome.Created, (await second.OneAsync(Given.Put("Patient/b"))).Outcome);
        Assert.Single(tables.Rows(FhirTables.ResourceVersion));
    }

    [Fact]
    public async Task A_database_without_its_counters_is_a_sentence_and_no_transaction()
    {
        var tables = new SqlServerTables { HasCounters = false };
        await using var store = Open(tables);

        var missing = await Assert.ThrowsAsync<InvalidOperationException>(() => store.OneAsync(Given.Put("Patient/a")));

        Assert.Equal("The ChangeSequence row is missing: run the migrate command.", missing.Message);
        Assert.False(tables.IsInTransaction);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(4_999, 4_999)]
    [InlineData(5_000, 5_000)]
    [InlineData(5_001, 0)]
    [InlineData(86_400_000, 0)]
    [InlineData(-86_400_000, -86_400_000)]
    public async Task A_clock_that_is_too_far_ahead_of_the_servers_gives_way_to_it(double ahead, double stamped)
    {
        var now = new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
        var tables = new SqlServerTables { Clock = now.UtcTicks };
        await using var store = Open(tables, new SetClock(now.AddMilliseconds(ahead)));

        var first = await store.OneAsync(Given.Put("Patient/a"));
        Assert.Equal(now.AddMilliseconds(stamped), first.Resource.LastUpdated);
        Assert.Equal(ahead > stamped ? TimeSpan.FromMilliseconds(ahead) : TimeSpan.Zero, store.Clock.Ahead);
        tables.Clock -= TimeSpan.TicksPerHour;
        await using var right = Open(tables, new SetClock(now.AddDays(-2)));
        var second = await right.OneAsync(Given.Put("Patient/b"));
        Assert.Equal(first.Resource.LastUpdated.AddMilliseconds(1), second.Resource.LastUpdated);
    }

    private static string Text(RoundTrip trip) => string.Join('\n', trip.Statements.Select(s => s.Text));

    private static PutResource Put(RandomResources resources, int place)
    {
        var (key, members) = resources.Put(place, patients: 20);
        return Given.Put(key.ToString(), members);
    }

    private static ResourceStore Open(
        SqlServerTables tables,
        TimeProvider? time = null,
        StorageOptions? options = null
    ) =>
        new(
            new SqlServerEngine(options ?? Options, tables.Connect),
            new IndexSource(R4Definitions.Schema, TestDatabase.Extractor),
            options ?? Options,
            new StoreClock(time ?? TimeProvider.System, Options.MaxClockAhead),
            NullLogger.Instance
        );

    private static async Task<List<string>> RowsAsync(TestDatabase database, TableShape table)
    {
        await using var connection = new SqliteConnection(database.Options.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText =
            $"SELECT {string.Join(", ", table.Columns.Select(c => $"\"{c.Name}\""))} FROM \"{table.Name}\"";
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            var row = new object?[table.Columns.Length];
            reader.GetValues(row!);
            rows.Add(SqlServerTables.Text(row));
        }

        rows.Sort(StringComparer.Ordinal);
        return rows;
    }
}
