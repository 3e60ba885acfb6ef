using System.Net.Sockets;
using System.Text;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Security;

/// <summary>Where a token may stand, and where not. https://www.rfc-editor.org/rfc/rfc6750</summary>
public sealed class AuthorizationHeaderTests(SecuredServer shared) : IAsyncLifetime
{
    private const string NeedsToken =
        "error login: This needs an access token: /.well-known/smart-configuration says where to get one.";

    private const string TokenInUrl =
        "A token does not belong into an address, which is kept in logs and histories: send it in the header Authorization, and get a new one, for this one may be known to others.";

    private TestServer _server = null!;
    private TestIssuer _issuer = null!;

    public async ValueTask InitializeAsync() => (_server, _issuer, _) = await shared.GetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("GET", "Patient")]
    [InlineData("GET", "Patient/1")]
    [InlineData("HEAD", "Patient/1")]
    [InlineData("GET", "Patient/1/_history/1")]
    [InlineData("GET", "_history")]
    [InlineData("GET", "?_type=Patient")]
    [InlineData("POST", "Patient")]
    [InlineData("POST", "")]
    [InlineData("POST", "Patient/_search")]
    [InlineData("PUT", "Patient/1")]
    [InlineData("PATCH", "Patient/1")]
    [InlineData("DELETE", "Patient/1")]
    [InlineData("POST", "$process-message")]
    [InlineData("GET", "Patient/1/$everything")]
    [InlineData("OPTIONS", "Patient")]
    [InlineData("GET", "Nonsense")]
    [InlineData("GET", "a/b/c/d/e/f")]
    [InlineData("POST", "metadata")]
    [InlineData("GET", "metadata/1")]
    [InlineData("GET", "%6Detadata")]
    [InlineData("GET", "metadata/")]
    [InlineData("GET", "metadata/../Patient")]
    [InlineData("GET", "Patient/../metadata")]
    [InlineData("GET", "/nothing")]
    [InlineData("POST", "/hl7v2")]
    [InlineData("GET", "/hl7v2")]
    [InlineData("GET", "/metrics")]
    [InlineData("GET", "//fhir/metadata")]
    public async Task Nothing_is_answered_without_a_token(string method, string path)
    {
        var answer = await _server.SendAsync(new HttpMethod(method), path, (HttpContent?)null);

        Assert.Equal(401, answer.Status);
        Assert.Equal("Bearer realm=\"fhir\"", answer.Header("WWW-Authenticate"));
        if (method != "HEAD")
            answer.ShouldRefuse(401, NeedsToken);
    }

    [Theory]
    [InlineData("metadata")]
    [InlineData("metadata?_format=json&_elements=software")]
    [InlineData("/fhir")]
    [InlineData("/fhir/")]
    [InlineData("/")]
    [InlineData("/.well-known/jwks.json")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/swagger/index.html")]
    [InlineData("/swagger/v1/swagger.json")]
    public async Task What_everybody_may_read_is_answered_with_and_without_a_token(string path)
    {
        foreach (
            var headers in (string[][])
                [
                    [],
                    ["Authorization: Bearer nonsense"],
                    [$"Authorization: Bearer {_issuer.Token()}"],
                ]
        )
            (await _server.GetAsync(path, headers)).ShouldBe(200);
    }

    [Fact]
    public async Task A_body_is_not_read_of_whom_nobody_knows()
    {
        // It promises a body that never comes: whoever waited for it would not answer.
        var answer = await RawAsync(
            "POST /fhir/Patient HTTP/1.1",
            "Content-Type: application/fhir+json",
            "Content-Length: 1000"
        );

        Assert.StartsWith("HTTP/1.1 401", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("access_token")]
    [InlineData("ACCESS_TOKEN")]
    [InlineData("%61ccess_token")]
    [InlineData("access%5Ftoken")]
    [InlineData("_count=1&access_token")]
    [InlineData("a;access_token")]
    public async Task A_token_in_the_address_is_refused_everywhere(string parameter)
    {
        foreach (var path in (string[])["Patient", "metadata", "/health/live", "/nothing", "/fhir"])
        {
            var answer = await _server.GetAsync($"{path}?{parameter}={_issuer.Token()}");
            answer.ShouldRefuse(400, $"error security: {TokenInUrl}");
            Assert.Equal(
                $"Bearer realm=\"fhir\", error=\"invalid_request\", error_description=\"{TokenInUrl}\"",
                answer.Header("WWW-Authenticate")
            );
        }
    }

    [Theory]
    [InlineData("Basic dXNlcjpwYXNzd29yZA==")]
    [InlineData("DPoP token")]
    [InlineData("Negotiate abc")]
    [InlineData("Digest username=x")]
    [InlineData("Bearerx token")]
    [InlineData("Bearer")]
    [InlineData("token")]
    public async Task Another_scheme_is_nothing_that_was_shown(string header)
    {
        var answer = await _server.GetAsync("Patient", $"Authorization: {header}");

        Assert.Equal("Bearer realm=\"fhir\"", answer.Header("WWW-Authenticate"));
        answer.ShouldRefuse(
            401,
            "error login: Only Bearer tokens are taken here: get one from an issuer of this server."
        );
    }

    [Fact]
    public async Task The_scheme_is_read_in_any_case()
    {
        foreach (var scheme in (string[])["Bearer", "bearer", "BEARER"])
            (await _server.GetAsync("Patient?_id=x", $"Authorization: {scheme} {_issuer.Token()}")).ShouldBeTaken();
    }

    public static readonly TheoryData<string> Smuggled =
    [
        "Authorization: Bearer {0}, Bearer {0}",
        "Authorization: Bearer {0},",
        "Authorization: Bearer {0} {0}",
        "Authorization: Bearer  {0}",
        "Authorization: Bearer \t{0}",
        "Authorization: Bearer {0}\tx",
        "Authorization: Bearer {0};x",
        "Authorization: Bearer \"{0}\"",
        "Authorization: Bearer {0}=x",
        "Authorization: Bearer =",
        "Authorization: Bearer %41{0}",
        "Authorization: Bearer {0}\r\nAuthorization: Bearer {0}",
        "Authorization: Bearer {0}\r\nauthorization: Basic dXNlcjpwYXNzd29yZA==",
        "Authorization: \r\nAuthorization: Bearer {0}",
        "Authorization: Bearer {0}\u0001",
        "Authorization: Bearer {0}\r\n folded",
        "Authorization : Bearer {0}",
        "Authorization: Bearer {0}\u0000",
        "Authorization:Bearer {0}\n\tBearer {0}",
    ];

    [Theory]
    [MemberData(nameof(Smuggled))]
    public async Task What_could_be_read_in_two_ways_is_refused(string header)
    {
        var answer = await RawAsync(
            "GET /fhir/Patient HTTP/1.1",
            header.Replace("{0}", _issuer.Token(), StringComparison.Ordinal)
        );

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Authorization\u000b: Bearer {0}")]
    [InlineData("X-Authorization: Bearer {0}")]
    [InlineData("Authorization_: Bearer {0}")]
    [InlineData("Proxy-Authorization: Bearer {0}")]
    [InlineData("Cookie: access_token={0}")]
    [InlineData("X-Forwarded-Authorization: Bearer {0}")]
    [InlineData("X-Forwarded-User: alice")]
    public async Task Nothing_but_the_header_itself_lets_anybody_in(string header)
    {
        var answer = await RawAsync(
            "GET /fhir/Patient HTTP/1.1",
            header.Replace("{0}", _issuer.Token(), StringComparison.Ordinal)
        );

        Assert.Matches("^HTTP/1.1 40[01]", answer);
    }

    [Fact]
    public async Task A_token_that_is_too_long_is_not_looked_at() =>
        Assert.Equal(400, (await _server.ShowAsync(new string('a', 17 * 1024))).Status);

    /// <summary>The beginning of the answer to a request that is sent letter by letter as it is.</summary>
    private async Task<string> RawAsync(string line, params string[] headers)
    {
        var host = new Uri(_server.Root);
        using var connection = new TcpClient();
        await connection.ConnectAsync(host.Host, host.Port, TestContext.Current.CancellationToken);
        var stream = connection.GetStream();
        var request = string.Join("\r\n", [line, $"Host: {host.Authority}", .. headers, "", ""]);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
        var buffer = new byte[4096];
        var read = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
        return Encoding.Latin1.GetString(buffer, 0, read);
    }
}
