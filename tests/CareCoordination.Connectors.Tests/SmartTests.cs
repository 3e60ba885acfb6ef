using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Web;
using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CareCoordination.Connectors.Tests;

/// <summary>SMART backend services. https://hl7.org/fhir/smart-app-launch/backend-services.html</summary>
public sealed class SmartTests : IAsyncLifetime
{
    private readonly SetClock _clock = new();
    private readonly string _keyPath = Path.GetTempFileName();
    private readonly ConcurrentBag<string> _taken = [];
    private readonly PartnerConnectors _connectors;
    private ScriptedPartner _partner = null!;
    private int _issued;
    private int _tokenStatus = 200;

    public SmartTests()
    {
        _connectors = Lines.Connectors(_clock);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        File.WriteAllText(_keyPath, ec.ExportPkcs8PrivateKeyPem());
    }

    public async ValueTask InitializeAsync()
    {
        _partner = await ScriptedPartner.StartAsync();
        _partner.Answer = (asked, c) =>
            asked.Path switch
            {
                "/.well-known/smart-configuration" => c.JsonAsync(
                    200,
                    $$"""{"token_endpoint":"{{_partner.Address}}/token"}"""
                ),
                "/token" => TokenAsync(c),
                _ => TaskAsync(asked, c),
            };
    }

    public async ValueTask DisposeAsync()
    {
        _connectors.Dispose();
        await _partner.DisposeAsync();
        File.Delete(_keyPath);
    }

    [Fact]
    public async Task A_token_is_asked_for_with_a_signed_assertion_and_sent_with_every_request()
    {
        Assert.IsType<SendOutcome.Delivered>(await SendAsync());

        Assert.Equal(
            ["GET /.well-known/smart-configuration", "POST /token", "POST /Task"],
            _partner.Asked.Select(a => a.ToString())
        );
        Assert.Equal("Bearer token-1", _partner.Asked[2].Headers.Authorization);
        var form = HttpUtility.ParseQueryString(_partner.Asked[1].Body);
        Assert.Equal("client_credentials", form["grant_type"]);
        Assert.Equal("system/Task.cruds", form["scope"]);
        Assert.Equal("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", form["client_assertion_type"]);
        var jwt = await VerifiedAsync(form["client_assertion"]!);
        Assert.Equal(("us", "us"), (jwt.Issuer, jwt.Subject));
        Assert.Equal([$"{_partner.Address}/token"], jwt.Audiences);
        Assert.Equal("ES384", jwt.Alg);
        Assert.Equal("JWT", jwt.Typ);
        Assert.NotEmpty(jwt.Id);
        Assert.InRange(jwt.ValidTo - _clock.Now.UtcDateTime, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task A_token_serves_until_shortly_before_it_ends()
    {
        await SendAsync();
        _clock.Now += TimeSpan.FromSeconds(230);
        await SendAsync();
        Assert.Equal(1, _issued);

        _clock.Now += TimeSpan.FromSeconds(20);
        await SendAsync();

        Assert.Equal(2, _issued);
        Assert.Equal("Bearer token-2", _partner.Asked[^1].Headers.Authorization);
    }

    [Fact]
    public async Task Many_that_need_a_token_at_once_fetch_one()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SendAsync()));

