using System.Globalization;
using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Exports;

/// <summary>An export as a client makes it, who follows the guidance of the specification.</summary>
internal static class ExportKit
{
    public const string Async = "Prefer: respond-async";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The address of the status, of an export that was begun.</summary>
    public static async Task<string> BeginAsync(this TestServer server, string path, params string[] headers) =>
        StatusOf((await server.GetAsync(path, [Async, .. headers])).ShouldBe(202));

    public static string StatusOf(Answer accepted) =>
        accepted.Header("Content-Location") ?? throw new InvalidOperationException("There is no Content-Location.");

    /// <summary>Asks until the work has ended, however it has.</summary>
    public static async Task<Answer> EndAsync(this TestServer server, string status, params string[] headers)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await server.GetAsync(status, headers);
            if (answer.Status != 202)
                return answer;
            Assert.NotNull(answer.Header("X-Progress"));
            Assert.True(int.Parse(answer.Header("Retry-After")!, CultureInfo.InvariantCulture) >= 1);
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, "The export did not end.");
            await Task.Delay(20);
        }
    }

    public static async Task<Exported> ExportAsync(this TestServer server, string path, params string[] headers) =>
        await server.ReadAsync((await server.EndAsync(await server.BeginAsync(path, headers), headers)).ShouldBe(200));

    public static async Task<Exported> ExportByPostAsync(this TestServer server, string path, string[] parameters)
    {
        var accepted = (await server.PostAsync(path, Ask.Parameters(parameters), Async)).ShouldBe(202);
        return await server.ReadAsync((await server.EndAsync(StatusOf(accepted))).ShouldBe(200));
    }

    /// <summary>Downloads all files of a manifest.</summary>
    public static async Task<Exported> ReadAsync(this TestServer server, Answer manifest)
    {
        var (resources, deleted) = (new List<JsonElement>(), new List<string>());
        foreach (var file in manifest.Json.GetProperty("output").EnumerateArray())
        {
            var lines = await LinesAsync(server, file);
            Assert.All(lines, line => Assert.Equal(file.GetProperty("type").GetString(), TypeOf(line)));
            resources.AddRange(lines);
        }

        foreach (var file in manifest.Json.GetProperty("deleted").EnumerateArray())
            deleted.AddRange((await LinesAsync(server, file)).Select(DeletedIn));
        return new Exported(manifest, resources, deleted);
    }

    public static string TypeOf(JsonElement resource) => resource.GetProperty("resourceType").GetString()!;

    private static async Task<List<JsonElement>> LinesAsync(TestServer server, JsonElement file)
    {
        var answer = (await server.GetAsync(file.GetProperty("url").GetString()!)).ShouldBe(200);
        Assert.Equal("application/fhir+ndjson", answer.ContentType);
        Assert.Equal(file.GetProperty("fileSize").GetInt64(), System.Text.Encoding.UTF8.GetByteCount(answer.Body));
        Assert.EndsWith("\n", answer.Body, StringComparison.Ordinal);
        List<JsonElement> lines =
        [
            .. answer.Body.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement),
        ];
        Assert.Equal(file.GetProperty("count").GetInt64(), lines.Count);
        return lines;
    }

    private static string DeletedIn(JsonElement bundle)
    {
        Assert.Equal("transaction", bundle.GetProperty("type").GetString());
        var request = bundle.GetProperty("entry")[0].GetProperty("request");
        Assert.Equal("DELETE", request.GetProperty("method").GetString());
        return request.GetProperty("url").GetString()!;
    }
}

/// <summary>What an export has brought.</summary>
internal sealed record Exported(Answer Manifest, List<JsonElement> Resources, List<string> Deleted)
{
    /// <summary><c>Patient/1</c>, in order.</summary>
    public IEnumerable<string> Keys =>
        Resources.Select(r => $"{ExportKit.TypeOf(r)}/{r.GetProperty("id").GetString()}").Order(StringComparer.Ordinal);

    /// <summary><c>Patient/1/3</c>: the version as well.</summary>
    public IEnumerable<string> Versions =>
        Resources
            .Select(r =>
                $"{ExportKit.TypeOf(r)}/{r.GetProperty("id").GetString()}/{r.GetProperty("meta").GetProperty("versionId").GetString()}"
            )
            .Order(StringComparer.Ordinal);

    public IEnumerable<string> Types => Resources.Select(ExportKit.TypeOf).Distinct().Order(StringComparer.Ordinal);

    public string TransactionTime => Manifest.Text("transactionTime")!;

    public IEnumerable<string> KeysOf(string type) =>
        Keys.Where(key => key.StartsWith(type + "/", StringComparison.Ordinal));
}
