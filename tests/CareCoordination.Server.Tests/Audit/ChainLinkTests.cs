using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Application.Retention;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Audit;

/// <summary>Rows that became durable together are one link of the chain, and each of them is still found, shown, verified and removed.</summary>
public sealed class ChainLinkTests
{
    private const int Entries = 150;

    /// <summary>The row before the first link of several, which begins with row 2.</summary>
    private const string SecondLink = """SELECT MIN("Sequence") FROM "AuditRow" WHERE "Sequence" > 1""";

    /// <summary>What somebody does to the lines of a link, of which they do not change the hash.</summary>
    public static readonly TheoryData<string, bool> Tampering = new(
        from what in (string[])["change", "drop", "swap", "twice", "drop-first", "drop-last", "empty", "join"]
        from isPostgreSql in (bool[])[false, true]
        select (what, isPostgreSql)
    );

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_row_of_a_link_is_found_by_what_it_names_and_by_its_number(bool isPostgreSql)
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql);
        await using var server = await StartAsync(database);

        Assert.InRange(await database.CountAsync("\"AuditRow\""), 3, 10);
        foreach (var n in (int[])[0, 1, 40, 63, 64, 65, 100, Entries - 1])
        {
            var row = Assert.Single(await server.AllAsync($"AuditEvent?entity=Patient/p{n}"));
            Assert.Equal($"audit-{n + 2}", row.GetProperty("id").GetString());
            Assert.Equal(200, (await server.GetAsync($"AuditEvent/audit-{n + 2}")).Status);
            Assert.Single(await server.AllAsync($"AuditEvent?_id=audit-{n + 2}&entity=Patient/p{n}"));
            Assert.Empty(await server.AllAsync($"AuditEvent?_id=audit-{n + 2}&entity=Patient/p{n + 1}"));
        }

        Assert.Equal(404, (await server.GetAsync("AuditEvent/audit-1000")).Status);
    }

    [Theory]
    [InlineData("date", false)]
    [InlineData("date", true)]
    [InlineData("-date", false)]
    [InlineData("-date", true)]
    public async Task Pages_end_and_go_on_within_links(string sort, bool isPostgreSql)
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql);
        await using var server = await StartAsync(database);
        var expected = Enumerable.Range(1, Entries + 1).Select(n => $"audit-{n}").ToList();
        if (sort[0] == '-')
            expected.Reverse();

        foreach (var count in (int[])[7, 64, 100])
        {
            var all = await server.AllAsync($"AuditEvent?action=U&_sort={sort}&_count={count}");
            Assert.Equal(expected, all.Select(row => row.GetProperty("id").GetString()!));
            // What all of a link name is in it once, and in each of its rows.
            var managed = await server.AllAsync($"AuditEvent?patient=Patient/shared&_sort={sort}&_count={count}");
            Assert.Equal(Entries / 3 + 1, managed.Count);
        }
    }

    [Theory]
    [MemberData(nameof(Tampering))]
    public async Task What_is_changed_within_a_link_is_found(string what, bool isPostgreSql)
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql);
        await using var server = await StartAsync(database);
        Assert.Equal((Entries + 1, 0), Told(await server.VerifyAsync()));
        var place = Convert.ToInt64(
            await database.ScalarAsync(SecondLink),
            System.Globalization.CultureInfo.InvariantCulture
        );
        var hex = isPostgreSql ? "encode(\"Content\", 'hex')" : "hex(\"Content\")";
        var content = (string)
            (await database.ScalarAsync($"""SELECT {hex} FROM "AuditRow" WHERE "Sequence" = {place}"""))!;
        var lines = Encoding.UTF8.GetString(Convert.FromHexString(content)).Split('\n').ToList();
        Assert.True(lines.Count > 20);

        switch (what)
        {
            case "change":
                lines[7] = lines[7].Replace("p7", "p8", StringComparison.Ordinal);
                break;
            case "drop":
                lines.RemoveAt(7);
                break;
            case "swap":
                (lines[7], lines[8]) = (lines[8], lines[7]);
                break;
            case "twice":
                lines.Insert(7, lines[7]);
                break;
            case "drop-first":
                lines.RemoveAt(0);
                break;
            case "drop-last":
                lines.RemoveAt(lines.Count - 1);
                break;
            case "empty":
                lines[7] = "";
                break;
            default:
                lines[7] += " " + lines[8];
                lines.RemoveAt(8);
                break;
        }

        var changed = Convert.ToHexString(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        await database.ExecuteAsync(
            $"""UPDATE "AuditRow" SET "Content" = {(isPostgreSql ? $"decode('{changed}', 'hex')" : $"X'{changed}'")} WHERE "Sequence" = {place}"""
        );

        Assert.NotEmpty((await server.VerifyAsync()).Problems);
        // What is left is shown all the same: a damaged row hides none of the others.
        Assert.Single(await server.AllAsync($"AuditEvent?entity=Patient/p{Entries - 1}"));
        Assert.InRange((await server.AllAsync("AuditEvent?action=U&_count=20")).Count, Entries - 2, Entries + 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_part_of_the_chain_is_verified_from_within_a_link(bool isPostgreSql)
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql);
        await using var server = await StartAsync(database);
        var last = Convert.ToInt64(
            await database.ScalarAsync(SecondLink),
            System.Globalization.CultureInfo.InvariantCulture
        );

        // A link is verified as a whole.
        foreach (var (from, to) in ((long, long)[])[(10, 12), (2, 3), (last, last), (2, last)])
            Assert.Equal((last - 1, 0), Told(await server.Verifier().VerifyAsync(from, to, null, _ => { }, default)));
        await database.ExecuteAsync($"""DELETE FROM "AuditKey" WHERE "Sequence" = {last}""");

        var problem = Assert.Single((await server.Verifier().VerifyAsync(10, 12, null, _ => { }, default)).Problems);
        Assert.Equal(
            $"Rows 2 to {last} are not found by all that they name: rows of the table AuditKey were removed or changed.",
            problem
        );
        Assert.Empty((await server.Verifier().VerifyAsync(last + 1, null, null, _ => { }, default)).Problems);
    }

    [Fact]
    public async Task PostgreSql_compresses_links_as_cheaply_as_it_can()
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql: true);
        await using var server = await StartAsync(database);

        var best = await database.ScalarAsync(
            "SELECT CASE WHEN 'lz4' = ANY(enumvals) THEN 'lz4' ELSE 'pglz' END FROM pg_settings WHERE name = 'default_toast_compression'"
        );
        Assert.Equal(
            best,
            await database.ScalarAsync(
                """SELECT DISTINCT pg_column_compression("Content") FROM "AuditRow" WHERE pg_column_compression("Content") IS NOT NULL"""
            )
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Links_whose_time_is_over_go_with_all_their_keys(bool isPostgreSql)
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql);
        var clock = new ShiftedClock(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var server = await TestServer.StartAsync(
            [.. database.Settings, "--Care:Retention:Enabled=false", "--Care:Retention:Batch=2"],
            time: clock
        );
        await FillAsync(server);
        clock.Advance(TimeSpan.FromDays(3 * 365));
        await server.PutAsync("Patient/new", Given.Patient("new"));
        clock.Advance(TimeSpan.FromDays(3 * 366));

        var removed = await server
            .Services.GetRequiredService<RetentionSweep>()
            .RunAsync(TestContext.Current.CancellationToken);

        // A batch is of rows: they are counted, and not the links that they are in.
        Assert.Equal(Entries + 1, removed.Audit);
        Assert.Equal(1, await database.CountAsync("\"AuditRow\""));
        Assert.Equal(1, await database.CountAsync("\"AuditKey\""));
        Assert.Equal((1, 0), Told(await server.VerifyAsync()));
        Assert.Equal(404, (await server.GetAsync("AuditEvent/audit-77")).Status);
        Assert.Equal(200, (await server.GetAsync($"AuditEvent/audit-{Entries + 2}")).Status);
    }

    private static (long Rows, int Problems) Told(Application.Audit.AuditReport report) =>
        (report.Rows, report.Problems.Length);

    private static async Task<TestServer> StartAsync(ServerDatabase database)
    {
        var server = await TestServer.StartAsync(database.Settings);
        await FillAsync(server);
        return server;
    }

    /// <summary>One row alone, and one for each entry of a transaction; every third entry names a patient whom others name too.</summary>
    private static async Task FillAsync(TestServer server)
    {
        (await server.PutAsync("Patient/shared", Given.Patient("shared"))).ShouldBe(201);
        var entries = Enumerable
            .Range(0, Entries)
            .Select(n =>
            {
                var patient = JsonNode.Parse(Given.Patient($"p{n}"))!.AsObject();
                if (n % 3 == 0)
                    patient["link"] = new JsonArray(
                        new JsonObject
                        {
                            ["type"] = "seealso",
                            ["other"] = new JsonObject { ["reference"] = "Patient/shared" },
                        }
                    );
                return $$$"""{"resource":{{{patient.ToJsonString()}}},"request":{"method":"PUT","url":"Patient/p{{{n}}}"}}""";
            });
        (
            await server.PostAsync(
                "",
                $$"""{"resourceType":"Bundle","type":"transaction","entry":[{{string.Join(',', entries)}}]}"""
            )
        ).ShouldBe(200);
    }
}
