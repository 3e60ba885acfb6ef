using System.Text.Json;
using CareCoordination.Server.Tests.Audit;
using CareCoordination.Server.Tests.Kit;
using Npgsql;

namespace CareCoordination.Server.Tests.SignIn;

/// <summary>What an administrator did and who signed in is acknowledged with its row and never before it, however reads are told of.</summary>
public sealed class DurableTrailTests
{
    private const string Embedded = "--Security:Mode=Embedded";

    [Theory]
    [InlineData(false, Trail.Batched)]
    [InlineData(false, Trail.BeforeAnswer)]
    [InlineData(true, Trail.Batched)]
    [InlineData(true, Trail.BeforeAnswer)]
    public async Task A_row_is_there_when_the_answer_is(bool isPostgreSql, string reads)
    {
        await using var database = await NewAsync(isPostgreSql);
        await using var server = await SignInServer.StartOnAsync(database.Settings, null, reads);
        var admin = await AdminRequests.OfAsync(server);
        var name = SignInServer.NewName("told");

        foreach (
            var (what, path, body) in new[]
            {
                (
                    "user-add",
                    "users",
                    $$"""{"name":"{{name}}","roles":["auditor"],"password":"{{SignInServer.Password}}"}"""
                ),
                ("user-disable", $"users/{name}/disable", null),
                ("user-enable", $"users/{name}/enable", null),
                ("client-add", "clients", $$"""{"client_id":"{{name}}","scope":"system/*.rs"}"""),
                ("client-disable", $"clients/{name}/disable", null),
                ("client-disable", "clients/nobody/disable", null),
            }
        )
        {
            var answer = await admin.SendAsync("POST", path, body);
            var told = await ToldAsync(database, what);
            Assert.Equal(answer.Status, told[^1].GetProperty("status").GetInt32());
        }

        using var browser = new AppBrowser(server);
        var app = await server.AddAppAsync();
        var address = browser.Authorize(app, "user/*.rs");
        await browser.SignInAsync(address, name, "a wrong password");
        Assert.Equal(401, (await ToldAsync(database, "sign-in"))[^1].GetProperty("status").GetInt32());
        (await browser.SignInAsync(address, name)).ShouldBeBack();
        Assert.Equal(200, (await ToldAsync(database, "sign-in"))[^1].GetProperty("status").GetInt32());
    }

    [Theory]
    [InlineData(Trail.Batched)]
    [InlineData(Trail.BeforeAnswer)]
    public async Task What_was_done_and_has_no_row_yet_is_not_acknowledged_and_is_told_of_later(string reads)
    {
        await using var database = await NewAsync(isPostgreSql: true);
        await using var server = await SignInServer.StartOnAsync(
            database.Settings,
            null,
            reads,
            "--Storage:CommandTimeoutSeconds=2",
            "--Logging:LogLevel:Default=None"
        );
        var admin = await AdminRequests.OfAsync(server);
        var app = await server.AddAppAsync();
        var user = await server.AddUserAsync();
        using var browser = new AppBrowser(server);
        var before = (await ToldAsync(database, "client-add")).Count;

        await using (var other = new NpgsqlConnection(ConnectionOf(database)))
        {
            await other.OpenAsync(TestContext.Current.CancellationToken);
            await using var lockOfOther = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await using var command = new NpgsqlCommand("LOCK TABLE \"AuditRow\" IN EXCLUSIVE MODE", other);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

            var refused = await admin.SendAsync("POST", "clients", """{"client_id":"late","scope":"system/*.rs"}""");
            Assert.Equal(503, refused.Status);
            Assert.Contains("transient", refused.Body, StringComparison.Ordinal);
            var page = await browser.SignInAsync(browser.Authorize(app, "user/*.rs"), user.Name);
            Assert.Equal(503, (int)page.Status);
            Assert.DoesNotContain("Set-Cookie", page.Headers, StringComparison.OrdinalIgnoreCase);
            await lockOfOther.RollbackAsync(TestContext.Current.CancellationToken);
        }

        var start = TimeProvider.System.GetTimestamp();
        while ((await ToldAsync(database, "client-add")).Count == before)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30), "It is not told of.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Empty((await server.Server.VerifyAsync()).Problems);
        Assert.Equal(200, (await admin.SendAsync("GET", "clients/late")).Status);
    }

    private static async Task<ServerDatabase> NewAsync(bool isPostgreSql)
    {
        var database = await ServerDatabase.NewAsync(isPostgreSql);
        Assert.Equal(0, await Program.Main(["migrate", .. database.Settings, Embedded]));
        return database;
    }

    private static string ConnectionOf(ServerDatabase database) =>
        database.Settings.Single(s => s.StartsWith("--ConnectionStrings:", StringComparison.Ordinal)).Split('=', 2)[1];

    private static async Task<List<JsonElement>> ToldAsync(ServerDatabase database, string what) =>
        [.. (await database.TrailAsync()).Where(r => r.Text("interaction") == what)];
}
