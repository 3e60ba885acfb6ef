using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using CareCoordination.Access.Roles;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Server.Tests.Security;
using CareCoordination.SignIn.Clients;

namespace CareCoordination.Server.Tests.SignIn;

/// <summary>Partners that show a certificate: where they get tokens, and with each token. https://www.rfc-editor.org/rfc/rfc8705</summary>
public sealed class CertificateTests : IDisposable
{
    private const string Header = "Client-Cert";

    private readonly TestCertificate _right = new();
    private readonly TestCertificate _other = new("other");

    public void Dispose()
    {
        _right.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task By_TLS_a_client_gets_and_uses_tokens_with_its_certificate_alone()
    {
        using var ofServer = new TestCertificate("server");
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, ofServer.Pkcs12, TestContext.Current.CancellationToken);
        await using var server = await SignInServer.StartAsync(
            isPostgreSql: false,
            null,
            "--urls=https://127.0.0.1:0",
            $"--Kestrel:Certificates:Default:Path={file}",
            "--Security:ClientCertificates=true"
        );
        using var program = new BackendClient(isEc: true);
        await server.AddAsync(program.Record() with { Certificates = [_right.Thumbprint] });
        using var right = Connect(_right);
        using var other = Connect(_other);
        using var none = Connect(null);

        Assert.Equal("invalid_client", (await AskAsync(none, server, program)).Error);
        var refused = await AskAsync(other, server, program);
        Assert.Equal("invalid_client", refused.Error);
        Assert.Contains("certificate", refused.Text("error_description"), StringComparison.Ordinal);
        var tokens = await AskAsync(right, server, program);

        Assert.True(tokens.Status == HttpStatusCode.OK, tokens.Json.ToString());
        Assert.Equal(_right.Thumbprint, tokens.Claims().GetProperty("cnf").GetProperty("x5t#S256").GetString());
        Assert.Equal(200, await ReadAsync(right, server, tokens));
        Assert.Equal(401, await ReadAsync(none, server, tokens));
        Assert.Equal(401, await ReadAsync(other, server, tokens));
        Assert.Equal(200, await ReadAsync(right, server, tokens));
        var told = await JsonAsync(right, $"{server.Root}/.well-known/smart-configuration");
        Assert.True(told.GetProperty("tls_client_certificate_bound_access_tokens").GetBoolean());
        File.Delete(file);
    }

    [Fact]
    public async Task Behind_a_proxy_the_header_that_is_configured_tells_of_it_and_no_other()
    {
        await using var server = await BehindProxyAsync();
        using var expired = new TestCertificate("expired", days: -1);
        using var program = new BackendClient(isEc: true);
        await server.AddAsync(program.Record() with { Certificates = [_right.Thumbprint, expired.Thumbprint] });
        using var http = new HttpClient();

        foreach (var value in (string[])[_right.Header, _right.EscapedPem])
        {
            var tokens = await AskAsync(http, server, program, (Header, value));
            Assert.Equal(_right.Thumbprint, tokens.Claims().GetProperty("cnf").GetProperty("x5t#S256").GetString());
            Assert.Equal(200, await ReadAsync(http, server, tokens, (Header, _right.Header)));
            Assert.Equal(200, await ReadAsync(http, server, tokens, (Header, _right.EscapedPem)));
            foreach (
                var (name, shown) in new[]
                {
                    (Header, _other.Header),
                    (Header, ""),
                    (Header, ":bm9uZQ==:"),
                    (Header, "::"),
                    (Header, ":::"),
                    (Header, "%"),
                    (Header, _right.Thumbprint),
                    ("X-Client-Cert", _right.Header),
                }
            )
                Assert.Equal(401, await ReadAsync(http, server, tokens, (name, shown)));
            // Nobody knows which of two is the proxy's.
            Assert.Equal(401, await ReadAsync(http, server, tokens, (Header, _right.Header), (Header, _other.Header)));
        }

        foreach (var value in (string[])[_other.Header, expired.Header, ":x:", ""])
            Assert.Equal("invalid_client", (await AskAsync(http, server, program, (Header, value))).Error);
    }

