using CareCoordination.Application.Settings;
using CareCoordination.Exchange.Settings;
using CareCoordination.Rest.Http;
using CareCoordination.Security.Settings;
using CareCoordination.Server.Options;
using Microsoft.Extensions.Configuration;

namespace CareCoordination.Server.Tests.Security;

/// <summary>What is wrong in the settings stops the start with one sentence that tells what to do.</summary>
public sealed class SecuritySettingTests
{
    private static readonly string[] Good =
    [
        "Security:Mode=Oidc",
        "Security:Issuers:main:Authority=https://login.example.org",
        "Security:Issuers:main:Audiences=https://care.example.org/fhir",
    ];

    private static IConfiguration Configuration(IEnumerable<string> settings) =>
        new ConfigurationBuilder().AddCommandLine([.. settings.Select(s => $"--{s}")]).Build();

    private static SecurityOptions Read(params string[] settings) => SecurityOptions.Read(Configuration(settings));

    private static string Problem(params string[] settings) =>
        Assert.Throws<ConfigurationProblem>(() => Read(settings)).Message;

    [Fact]
    public void Where_nothing_is_said_the_server_is_open()
    {
        Assert.Equal(SecurityMode.Open, Read().Mode);
        Assert.Null(Read().Promise);
    }

    [Theory]
    [InlineData("open", SecurityMode.Open)]
    [InlineData("Embedded", SecurityMode.Embedded)]
    public void A_mode_is_read_in_any_case(string text, SecurityMode mode) =>
        Assert.Equal(mode, Read($"Security:Mode={text}").Mode);

    [Fact]
    public void An_issuer_is_read_with_all_that_can_be_said_of_it()
    {
        var issuer = Assert.Single(
            Read([
                .. Good,
                "Security:Issuers:main:Issuer=https://sts.example.org/",
                "Security:Issuers:main:MetadataAddress=https://login.example.org/meta",
                "Security:Issuers:main:Algorithms=ES384,PS512",
                "Security:Issuers:main:ClockSkewSeconds=5",
                "Security:Issuers:main:RoleClaim=realm_access.roles",
                "Security:Issuers:main:Roles:care-manager:0=https://roles.example.org/cm",
                "Security:Issuers:main:Roles:care-manager:1=Care Manager",
                "Security:Issuers:main:Roles:lead=A, B",
                "Security:Issuers:main:Clients:hospital=north",
            ]).Issuers
        );

        Assert.Equal(("main", "https://sts.example.org/"), (issuer.Name, issuer.Id));
        Assert.Equal("https://login.example.org/meta", issuer.MetadataAddress.AbsoluteUri);
        Assert.Equal(["ES384", "PS512"], issuer.Algorithms);
        Assert.Equal(TimeSpan.FromSeconds(5), issuer.ClockSkew);
        Assert.Equal("realm_access.roles", issuer.Claims.Roles);
        Assert.Equal(
            ["https://roles.example.org/cm care-manager", "Care Manager care-manager", "A lead", "B lead"],
            issuer.Roles.Names.Select(n => $"{n.Key} {n.Value.Code}")
        );
        Assert.Equal(["north hospital"], issuer.Roles.Clients.Select(n => $"{n.Key} {n.Value.Code}"));
    }

    [Theory]
    [InlineData("https://login.example.org", "https://login.example.org/.well-known/openid-configuration")]
    [InlineData("https://login.example.org/", "https://login.example.org/.well-known/openid-configuration")]
    [InlineData(
        "https://login.example.org/realms/a",
        "https://login.example.org/realms/a/.well-known/openid-configuration"
    )]
    [InlineData("http://localhost:8080/a", "http://localhost:8080/a/.well-known/openid-configuration")]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080/.well-known/openid-configuration")]
    public void The_metadata_are_where_discovery_puts_them_and_the_issuer_is_its_authority_letter_by_letter(
        string authority,
        string address
    )
    {
        var issuer = Read([.. Good, $"Security:Issuers:main:Authority={authority}"]).Issuers[0];

        Assert.Equal((authority, address), (issuer.Id, issuer.MetadataAddress.AbsoluteUri));
    }

