using CareCoordination.Server.Tests.Kit;
using CareCoordination.Storage;

namespace CareCoordination.Server.Tests.Audit;

/// <summary>Whatever somebody does to the rows of the trail behind the server's back is found.</summary>
public sealed class ChainTests
{
    private const int Rows = 12;

    public static readonly TheoryData<string, string> Tampering = new()
    {
        { """UPDATE "AuditRow" SET "Recorded" = "Recorded" + 1 WHERE "Sequence" = 5""", "Row 5 was changed." },
        {
            """UPDATE "AuditRow" SET "Hash" = (SELECT "Hash" FROM "AuditRow" WHERE "Sequence" = 4) WHERE "Sequence" = 5""",
            "Row 5 was changed."
        },
        {
            """UPDATE "AuditRow" SET "Content" = (SELECT "Content" FROM "AuditRow" WHERE "Sequence" = 4) WHERE "Sequence" = 5""",
            "Row 5 was changed."
        },
        { """DELETE FROM "AuditRow" WHERE "Sequence" = 5""", "Row 5 is missing." },
        { """DELETE FROM "AuditRow" WHERE "Sequence" BETWEEN 5 AND 7""", "Rows 5 to 7 are missing." },
        { """DELETE FROM "AuditRow" WHERE "Sequence" <= 3""", "Rows 1 to 3 are missing." },
        { """UPDATE "AuditRow" SET "Sequence" = 100 WHERE "Sequence" = 5""", "Row 5 is missing." },
        {
            """INSERT INTO "AuditRow" ("Sequence", "Recorded", "Content", "Hash") SELECT 13, "Recorded", "Content", "Hash" FROM "AuditRow" WHERE "Sequence" = 12""",
            "Row 13 was changed."
        },
        {
            """UPDATE "AuditRow" SET "Sequence" = CASE "Sequence" WHEN 5 THEN -6 ELSE -5 END WHERE "Sequence" IN (5, 6)""",
            "Rows 5 to 6 are missing."
        },
        {
            """DELETE FROM "AuditKey" WHERE "Sequence" = 5""",
            "Row 5 is not found by all that it names: rows of the table AuditKey were removed or changed."
        },
        {
            """UPDATE "AuditKey" SET "Key" = "Key" + 1 WHERE "Sequence" = 5""",
            "Row 5 is not found by all that it names: rows of the table AuditKey were removed or changed."
        },
    };

    [Theory]
    [MemberData(nameof(Tampering))]
    public Task What_is_changed_on_SQLite_is_found(string sql, string problem) => FindsAsync(false, sql, problem);