    [Fact]
    public async Task A_client_shows_its_certificate_when_it_asks_of_tokens_and_ends_them_too()
    {
        await using var server = await BehindProxyAsync();
        var client = new ClientRecord(SignInServer.NewName("bound"), "Bound", ClientKind.Secret, "system/*.rs")
        {
            Roles = [CareRole.EhrSystem],
            Certificates = [_right.Thumbprint],
        };
        var secret = await server.AddAsync(client);
        using var http = new HttpClient();
        Dictionary<string, string> who = new() { ["client_id"] = client.Id, ["client_secret"] = secret };
        var asked = new Dictionary<string, string>(who)
        {
            ["grant_type"] = "client_credentials",
            ["scope"] = "system/*.rs",
        };
        Assert.Equal("invalid_client", (await PostAsync(http, server, "token", asked)).Error);
        var tokens = await PostAsync(http, server, "token", asked, (Header, _right.Header));
        who["token"] = tokens.Text("access_token")!;

        Assert.Equal("invalid_client", (await PostAsync(http, server, "introspect", who)).Error);
        var told = await PostAsync(http, server, "introspect", who, (Header, _right.Header));
        Assert.True(told.Json.GetProperty("active").GetBoolean());
        Assert.Equal("invalid_client", (await PostAsync(http, server, "revoke", who)).Error);
        Assert.Equal(200, await ReadAsync(http, server, tokens, (Header, _right.Header)));
        await PostAsync(http, server, "revoke", who, (Header, _right.Header));
        Assert.Equal(401, await ReadAsync(http, server, tokens, (Header, _right.Header)));
    }

    [Fact]
    public async Task Where_no_certificates_are_taken_a_header_is_none_and_a_client_with_one_gets_no_token()
    {
        await using var server = await SignInServer.StartAsync(isPostgreSql: false);
        using var program = new BackendClient(isEc: true);
        await server.AddAsync(program.Record() with { Certificates = [_right.Thumbprint] });
        using var http = new HttpClient();

        Assert.Equal("invalid_client", (await AskAsync(http, server, program, (Header, _right.Header))).Error);
        var told = await JsonAsync(http, $"{server.Root}/.well-known/openid-configuration");
        Assert.False(told.GetProperty("tls_client_certificate_bound_access_tokens").GetBoolean());
    }

    [Fact]
    public async Task A_certificate_is_registered_by_REST_and_shown_and_a_wrong_one_is_refused()
    {
        await using var server = await BehindProxyAsync();
        var admin = await AdminRequests.OfAsync(server);

        var added = await admin.SendAsync(
            "POST",
            "clients",
            $$"""{"client_id":"bound","scope":"system/*.rs","certificate_thumbprints":["{{_right.Thumbprint}}"]}"""
        );
        Assert.Equal(201, added.Status);
        Assert.Contains(
            _right.Thumbprint,
            (await admin.SendAsync("GET", "clients/bound")).Body,
            StringComparison.Ordinal
        );
        foreach (
            var (more, said) in new[]
            {
                ("\"certificate_thumbprints\":[\"abc\"]", "no thumbprint"),
                ($"\"certificate_thumbprints\":[\"{_right.Thumbprint}=\"]", "no thumbprint"),
                ($"\"certificate_thumbprints\":[\"{_right.Thumbprint[..^1]}!\"]", "no thumbprint"),
                (
                    $"\"token_endpoint_auth_method\":\"none\",\"redirect_uris\":[\"https://a.example/b\"],\"certificate_thumbprints\":[\"{_right.Thumbprint}\"]",
                    "public client"
                ),
            }
        )
        {
            var scope = more.Contains("none", StringComparison.Ordinal) ? "user/*.rs" : "system/*.rs";
            var refused = await admin.SendAsync(
                "POST",
                "clients",
                $$"""{"client_id":"wrong","scope":"{{scope}}",{{more}}}"""
            );
            Assert.Equal(422, refused.Status);
            Assert.Contains(said, refused.Body, StringComparison.Ordinal);
        }
    }

