using System.Text.Json;
using CareCoordination.Server.Tests.Exports;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Import.Bulk;

/// <summary>An import as a client asks for it.</summary>
internal static class ImportKit
{
    /// <summary>What lets a server fetch from an address.</summary>
    public static string Allow(string url) => $"--Imports:Sources:test:Url={url}";

    public static string Manifest(string url) => Ask.Parameters($$"""{"name":"manifestUrl","valueUrl":"{{url}}"}""");

    public static string Input(params IEnumerable<(string Type, string Url)> files) =>
        Ask.Parameters([
            .. files.Select(f =>
                $$"""{"name":"input","part":[{"name":"type","valueCode":"{{f.Type}}"},{"name":"url","valueUri":"{{f.Url}}"}]}"""
            ),
        ]);

    public static async Task<Imported> ImportAsync(this TestServer server, string body, params string[] headers)
    {
        var accepted = (await server.PostAsync("$import", body, [ExportKit.Async, .. headers])).ShouldBe(202);
        return await server.ResultAsync(ExportKit.StatusOf(accepted), headers);
    }

    /// <summary>Waits until the work is done.</summary>
    public static async Task<Imported> ResultAsync(this TestServer server, string status, params string[] headers)
    {
        var answer = (await server.EndAsync(status, headers)).ShouldBe(200);
        var rejections = new List<string>();
        foreach (var report in answer.Json.GetProperty("error").EnumerateArray())
        {
            var file = (await server.GetAsync(report.GetProperty("url").GetString()!)).ShouldBe(200);
            var lines = file.Body.TrimEnd('\n').Split('\n');
            Assert.Equal(report.GetProperty("count").GetInt64(), lines.Length);
            rejections.AddRange(
                lines.Select(line =>
                {
                    var issue = JsonDocument.Parse(line).RootElement.GetProperty("issue")[0];
                    Assert.Equal("error", issue.GetProperty("severity").GetString());
                    return issue.GetProperty("diagnostics").GetString()!;
                })
            );
        }

        return new Imported(answer, Sum(answer, "written"), Sum(answer, "unchanged"), rejections);
    }

    private static long Sum(Answer answer, string count) =>
        ((string[])["output", "deleted"]).Sum(list =>
            answer.Json.GetProperty(list).EnumerateArray().Sum(file => file.GetProperty(count).GetInt64())
        );
}

/// <summary>What came of an import.</summary>
internal sealed record Imported(Answer Result, long Written, long Unchanged, List<string> Rejections);
