using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Security;

/// <summary>Tokens that are taken, and those of the attacks: https://www.rfc-editor.org/rfc/rfc8725 https://www.rfc-editor.org/rfc/rfc9700</summary>
public sealed class TokenTests(SecuredServer shared) : IAsyncLifetime
{
    private const string BadAlgorithm =
        "The token is signed in a way that is not taken from its issuer, or not at all.";
    private const string BadKey = "The token names no key of its issuer that could have signed it.";
    private const string BadSignature = "The signature of the token is not one of its issuer.";
    private const string BadIssuer =
        "The token is of an issuer that is not known here: iss has to be that of an issuer of this server, letter by letter.";
    private const string BadAudience = "The token is for another server: aud does not name this one.";
    private const string NoAccess =
        "This is no access token: an ID token, a refresh token or one of another kind opens nothing here.";
    private const string Malformed =
        "The token cannot be read: it is neither a JWT nor one that its issuer may be asked about.";
    private const string NoExpiry = "The token does not say when it expires (exp).";
    private const string Nobody =
        "The token does not say whose it is: it needs sub or client_id, of at most 255 characters without control characters.";

    private TestServer _server = null!;
    private TestIssuer _main = null!;
    private TestIssuer _other = null!;

    public async ValueTask InitializeAsync() => (_server, _main, _other) = await shared.GetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("at+jwt")]
    [InlineData("application/at+jwt")]
    [InlineData("AT+JWT")]
    [InlineData("JWT")]
    [InlineData(null)]
    public async Task Takes_an_access_token_of_each_type_that_issuers_write(string? type) =>
        (await _server.ShowAsync(_main.Token(type: type))).ShouldBeTaken();

    [Theory]
    [InlineData("id+jwt")]
    [InlineData("logout+jwt")]
    [InlineData("dpop+jwt")]
    [InlineData("secevent+jwt")]
    [InlineData("rt+jwt")]
    [InlineData("nonsense")]
    public async Task Refuses_a_token_of_another_type(string type) =>
        (await _server.ShowAsync(_main.Token(type: type))).ShouldNotBeTaken(NoAccess);

    [Theory]
    [InlineData("nonce", "n")]
    [InlineData("at_hash", "h")]
    [InlineData("c_hash", "h")]
    [InlineData("events", "e")]
    [InlineData("typ", "ID")]
    [InlineData("typ", "Refresh")]
    public async Task Refuses_an_id_token_and_its_kin_that_say_only_JWT_of_themselves(string claim, string value)
    {
        foreach (var type in (string?[])["JWT", null])
            (await _server.ShowAsync(_main.Token(c => c[claim] = value, type))).ShouldNotBeTaken(NoAccess);
    }

    [Fact]
    public async Task Refuses_a_token_without_scopes_that_says_only_JWT_of_itself() =>
        (await _server.ShowAsync(_main.Token(c => c.Remove("scope"), "JWT"))).ShouldNotBeTaken(NoAccess);

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("NONE")]
    [InlineData("nOnE")]
    [InlineData("")]
    public async Task Refuses_a_token_that_is_not_signed(string algorithm)
    {
        var unsigned =
            $"{IssuerKey.Part(new JsonObject { ["alg"] = algorithm, ["typ"] = "at+jwt" })}.{IssuerKey.Part(_main.Claims())}.";
        var (head, body) = (unsigned.Split('.')[0], unsigned.Split('.')[1]);

        foreach (
            var token in (string[])[unsigned, $"{head}.{body}.c2ln", $"{head}.{body}.{_main.Token().Split('.')[2]}"]
        )
            Assert.Equal(401, (await _server.ShowAsync(token)).Status);
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    [InlineData("RS1")]
    [InlineData("rs256")]
    [InlineData("RSA-OAEP")]
    [InlineData("EdDSA")]
    [InlineData("A128KW")]
    public async Task Refuses_an_algorithm_that_nobody_allowed(string algorithm)
    {
        var header = _main.Keys[0].Header();
        header["alg"] = algorithm;

        (await _server.ShowAsync(_main.Keys[0].Sign(header, _main.Claims()))).ShouldNotBeTaken(BadAlgorithm);
    }

    [Fact]
    public async Task Refuses_the_public_key_as_a_shared_secret()
    {
        var key = _main.Keys[0];
        var header = key.Header();
        header["alg"] = "HS256";
        byte[][] secrets =
        [
            Encoding.UTF8.GetBytes(key.PublicPem),
            Encoding.UTF8.GetBytes(key.PublicPem + "\n"),
            Encoding.UTF8.GetBytes(key.Public.ToJsonString()),
            Microsoft.IdentityModel.Tokens.Base64UrlEncoder.DecodeBytes(key.Public["n"]!.GetValue<string>()),
            [],
        ];

        foreach (var secret in secrets)
            (await _server.ShowAsync(IssuerKey.Mac(header, _main.Claims(), secret))).ShouldNotBeTaken(BadAlgorithm);
    }

    [Fact]
    public async Task Refuses_an_allowed_algorithm_that_the_key_is_not_for()
    {
        foreach (var algorithm in (string[])["ES256", "ES384"])
        {
            var header = _main.Keys[0].Header();
            header["alg"] = algorithm;
            (await _server.ShowAsync(_main.Keys[0].Sign(header, _main.Claims()))).ShouldNotBeTaken(BadKey);
        }
    }

    [Theory]
    [InlineData("https://issuer.example.org")]
    [InlineData("")]
    [InlineData("https://")]
    [InlineData("main")]
    public async Task Refuses_a_token_of_an_issuer_that_nobody_knows(string issuer) =>
        (await _server.ShowAsync(_main.Token(c => c["iss"] = issuer))).ShouldNotBeTaken(BadIssuer);

    [Fact]
    public async Task Refuses_an_issuer_that_is_almost_one_and_a_token_without()
    {
        foreach (
            var spelling in (string[])
                [
                    _main.Id + "/",
                    _main.Id + " ",
                    _main.Id.ToUpperInvariant(),
                    _main.Id.Replace("127.0.0.1", "localhost"),
                ]
        )
            (await _server.ShowAsync(_main.Token(c => c["iss"] = spelling))).ShouldNotBeTaken(BadIssuer);
        (await _server.ShowAsync(_main.Token(c => c.Remove("iss")))).ShouldNotBeTaken(BadIssuer);
    }

    [Fact]
    public async Task Refuses_a_token_that_one_issuer_makes_in_the_name_of_the_other()
    {
        var mixed = _other.Keys[0].Sign(_other.Keys[0].Header(), _main.Claims());
        (await _server.ShowAsync(mixed)).ShouldNotBeTaken(BadKey);

        // Even where both call their keys the same.
        var namesake = new IssuerKey("RS256", _main.Keys[0].Kid);
        (await _server.ShowAsync(namesake.Sign(namesake.Header(), _main.Claims()))).ShouldNotBeTaken(BadSignature);
        (await _server.ShowAsync(_other.Token())).ShouldBeTaken();
    }

    [Theory]
    [InlineData("https://other.example.org/fhir")]
    [InlineData(TestIssuer.Audience + "/")]
    [InlineData(TestIssuer.Audience + "x")]
    [InlineData("https://CARE.example.org/fhir")]
    [InlineData("care-app")]
    [InlineData("")]
    public async Task Refuses_a_token_for_somebody_else(string audience)
    {
        (await _server.ShowAsync(_main.Token(c => c["aud"] = audience))).ShouldNotBeTaken(BadAudience);
        (await _server.ShowAsync(_main.Token(c => c["aud"] = new JsonArray(audience, "another")))).ShouldNotBeTaken(
            BadAudience
        );
    }

    [Fact]
    public async Task Takes_a_token_that_is_for_this_server_among_others_and_refuses_one_that_is_for_nobody()
    {
        (
            await _server.ShowAsync(_main.Token(c => c["aud"] = new JsonArray("another", TestIssuer.Audience)))
        ).ShouldBeTaken();
        (await _server.ShowAsync(_main.Token(c => c.Remove("aud")))).ShouldNotBeTaken(BadAudience);
        (await _server.ShowAsync(_main.Token(c => c["aud"] = new JsonArray()))).ShouldNotBeTaken(BadAudience);
    }

    [Theory]
    [InlineData(-31)]
    [InlineData(-3600)]
    public async Task Refuses_a_token_that_has_expired(int seconds)
    {
        var answer = await _server.ShowAsync(
            _main.Token(c => c["exp"] = TimeProvider.System.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds())
        );

        answer.ShouldNotBeTaken("The token has expired: get a new one from its issuer.", "expired");
    }

    [Fact]
    public async Task Clocks_may_differ_by_half_a_minute()
    {
        var now = TimeProvider.System.GetUtcNow();
        (await _server.ShowAsync(_main.Token(c => c["exp"] = now.AddSeconds(-15).ToUnixTimeSeconds()))).ShouldBeTaken();
        (await _server.ShowAsync(_main.Token(c => c["nbf"] = now.AddSeconds(15).ToUnixTimeSeconds()))).ShouldBeTaken();
    }

    [Theory]
    [InlineData("\"tomorrow\"", Malformed)]
    [InlineData("\"9999999999\"", NoExpiry)]
    [InlineData("null", Malformed)]
    [InlineData("-1", NoExpiry)]
    [InlineData("999999999999999", NoExpiry)]
    [InlineData("1e300", Malformed)]
    [InlineData("[]", Malformed)]
    [InlineData("{}", Malformed)]
    [InlineData("true", Malformed)]
    public async Task Refuses_a_token_whose_end_is_no_instant(string exp, string sentence) =>
        (await _server.ShowAsync(_main.Token(c => c["exp"] = JsonNode.Parse(exp)))).ShouldNotBeTaken(sentence);

    [Fact]
    public async Task Refuses_a_token_without_an_end_or_before_its_beginning()
    {
        (await _server.ShowAsync(_main.Token(c => c.Remove("exp")))).ShouldNotBeTaken(NoExpiry);
        foreach (var nbf in (JsonNode[])[TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds(), -5])
            (await _server.ShowAsync(_main.Token(c => c["nbf"] = nbf.DeepClone()))).ShouldNotBeTaken(
                "The token is not valid yet (nbf): get one that is, and compare the clocks."
            );
        Assert.Equal(401, (await _server.ShowAsync(_main.Token(c => c["nbf"] = "soon"))).Status);
    }

    [Theory]
    [InlineData("../../../../dev/null")]
    [InlineData("/etc/passwd")]
    [InlineData("' OR '1'='1")]
    [InlineData("key1|cat /etc/passwd")]
    [InlineData("http://127.0.0.1:1/keys")]
    [InlineData("\u0000")]
    [InlineData("nobody")]
    public async Task A_key_is_a_name_and_nothing_that_is_opened(string kid)
    {
        var header = _main.Keys[0].Header();
        header["kid"] = kid;

        (await _server.ShowAsync(_main.Keys[0].Sign(header, _main.Claims()))).ShouldNotBeTaken(BadKey);
    }

    [Fact]
    public async Task A_token_that_brings_its_key_along_is_one_of_nobody()
    {
        var own = new IssuerKey("RS256", _main.Keys[0].Kid);
        (string, JsonNode)[] headers =
        [
            ("jwk", own.Public),
            ("jku", _other.Id + "/keys"),
            ("x5u", _other.Id + "/keys"),
            ("x5c", new JsonArray("MIIB")),
        ];
        foreach (var (name, value) in headers)
        {
            var asked = _other.KeysAsked;
            var header = own.Header();
            header[name] = value;
            (await _server.ShowAsync(own.Sign(header, _main.Claims()))).ShouldNotBeTaken(BadSignature);
            Assert.Equal(asked, _other.KeysAsked);
        }
    }

    [Fact]
    public async Task A_header_that_has_to_be_understood_is_refused_where_it_is_not()
    {
        var header = _main.Keys[0].Header();
        header["crit"] = new JsonArray("exp");
        header["exp"] = 1;

        (await _server.ShowAsync(_main.Keys[0].Sign(header, _main.Claims()))).ShouldNotBeTaken(
            "The token has to be understood in a way (crit) that is not known here."
        );
    }

    [Fact]
    public async Task Each_changed_letter_of_a_token_makes_it_worthless()
    {
        var token = _main.Token();
        (await _server.ShowAsync(token)).ShouldBeTaken();
        var random = new Random(7);
        for (var i = 0; i < 60; i++)
        {
            var letters = token.ToCharArray();
            // The last letter of a part has bits that mean nothing.
            var at = random.Next(token.Length - 2);
            letters[at] =
                letters[at] == 'A' ? 'B'
                : letters[at] == '.' ? 'x'
                : 'A';
            Assert.Equal(401, (await _server.ShowAsync(new string(letters))).Status);
        }
    }

    [Fact]
    public async Task Refuses_claims_of_one_token_with_the_signature_of_another()
    {
        var parts = _main.Token().Split('.');
        var lead = IssuerKey.Part(_main.Claims(c => c["roles"] = new JsonArray("Lead")));

        (await _server.ShowAsync($"{parts[0]}.{lead}.{parts[2]}")).ShouldNotBeTaken(BadSignature);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("a.b.c")]
    [InlineData("..")]
    [InlineData("a.b.c.d.e")]
    [InlineData("e30.e30.")]
    [InlineData("e30.e30.e30")]
    [InlineData("bnVsbA.bnVsbA.bnVsbA")]
    [InlineData("W10.W10.W10")]
    public async Task What_is_no_token_is_refused_and_breaks_nothing(string token) =>
        Assert.Equal(401, (await _server.ShowAsync(token)).Status);

    [Fact]
    public async Task Without_somebody_to_ask_an_opaque_token_cannot_be_read() =>
        (await _server.ShowAsync("0123456789abcdef")).ShouldNotBeTaken(Malformed);

    [Fact]
    public async Task A_token_says_whose_it_is()
    {
        (
            await _server.ShowAsync(
                _main.Token(c =>
                {
                    c.Remove("sub");
                    c.Remove("client_id");
                })
            )
        ).ShouldNotBeTaken(Nobody);
        (await _server.ShowAsync(_main.Token(c => c["sub"] = "a\nrefused: root"))).ShouldNotBeTaken(Nobody);
        (await _server.ShowAsync(_main.Token(c => c["client_id"] = "a\u0000"))).ShouldNotBeTaken(Nobody);
        (await _server.ShowAsync(_main.Token(c => c["sub"] = new string('a', 256)))).ShouldNotBeTaken(Nobody);
        (await _server.ShowAsync(_main.Token(c => c.Remove("sub")))).ShouldBeTaken();
        (await _server.ShowAsync(_main.Token(c => c.Remove("client_id")))).ShouldBeTaken();
    }

    [Fact]
    public async Task Refuses_a_token_that_is_bound_to_a_key_which_nobody_checks() =>
        (
            await _server.ShowAsync(_main.Token(c => c["cnf"] = new JsonObject { ["jkt"] = "thumbprint" }))
        ).ShouldNotBeTaken(
            "The token is bound to a key (cnf) in a way that cannot be checked here: ask for a Bearer token, or one that is bound to a client certificate (x5t#S256)."
        );
}
