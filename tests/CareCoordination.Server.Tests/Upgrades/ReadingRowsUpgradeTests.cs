using System.Data.Common;
using System.Globalization;
using CareCoordination.Application.Settings;
using CareCoordination.Application.Upgrades;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CareCoordination.Server.Tests.Upgrades;

/// <summary>A database of the release before readings had rows gets them, whatever stops the upgrade on its way.</summary>
public abstract class ReadingRowsUpgradeTests : IAsyncLifetime
{
    /// <summary>More than two batches.</summary>
    private const int Observations = 1_203;

    public sealed class OnSqlite : ReadingRowsUpgradeTests
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("care-upgrade-").FullName;

        protected override string[] NewDatabase() =>
            [$"--ConnectionStrings:CareCoordination=Data Source={Path.Combine(_folder, "care.db")}"];

        protected override DbConnection Connect(string text) => new SqliteConnection(text);

        [Fact]
        public async Task The_next_start_writes_the_rows()
        {
            await FillAsync();
            await AgeAsync();

            await using (await TestServer.StartAsync(Settings))
                Assert.Equal(Observations, await CountAsync());
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            Directory.Delete(_folder, recursive: true);
        }
    }

    public sealed class OnPostgreSql : ReadingRowsUpgradeTests
    {
        protected override string[] NewDatabase() =>
            [
                "--Storage:Provider=PostgreSql",
                $"--ConnectionStrings:CareCoordination={PostgreSqlCluster.Require().NewDatabase()}",
            ];

        protected override DbConnection Connect(string text) => new NpgsqlConnection(text);

        [Fact]
        public async Task No_server_starts_before_the_rows_are_there()
        {
            await FillAsync();
            await AgeAsync();
            var behind = await Assert.ThrowsAsync<ConfigurationProblem>(() => TestServer.StartAsync(Settings));
            Assert.Matches(@"lacks 1 migration\(s\), first \d+_Readings", behind.Message);

            Assert.Equal(0, await Program.Main(["migrate", .. Settings]));
            await ExecuteAsync("""UPDATE "Job" SET "EndedAt" = 0 WHERE "Kind" = 'keep-rows'""");
            var unfinished = await Assert.ThrowsAsync<ConfigurationProblem>(() => TestServer.StartAsync(Settings));
            Assert.Equal(
                "The rows that are kept beside resources are not complete: run the server with the verb 'migrate'.",
                unfinished.Message
            );

            Assert.Equal(0, await Program.Main(["migrate", .. Settings]));
            await using (await TestServer.StartAsync(Settings))
                Assert.Equal(Observations, await CountAsync());
        }
    }

    protected string[] Settings { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        Settings = NewDatabase();
        Assert.Equal(0, await Program.Main(["migrate", .. Settings]));
    }

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected abstract string[] NewDatabase();

    protected abstract DbConnection Connect(string text);

    [Fact]
    public async Task Migrating_writes_the_rows_of_what_was_there()
    {
        await FillAsync();
        await AgeAsync();

        Assert.Equal(0, await Program.Main(["migrate", .. Settings]));

        Assert.Equal(Observations, await CountAsync());
        await using var server = await TestServer.StartAsync(Settings);
        await PutGoalAsync(server);
        await PutAsync(server, Observations, Observations + 1);
        Assert.Contains("\"sustaining\"", (await server.GetAsync("Goal/g")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_database_has_nothing_to_write_anew() =>
        Assert.Equal(0L, await ScalarAsync("""SELECT COUNT(*) FROM "Job" """));

    [Fact]
    public async Task What_was_stopped_goes_on_where_it_was()
    {
        await FillAsync();
        await AgeAsync();
        Assert.Equal(0, await Program.Main(["migrate", .. Settings]));
        await using var server = await TestServer.StartAsync(Settings);
        await ExecuteAsync("""DELETE FROM "Reading" """);
        await ExecuteAsync("""UPDATE "Job" SET "EndedAt" = 0 WHERE "Kind" = 'keep-rows'""");

        // Of the last batch nothing was written: the place is that of the one before.
        var seen = await server.Services.GetRequiredService<ProjectionRefill>().RunAsync(default);

        Assert.Equal(Observations % 500L, seen);
        Assert.Equal(Observations % 500, await CountAsync());
    }

    [Fact]
    public async Task Two_at_once_share_the_work()
    {
        await FillAsync();
        await AgeAsync();
        Assert.Equal(0, await Program.Main(["migrate", .. Settings]));
        await ExecuteAsync("""DELETE FROM "Reading" """);
        await ExecuteAsync("""DELETE FROM "JobStep" """);
        await using var one = await TestServer.StartAsync(Settings);
        await ExecuteAsync("""UPDATE "Job" SET "EndedAt" = 0 WHERE "Kind" = 'keep-rows'""");

        var both = await Task.WhenAll(
            Enumerable
                .Range(0, 2)
                .Select(_ => Task.Run(() => one.Services.GetRequiredService<ProjectionRefill>().RunAsync(default)))
        );

        Assert.Equal(Observations, both.Sum());
        Assert.Equal(Observations, await CountAsync());
    }

    protected async Task FillAsync()
    {
        await using var server = await TestServer.StartAsync(Settings);
        await server.PutAsync("Patient/p", Given.Patient("p"));
        for (var first = 0; first < Observations; first += 401)
            await PutAsync(server, first, Math.Min(Observations, first + 401));
    }

    /// <summary>Makes the database as the release before left it.</summary>
    protected async Task AgeAsync()
    {
        await ExecuteAsync("""DROP TABLE "Reading" """);
        await ExecuteAsync("""DELETE FROM "__EFMigrationsHistory" WHERE "MigrationId" LIKE '%_Readings'""");
    }

    protected async Task<int> CountAsync() =>
        Convert.ToInt32(await ScalarAsync("""SELECT COUNT(*) FROM "Reading" """), CultureInfo.InvariantCulture);

    protected async Task ExecuteAsync(string sql) => await ScalarAsync(sql);

    private async Task<object?> ScalarAsync(string sql)
    {
        const string Name = "--ConnectionStrings:CareCoordination=";
        var text = Settings.Single(s => s.StartsWith(Name, StringComparison.Ordinal))[Name.Length..];
        await using var connection = Connect(text);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }

    private static async Task PutAsync(TestServer server, int first, int end)
    {
        var entries = Enumerable
            .Range(first, end - first)
            .Select(i => Given.Entry("PUT", $"Observation/o{i}", Observation(i)));
        (await server.PostAsync("", Given.Transaction([.. entries]))).ShouldBe(200);
    }

    private static string Observation(int number) =>
        $$$"""
            {"resourceType":"Observation","id":"o{{{number}}}","status":"final","subject":{"reference":"Patient/p"},
             "code":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},
             "effectiveDateTime":"{{{new DateTime(2020, 1, 1).AddHours(number).ToString(
                "yyyy-MM-dd'T'HH:mm:ss'Z'",
                CultureInfo.InvariantCulture
            )}}}","valueQuantity":{"value":70,"unit":"kg"}}
            """;

    private static async Task PutGoalAsync(TestServer server) =>
        (
            await server.PutAsync(
                "Goal/g",
                """
                {"resourceType":"Goal","id":"g","lifecycleStatus":"active","startDate":"2020-01-01","description":{"text":"Weight"},
                 "subject":{"reference":"Patient/p"},
                 "target":[{"measure":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},"detailQuantity":{"value":80,"comparator":"<","unit":"kg"}}]}
                """
            )
        ).ShouldBe(201);
}