    [Theory]
    [InlineData("http://login.example.org")]
    [InlineData("http://10.0.0.7")]
    [InlineData("http://localhost.evil.example")]
    [InlineData("ftp://login.example.org")]
    [InlineData("login.example.org")]
    [InlineData("https://user:secret@login.example.org")]
    [InlineData("https://login.example.org?x=1")]
    public void An_issuer_is_asked_over_https_unless_it_is_on_this_machine(string address)
    {
        foreach (var key in (string[])["Authority", "MetadataAddress"])
            Assert.Equal(
                $"Security:Issuers:main:{key} is '{address}'; it must be an address with https, such as https://login.example.org: whoever changes what comes from there decides who is let in.",
                Problem([.. Good, $"Security:Issuers:main:{key}={address}"])
            );
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("HS256")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    [InlineData("rs256")]
    [InlineData("EdDSA")]
    [InlineData("*")]
    public void An_algorithm_that_others_could_sign_with_is_no_algorithm(string algorithm) =>
        Assert.Equal(
            $"Security:Issuers:main:Algorithms is '{algorithm}'; tokens that are not signed, or signed with a shared secret, could be made by others; it must be of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512.",
            Problem([.. Good, $"Security:Issuers:main:Algorithms=RS256,{algorithm}"])
        );

    [Theory]
    [InlineData("Security:Mode=Closed", "Security:Mode is 'Closed'; it must be one of Open, Oidc, Embedded.")]
    [InlineData(
        "Security:Mode=Oidc",
        "Security:Mode is Oidc, and there is no issuer: name one, such as Security:Issuers:main:Authority=https://login.example.org."
    )]
    [InlineData(
        "Security:Mode=Oidc|Security:Issuers:main:Audiences=a",
        "Security:Issuers:main:Authority is missing: it is the address of the issuer, such as https://login.example.org."
    )]
    [InlineData(
        "Security:Mode=Oidc|Security:Issuers:main:Authority=https://login.example.org/",
        "Security:Issuers:main:Audiences is missing: without it tokens that are for other servers would be taken here; it is what the issuer writes into aud for this server, as https://login.example.org shows, mostly the FHIR base."
    )]
    [InlineData(
        "Security:Issuers:main:Authority=https://login.example.org|Security:Issuers:main:Audiences=a",
        "Security:Issuers has 'main', but Security:Mode is Open: issuers are asked in mode Oidc only, so set Security:Mode to Oidc or take them out."
    )]
    [InlineData("Security:Moode=Oidc", null)]
    public void A_server_that_is_half_secured_does_not_start(string settings, string? sentence)
    {
        var problem = Problem(settings.Split('|'));
        if (sentence is not null)
            Assert.Equal(sentence, problem);
        else
            Assert.StartsWith("Security:Moode is no setting; Security has ", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "Roles:nurse=Nurse",
        "Security:Issuers:main:Roles:nurse is no role of this server; it has assistant, care-manager, senior-care-manager, lead, supervisor, director, ehr-system, hospital, analytics, partner, patient, family, operator, auditor, administrator."
    )]
    [InlineData(
        "Roles:lead=",
        "Security:Issuers:main:Roles:lead names nobody, so that nobody would be let in by it: give the names that the issuer has for it, or take it out."
    )]
    [InlineData(
        "Clients:ehr-system=,",
        "Security:Issuers:main:Clients:ehr-system names nobody, so that nobody would be let in by it: give the names that the issuer has for it, or take it out."
    )]
    [InlineData("JwksPath=/no/such/file", "Security:Issuers:main:JwksPath is '/no/such/file'; there is no such file.")]
    [InlineData(
        "ClockSkewSeconds=3600",
        "Security:Issuers:main:ClockSkewSeconds is '3600'; it must be a whole number from 0 to 300."
    )]
    [InlineData(
        "Introspection:ClientId=care",
        "Security:Issuers:main:Introspection needs ClientId and one of ClientSecret and KeyPath: the issuer tells about tokens only those whom it knows."
    )]
    [InlineData(
        "Introspection:ClientSecret=care",
        "Security:Issuers:main:Introspection needs ClientId and one of ClientSecret and KeyPath: the issuer tells about tokens only those whom it knows."
    )]
    public void What_is_wrong_with_an_issuer_is_one_sentence(string setting, string sentence) =>
        Assert.Equal(sentence, Problem([.. Good, $"Security:Issuers:main:{setting}"]));

    [Fact]
    public void Two_issuers_are_two()
    {
        string[] second = ["Security:Issuers:b:Authority=https://login.example.org", "Security:Issuers:b:Audiences=a"];
        Assert.Equal(
            "Security:Issuers has https://login.example.org twice, as b and main: a token could be read in two ways, so keep one.",
            Problem([.. Good, .. second])
        );

        string[] asked = ["Introspection:ClientId=a", "Introspection:ClientSecret=b"];
        Assert.Equal(
            "Security:Issuers has Introspection for b and for main: an opaque token does not say whose it is, and must not be shown to anybody else, so one issuer only may be asked.",
            Problem([
                .. Good,
                .. second,
                "Security:Issuers:b:Authority=https://b.example.org",
                .. asked.Select(a => $"Security:Issuers:main:{a}"),
                .. asked.Select(a => $"Security:Issuers:b:{a}"),
            ])
        );
    }

    [Fact]
    public void Keys_that_are_none_do_not_load()
    {
        var file = Path.GetTempFileName();
        foreach (
            var text in (string[])["", "nonsense", "{}", """{"keys":[]}""", """{"keys":[{"kty":"oct","k":"AAAA"}]}"""]
        )
        {
            File.WriteAllText(file, text);
            Assert.StartsWith(
                $"Security:Issuers:main:JwksPath is '{file}'; ",
                Problem([.. Good, $"Security:Issuers:main:JwksPath={file}"]),
                StringComparison.Ordinal
            );
            Assert.StartsWith(
                $"Security:Issuers:main:Introspection:KeyPath is '{file}'; it must be a PEM file with a private RSA key of 2048 bits or more, or an EC key on P-384",
                Problem([
                    .. Good,
                    $"Security:Issuers:main:Introspection:KeyPath={file}",
                    "Security:Issuers:main:Introspection:ClientId=c",
                ]),
                StringComparison.Ordinal
            );
        }

        File.Delete(file);
    }

    [Theory]
    [InlineData("http://0.0.0.0:5080")]
    [InlineData("http://care.example.org")]
    [InlineData("http://*:80")]
    public void A_secured_server_is_not_reached_over_plain_http_from_elsewhere(string url)
    {
        string[] settings = [.. Good, $"urls={url}", "Server:BaseUrl=https://care.example.org/fhir"];
        Assert.Equal(
            $"--urls is '{url}', and whoever reads a token on its way is let in by it: listen with https, or, where TLS ends at a proxy in front, set Security:BehindTlsProxy to true.",
            Assert.Throws<ConfigurationProblem>(() => Exposure.Urls(Configuration(settings))).Message
        );
        Assert.Equal([url], Exposure.Urls(Configuration([.. settings, "Security:BehindTlsProxy=true"])));
    }

    [Fact]
    public void A_secured_server_may_be_reached_over_tls_and_says_under_which_base()
    {
        string[] settings = [.. Good, "urls=https://0.0.0.0:443;http://localhost:5080"];
        Assert.Equal(
            "--urls is 'https://0.0.0.0:443', and Server:BaseUrl is missing: clients and tokens know this server by it, so set it to the FHIR base as they have it, such as https://care.example.org/fhir.",
            Assert.Throws<ConfigurationProblem>(() => Exposure.Urls(Configuration(settings))).Message
        );
        Assert.Equal(
            2,
            Exposure.Urls(Configuration([.. settings, "Server:BaseUrl=https://care.example.org/fhir"])).Length
        );
    }

    [Fact]
    public void Nobody_may_do_everything_and_nothing_at_once() =>
        Assert.Equal(
            "Server:AnybodyOnTheNetworkMayDoEverything is true, but Security:Mode is Oidc, in which nobody may do anything without a token: take one of them out.",
            Assert
                .Throws<ConfigurationProblem>(() =>
                    Exposure.Urls(Configuration([.. Good, "Server:AnybodyOnTheNetworkMayDoEverything=true"]))
                )
                .Message
        );

    [Fact]
    public void A_client_speaks_for_one_partner() =>
        Assert.Equal(
            "Partners has the ClientId main:a twice, at north and south: a client speaks for one partner, so give each its own.",
            Assert
                .Throws<ConfigurationProblem>(() =>
                    PartnersOptions.Read(
                        Configuration([
                            "Partners:north:ClientId=main:a",
                            "Partners:south:ClientId=main:a",
                            "Partners:east:ClientId=main:b",
                        ]),
                        isOpenOnLoopback: false
                    )
                )
                .Message
        );

    [Fact]
    public void Pages_of_this_machine_may_call_an_open_server_only()
    {
        var server = ServerOptions.Read(Configuration([]));
        var secured = new WhoAsks(_ => throw new InvalidOperationException(), Application.Requests.Caller.Nobody);

        Assert.True(OriginFilter.IsAllowed("http://localhost:3000", server, WhoAsks.Anybody));
        Assert.False(OriginFilter.IsAllowed("http://localhost:3000", server, secured));
        var listed = ServerOptions.Read(Configuration(["Server:CorsOrigins=https://app.example.org"]));
        Assert.All(
            (WhoAsks[])[WhoAsks.Anybody, secured],
            who =>
            {
                Assert.True(OriginFilter.IsAllowed("https://app.example.org", listed, who));
                Assert.False(OriginFilter.IsAllowed("http://localhost:3000", listed, who));
            }
        );
    }

    [Theory]
    [InlineData("Security:ClientCertificates=true", "is Open")]
    [InlineData("Security:Mode=Embedded Security:ClientCertificateHeader=Client-Cert", "BehindTlsProxy")]
    [InlineData(
        "Security:Mode=Embedded Security:BehindTlsProxy=true Security:ClientCertificateHeader=Client:Cert",
        "name of a header"
    )]
    [InlineData(
        "Security:Mode=Embedded Security:BehindTlsProxy=true Security:ClientCertificateHeader=Client-Cert Security:ClientCertificates=true",
        "both set"
    )]
    [InlineData("Security:Mode=Embedded Security:ClientCertificates=maybe", "ClientCertificates")]
    public void Certificates_that_anybody_could_write_or_nobody_asks_for_stop_the_start(string settings, string said) =>
        Assert.Contains(said, Problem(settings.Split(' ')), StringComparison.Ordinal);

    [Theory]
    [InlineData("Security:Mode=Embedded", false)]
    [InlineData("Security:Mode=Embedded Security:ClientCertificates=true", true)]
    [InlineData(
        "Security:Mode=Embedded Security:BehindTlsProxy=true Security:ClientCertificateHeader=Client-Cert",
        true
    )]
    public void Certificates_are_taken_where_that_is_said(string settings, bool areTaken) =>
        Assert.Equal(areTaken, Read(settings.Split(' ')).TakesCertificates);
}
