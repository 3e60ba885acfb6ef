using System.Text.Json;
using System.Text.Json.Nodes;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Security;

/// <summary>What a secured server says of itself, to browsers and to programs.</summary>
public sealed class EdgeTests(SecuredServer shared) : IAsyncLifetime
{
    private TestServer _server = null!;
    private TestIssuer _main = null!;

    public async ValueTask InitializeAsync() => (_server, _main, _) = await shared.GetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("Patient")]
    [InlineData("metadata")]
    [InlineData("/")]
    [InlineData("/swagger/index.html")]
    [InlineData("/health/live")]
    [InlineData("/nothing")]
    public async Task Every_answer_tells_browsers_what_they_may_not_do(string path)
    {
        var answer = await _server.GetAsync(path);

        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        Assert.Equal("no-referrer", answer.Header("Referrer-Policy"));
        Assert.Equal("same-origin", answer.Header("Cross-Origin-Resource-Policy"));
        Assert.Contains("default-src", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
        // Over plain http nobody may promise TLS.
        Assert.Null(answer.Header("Strict-Transport-Security"));
    }

    [Fact]
    public async Task What_somebody_was_shown_is_not_kept_by_those_between()
    {
        Assert.Equal("no-store", (await _server.ShowAsync(_main.Token())).Header("Cache-Control"));
        Assert.Null((await _server.GetAsync("metadata")).Header("Cache-Control"));
    }

    [Fact]
    public async Task Nothing_below_the_base_runs_as_a_page_and_the_pages_of_the_server_do()
    {
        Assert.Contains(
            "sandbox",
            (await _server.ShowAsync(_main.Token())).Header("Content-Security-Policy"),
            StringComparison.Ordinal
        );
        var swagger = (await _server.GetAsync("/swagger/index.html")).ShouldBe(200);
        Assert.Contains("default-src 'self'", swagger.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", swagger.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/.well-known/smart-configuration")]
    [InlineData("/fhir/.well-known/smart-configuration")]
    public async Task Apps_are_told_where_to_get_a_token_and_what_is_true(string path)
    {
        var smart = (await _server.GetAsync(path)).ShouldBe(200);

        Assert.Equal("application/json", smart.ContentType);
        Assert.Equal(
            [
                _main.Id,
                _main.Id + "/keys",
                _main.Id + "/authorize",
                _main.Id + "/token",
                _main.Id + "/introspect",
                _main.Id + "/revoke",
            ],
            new[]
            {
                "issuer",
                "jwks_uri",
                "authorization_endpoint",
                "token_endpoint",
                "introspection_endpoint",
                "revocation_endpoint",
            }.Select(smart.Text)
        );
        Assert.Equal(["S256"], Texts(smart.Json, "code_challenge_methods_supported"));
        Assert.Equal(
            ["authorization_code", "refresh_token", "client_credentials"],
            Texts(smart.Json, "grant_types_supported")
        );
        Assert.Equal(
            [
                "client-confidential-asymmetric",
                "client-confidential-symmetric",
                "client-public",
                "permission-offline",
                "permission-patient",
                "permission-user",
                "permission-v1",
                "permission-v2",
                "sso-openid-connect",
            ],
            Texts(smart.Json, "capabilities")
        );
    }

    [Fact]
    public async Task What_an_issuer_does_not_say_is_not_claimed_and_its_own_launches_are()
    {
        await using var issuer = await TestIssuer.StartAsync();
        foreach (
            var name in (string[])
                ["token_endpoint_auth_methods_supported", "scopes_supported", "authorization_endpoint"]
        )
            issuer.Metadata[name] = null;
        issuer.Metadata["capabilities"] = new JsonArray("launch-standalone", "context-standalone-patient");
        await using var server = await TestServer.OnSqliteAsync(issuer.Settings());

        var smart = (await server.GetAsync("/.well-known/smart-configuration")).ShouldBe(200);

        Assert.Null(smart.Text("authorization_endpoint"));
        Assert.Equal(
            [
                "context-standalone-patient",
                "launch-standalone",
                "permission-patient",
                "permission-user",
                "permission-v1",
                "permission-v2",
            ],
            Texts(smart.Json, "capabilities")
        );
    }

    [Fact]
    public async Task The_issuer_that_apps_are_sent_to_can_be_chosen_and_may_be_away()
    {
        await using var first = await TestIssuer.StartAsync();
        await using var second = await TestIssuer.StartAsync();
        second.IsDown = true;
        await using var server = await TestServer.OnSqliteAsync([
            .. first.Settings("a"),
            .. second.Settings("b"),
            "--Security:SmartIssuer=b",
        ]);

        var away = (await server.GetAsync("/.well-known/smart-configuration")).ShouldBe(503);
        Assert.Equal("5", away.Header("Retry-After"));
        (await server.ShowAsync(first.Token())).ShouldBeTaken();
    }

    [Fact]
    public async Task An_open_server_has_no_such_page() =>
        (await (await TestServer.OnSqliteAsync()).GetAsync("/.well-known/smart-configuration")).ShouldBe(404);

    [Fact]
    public async Task The_statement_of_capabilities_says_how_it_is_secured()
    {
        (await _server.GetAsync("/.well-known/smart-configuration")).ShouldBe(200);
        var statement = (await _server.GetAsync("metadata")).ShouldBe(200);
        var security = statement.Json.GetProperty("rest")[0].GetProperty("security");

        Assert.True(security.GetProperty("cors").GetBoolean());
        Assert.Equal(
            "SMART-on-FHIR",
            security.GetProperty("service")[0].GetProperty("coding")[0].GetProperty("code").GetString()
        );
        var addresses = security.GetProperty("extension")[0].GetProperty("extension").EnumerateArray();
        Assert.Equal(
            [
                $"authorize {_main.Id}/authorize",
                $"token {_main.Id}/token",
                $"introspect {_main.Id}/introspect",
                $"revoke {_main.Id}/revoke",
            ],
            addresses.Select(a => $"{a.GetProperty("url").GetString()} {a.GetProperty("valueUri").GetString()}")
        );
        Assert.StartsWith(
            "Every request needs an access token (SMART App Launch 2) of ",
            security.GetProperty("description").GetString(),
            StringComparison.Ordinal
        );
        Assert.Equal(304, (await _server.GetAsync("metadata", $"If-None-Match: {statement.ETag}")).Status);
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("any")]
    public async Task The_OpenAPI_documents_ask_for_a_token(string document)
    {
        var json = (await _server.GetAsync($"/swagger/{document}/swagger.json")).ShouldBe(200).Json;

        Assert.Equal(
            """[{"smart":[]},{"accessToken":[]}]""",
            json.GetProperty("security").GetRawText().Replace("\n", "").Replace(" ", "")
        );
        Assert.Equal(
            "bearer",
            json.GetProperty("components")
                .GetProperty("securitySchemes")
                .GetProperty("accessToken")
                .GetProperty("scheme")
                .GetString()
        );
        if (json.GetProperty("paths").TryGetProperty("/fhir/metadata", out var metadata))
            Assert.Equal("[]", metadata.GetProperty("get").GetProperty("security").GetRawText());
    }

    [Fact]
    public async Task Pages_of_the_list_may_ask_and_read_refusals_and_others_may_not()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = await TestServer.OnSqliteAsync([
            .. issuer.Settings(),
            "--Server:CorsOrigins=https://app.example.org",
        ]);
        string[] asks = ["Access-Control-Request-Method: POST", "Access-Control-Request-Headers: authorization"];

        var listed = await server.SendAsync(
            HttpMethod.Options,
            "Patient",
            (string?)null,
            ["Origin: https://app.example.org", .. asks]
        );
        Assert.Equal((204, "https://app.example.org"), (listed.Status, listed.Header("Access-Control-Allow-Origin")));
        var refused = await server.GetAsync("Patient", "Origin: https://app.example.org");
        Assert.Equal((401, "https://app.example.org"), (refused.Status, refused.Header("Access-Control-Allow-Origin")));

        foreach (var origin in (string[])["https://evil.example", "http://localhost:3000", "null"])
        {
            var other = await server.SendAsync(
                HttpMethod.Options,
                "Patient",
                (string?)null,
                [$"Origin: {origin}", .. asks]
            );
            Assert.Null(other.Header("Access-Control-Allow-Origin"));
            Assert.Equal(
                403,
                (
                    await server.PostAsync(
                        "Patient",
                        "{}",
                        $"Origin: {origin}",
                        $"Authorization: Bearer {issuer.Token()}"
                    )
                ).Status
            );
        }

        // Swagger of this server is a page of this server.
        var own = await server.PostAsync(
            "Patient",
            "{}",
            $"Origin: {server.Root}",
            $"Authorization: Bearer {issuer.Token()}"
        );
        Assert.Equal(400, own.Status);
    }

    [Fact]
    public async Task A_client_that_asks_too_often_is_told_when_to_come_again_and_others_are_not_held_up()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = await TestServer.OnSqliteAsync([
            .. issuer.Settings(),
            "--Security:RequestsPerSecondPerClient=1",
            "--Security:BurstPerClient=5",
            "--Security:RequestsPerSecondPerAddress=0",
        ]);
        var answers = new List<Answer>();
        // Another person with the same client is the same client.
        for (var i = 0; i < 12; i++)
            answers.Add(await server.ShowAsync(issuer.Token(c => c["sub"] = $"person-{i}")));

        var refused = answers.First(a => a.Status == 429);
        Assert.InRange(answers.Count(a => a.Status == 429), 1, 7);
        Assert.Equal("1", refused.Header("Retry-After"));
        refused.ShouldRefuse(
            429,
            "error throttled: Too many requests at once. Send this one again in 1 s, and fewer at a time."
        );
        (await server.ShowAsync(issuer.Token(c => c["client_id"] = "another"))).ShouldBeTaken();
    }

    [Fact]
    public async Task Whoever_makes_tokens_up_is_held_up_by_the_address_and_who_is_known_is_not()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = await TestServer.OnSqliteAsync([
            .. issuer.Settings(),
            "--Security:RequestsPerSecondPerAddress=1",
            "--Security:BurstPerAddress=5",
        ]);
        var known = issuer.Token();
        (await server.ShowAsync(known)).ShouldBeTaken();
        var statuses = new List<int>();
        for (var i = 0; i < 10; i++)
            statuses.Add((await server.ShowAsync($"made-up-{i}")).Status);

        Assert.Contains(429, statuses);
        Assert.Equal(429, (await server.GetAsync("Patient")).Status);
        Assert.Equal(429, (await server.GetAsync("metadata")).Status);
        (await server.ShowAsync(known)).ShouldBeTaken();
    }

    [Fact]
    public async Task Behind_a_proxy_the_address_and_the_scheme_are_those_that_it_saw()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = await TestServer.OnSqliteAsync([
            .. issuer.Settings(),
            "--Security:BehindTlsProxy=true",
            "--Security:RequestsPerSecondPerAddress=1",
            "--Security:BurstPerAddress=3",
        ]);
        for (var i = 0; i < 6; i++)
            await server.GetAsync("Patient", "X-Forwarded-For: 192.0.2.1", "X-Forwarded-Proto: https");

        Assert.Equal(429, (await server.GetAsync("Patient", "X-Forwarded-For: 198.51.100.9, 192.0.2.1")).Status);
        var other = await server.GetAsync("Patient", "X-Forwarded-For: 192.0.2.2", "X-Forwarded-Proto: https");
        Assert.Equal(401, other.Status);
        Assert.StartsWith("max-age=", other.Header("Strict-Transport-Security"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_trail_names_who_asked_and_who_was_refused()
    {
        await using var issuer = await TestIssuer.StartAsync();
        var log = new GatheredLog();
        await using var server = await TestServer.OnSqliteAsync(
            TimeProvider.System,
            log.AddTo,
            [
                .. issuer.Settings(),
                "--Logging:LogLevel:CareCoordination.Application.Sessions.AuditTrail=Information",
                "--Logging:LogLevel:Microsoft=Information",
            ]
        );
        var token = issuer.Token();
        await server.ShowAsync(token, "Patient/1?_cascade=1");
        await server.ShowAsync(token, "Patent/1");
        await server.GetAsync("Patient/1");
        await server.GetAsync("metadata");
        await server.GetAsync($"Patient/1?access_token={token}");
        await server.ShowAsync("made-up", "Patient/1");

        Assert.Equal(
            [
                "read Patient/1 400 user main:alice",
                "request - 404 user main:alice",
                "request - 401 nobody",
                "capabilities - 200 nobody",
                "request - 400 nobody",
                "request - 401 nobody",
            ],
            log.Of("AuditTrail")
        );
        Assert.DoesNotContain(log.All, line => line.Contains(token[..60], StringComparison.Ordinal));
        Assert.DoesNotContain(log.All, line => line.Contains(token[^60..], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_entry_of_a_batch_is_asked_for_by_whose_token_it_is()
    {
        await using var issuer = await TestIssuer.StartAsync();
        var log = new GatheredLog();
        await using var server = await TestServer.OnSqliteAsync(
            TimeProvider.System,
            log.AddTo,
            [.. issuer.Settings(), "--Logging:LogLevel:CareCoordination.Application.Sessions.AuditTrail=Information"]
        );

        await server.PostAsync(
            "",
            """{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"Patient/1"}},{"request":{"method":"GET","url":"Task?_id=x"}}]}""",
            $"Authorization: Bearer {issuer.Token()}"
        );

        Assert.NotEmpty(log.Of("AuditTrail"));
        Assert.All(log.Of("AuditTrail"), line => Assert.EndsWith(" user main:alice", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Over_TLS_browsers_come_back_over_TLS()
    {
        using var key = System.Security.Cryptography.RSA.Create(2048);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest(
            "CN=localhost",
            key,
            System.Security.Cryptography.HashAlgorithmName.SHA256,
            System.Security.Cryptography.RSASignaturePadding.Pkcs1
        );
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var folder = Directory.CreateTempSubdirectory("care-tls-").FullName;
        await File.WriteAllTextAsync(
            Path.Combine(folder, "c.pem"),
            certificate.ExportCertificatePem(),
            TestContext.Current.CancellationToken
        );
        await File.WriteAllTextAsync(
            Path.Combine(folder, "k.pem"),
            key.ExportPkcs8PrivateKeyPem(),
            TestContext.Current.CancellationToken
        );
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = await TestServer.OnSqliteAsync([
            .. issuer.Settings(),
            "--urls=https://127.0.0.1:0",
            $"--Kestrel:Certificates:Default:Path={folder}/c.pem",
            $"--Kestrel:Certificates:Default:KeyPath={folder}/k.pem",
        ]);
        using var browser = new HttpClient(
            new SocketsHttpHandler
            {
                SslOptions =
                {
                    RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Subject == "CN=localhost",
                },
            }
        );

        using var answer = await browser.GetAsync($"{server.Base}/metadata", TestContext.Current.CancellationToken);

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal(
            "max-age=31536000; includeSubDomains",
            answer.Headers.GetValues("Strict-Transport-Security").Single()
        );
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Numbers_of_the_server_are_for_those_who_run_it()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = await TestServer.OnSqliteAsync([
            .. issuer.Settings("main", "Clients:operator=prometheus"),
            "--Telemetry:Prometheus=true",
        ]);

        Assert.Equal(401, (await server.GetAsync("/metrics")).Status);
        (await server.ShowAsync(issuer.Token(), "/metrics")).ShouldRefuse(
            403,
            "error forbidden: This takes the role operator or administrator."
        );
        (await server.ShowAsync(issuer.Token(c => c["client_id"] = "prometheus"), "/metrics")).ShouldBe(200);
    }

    [Fact]
    public async Task On_PostgreSQL_it_is_the_same()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = await PostgreSqlServer.NewAsync(TimeProvider.System, issuer.Settings());

        (await server.GetAsync("Patient")).ShouldBe(401);
        (await server.ShowAsync(issuer.Token())).ShouldBeTaken();
        (await server.GetAsync("metadata")).ShouldBe(200);
    }

    [Fact]
    public async Task A_partner_shows_its_secret_and_strangers_learn_of_no_partner()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = await TestServer.OnSqliteAsync([
            .. issuer.Settings(),
            "--Partners:north:NotificationSecret=0123456789abcdef",
        ]);

        Assert.Equal(
            200,
            (
                await server.SendAsync(
                    HttpMethod.Post,
                    "/notifications/north",
                    (string?)null,
                    "X-Notification-Secret: 0123456789abcdef"
                )
            ).Status
        );
        Assert.Equal(401, (await server.SendAsync(HttpMethod.Post, "/notifications/north", (string?)null)).Status);
        Assert.Equal(401, (await server.SendAsync(HttpMethod.Post, "/notifications/south", (string?)null)).Status);
    }

    private static IEnumerable<string> Texts(JsonElement json, string name) =>
        json.GetProperty(name).EnumerateArray().Select(item => item.GetString()!);
}
