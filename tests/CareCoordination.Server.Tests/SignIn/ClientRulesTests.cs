using CareCoordination.Access.Roles;
using CareCoordination.SignIn.Clients;
using CareCoordination.SignIn.Grants;
using CareCoordination.SignIn.Users;

namespace CareCoordination.Server.Tests.SignIn;

/// <summary>What may be registered, what is granted, and codes: all pure.</summary>
public sealed class ClientRulesTests
{
    private static readonly ClientRecord App = new("app", "An app", ClientKind.Public, "user/*.rs")
    {
        RedirectUris = ["https://a.example/done"],
    };

    [Theory]
    [InlineData("https://a.example/done", "")]
    [InlineData("https://a.example/done?a=b", "")]
    [InlineData("http://127.0.0.1:3000/", "")]
    [InlineData("http://[::1]:3000/", "")]
    [InlineData("http://localhost/", "")]
    [InlineData("org.example.app:/done", "")]
    [InlineData("http://a.example/", "has to be https")]
    [InlineData("http://127.0.0.1.evil.example/", "has to be https")]
    [InlineData("https://a.example/#x", "has a fragment")]
    [InlineData("https://a.example/#", "has a fragment")]
    [InlineData("https://*.example/", "is no redirect address")]
    [InlineData("https://user@a.example/", "names a user")]
    [InlineData("javascript:alert(1)", "has to be https")]
    [InlineData("data:text/html,x", "has to be https")]
    [InlineData("ftp://a.example/", "has to be https")]
    [InlineData("/done", "has to be https")]
    [InlineData("done", "is no redirect address")]
    [InlineData("https://a.example/ x", "is no redirect address")]
    public void A_redirect_address_is_whole_and_trusted(string address, string problem) =>
        Check(App with { RedirectUris = [address] }, problem);

    [Theory]
    [InlineData("user/*.rs openid", "")]
    [InlineData("", "A client needs scopes")]
    [InlineData("user/Patient.sr", "is no scope")]
    [InlineData("user/Nothing.rs", "is no scope")]
    [InlineData("system/*.rs", "gets no system/ scopes")]
    public void Scopes_of_a_public_client_are_those_of_people(string scopes, string problem) =>
        Check(App with { Scopes = scopes }, problem);

    [Theory]
    [InlineData("app-1.x_y~", "")]
    [InlineData("", "A client id has")]
    [InlineData("a b", "A client id has")]
    [InlineData("a\n", "A client id has")]
    [InlineData("ä", "A client id has")]
    public void An_id_is_plain(string id, string problem) => Check(App with { Id = id }, problem);

    [Theory]
    [InlineData("TREAT", "")]
    [InlineData("treat", "is no purpose")]
    [InlineData("", "is no purpose")]
    public void A_purpose_is_a_code(string purpose, string problem) => Check(App with { Purpose = purpose }, problem);