    private static Task<SignInServer> BehindProxyAsync() =>
        SignInServer.StartAsync(
            isPostgreSql: false,
            null,
            "--Security:BehindTlsProxy=true",
            $"--Security:ClientCertificateHeader={Header}"
        );

    private static HttpClient Connect(TestCertificate? certificate)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificates = [certificate.Certificate];
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate.Certificate;
        }

        return new HttpClient(handler);
    }

    private static Task<Tokens> AskAsync(
        HttpClient http,
        SignInServer server,
        BackendClient program,
        params (string Name, string Value)[] headers
    ) =>
        PostAsync(
            http,
            server,
            "token",
            new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                ["client_assertion"] = program.Assertion(server),
                ["scope"] = "system/*.rs",
            },
            headers
        );

    private static async Task<Tokens> PostAsync(
        HttpClient http,
        SignInServer server,
        string endpoint,
        Dictionary<string, string> form,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{server.Root}/connect/{endpoint}");
        request.Content = new FormUrlEncodedContent(form);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return await Tokens.ReadAsync(response);
    }

    private static async Task<int> ReadAsync(
        HttpClient http,
        SignInServer server,
        Tokens tokens,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{server.Base}/Patient?_id=nobody");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.Text("access_token"));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        if ((int)response.StatusCode == 401)
            Assert.Contains("invalid_token", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        return (int)response.StatusCode;
    }

    private static async Task<JsonElement> JsonAsync(HttpClient http, string address) =>
        JsonDocument.Parse(await http.GetStringAsync(address, TestContext.Current.CancellationToken)).RootElement;
}

/// <summary>Tokens of an outside issuer that are bound to a certificate.</summary>
public sealed class BoundTokenTests
{
    [Fact]
    public async Task They_are_taken_with_their_certificate_and_bound_in_another_way_not_at_all()
    {
        using var right = new TestCertificate();
        using var other = new TestCertificate("other");
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = await TestServer.OnSqliteAsync([
            .. issuer.SettingsWithIntrospection(),
            "--Security:BehindTlsProxy=true",
            "--Security:ClientCertificateHeader=Client-Cert",
        ]);
        foreach (var isOpaque in (bool[])[false, true])
        {
            foreach (
                var (confirmation, shown, status) in new[]
                {
                    ($$"""{"x5t#S256":"{{right.Thumbprint}}"}""", right, 200),
                    ($$"""{"x5t#S256":"{{right.Thumbprint}}"}""", other, 401),
                    ($$"""{"x5t#S256":"{{right.Thumbprint}}"}""", null, 401),
                    ($$"""{"x5t#S256":"{{right.Thumbprint}}","jkt":"x"}""", right, 401),
                    ($$"""{"jkt":"{{right.Thumbprint}}"}""", right, 401),
                    ("""{"x5t#S256":1}""", right, 401),
                    ("{}", right, 401),
                    ($"\"{right.Thumbprint}\"", right, 401),
                }
            )
            {
                void Bind(System.Text.Json.Nodes.JsonObject claims) =>
                    claims["cnf"] = System.Text.Json.Nodes.JsonNode.Parse(confirmation);
                var token = isOpaque ? issuer.OpaqueToken(Bind) : issuer.Token(Bind);
                string[] headers = shown is null
                    ? [$"Authorization: Bearer {token}"]
                    : [$"Authorization: Bearer {token}", $"Client-Cert: {shown.Header}"];
                Assert.Equal(
                    (confirmation, shown?.Thumbprint, status),
                    (confirmation, shown?.Thumbprint, (await server.GetAsync("Patient?_id=nobody", headers)).Status)
                );
            }
        }
    }
}
