using System.Net;
using System.Net.Sockets;
using System.Text;
using CareCoordination.Application.Operations;
using CareCoordination.Server.Hosting;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Http;

/// <summary>
/// A POST without a body is one, however it says so: without a length as <c>curl -X POST</c> sends it, with a length of nothing, in chunks of
/// which there is none, or by the end of its stream in HTTP/2. Whatever Content-Type it names or not.
/// </summary>
public sealed class EmptyBodyTests
{
    private static readonly string[] Framings =
    [
        "",
        "Content-Length: 0\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Content-Type: text/plain\r\n",
        "Content-Type: application/fhir+json\r\nContent-Length: 0\r\n",
        "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n",
    ];

    /// <summary>Every operation that is asked by POST at all, and a search: none is refused for the kind of a body that is not there.</summary>
    [Fact]
    public async Task Nothing_is_415_over_http_1()
    {
        await using var server = await TestServer.OnSqliteAsync();
        (await server.PutAsync("Patient/p1", Given.Patient("p1"))).ShouldBe(201);
        foreach (var path in Paths())
        {
            var answers = new List<string>();
            foreach (var framing in Framings)
                answers.Add(await RawAsync(server, path, framing));
            Assert.All(answers, a => Assert.DoesNotContain("415", a, StringComparison.Ordinal));
            Assert.True(answers.Distinct().Count() == 1, $"{path}: {string.Join(", ", answers)}");
        }

        foreach (var framing in Framings)
            Assert.Equal("200", await RawAsync(server, "Patient/_search?_id=p1", framing));
    }

    [Fact]
    public async Task Nothing_is_415_over_http_2()
    {
        await using var server = await TestServer.OnSqliteAsync(
            "--Kestrel:Endpoints:plain:Url=http://127.0.0.1:0",
            "--Kestrel:Endpoints:plain:Protocols=Http2"
        );
        using var client = new HttpClient();
        foreach (var path in Paths())
        {
            foreach (
                var content in (Func<HttpContent?>[])[() => null, () => new StreamContent(new MemoryStream()), Unknown]
            )
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, $"{server.Base}/{path}")
                {
                    Content = content(),
                    Version = HttpVersion.Version20,
                    VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                };
                using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
                Assert.Equal(HttpVersion.Version20, response.Version);
                Assert.NotEqual(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
            }
        }

        static HttpContent Unknown()
        {
            var content = new StreamContent(new UnknownLength());
            content.Headers.TryAddWithoutValidation("Content-Type", "text/plain");
            return content;
        }
    }

    [Theory]
    [InlineData("Content-Length: 2\r\n", "{}")]
    [InlineData("Content-Type: text/plain\r\nContent-Length: 2\r\n", "{}")]
    [InlineData("Transfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n")]
    [InlineData("Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n")]
    public async Task A_body_of_another_kind_is_415_with_and_without_a_length(string framing, string body)
    {
        await using var server = await TestServer.OnSqliteAsync();
        foreach (var path in (string[])["Patient", "Task/t1/$claim", "Patient/_search", ""])
            Assert.Equal("415", await RawAsync(server, path, framing, body));
    }

    [Theory]
    [InlineData("POST", "Patient")]
    [InlineData("PUT", "Patient/p1")]
    [InlineData("PATCH", "Patient/p1")]
    [InlineData("POST", "")]
    public async Task A_write_without_a_body_is_told_that_it_is_empty(string method, string path)
    {
        await using var server = await TestServer.OnSqliteAsync();
        (await server.PutAsync("Patient/p1", Given.Patient("p1"))).ShouldBe(201);
        var answer = await server.SendAsync(new HttpMethod(method), path, (string?)null);
        Assert.Equal(400, answer.Status);
        Assert.Contains("empty", Assert.Single(answer.Issues), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Paths() =>
        Composition
            .Operations.All.SelectMany(o =>
                (string[])
                    [
                        .. o.IsOnType ? [$"{o.ResourceType}/{o.Code}"] : Array.Empty<string>(),
                        .. o.IsOnInstance ? [$"{o.ResourceType}/nobody/{o.Code}"] : Array.Empty<string>(),
                    ]
            )
            .Append("Patient/p1/$everything");

    /// <summary>The status of a POST whose headers are these and no others.</summary>
    private static async Task<string> RawAsync(TestServer server, string path, string framing, string body = "")
    {
        using var client = new TcpClient();
        var root = new Uri(server.Root);
        await client.ConnectAsync(root.Host, root.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        if (framing.Contains("chunked", StringComparison.Ordinal) && body.Length == 0)
            body = "0\r\n\r\n";
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST /fhir/{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{framing}\r\n{body}"
            ),
            TestContext.Current.CancellationToken
        );
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 ", answer, StringComparison.Ordinal);
        return answer["HTTP/1.1 ".Length..][..3];
    }

    private sealed class UnknownLength : MemoryStream
    {
        public override bool CanSeek => false;
    }
}