    [Fact]
    public void A_client_that_acts_by_itself_has_a_secret_or_keys_and_scopes_for_it()
    {
        using var program = new BackendClient(isEc: true);
        var client = program.Record();
        Check(client, "");
        Check(client with { Scopes = "user/*.rs" }, "acts by itself and needs system/ scopes");
        Check(client with { Jwks = null }, "needs its keys or their address");
        Check(client with { JwksUri = "https://a.example/keys" }, "needs its keys or their address");
        Check(client with { Kind = ClientKind.Secret }, "Keys belong to a client of the kind Key");
        Check(App with { RedirectUris = [] }, "acts by itself");
        foreach (
            var address in (string[])
                ["http://a.example/keys", "file:///etc/keys", "keys", "https://user@a.example/keys"]
        )
            Check(client with { Jwks = null, JwksUri = address }, "is no address of keys");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"keys":[]}""")]
    [InlineData("""{"keys":[{"kty":"oct","kid":"a","k":"AAAA"}]}""")]
    [InlineData("""{"keys":[{"kty":"RSA","kid":"a","n":"AQAB","e":"AQAB"}]}""")]
    [InlineData("""{"keys":[{"kty":"EC","kid":"a","crv":"P-256","x":"AA","y":"AA"}]}""")]
    [InlineData("""{"keys":[{"kty":"EC","crv":"P-384","x":"AA","y":"AA"}]}""")]
    [InlineData("""{"keys":[{"kty":"EC","kid":"a","use":"enc","crv":"P-384","x":"AA","y":"AA"}]}""")]
    public void Keys_are_public_ones_for_the_algorithms_of_SMART(string jwks)
    {
        using var program = new BackendClient(isEc: true);
        Check(program.Record() with { Jwks = jwks }, "The keys are no JSON Web Key Set");
    }

    [Theory]
    [InlineData("user/Task.rs", "user/*.cruds", "user/Task.rs")]
    [InlineData("user/Task.read", "user/*.rs", "user/Task.read")]
    [InlineData("user/*.*", "user/*.rs", "user/*.rs")]
    [InlineData("user/*.cruds", "user/Task.rs user/Task.u user/Goal.r", "user/Task.rus user/Goal.r")]
    [InlineData("user/Task.cruds", "patient/*.cruds", "")]
    [InlineData("patient/Task.r", "user/*.cruds", "")]
    [InlineData("user/Task.c", "user/*.rs", "")]
    [InlineData("user/Observation.rs", "user/Observation.rs?category=a", "user/Observation.rs?category=a")]
    [InlineData("user/Observation.rs?category=a", "user/Observation.rs", "user/Observation.rs?category=a")]
    [InlineData(
        "user/Observation.rs?category=b",
        "user/Observation.rs?category=a",
        "user/Observation.rs?category=b&category=a"
    )]
    [InlineData("openid fhirUser launch/patient offline_access", "openid launch/patient", "openid launch/patient")]
    [InlineData("launch online_access", "launch online_access", "launch")]
    [InlineData("system/*.rs", "system/*.rs", "")]
    [InlineData("user/*.sr nothing user/", "user/*.cruds", "")]
    [InlineData("user/Task.r  user/Task.r", "user/*.cruds", "user/Task.r")]
    public void Somebody_is_granted_what_is_asked_for_and_registered(string asked, string registered, string granted) =>
        Assert.Equal(granted, string.Join(' ', ScopeGrant.ForPerson(asked, registered)));

    [Theory]
    [InlineData("user/Task.rs", "See and search records of the kind task that you may work with yourself")]
    [InlineData("patient/*.cruds", "See, search, add, change and delete everything of the patient you choose")]
    [InlineData(
        "patient/CarePlan.u?status=active",
        "Change records of the kind care plan of the patient you choose, only where status=active"
    )]
    public void A_scope_is_told_in_words(string scope, string words) => Assert.Equal(words, ScopeWords.Of(scope));

    // The vectors of https://www.rfc-editor.org/rfc/rfc6238#appendix-B, of which the last six digits are ours.
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void A_code_is_that_of_the_standard(long seconds, string code)
    {
        var secret = "12345678901234567890"u8.ToArray();
        var now = DateTimeOffset.FromUnixTimeSeconds(seconds);

        Assert.Equal(code, TimeBasedCode.Make(secret, now));
        Assert.Equal("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", TimeBasedCode.Spell(secret));
        var step = TimeBasedCode.Match(secret, code, now, after: 0);
        Assert.Equal(seconds / 30, step);
        Assert.Equal(step, TimeBasedCode.Match(secret, $"{code[..3]} {code[3..]}", now.AddSeconds(30), after: 0));
        Assert.Null(TimeBasedCode.Match(secret, code, now.AddSeconds(60), after: 0));
        Assert.Null(TimeBasedCode.Match(secret, code, now, after: step!.Value));
        Assert.Null(TimeBasedCode.Match(secret, "", now, after: 0));
    }

    [Fact]
    public void Every_role_is_known_by_its_code_and_no_other() =>
        Assert.All(
            CareRole.All,
            role =>
            {
                Assert.Equal([role], UserRules.Roles([role.Code, role.Code]).Value);
                Assert.False(UserRules.Roles([role.Code.ToUpperInvariant()]).IsSuccess);
            }
        );

    private static void Check(ClientRecord client, string problem)
    {
        var found = ClientRules.Check(client)?.Issues[0].Diagnostics ?? "";
        if (problem.Length == 0)
            Assert.Equal("", found);
        else
            Assert.Contains(problem, found, StringComparison.Ordinal);
    }
}
