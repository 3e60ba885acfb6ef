using System.Collections.Concurrent;
using System.Data.Common;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Stores;
using CareCoordination.Storage.Tables;
using CareCoordination.TestKit;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CareCoordination.Storage.Tests;

/// <summary>
/// A database that goes back while nodes are at work on it, as in a failover to a standby that was behind or when a backup is
/// restored: whatever a node remembers of the time that was lost, nothing is filed under a stranger's name.
/// docs/storage.md#a-database-that-went-back
/// </summary>
public sealed class WentBackTests
{
    private const int Many = 60;

    public static TheoryData<StorageProvider, WayBack, int, bool> Ways
    {
        get
        {
            var ways = new TheoryData<StorageProvider, WayBack, int, bool>();
            foreach (
                var (provider, way) in (ReadOnlySpan<(StorageProvider, WayBack)>)
                    [
                        (StorageProvider.Sqlite, WayBack.RowsRestored),
                        (StorageProvider.Sqlite, WayBack.PagesRestored),
                        (StorageProvider.Sqlite, WayBack.FileReplaced),
                        (StorageProvider.PostgreSql, WayBack.RowsRestored),
                        (StorageProvider.PostgreSql, WayBack.NameGiven),
                        (StorageProvider.SqlServer, WayBack.RowsRestored),
                    ]
            )
            {
                // Others write less than was lost, as much, and more; the second node has a memory too, or is new.
                foreach (var others in (ReadOnlySpan<int>)[0, Many / 2, Many, Many + 1, 4 * Many])
                {
                    ways.Add(provider, way, others, others % 2 == 0);
                }
            }

            return ways;
        }
    }

    public static TheoryData<StorageProvider, WayBack> EachWay =>
        new()
        {
            { StorageProvider.Sqlite, WayBack.RowsRestored },
            { StorageProvider.Sqlite, WayBack.PagesRestored },
            { StorageProvider.Sqlite, WayBack.FileReplaced },
            { StorageProvider.PostgreSql, WayBack.RowsRestored },
            { StorageProvider.PostgreSql, WayBack.NameGiven },
            { StorageProvider.SqlServer, WayBack.RowsRestored },
        };

    [Theory, MemberData(nameof(Ways))]
    public async Task What_refers_to_lost_resources_is_not_found_at_new_ones(
        StorageProvider provider,
        WayBack way,
        int byOthers,
        bool isOtherOld
    )
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        for (var i = 0; i < 10; i++)
            await database.OpenStore().OneAsync(Given.Put($"Patient/kept-{i}"));
        var earlier = await EarlierState.KeepAsync(database, way);
        var node = database.OpenStore();
        await LoseAsync(node, "lost");
        ResourceStore? other = null;
        if (isOtherOld)
        {
            other = database.OpenStore();
            await LoseAsync(other, "lost-too");
        }

        await earlier.GoBackAsync();

        other ??= database.OpenStore();
        for (var i = 0; i < byOthers; i++)
            await EventuallyAsync(() => other.OneAsync(Given.Put($"Patient/new-{i}")));
        for (var i = 0; i < Many; i++)
            await EventuallyAsync(() => node.OneAsync(Given.Put($"Patient/own-{i}")));
        await ReferAsync(node, "lost");
        await ReferAsync(other, "lost-too");