        Assert.Equal(1, _issued);
    }

    [Fact]
    public async Task A_token_that_is_not_taken_is_replaced_once()
    {
        await SendAsync();
        _taken.Add("token-1");

        Assert.IsType<SendOutcome.Delivered>(await SendAsync());
        Assert.Equal(2, _issued);
    }

    [Fact]
    public async Task A_partner_that_takes_no_token_needs_a_human()
    {
        foreach (var i in (int[])[1, 2, 3])
            _taken.Add($"token-{i}");

        var human = Assert.IsType<SendOutcome.NeedsHuman>(await SendAsync());

        Assert.Equal((401, 2), (human.Status, _issued));
    }

    [Theory]
    [InlineData(400, typeof(SendOutcome.NeedsHuman))]
    [InlineData(401, typeof(SendOutcome.NeedsHuman))]
    [InlineData(500, typeof(SendOutcome.TryLater))]
    [InlineData(429, typeof(SendOutcome.TryLater))]
    public async Task A_token_endpoint_that_gives_none_decides_what_becomes_of_the_referral(int status, Type outcome)
    {
        _tokenStatus = status;

        Assert.IsType(outcome, await SendAsync());
        Assert.DoesNotContain(_partner.Asked, a => a.Path == "/Task");
    }

    [Fact]
    public async Task A_token_endpoint_elsewhere_is_not_called()
    {
        _partner.Answer = (_, c) => c.JsonAsync(200, """{"token_endpoint":"https://evil.example.org/token"}""");

        var human = Assert.IsType<SendOutcome.NeedsHuman>(await SendAsync());

        Assert.Contains("evil.example.org is not on the list", human.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_key_set_has_the_public_half_only()
    {
        using var rsa = RSA.Create(2048);
        var keys = JsonNode.Parse(
            JsonWebKeys.ToUtf8Json([SmartKey.Read(_keyPath), SmartKey.FromPem(rsa.ExportRSAPrivateKeyPem())])
        )!["keys"]!.AsArray();

        Assert.Equal(
            ["kty,kid,use,alg,key_ops,crv,x,y", "kty,kid,use,alg,key_ops,n,e"],
            keys.Select(k => string.Join(',', k!.AsObject().Select(p => p.Key)))
        );
        Assert.Equal(["ES384", "RS384"], keys.Select(k => (string?)k!["alg"]));
        Assert.Equal(SmartKey.Read(_keyPath).Id, (string?)keys[0]!["kid"]);
    }

    [Fact]
    public void Keys_that_partners_would_not_accept_are_refused()
    {
        using var small = RSA.Create(1024);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(2048);

        Assert.ThrowsAny<CryptographicException>(() => SmartKey.FromPem(small.ExportPkcs8PrivateKeyPem()));
        Assert.ThrowsAny<CryptographicException>(() => SmartKey.FromPem(other.ExportPkcs8PrivateKeyPem()));
        Assert.ThrowsAny<CryptographicException>(() => SmartKey.FromPem(rsa.ExportSubjectPublicKeyInfoPem()));
        Assert.ThrowsAny<ArgumentException>(() => SmartKey.FromPem("no key"));
    }

    private Task<SendOutcome> SendAsync() =>
        _connectors
            .Line(
                _partner.Address,
                Lines.Plain with
                {
                    Smart = new SmartOptions("us", _keyPath, "system/Task.cruds", null),
                    BreakerFailures = 1000,
                }
            )
            .SendAsync(Samples.Package(), CancellationToken.None);

    private Task TokenAsync(HttpContext context) =>
        _tokenStatus == 200
            ? context.JsonAsync(
                200,
                $$"""{"access_token":"token-{{Interlocked.Increment(ref _issued)}}","token_type":"bearer","expires_in":300}"""
            )
            : context.JsonAsync(_tokenStatus, """{"error":"invalid_client"}""");

    private Task TaskAsync(Asked asked, HttpContext context)
    {
        if (!_taken.Contains(asked.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal)))
            return context.TaskAsync(201, "7", 1, Samples.Copy("7", 1, "requested"));
        context.Response.StatusCode = (int)HttpStatusCode.Unauthorized;
        return Task.CompletedTask;
    }

    /// <summary>Checks the signature with the key set that we publish, as a partner would.</summary>
    private async Task<JsonWebToken> VerifiedAsync(string assertion)
    {
        var keys = new JsonWebKeySet(
            System.Text.Encoding.UTF8.GetString(JsonWebKeys.ToUtf8Json([SmartKey.Read(_keyPath)]))
        );
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(
            assertion,
            new TokenValidationParameters
            {
                IssuerSigningKeys = keys.GetSigningKeys(),
                ValidateIssuer = false,
                ValidateAudience = false,
                ValidateLifetime = false,
            }
        );
        Assert.True(result.IsValid, result.Exception?.Message);
        return (JsonWebToken)result.SecurityToken;
    }
}