    [Theory]
    [MemberData(nameof(Tampering))]
    public Task What_is_changed_on_PostgreSql_is_found(string sql, string problem) => FindsAsync(true, sql, problem);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_byte_of_a_row_counts(bool isPostgreSql)
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql);
        await using var server = await StartAsync(database);
        var before = isPostgreSql ? "encode(\"Content\", 'hex')" : "hex(\"Content\")";
        var hex = (string)(await database.ScalarAsync($"""SELECT {before} FROM "AuditRow" WHERE "Sequence" = 5"""))!;
        for (var place = 0; place < hex.Length; place += 2)
        {
            var other = hex[..place] + (hex[place] == '7' ? "6" : "7") + hex[(place + 1)..];
            await SetAsync(other);
            Assert.Contains("Row 5 was changed.", (await server.VerifyAsync()).Problems);
        }

        await SetAsync(hex);
        Assert.Empty((await server.VerifyAsync()).Problems);

        Task SetAsync(string content) =>
            database.ExecuteAsync(
                $"""UPDATE "AuditRow" SET "Content" = {(isPostgreSql ? $"decode('{content}', 'hex')" : $"X'{content}'")} WHERE "Sequence" = 5"""
            );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rows_that_have_changed_places_are_found(bool isPostgreSql)
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql);
        await using var server = await StartAsync(database);

        await database.ExecuteAsync("""UPDATE "AuditRow" SET "Sequence" = -5 WHERE "Sequence" = 5""");
        await database.ExecuteAsync("""UPDATE "AuditRow" SET "Sequence" = 5 WHERE "Sequence" = 8""");
        await database.ExecuteAsync("""UPDATE "AuditRow" SET "Sequence" = 8 WHERE "Sequence" = -5""");

        var problems = (await server.VerifyAsync()).Problems;
        Assert.Contains("Row 5 was changed.", problems);
        Assert.Contains(problems, p => p.StartsWith("Row 8 ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_end_that_was_cut_off_is_found_by_what_was_noted(bool isPostgreSql)
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql);
        AuditHead noted;
        await using (var server = await StartAsync(database))
        {
            noted = await server.Verifier().HeadAsync(default);
            Assert.Equal(Rows, noted.Sequence);
            Assert.Empty((await server.VerifyAsync(noted)).Problems);
        }

        await database.ExecuteAsync("""DELETE FROM "AuditRow" WHERE "Sequence" > 9""");
        await database.ExecuteAsync("""DELETE FROM "AuditKey" WHERE "Sequence" > 9""");
        await using var next = await TestServer.StartAsync(database.Settings);

        Assert.Empty((await next.VerifyAsync()).Problems);
        Assert.Equal(
            "The trail ends at row 9, and row 12 was noted: its end was cut off.",
            Assert.Single((await next.VerifyAsync(noted)).Problems)
        );
        // Whoever goes on does not hide it.
        for (var i = 0; i < 5; i++)
            await next.PutAsync($"Patient/later{i}", Given.Patient($"later{i}"));
        Assert.Equal(
            "Row 12 has another hash than was noted: the trail was written anew.",
            Assert.Single((await next.VerifyAsync(noted)).Problems)
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_goes_on_after_a_row_that_somebody_has_put_at_the_end(bool isPostgreSql)
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql);
        await using var server = await StartAsync(database);
        await database.ExecuteAsync(
            """INSERT INTO "AuditRow" ("Sequence", "Recorded", "Content", "Hash") SELECT 13, "Recorded", "Content", "Hash" FROM "AuditRow" WHERE "Sequence" = 12"""
        );

        await server.PutAsync("Patient/first", Given.Patient("first"));
        (await server.PutAsync("Patient/second", Given.Patient("second"))).ShouldBe(201);

        Assert.Contains("Row 13 was changed.", (await server.VerifyAsync()).Problems);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_part_of_the_chain_is_verified_by_itself(bool isPostgreSql)
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql);
        await using var server = await StartAsync(database);
        await database.ExecuteAsync("""UPDATE "AuditRow" SET "Recorded" = "Recorded" + 1 WHERE "Sequence" = 5""");

        var before = await server.Verifier().VerifyAsync(1, 4, null, _ => { }, default);
        var after = await server.Verifier().VerifyAsync(6, null, null, _ => { }, default);
        var with = await server.Verifier().VerifyAsync(3, 7, null, _ => { }, default);

        Assert.Equal((4, 0), (before.Rows, before.Problems.Length));
        Assert.Equal((7, 0), (after.Rows, after.Problems.Length));
        Assert.Equal((5, "Row 5 was changed."), (with.Rows, Assert.Single(with.Problems)));
    }

    [Fact]
    public async Task The_verb_says_what_is_wrong_and_ends_with_1()
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql: false);
        await using (await StartAsync(database)) { }

        var head = await ProgramRun.OfAsync(
            database.Folder,
            ["audit", "head", "--file", "noted.txt", .. database.Settings]
        );
        var right = await ProgramRun.OfAsync(
            database.Folder,
            ["audit", "verify", "--against", "noted.txt", .. database.Settings]
        );
        await database.ExecuteAsync("""DELETE FROM "AuditRow" WHERE "Sequence" > 11""");
        await database.ExecuteAsync("""DELETE FROM "AuditRow" WHERE "Sequence" = 3""");
        var wrong = await ProgramRun.OfAsync(
            database.Folder,
            ["audit", "verify", "--against", head.Output.Trim(), .. database.Settings]
        );

        Assert.Equal((0, ""), (head.Code, head.Error));
        Assert.Matches("^12:[0-9a-f]{64}\n$", head.Output.ReplaceLineEndings("\n"));
        Assert.Equal(
            (0, $"12 rows are as they were written, up to {head.Output.Trim()}\n"),
            (right.Code, right.Output.ReplaceLineEndings("\n"))
        );
        Assert.Equal(
            (
                1,
                "Row 3 is missing.\nThe trail ends at row 11, and row 12 was noted: its end was cut off.\n2 places of 10 rows are not as they were written.\n"
            ),
            (wrong.Code, wrong.Output.ReplaceLineEndings("\n"))
        );
        Assert.Equal(2, await Program.Main(["audit"]));
        Assert.Equal(2, await Program.Main(["audit", "verify", "--from", "0", .. database.Settings]));
        Assert.Equal(2, await Program.Main(["audit", "verify", "--against", "nowhere", .. database.Settings]));
    }

    private static async Task FindsAsync(bool isPostgreSql, string sql, string problem)
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql);
        await using var server = await StartAsync(database);
        Assert.Empty((await server.VerifyAsync()).Problems);

        await database.ExecuteAsync(sql);

        Assert.Contains(problem, (await server.VerifyAsync()).Problems);
    }

    /// <summary>With twelve rows.</summary>
    private static async Task<TestServer> StartAsync(ServerDatabase database)
    {
        var server = await TestServer.StartAsync(database.Settings);
        for (var i = 1; i <= Rows; i++)
            (await server.PutAsync($"Patient/p{i}", Given.Patient($"p{i}"))).ShouldBe(201);
        return server;
    }
}
