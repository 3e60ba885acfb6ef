using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CareCoordination.PartnerSimulator;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests.Samples;

/// <summary>Sends the requests of <c>samples/http</c>, in order, to a new server: each is answered as its title says.</summary>
public sealed partial class HttpSampleTests
{
    private static readonly string Folder = Path.Combine(SharedMaterial.Repository, "samples", "http");

    private const int Patience = 200;

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Folder, "*.http").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_request_is_answered_as_its_title_says(string file)
    {
        await using var server = await TestServer.OnSqliteAsync();
        await using var partner = await SimulatedPartner.StartAsync(new SimulatorOptions());
        var text = await File.ReadAllTextAsync(Path.Combine(Folder, file));
        var samples = text.Replace("{{base}}", server.Base, StringComparison.Ordinal)
            .Replace("{{partner}}", partner.Root, StringComparison.Ordinal)
            .Replace("{{$datetime iso8601}}", Given.Days(0), StringComparison.Ordinal)
            .Split("\n### ")
            .Skip(1)
            .ToList();

        Assert.NotEmpty(samples);
        var answers = new Dictionary<string, Answer>(StringComparer.Ordinal);
        foreach (var sample in samples)
        {
            var title = sample[..sample.IndexOf('\n', StringComparison.Ordinal)];
            var request = Earlier()
                .Replace(sample[(title.Length + 1)..], m => Value(answers[m.Groups[1].Value], m.Groups[2].Value));
            var name = Name().Match(request);
            var status = Status().Match(title).Groups[1].Value;
            var answer = await SendAsync(server, request[name.Length..]);
            for (var again = 0; title.StartsWith("Backstage", StringComparison.Ordinal) && again < Patience; again++)
            {
                // A referral needs a moment to get there.
                if ($"{answer.Status}" == status)
                    break;
                await Task.Delay(50);
                answer = await SendAsync(server, request[name.Length..]);
            }

            Assert.Equal($"{title}: {status}", $"{title}: {answer.Status}");
            if (name.Success)
                answers[name.Groups[1].Value] = answer;
        }
    }

    /// <summary>What an earlier answer has at <c>goal[0].reference</c>.</summary>
    private static string Value(Answer answer, string path)
    {
        var node = JsonNode.Parse(answer.Body)!;
        foreach (var step in path.Split(['.', '[', ']'], StringSplitOptions.RemoveEmptyEntries))
            node = int.TryParse(step, CultureInfo.InvariantCulture, out var index) ? node[index]! : node[step]!;
        return (string)node!;
    }

    private static Task<Answer> SendAsync(TestServer server, string request)
    {
        var parts = request.Split("\n\n", 2);
        var lines = parts[0].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var (method, url) = (lines[0].Split(' ')[0], lines[0].Split(' ')[1]);
        var body = parts.Length > 1 ? parts[1].Trim() : "";
        if (body.StartsWith("< ", StringComparison.Ordinal))
            body = File.ReadAllText(Path.Combine(Folder, body[2..]));
        return server.SendAsync(new HttpMethod(method), url, body.Length == 0 ? null : body, lines[1..]);
    }

    [GeneratedRegex(@"\((\d{3})")]
    private static partial Regex Status();

    [GeneratedRegex(@"\A# @name (\w+)\n")]
    private static partial Regex Name();

    /// <summary>The variables of editors: <c>{{plan.response.body.$.id}}</c>.</summary>
    [GeneratedRegex(@"\{\{(\w+)\.response\.body\.\$\.([^}]+)\}\}")]
    private static partial Regex Earlier();
}
