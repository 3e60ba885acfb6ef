using CareCoordination.Fhir.R4;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Stores;
using CareCoordination.Storage.Tables;
using Microsoft.Extensions.Logging.Abstractions;

namespace CareCoordination.Storage.Tests;

/// <summary>The write-ahead log of SQLite does not grow with what is written, whoever reads meanwhile.</summary>
public sealed class SqliteLogTests
{
    private const int Written = 140 * 1024 * 1024;

    /// <summary>Searches that follow on one another without a gap, and others that each take longer than a moment.</summary>
    [Theory]
    [InlineData(5_000)]
    [InlineData(3_000_000)]
    public async Task It_stays_small_under_constant_reads(int steps)
    {
        await using var database = await TestDatabase.CreateAsync(StorageProvider.Sqlite);
        var engine = DatabaseEngine.Create(database.Options);
        await using var pool = new SessionPool(engine);
        var source = new IndexSource(R4Definitions.Schema, TestDatabase.Extractor);
        await using var store = new ResourceStore(
            engine,
            source,
            database.Options,
            new StoreClock(TimeProvider.System, database.Options.MaxClockAhead),
            NullLogger.Instance
        );
        await store.OneAsync(Given.Put("Patient/a"));
        var log = new FileInfo(database.Options.ConnectionString["Data Source=".Length..] + "-wal");
        using var done = new CancellationTokenSource();

        var reading = Enumerable.Range(0, 3).Select(_ => Task.Run(() => SearchAsync(pool, steps, done.Token))).ToList();
        var (largest, reads) = (0L, 0);
        var members =
            $$""" "text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">{{new string('x', 200_000)}}</div>"} """;
        for (var i = 0; i < Written / 200_000; i++)
        {
            await store.OneAsync(Given.Put($"Patient/p{i}", members));
            log.Refresh();
            largest = Math.Max(largest, log.Length);
            Assert.NotNull(await store.ReadAsync(Given.Key($"Patient/p{i}"), default));
            reads++;
        }

        await done.CancelAsync();
        await Task.WhenAll(reading);
        Assert.True(largest < 3 * SqliteCheckpoints.TooLarge, $"The log grew to {largest / 1024 / 1024} MB.");
        Assert.Equal(reads + 1, (await store.SearchAsync(Given.Query("Patient?_summary=count"), default)).Total);
    }

    private static async Task SearchAsync(SessionPool pool, int steps, CancellationToken done)
    {
        var sql = new Sql(
            $"""
            WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < {steps})
            SELECT COUNT(*) FROM c JOIN "ChangeSequence" s ON s."Id" = 1
            """,
            []
        );
        while (!done.IsCancellationRequested)
        {
            var counted = await pool.ReadAsync(
                sql,
                static (session, text, token) => session.FirstAsync(text, row => row.GetInt64(0), token),
                CancellationToken.None
            );
            Assert.Equal(steps, counted);
        }
    }
}
