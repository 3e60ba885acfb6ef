using System.Text.RegularExpressions;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Http;

/// <summary>Who opens the address of the server in a browser is shown around.</summary>
public sealed partial class FrontPageTests(SqliteServer shared) : ServerTests(shared)
{
    [Theory]
    [InlineData("/", null)]
    [InlineData("/", "text/html,application/xhtml+xml,*/*;q=0.8")]
    [InlineData("/fhir", null)]
    [InlineData("/fhir/", "*/*")]
    [InlineData("/fhir", "text/html,application/xhtml+xml,*/*;q=0.8")]
    public async Task Every_link_of_the_page_leads_somewhere(string address, string? accept)
    {
        var page = await Server.GetAsync(address, accept is null ? [] : [$"Accept: {accept}"]);

        Assert.Equal((200, "text/html; charset=utf-8"), (page.Status, page.ContentType));
        var links = Link().Matches(page.Body).Select(m => m.Groups["address"].Value).ToList();
        Assert.Contains("/fhir/metadata?_pretty=true", links);
        Assert.Contains("/swagger", links);
        foreach (var link in links)
            (await Server.GetAsync(link)).ShouldBe(200);
    }

    [Fact]
    public async Task Who_asks_the_base_for_FHIR_searches_all_types()
    {
        var answer = await Server.GetAsync("", "Accept: application/fhir+json");

        answer.ShouldBe(200);
        Assert.Equal("searchset", answer.Json.GetProperty("type").GetString());
    }

    [Fact]
    public async Task The_head_of_the_page_has_no_body()
    {
        foreach (var address in (string[])["/", "/fhir"])
        {
            var head = await Server.SendAsync(HttpMethod.Head, address, (string?)null);
            Assert.Equal((200, "", "text/html; charset=utf-8"), (head.Status, head.Body, head.ContentType));
        }
    }

    [GeneratedRegex("href=\"(?<address>[^\"]+)\"")]
    private static partial Regex Link();
}
