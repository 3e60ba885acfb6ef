using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Gate;

/// <summary>Web pages of others cannot work on a server that is open to this machine. https://owasp.org/www-community/attacks/csrf</summary>
public sealed class OriginTests(SqliteServer shared) : ServerTests(shared), IClassFixture<SqliteServer>
{
    public static TheoryData<string> Foreign =>
        ["http://evil.example", "https://localhost.evil.example", "null", "http://127.0.0.1.evil.example", "file://"];

    [Theory]
    [MemberData(nameof(Foreign))]
    public async Task A_foreign_page_changes_nothing(string origin)
    {
        var id = Given.Id();
        await Server.PutAsync(
            $"Task/{id}",
            $$"""{"resourceType":"Task","id":"{{id}}","status":"requested","intent":"order"}"""
        );

        (
            await Server.SendAsync(
                HttpMethod.Post,
                $"Task/{id}/$cancel?reason=csrf",
                (string?)null,
                $"Origin: {origin}"
            )
        ).ShouldRefuse(
            403,
            "error security: Pages of other sites may not change anything here: add the origin to Server:CorsOrigins where it is meant to."
        );
        (await Server.DeleteAsync($"Task/{id}", $"Origin: {origin}")).ShouldBe(403);
        (await Server.PutAsync($"Task/{id}", "{}", $"Origin: {origin}")).ShouldBe(403);
        (await Server.PostAsync("", Given.Batch(), $"Origin: {origin}")).ShouldBe(403);

        Assert.Equal("requested", await Server.StatusOfAsync($"Task/{id}"));
        (await Server.GetAsync($"Task/{id}", $"Origin: {origin}")).ShouldBe(200);
    }

    [Theory]
    [InlineData("http://localhost:3000")]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://[::1]")]
    public async Task A_page_of_this_machine_may_work(string origin) =>
        (await Server.PostAsync("Patient", """{"resourceType":"Patient"}""", $"Origin: {origin}")).ShouldBe(201);

    [Fact]
    public async Task Configured_origins_are_the_only_ones()
    {
        await using var server = await TestServer.OnSqliteAsync("--Server:CorsOrigins:0=https://app.example.org");

        (
            await server.PostAsync("Patient", """{"resourceType":"Patient"}""", "Origin: https://app.example.org")
        ).ShouldBe(201);
        (await server.PostAsync("Patient", """{"resourceType":"Patient"}""", "Origin: http://localhost:3000")).ShouldBe(
            403
        );
    }
}
