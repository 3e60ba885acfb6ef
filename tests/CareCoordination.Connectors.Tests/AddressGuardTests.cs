using System.Net;
using System.Net.Sockets;
using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Security;

namespace CareCoordination.Connectors.Tests;

/// <summary>Where this server may connect to, whatever an Endpoint says.</summary>
public sealed class AddressGuardTests
{
    private static readonly AddressGuard Guard = new(
        ["ehr.example.org", "port.example.org:8443", "*.wild.example.org", "http://plain.example.org:8080"],
        AllowLoopback: false
    );

    [Theory]
    [InlineData("https://ehr.example.org/fhir")]
    [InlineData("https://EHR.example.org:9443/fhir")]
    [InlineData("https://port.example.org:8443/fhir")]
    [InlineData("https://a.wild.example.org/fhir")]
    [InlineData("https://a.b.wild.example.org/fhir")]
    [InlineData("http://plain.example.org:8080/fhir")]
    [InlineData("mllps://ehr.example.org:2576")]
    public void What_is_on_the_list_may_be_called(string address) => Assert.Null(Guard.Refusal(new Uri(address)));

    [Theory]
    [InlineData("https://other.example.org/fhir", "not on the list")]
    [InlineData("https://ehr.example.org.evil.test/fhir", "not on the list")]
    [InlineData("https://wild.example.org/fhir", "not on the list")]
    [InlineData("https://evilwild.example.org/fhir", "not on the list")]
    [InlineData("https://port.example.org/fhir", "not on the list")]
    [InlineData("http://plain.example.org/fhir", "not on the list")]
    [InlineData("https://169.254.169.254/latest", "not on the list")]
    [InlineData("http://ehr.example.org/fhir", "not encrypted")]
    [InlineData("mllp://ehr.example.org:2575", "not encrypted")]
    [InlineData("https://user:secret@ehr.example.org/fhir", "user name")]
    [InlineData("file:///etc/passwd", "must begin with")]
    [InlineData("gopher://ehr.example.org/", "must begin with")]
    [InlineData("http://localhost:5080/fhir", "this machine")]
    [InlineData("http://127.0.0.1/fhir", "this machine")]
    [InlineData("http://127.8.8.8/fhir", "this machine")]
    [InlineData("http://[::1]/fhir", "this machine")]
    [InlineData("http://[::ffff:127.0.0.1]/fhir", "this machine")]
    public void What_is_not_may_not_and_the_sentence_says_why(string address, string why) =>
        Assert.Contains(why, Guard.Refusal(new Uri(address)), StringComparison.Ordinal);

    [Fact]
    public void Loopback_may_be_called_while_the_server_is_open_on_loopback()
    {
        var open = Guard with { AllowLoopback = true };

        Assert.Null(open.Refusal(new Uri("http://localhost:5080/fhir")));
        Assert.Null(open.Refusal(new Uri("mllp://127.0.0.1:2575")));
        Assert.NotNull(open.Refusal(new Uri("https://other.example.org")));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("fe80::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    public async Task A_name_that_resolves_to_where_no_partner_can_be_is_not_connected_to(string host) =>
        await Assert.ThrowsAsync<AddressRefusedException>(async () =>
            await Guard.ConnectAsync(host, 443, CancellationToken.None)
        );

    [Fact]
    public async Task A_request_to_a_host_off_the_list_needs_a_human()
    {
        using var connectors = Lines.Connectors();

        var human = Assert.IsType<SendOutcome.NeedsHuman>(
            await connectors
                .Line(new Uri("https://evil.example.org/fhir"))
                .SendAsync(Samples.Package(), CancellationToken.None)
        );

        Assert.Equal(
            "The host evil.example.org is not on the list Connectors:AllowedHosts: add it there if referrals may go to it.",
            human.Problem
        );
    }

    [Fact]
    public async Task An_allowed_name_that_points_at_this_machine_is_refused_when_connecting()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        // Allowed by its text, and yet this machine: what a name that was made to point here comes to.
        var guard = new AddressGuard([$"http://0.0.0.0:{port}"], AllowLoopback: false);
        using var client = GuardedClient.Make(guard, PartnerOptions.Defaults);

        var problem = await Assert.ThrowsAsync<HttpRequestException>(() =>
            client.GetAsync(new Uri($"http://0.0.0.0:{port}/fhir"))
        );

        Assert.IsType<AddressRefusedException>(problem.InnerException);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var partner = await ScriptedPartner.StartAsync();
        partner.Answer = (_, c) =>
        {
            c.Response.StatusCode = 307;
            c.Response.Headers.Location = "https://evil.example.org/fhir/Task";
            return Task.CompletedTask;
        };
        using var connectors = Lines.Connectors();

        var human = Assert.IsType<SendOutcome.NeedsHuman>(
            await connectors.Line(partner.Address).SendAsync(Samples.Package(), CancellationToken.None)
        );

        Assert.Equal(307, human.Status);
        Assert.Single(partner.Asked);
    }
}
