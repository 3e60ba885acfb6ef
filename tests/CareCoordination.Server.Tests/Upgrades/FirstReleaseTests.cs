using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;
using Microsoft.Data.Sqlite;

namespace CareCoordination.Server.Tests.Upgrades;

/// <summary>
/// A database as the first release made it, kept as text beside this file. Whatever comes later brings it forward, and all that is in it
/// is found. The text is never made anew.
/// </summary>
public sealed class FirstReleaseTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("care-first-release-").FullName;

    private string[] Settings =>
        [$"--ConnectionStrings:CareCoordination=Data Source={Path.Combine(_folder, "care.db")}"];

    public async ValueTask InitializeAsync()
    {
        var text = await File.ReadAllTextAsync(
            Path.Combine(
                SharedMaterial.Repository,
                "tests",
                "CareCoordination.Server.Tests",
                "Upgrades",
                "first-release.sqlite.sql"
            )
        );
        await ExecuteAsync(text);
    }

    public ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Each kind of index, and what is found by it.</summary>
    public static TheoryData<string, string> Searches =>
        new()
        {
            { "Patient?family=obrien", "p1" },
            { "Patient?given=luis", "p1" },
            { "Patient?identifier=urn:oid:1.2.3|MRN-1", "p1" },
            { "Patient?birthdate=1950-02-03&gender=female", "p1" },
            { "Patient?organization=Organization/clinic", "p1" },
            { "Practitioner?family=ozturk&given=ilker", "dr" },
            { "Organization?name=norrebro", "clinic" },
            { "Observation?code-value-quantity=http://loinc.org|29463-7$70.5", "o1" },
            { "Observation?value-quantity=70.5|http://unitsofmeasure.org|kg&subject.family=obrien", "o1" },
            { "Task?due=2035-06-01&owner=Practitioner/dr", "t1" },
            { "EpisodeOfCare?manager=Practitioner/dr", "e1" },
            { "RiskAssessment?probability=0.25", "r1" },
            { "ValueSet?url=https://example.org/vs", "v1" },
            { "Patient/p1/Task?status=requested", "t1" },
        };

    [Fact]
    public async Task Migrated_and_indexed_again_all_of_it_is_found()
    {
        Assert.Equal(0, await Program.Main(["migrate", .. Settings]));
        // The worst that a change of what is compared can do to what was indexed before.
        await ExecuteAsync(
            """UPDATE "StringIndex" SET "Value" = 'as of then ' || "Value"; UPDATE "TokenIndex" SET "Key" = "Key" + 1; DELETE FROM "WorkItem"; DELETE FROM "ReferenceIndex" """
        );

        Assert.Equal(0, await Program.Main(["reindex", .. Settings]));

        await using var server = await TestServer.StartAsync(Settings);
        foreach (var (search, id) in Searches.Select(s => s.Data))
            Assert.Equal([id], (await server.GetAsync(search)).ShouldBe(200).Ids);
        Assert.Contains(
            "Task/t1",
            (await server.GetAsync("Task/$worklist?owner=Practitioner/dr")).ShouldBe(200).Body,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Versions_deletions_and_times_are_as_they_were_and_writes_go_on()
    {
        await using var server = await TestServer.StartAsync(Settings);

        var history = (await server.GetAsync("Patient/p1/_history")).ShouldBe(200);
        Assert.Equal(["1950-02-03", "1950-02"], history.Resources.Select(r => r.GetProperty("birthDate").GetString()));
        Assert.Equal("2", history.Resources.First().GetProperty("meta").GetProperty("versionId").GetString());
        (await server.GetAsync("Group/g1")).ShouldBe(410);
        Assert.Equal(2, (await server.GetAsync("Group/g1/_history")).Entries.Count());
        Assert.Equal(2, (await server.GetAsync("Patient?_summary=count")).Json.GetProperty("total").GetInt32());

        var updated = (await server.PutAsync("Patient/p1", Given.Patient("p1", "Renamed"))).ShouldBe(200);
        Assert.Equal("W/\"3\"", updated.ETag);
        Assert.Empty((await server.GetAsync("Patient?family=obrien")).Ids);
        Assert.Equal(["p1"], (await server.GetAsync("Patient?family=renamed")).Ids);
    }

    /// <summary>The order of the last changed of a status is new: what was stored before has its place in it.</summary>
    [Fact]
    public async Task The_last_changed_of_each_status_are_found_in_their_order()
    {
        await using var server = await TestServer.StartAsync(Settings);
        var types = (await server.GetAsync("metadata")).Json.GetProperty("rest")[0].GetProperty("resource");
        var found = 0;
        foreach (var type in types.EnumerateArray().Select(t => t.GetProperty("type").GetString()!))
        {
            foreach (var resource in (await server.GetAsync($"{type}?_count=100")).ShouldBe(200).Resources)
            {
                var name = type == "Goal" ? "lifecycleStatus" : "status";
                if (
                    !resource.TryGetProperty(name, out var status)
                    || (await server.GetAsync($"{type}?_count=0&{Parameter(type)}={status}")).Status != 200
                )
                    continue;
                var newest = await server.GetAsync($"{type}?{Parameter(type)}={status}&_sort=-_lastUpdated&_count=100");
                Assert.Contains(resource.GetProperty("id").GetString(), newest.ShouldBe(200).Ids);
                found++;
            }
        }

        Assert.True(found >= 4, $"{found} resources have a status.");
    }

    [Fact]
    public async Task Timers_and_what_is_known_of_partners_are_kept_under_their_new_names()
    {
        await ExecuteAsync(
            """
            INSERT INTO "PartnerMark" ("Partner", "PolledThrough", "PolledAt", "PollLease", "PollLeaseEnd", "PollProblem", "LastSuccessAt",
              "LastFailureAt", "ConsecutiveFailures", "IsPaused", "LastProblem") VALUES ('p', 1, 2, 'n', 3, 'slow', 4, 5, 6, 1, 'late');
            """
        );
        var alarms = await ScalarAsync("""SELECT COUNT(*) || ':' || SUM("ResourceKey" % 9973) FROM "Alarm" """);

        Assert.Equal(0, await Program.Main(["migrate", .. Settings]));

        Assert.Equal(
            alarms,
            await ScalarAsync("""SELECT COUNT(*) || ':' || SUM("ResourceKey" % 9973) FROM "Timer" """)
        );
        Assert.Equal(
            "p,1,2,n,3,slow,4,5,6,1,late,",
            await ScalarAsync(
                """
                SELECT "Partner" || ',' || "PolledThrough" || ',' || "PolledAt" || ',' || "PollLease" || ',' || "PollLeaseEnd"
                  || ',' || "PollProblem" || ',' || "LastSuccessAt" || ',' || "LastFailureAt" || ',' || "ConsecutiveFailures"
                  || ',' || "IsPaused" || ',' || "LastProblem" || ',' || "ReadThrough" FROM "PartnerStatus"
                """
            )
        );
    }

    private static string Parameter(string type) => type == "Goal" ? "lifecycle-status" : "status";

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, "care.db")}");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, "care.db")}");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
