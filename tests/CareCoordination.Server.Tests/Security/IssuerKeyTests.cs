using System.Text.Json.Nodes;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests.Security;

/// <summary>Where the keys of an issuer come from, when they change, and when they cannot be had.</summary>
public sealed class IssuerKeyTests
{
    private const string Unreachable =
        "error transient: The issuer main, which the token is of, cannot be reached at the moment. Send the request again in a few seconds.";

    private static Task<TestServer> ServerAsync(TimeProvider time, TestIssuer issuer, params string[] more) =>
        TestServer.OnSqliteAsync(time, [.. issuer.Settings("main", more), "--Security:RequestsPerSecondPerAddress=0"]);

    private static ShiftedClock Clock() => new(TimeProvider.System.GetUtcNow());

    [Theory]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    public async Task Each_kind_of_key_can_sign(string algorithm)
    {
        await using var issuer = await TestIssuer.StartAsync();
        issuer.Rotate(algorithm);
        await using var server = await ServerAsync(TimeProvider.System, issuer);

        (await server.ShowAsync(issuer.Token())).ShouldBeTaken();
    }

    [Fact]
    public async Task The_algorithms_of_an_issuer_are_those_of_its_settings_alone()
    {
        await using var issuer = await TestIssuer.StartAsync();
        issuer.Keys.Clear();
        string[] all = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];
        issuer.Keys.AddRange(all.Select(algorithm => new IssuerKey(algorithm, algorithm)));
        await using var server = await ServerAsync(TimeProvider.System, issuer, "Algorithms=ES512,PS512");
        // A machine that makes nine keys is slow to answer.
        for (var i = 0; i < 50 && (await server.GetAsync("/.well-known/smart-configuration")).Status != 200; i++)
            await Task.Delay(500, TestContext.Current.CancellationToken);