        await AssertIndexIsWholeAsync(database);
        string[] present =
        [
            .. Enumerable.Range(0, byOthers).Select(i => $"Patient/new-{i}"),
            .. Enumerable.Range(0, Many).Select(i => $"Patient/own-{i}"),
            .. Enumerable.Range(0, 10).Select(i => $"Patient/kept-{i}"),
        ];
        foreach (var store in (ResourceStore[])[node, other, database.OpenStore()])
        {
            foreach (var patient in present)
            {
                Assert.Equal([], await FoundAsync(store, $"Observation?subject={patient}"));
                var everything = await store.EverythingAsync(new EverythingQuery(Given.Key(patient), 100), default);
                Assert.Equal([patient], everything.Resources.Select(r => $"{r.Key}"));
            }

            Assert.Equal(
                [.. Enumerable.Range(0, Many).Select(i => $"Observation/of-lost-{i}").Order(StringComparer.Ordinal)],
                await FoundAsync(store, $"Observation?subject={Lost("lost")}&_count=1000")
            );
        }
    }

    [Theory, MemberData(nameof(EachWay))]
    public async Task The_lost_ones_may_come_back_and_have_what_refers_to_them(StorageProvider provider, WayBack way)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await database.OpenStore().OneAsync(Given.Put("Patient/kept"));
        var earlier = await EarlierState.KeepAsync(database, way);
        var node = database.OpenStore();
        await LoseAsync(node, "lost");

        await earlier.GoBackAsync();

        await EventuallyAsync(() => node.OneAsync(Given.Put("Patient/new")));
        await ReferAsync(node, "lost");
        for (var i = Many - 1; i >= 0; i--)
            Assert.Equal(
                (ChangeOutcome.Created, 1),
                Summary(await node.OneAsync(Given.Put($"Patient/lost-{i}", """ "active":true """)))
            );

        await AssertIndexIsWholeAsync(database);
        for (var i = 0; i < Many; i++)
        {
            Assert.Equal([$"Observation/of-lost-{i}"], await FoundAsync(node, $"Observation?subject=Patient/lost-{i}"));
            Assert.Equal(
                [$"Observation/of-lost-{i}"],
                await FoundAsync(node, $"Observation?encounter=Encounter/lost-{i}")
            );
        }

        Assert.Equal(
            Many,
            (await node.SearchAsync(Given.Query("Observation?subject.active=true&_total=accurate"), default)).Total
        );
    }

    [Theory, MemberData(nameof(EachWay))]
    public async Task Lost_changes_of_what_is_still_there_are_gone_as_if_they_had_never_been(
        StorageProvider provider,
        WayBack way
    )
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var node = database.OpenStore();
        await node.OneAsync(Given.Put("Patient/changed", Identifier("then")));
        await node.OneAsync(Given.Put("Patient/deleted", Identifier("deleted")));
        await node.OneAsync(Given.Put("Patient/back", Identifier("back")));
        await node.OneAsync(Given.Delete("Patient/back"));
        var earlier = await EarlierState.KeepAsync(database, way);
        await EventuallyAsync(() => node.OneAsync(Given.Put("Patient/changed", Identifier("lost"))));
        await node.OneAsync(Given.Delete("Patient/deleted"));
        await node.OneAsync(Given.Put("Patient/back", Identifier("back")));

        await earlier.GoBackAsync();

        await EventuallyAsync(() => node.OneAsync(Given.Put("Patient/changed", Identifier("now"))));
        Assert.Equal(
            (ChangeOutcome.Updated, 2),
            Summary(await node.OneAsync(Given.Put("Patient/deleted", Identifier("x"))))
        );
        Assert.Equal(
            (ChangeOutcome.Created, 3),
            Summary(await node.OneAsync(Given.Put("Patient/back", Identifier("y"))))
        );

        await AssertIndexIsWholeAsync(database);
        Assert.Equal([], await FoundAsync(node, "Patient?identifier=urn:i|lost"));
        Assert.Equal(["Patient/changed"], await FoundAsync(node, "Patient?identifier=urn:i|now"));
        var history = await node.HistoryAsync(new HistoryQuery("Patient", "changed", 10), default);
        Assert.Equal([2, 1], history.Versions.Select(v => v.Version));
        Assert.Contains("then", history.Versions[1].Text(), StringComparison.Ordinal);
    }

    /// <summary>The same number in the change sequence is no sign that nothing was stored in between.</summary>
    [Theory, MemberData(nameof(EachWay))]
    public async Task What_was_searched_before_is_searched_again_where_the_sequence_came_to_the_same_number(
        StorageProvider provider,
        WayBack way
    )
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var node = database.OpenStore();
        await node.OneAsync(Given.Put("Patient/kept"));
        var earlier = await EarlierState.KeepAsync(database, way);
        await EventuallyAsync(() => node.OneAsync(Given.Put("Patient/lost")));
        var criteria = Given.Query("Patient?identifier=urn:i|1");
        var found = await node.FindAsync(criteria, default);
        Assert.Empty(found.Matches);

        await earlier.GoBackAsync();

        var other = database.OpenStore();
        await EventuallyAsync(() => other.OneAsync(Given.Put("Patient/other", Identifier("1"))));
        Assert.Equal(found.AsOf.Sequence, (await other.FindAsync(criteria, default)).AsOf.Sequence);
        var commit = Given.Commit(Given.Put("Patient/second", Identifier("1"))) with
        {
            AsOf = found.AsOf,
            Preconditions = [new SearchFinds(criteria, null)],
        };
        CommitResult? result = null;
        await EventuallyAsync(async () => result = await node.CommitAsync(commit, default));

        Assert.Equal(new SearchFinds(criteria, null), result!.Failed);
        Assert.Equal(["Patient/other"], await FoundAsync(node, "Patient?identifier=urn:i|1"));
    }

    [Theory, MemberData(nameof(EachWay))]
    public async Task Messages_and_answers_are_those_of_the_database(StorageProvider provider, WayBack way)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var node = database.OpenStore();
        await node.CommitAsync(Sending("kept", "Task/kept"), default);
        var earlier = await EarlierState.KeepAsync(database, way);
        CommitResult? lost = null;
        await EventuallyAsync(async () => lost = await node.CommitAsync(Sending("lost", "Task/lost"), default));
        Assert.True(lost!.IsCommitted);
        var claimed = await node.Outbox.ClaimAsync("referral", "a", 10, "node", TimeSpan.FromMinutes(1), default);
        Assert.Equal(["kept", "lost"], claimed.Select(d => d.Id));

        await earlier.GoBackAsync();

        // What was under way and is not there any more cannot be settled; what is there is queued again.
        CommitResult? settled = null;
        await EventuallyAsync(async () =>
            settled = await node.CommitAsync(
                new Commit([], [])
                {
                    Outbox = [new SettleMessage("lost", "node", MessageState.Delivered) { Status = 200 }],
                },
                default
            )
        );
        Assert.IsType<MessageRefused>(settled!.Failed);
        Assert.Null(await node.Outbox.FindAsync("lost", default));
        Assert.Equal(MessageState.Queued, (await node.Outbox.FindAsync("kept", default))!.State);
        Assert.NotNull(await node.AnswerAsync("kept", default));
        Assert.Null(await node.AnswerAsync("lost", default));
        Assert.Equal(new NotRemembered("kept"), (await node.CommitAsync(Sending("kept", "Task/x"), default)).Failed);
        Assert.True((await node.CommitAsync(Sending("lost", "Task/lost"), default)).IsCommitted);
        Assert.Equal(
            ["kept", "lost"],
            (await node.Outbox.ClaimAsync("referral", "a", 10, "node", TimeSpan.FromMinutes(1), default)).Select(d =>
                d.Id
            )
        );
    }

    [Theory, MemberData(nameof(EachWay))]
    public async Task Under_load_of_two_nodes_no_row_is_filed_under_a_stranger(StorageProvider provider, WayBack way)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await database.OpenStore().OneAsync(Given.Put("Patient/kept"));
        var earlier = await EarlierState.KeepAsync(database, way);
        ResourceStore[] nodes = [database.OpenStore(), database.OpenStore()];
        using var stop = new CancellationTokenSource();
        var failures = new ConcurrentBag<Exception>();
        var writers = Enumerable.Range(0, 8).Select(w => WriteAsync(nodes[w % 2], w, failures, stop.Token)).ToList();

        for (var i = 0; i < 3; i++)
        {
            await Task.Delay(300);
            await earlier.GoBackAsync();
            if (way != WayBack.RowsRestored)
                break;
        }

        await Task.Delay(500);
        await stop.CancelAsync();
        await Task.WhenAll(writers);

        Assert.Empty(failures);
        await AssertIndexIsWholeAsync(database);
    }

    [Theory, MemberData(nameof(EachWay))]
    public async Task That_changes_were_lost_is_told_once(StorageProvider provider, WayBack way)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await database.OpenStore().OneAsync(Given.Put("Patient/kept"));
        var earlier = await EarlierState.KeepAsync(database, way);
        var log = new RecordedLog();
        var node = database.OpenStore(log: log);
        await LoseAsync(node, "lost");
        Assert.Empty(log.Lines);

        await earlier.GoBackAsync();
        for (var i = 0; i < 5; i++)
            await EventuallyAsync(() => node.OneAsync(Given.Put($"Patient/new-{i}")));

        var line = Assert.Single(log.Lines);
        Assert.Equal(LogLevel.Warning, line.Level);
        Assert.StartsWith("The database went back: this node has stored change ", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_standby_that_was_behind_is_promoted_and_what_refers_to_lost_patients_finds_none()
    {
        using var first = PostgreSqlCluster.RequireOwn();
        using var second = first.StartStandby();
        var options = new StorageOptions
        {
            Provider = StorageProvider.PostgreSql,
            ConnectionString =
                $"Host=127.0.0.1:{first.Port},127.0.0.1:{second.Port};Username=care;"
                + $"Database={new NpgsqlConnectionStringBuilder(first.NewDatabase()).Database}",
        };
        await new StorageMigrator(options).ApplyAsync(default);
        await using var node = TestDatabase.Open(options);
        await node.OneAsync(Given.Put("Patient/kept"));
        await CaughtUpAsync(first);
        second.ShutDown();
        await LoseAsync(node, "lost");

        first.Stop();
        second.Start();
        second.Promote();

        for (var i = 0; i < 2 * Many; i++)
            await EventuallyAsync(() => node.OneAsync(Given.Put($"Patient/new-{i}")));
        await ReferAsync(node, "lost");
        for (var i = 0; i < 2 * Many; i++)
            Assert.Equal([], await FoundAsync(node, $"Observation?subject=Patient/new-{i}"));
        Assert.Equal(Many, (await FoundAsync(node, $"Observation?subject={Lost("lost")}&_count=1000")).Count);
    }

    private static async Task CaughtUpAsync(PostgreSqlCluster primary)
    {
        await using var connection = new NpgsqlConnection(primary.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM pg_stat_replication WHERE replay_lsn >= pg_current_wal_lsn()";
        for (var attempt = 0; (long)(await command.ExecuteScalarAsync())! != 1; attempt++)
        {
            Assert.True(attempt < 200, "The standby does not follow.");
            await Task.Delay(50);
        }
    }

    private static string Lost(string name) =>
        string.Join(',', Enumerable.Range(0, Many).Select(i => $"Patient/{name}-{i}"));

    /// <summary>Patients, and encounters that are only referred to: keys of both kinds are remembered.</summary>
    private static async Task LoseAsync(ResourceStore store, string name)
    {
        for (var i = 0; i < Many; i++)
        {
            await EventuallyAsync(() => store.OneAsync(Given.Put($"Patient/{name}-{i}")));
            await store.OneAsync(Observation($"before-{name}-{i}", name, i));
        }
    }

    private static async Task ReferAsync(ResourceStore store, string name)
    {
        for (var i = 0; i < Many; i++)
            await EventuallyAsync(() => store.OneAsync(Observation($"of-{name}-{i}", name, i)));
    }

    private static PutResource Observation(string id, string name, int i) =>
        Given.Put(
            $"Observation/{id}",
            $$"""
            "status":"final","code":{"text":"c"},"subject":{"reference":"Patient/{{name}}-{{i}}"},
            "encounter":{"reference":"Encounter/{{name}}-{{i}}"}
            """
        );

    private static string Identifier(string value) => $$""" "identifier":[{"system":"urn:i","value":"{{value}}"}] """;

    private static (ChangeOutcome, int) Summary(ChangeResult result) => (result.Outcome, result.Resource.Version);

    private static Commit Sending(string id, string task) =>
        Given.Commit(Given.Put(task)) with
        {
            Preconditions = [new NotRemembered(id)],
            Outbox = [new EnqueueMessage(id, "referral", "a", Given.Key(task), MessageKind.Send)],
            Remembered = new RememberedAnswer(
                id,
                "digest",
                Given.Key(task),
                1,
                TimeProvider.System.GetUtcNow(),
                TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(24)
            ),
        };

    private static async Task<List<string>> FoundAsync(ResourceStore store, string query)
    {
        SearchPage? page = null;
        await EventuallyAsync(async () => page = await store.SearchAsync(Given.Query(query), default));
        return [.. page!.Matches.Select(m => $"{m.Key}").Order(StringComparer.Ordinal)];
    }

    private static async Task WriteAsync(
        ResourceStore node,
        int writer,
        ConcurrentBag<Exception> failures,
        CancellationToken stop
    )
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            try
            {
                await node.OneAsync(Given.Put($"Patient/w{writer}-{i}"));
                await node.OneAsync(Observation($"w{writer}-{i}", $"w{(writer + 3) % 8}", i));
                await node.OneAsync(Observation($"w{writer}-{i / 2}", $"w{writer}", i));
            }
            catch (StoreUnavailableException)
            {
                // Its connection was ended.
            }
            catch (Exception e)
            {
                failures.Add(e);
                return;
            }
        }
    }

    /// <summary>Every row of the index says what the bytes of its resource say, and there is none that no resource has.</summary>
    private static async Task AssertIndexIsWholeAsync(TestDatabase database)
    {
        var source = new IndexSource(Fhir.R4.R4Definitions.Schema, TestDatabase.Extractor);
        await using var connection = await EarlierState.OpenAsync(database.Options);
        var resources = await RowsAsync(
            connection,
            """
            SELECT h."Key", h."TypeId", h."Id", v."Body" FROM "Resource" h
            LEFT JOIN "ResourceVersion" v ON v."Sequence" = h."Sequence" AND v."ResourceKey" = h."Key"
            """
        );
        var names = resources.ToDictionary(
            r => Convert.ToInt64(r[0]),
            r => new ResourceKey(source.TypeName(Convert.ToInt16(r[1])), (string)r[2]!)
        );
        Assert.Equal(names.Count, names.Values.Distinct().Count());
        var expected = new List<string>();
        foreach (var resource in resources)
        {
            if (resource[3] is not byte[] body)
                continue;
            var key = names[Convert.ToInt64(resource[0])];
            var entries = source.ExtractStored(key, body);
            expected.AddRange(entries.References.Select(e => $"{key} {e.Parameter} {e.Target}"));
            expected.AddRange(entries.Patients.Select(p => $"{key} 0 {p}"));
        }

        var rows = await RowsAsync(
            connection,
            """SELECT "ResourceKey", "Parameter", "Target" FROM "ReferenceIndex" """
        );
        var stored = rows.Select(r => $"{names[Convert.ToInt64(r[0])]} {r[1]} {names[Convert.ToInt64(r[2])]}");
        Assert.Equal(expected.Order(StringComparer.Ordinal), stored.Order(StringComparer.Ordinal));
    }

    private static async Task<List<object?[]>> RowsAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<object?[]>();
        while (await reader.ReadAsync())
            rows.Add([
                .. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i)),
            ]);
        return rows;
    }

    private static async Task EventuallyAsync(Func<Task> act)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await act();
                return;
            }
            catch (StoreUnavailableException) when (attempt < 100)
            {
                await Task.Delay(100);
            }
        }
    }
}