        foreach (var key in issuer.Keys)
        {
            var answer = await server.ShowAsync(key.Sign(key.Header(), issuer.Claims()));
            if (key.Algorithm is "ES512" or "PS512")
                answer.ShouldBeTaken();
            else
                answer.ShouldNotBeTaken(
                    "The token is signed in a way that is not taken from its issuer, or not at all."
                );
        }
    }

    [Fact]
    public async Task Keys_are_fetched_once_and_tokens_are_remembered()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = await ServerAsync(TimeProvider.System, issuer);
        for (var i = 0; i < 20; i++)
            (await server.ShowAsync(issuer.Token(c => c["sub"] = $"s{i % 3}"))).ShouldBeTaken();

        Assert.Equal((1, 1), (issuer.MetadataAsked, issuer.KeysAsked));
    }

    [Fact]
    public async Task A_key_that_is_new_is_found_when_a_token_names_it_and_the_wait_is_over()
    {
        var time = Clock();
        await using var issuer = await TestIssuer.StartAsync(time);
        await using var server = await ServerAsync(time, issuer);
        (await server.ShowAsync(issuer.Token())).ShouldBeTaken();
        issuer.Rotate("ES256");

        Assert.Equal(401, (await server.ShowAsync(issuer.Token())).Status);
        time.Advance(TimeSpan.FromSeconds(31));
        (await server.ShowAsync(issuer.Token())).ShouldBeTaken();
    }

    [Fact]
    public async Task A_key_that_was_withdrawn_verifies_nothing_after_an_hour()
    {
        var time = Clock();
        await using var issuer = await TestIssuer.StartAsync(time);
        await using var server = await ServerAsync(time, issuer);
        var old = issuer.Keys[0];
        (await server.ShowAsync(issuer.Token())).ShouldBeTaken();
        issuer.Rotate();
        time.Advance(TimeSpan.FromMinutes(61));

        // Who has what is needed does not wait for newer keys, and the next one has them.
        string OfOldKey() => old.Sign(old.Header(), issuer.Claims());
        for (var i = 0; i < 400 && (await server.ShowAsync(OfOldKey())).Status != 401; i++)
            await Task.Delay(25, TestContext.Current.CancellationToken);
        Assert.Equal(401, (await server.ShowAsync(OfOldKey())).Status);
        (await server.ShowAsync(issuer.Token())).ShouldBeTaken();
    }

    [Fact]
    public async Task Names_of_keys_that_somebody_makes_up_do_not_hammer_the_issuer()
    {
        var time = Clock();
        await using var issuer = await TestIssuer.StartAsync(time);
        await using var server = await ServerAsync(time, issuer);
        var stranger = new IssuerKey();

        for (var minute = 0; minute < 2; minute++)
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(0, 200),
                TestContext.Current.CancellationToken,
                async (i, _) =>
                {
                    var header = stranger.Header();
                    header["kid"] = $"made-up-{i}";
                    Assert.Equal(401, (await server.ShowAsync(stranger.Sign(header, issuer.Claims()))).Status);
                }
            );
            time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.InRange(issuer.MetadataAsked, 1, 3);
        Assert.InRange(issuer.KeysAsked, 1, 3);
    }

    [Fact]
    public async Task A_token_of_an_issuer_that_nobody_knows_asks_nobody()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var stranger = await TestIssuer.StartAsync();
        await using var server = await ServerAsync(TimeProvider.System, issuer);

        Assert.Equal(401, (await server.ShowAsync(stranger.Token())).Status);
        Assert.Equal((0, 0), (stranger.MetadataAsked, stranger.KeysAsked));
    }

    [Fact]
    public async Task An_issuer_that_is_away_at_the_start_is_said_in_one_line_and_answered_503_until_it_is_there()
    {
        var time = Clock();
        await using var issuer = await TestIssuer.StartAsync(time);
        issuer.IsDown = true;
        var log = new GatheredLog();
        await using var server = await TestServer.OnSqliteAsync(
            time,
            log.AddTo,
            [.. issuer.Settings(), "--Logging:LogLevel:CareCoordination.Security=Information"]
        );
        for (var i = 0; i < 5; i++)
        {
            var answer = (await server.ShowAsync(issuer.Token())).ShouldRefuse(503, Unreachable);
            Assert.Equal("5", answer.Header("Retry-After"));
            Assert.Null(answer.Header("WWW-Authenticate"));
        }

        (await server.GetAsync("metadata")).ShouldBe(200);
        Assert.Contains(issuer.Id, Assert.Single(log.Of("OutsideIssuers", 7000)), StringComparison.Ordinal);
        issuer.IsDown = false;
        time.Advance(TimeSpan.FromSeconds(6));
        (await server.ShowAsync(issuer.Token())).ShouldBeTaken();
        Assert.Single(log.Of("OutsideIssuers", 7001));
    }

    [Fact]
    public async Task An_issuer_that_does_not_answer_is_not_asked_for_each_token()
    {
        var time = Clock();
        await using var issuer = await TestIssuer.StartAsync(time);
        issuer.Metadata["issuer"] = "https://somebody.example.org";
        await using var server = await ServerAsync(time, issuer);
        for (var i = 0; i < 30; i++)
            (await server.ShowAsync(issuer.Token())).ShouldRefuse(503, Unreachable);

        Assert.InRange(issuer.MetadataAsked, 1, 2);
        Assert.Equal(0, issuer.KeysAsked);
    }

    [Fact]
    public async Task Known_keys_outlast_an_outage_of_a_day_and_not_more()
    {
        var time = Clock();
        await using var issuer = await TestIssuer.StartAsync(time);
        await using var server = await ServerAsync(time, issuer);
        (await server.ShowAsync(issuer.Token())).ShouldBeTaken();
        issuer.IsDown = true;

        time.Advance(TimeSpan.FromHours(23));
        (await server.ShowAsync(issuer.Token())).ShouldBeTaken();
        time.Advance(TimeSpan.FromHours(2));
        (await server.ShowAsync(issuer.Token())).ShouldRefuse(503, Unreachable);
    }

    public static readonly TheoryData<string, string> BadKeySets = new()
    {
        { "an error page", "<html>" },
        { "no keys", """{"keys":[]}""" },
        { "a shared secret", """{"keys":[{"kty":"oct","kid":"k","k":"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"}]}""" },
        { "no object", "[]" },
        { "an array of nothing", """{"keys":[null,{},{"kty":"RSA"},{"kty":"EC","crv":"P-256"}]}""" },
    };

    [Theory]
    [MemberData(nameof(BadKeySets))]
    public async Task Keys_that_do_not_load_are_an_issuer_that_cannot_be_used(string what, string keys)
    {
        Assert.NotEmpty(what);
        await using var issuer = await TestIssuer.StartAsync();
        issuer.KeySet = keys;
        var log = new GatheredLog();
        await using var server = await TestServer.OnSqliteAsync(TimeProvider.System, log.AddTo, issuer.Settings());

        (await server.ShowAsync(issuer.Token())).ShouldRefuse(503, Unreachable);
        Assert.Single(log.Of("OutsideIssuers", 7000));
    }

    [Fact]
    public async Task Keys_that_are_not_for_signatures_or_that_everybody_has_verify_nothing()
    {
        await using var issuer = await TestIssuer.StartAsync();
        var (encryption, published, small) = (
            new IssuerKey(),
            new IssuerKey("ES256"),
            new IssuerKey("RS256", rsaBits: 1024)
        );
        var forEncryption = encryption.Public;
        forEncryption["use"] = "enc";
        var withPrivateHalf = published.Public;
        withPrivateHalf["d"] = "AQAB";
        var forOthers = issuer.Keys[0].Public;
        forOthers["kid"] = "other";
        forOthers["alg"] = "PS384";
        issuer.KeySet = new JsonObject
        {
            ["keys"] = new JsonArray(issuer.Keys[0].Public, forEncryption, withPrivateHalf, small.Public, forOthers),
        }.ToJsonString();
        await using var server = await ServerAsync(TimeProvider.System, issuer);

        (await server.ShowAsync(issuer.Token())).ShouldBeTaken();
        foreach (var key in (IssuerKey[])[encryption, published, small])
            Assert.Equal(401, (await server.ShowAsync(key.Sign(key.Header(), issuer.Claims()))).Status);
        var header = issuer.Keys[0].Header();
        header["kid"] = "other";
        Assert.Equal(401, (await server.ShowAsync(issuer.Keys[0].Sign(header, issuer.Claims()))).Status);
    }

    [Fact]
    public async Task A_token_that_names_no_key_is_one_of_the_only_key_there_is()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = await ServerAsync(TimeProvider.System, issuer);
        await using var two = await TestIssuer.StartAsync();
        two.Keys.Add(new IssuerKey());
        await using var other = await ServerAsync(TimeProvider.System, two);

        (await server.ShowAsync(WithoutKid(issuer))).ShouldBeTaken();
        Assert.Equal(401, (await other.ShowAsync(WithoutKid(two))).Status);
    }

    [Fact]
    public async Task Keys_may_be_a_file_and_then_the_issuer_need_not_be_there()
    {
        var issuer = await TestIssuer.StartAsync();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file,
            new JsonObject { ["keys"] = new JsonArray(issuer.Keys[0].Public) }.ToJsonString(),
            TestContext.Current.CancellationToken
        );
        await issuer.DisposeAsync();
        await using var server = await ServerAsync(TimeProvider.System, issuer, $"JwksPath={file}");

        (await server.ShowAsync(issuer.Token())).ShouldBeTaken();
        File.Delete(file);
    }

    private static string WithoutKid(TestIssuer issuer)
    {
        var header = issuer.Keys[0].Header();
        header.Remove("kid");
        return issuer.Keys[0].Sign(header, issuer.Claims());
    }
}
