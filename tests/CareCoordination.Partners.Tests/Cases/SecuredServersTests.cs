using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CareCoordination.Access.Roles;
using CareCoordination.Partners.Tests.Kit;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Server.Tests.SignIn;
using CareCoordination.SignIn.Clients;
using CareCoordination.Storage;
using CareCoordination.Storage.Stores;
using CareCoordination.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Partners.Tests.Cases;

/// <summary>
/// Our own connectors as a client of our own second server: both are secured, and the one that refers is a SMART backend service of the other,
/// known by the keys at its own <c>/.well-known/jwks.json</c>. https://hl7.org/fhir/smart-app-launch/backend-services.html
/// </summary>
public sealed class SecuredServersTests : IAsyncLifetime
{
    private const string Client = "clinic-server";

    private readonly ShiftedClock _clock = new(new DateTimeOffset(2026, 3, 2, 15, 0, 0, TimeSpan.Zero));
    private readonly string _key = Path.GetTempFileName();
    private SignInServer _helpers = null!;
    private SignInServer _clinic = null!;
    private string _atHelpers = "";
    private string _atClinic = "";

    public async ValueTask InitializeAsync()
    {
        using (var key = ECDsa.Create(ECCurve.NamedCurves.nistP384))
            await File.WriteAllTextAsync(_key, key.ExportPkcs8PrivateKeyPem());
        // A secured server calls no partner on its own machine by loopback.
        var address = $"http://{OwnAddress()}:{FreePort()}";
        _helpers = await SignInServer.StartAsync(
            isPostgreSql: false,
            _clock,
            $"--urls={address}",
            $"--Server:BaseUrl={address}/fhir",
            "--Security:BehindTlsProxy=true"
        );
        _clinic = await SignInServer.StartAsync(
            isPostgreSql: false,
            _clock,
            $"--Connectors:AllowedHosts={_helpers.Root}",
            $"--Partners:helpers:SmartClientId={Client}",
            $"--Partners:helpers:SmartKeyPath={_key}",
            "--Partners:helpers:RetryDelayMilliseconds=10"
        );
        await StoreAsync(_helpers, PartnerResources.Organization("clinic"));
        await StoreAsync(_helpers, PartnerResources.Organization("org-1"));
        await StoreAsync(_helpers, """{"resourceType":"Practitioner","id":"anna","name":[{"family":"Berg"}]}""");
        await StoreAsync(_clinic, PartnerResources.Organization("org-1"));
        var patient = JsonNode.Parse(PartnerResources.Patient("edda"))!;
        patient["managingOrganization"] = new JsonObject { ["reference"] = "Organization/org-1" };
        await StoreAsync(_clinic, patient.ToJsonString());
        var request = JsonNode.Parse(PartnerResources.Request("food", "Patient/edda"))!;
        // As they are known there: the clinic that asks, and the helpers who are asked.
        request["requester"] = new JsonObject { ["reference"] = $"{_helpers.Base}/Organization/clinic" };
        request["performer"] = new JsonArray(new JsonObject { ["reference"] = $"{_helpers.Base}/Organization/org-1" });
        await StoreAsync(_clinic, request.ToJsonString());
        await StoreAsync(_clinic, PartnerResources.Endpoint("helpers", _helpers.Base));
        _atHelpers = await SignInAsync(_helpers);
        _atClinic = await SignInAsync(_clinic);
    }

    public async ValueTask DisposeAsync()
    {
        await _clinic.DisposeAsync();
        await _helpers.DisposeAsync();
        File.Delete(_key);
    }

    [Fact]
    public async Task A_referral_goes_there_with_a_token_is_answered_and_is_followed_with_new_tokens()
    {
        await RegisterAsync("clinic");
        var task = await DispatchAsync();

        await Wait.UntilAsync(async () => await CopyAsync(task) is not null, "it has arrived");
        var copy = $"Task/{await CopyAsync(task)}";
        var stored = (await _helpers.Server.GetAsync(copy, _atHelpers)).ShouldBe(200);
        Assert.Equal("Organization/clinic", stored.At("requester", "reference"));
        await DoAsync($"{copy}/$accept");
        // An hour later the token of before has ended.
        await PollAsync(task, "accepted");

        // What was given is taken back: the one that is held is refused at once, and another is got.
        await _helpers.ChangeAsync(clients => clients.DisableAsync(Client, isDisabled: true, default));
        await _helpers.ChangeAsync(clients => clients.DisableAsync(Client, isDisabled: false, default));
        await DoAsync($"{copy}/$start");
        await PollAsync(task, "in-progress");
    }

    [Fact]
    public async Task Until_it_is_registered_there_nothing_arrives_and_once_it_is_the_referral_does()
    {
        var task = await DispatchAsync();
        await Wait.AMomentAsync();
        Assert.Null(await CopyAsync(task));

        await RegisterAsync("clinic");
        await Wait.UntilAsync(
            async () => await ReplayAsync(task) || await CopyAsync(task) is not null,
            "it was parked"
        );
        await Wait.UntilAsync(async () => await CopyAsync(task) is not null, "it has arrived");
    }

    [Fact]
    public async Task A_partner_makes_no_task_of_others_and_none_about_patients_here()
    {
        await RegisterAsync("clinic");
        await StoreAsync(_helpers, PartnerResources.Patient("ida"));
        using var program = new BackendClient(isEc: true);
        using var browser = new AppBrowser(_helpers);
        var now = _clock.GetUtcNow().ToUnixTimeSeconds();
        await _helpers.AddAsync(
            program.Record("system/*.cruds") with
            {
                Roles = [CareRole.Partner],
                Organization = "clinic",
            }
        );
        var tokens = await BackendClient.AskAsync(
            browser,
            program.Assertion(_helpers, c => (c["exp"], c["iat"]) = (now + 240, now)),
            "system/*.cruds"
        );
        var header = $"Authorization: Bearer {tokens.Text("access_token")}";

        Assert.Equal(201, await CreateAsync("Organization/clinic", null));
        Assert.Equal(403, await CreateAsync("Organization/org-1", null));
        Assert.Equal(403, await CreateAsync(null, null));
        Assert.Equal(403, await CreateAsync("Organization/clinic", "Patient/ida"));

        async Task<int> CreateAsync(string? requester, string? patient)
        {
            var task = new JsonObject
            {
                ["resourceType"] = "Task",
                ["status"] = "requested",
                ["intent"] = "order",
            };
            if (requester is not null)
                task["requester"] = new JsonObject { ["reference"] = requester };
            if (patient is not null)
                task["for"] = new JsonObject { ["reference"] = patient };
            return (await _helpers.Server.PostAsync("Task", task.ToJsonString(), header)).Status;
        }
    }

    private static IPAddress OwnAddress()
    {
        var found = NetworkInterface
            .GetAllNetworkInterfaces()
            .SelectMany(n => n.GetIPProperties().UnicastAddresses)
            .Select(a => a.Address)
            .FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(a));
        Assert.SkipWhen(found is null, "This machine has no address but loopback.");
        return found!;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task RegisterAsync(string organization) =>
        await _helpers.AddAsync(
            new ClientRecord(Client, "The clinic's server", ClientKind.Key, "system/Task.cruds")
            {
                Roles = [CareRole.Partner],
                Organization = organization,
                JwksUri = $"{_clinic.Root}/.well-known/jwks.json",
            }
        );

    private async Task<string> DispatchAsync()
    {
        var answer = await _clinic.Server.PostAsync(
            "ServiceRequest/food/$dispatch",
            """{"resourceType":"Parameters","parameter":[{"name":"endpoint","valueReference":{"reference":"Endpoint/helpers"}}]}""",
            _atClinic
        );
        Assert.True(answer.Status is 200 or 201, answer.Body);
        return answer.Id;
    }

    private async Task DoAsync(string command) =>
        (
            await _helpers.Server.PostAsync(
                command,
                """{"resourceType":"Parameters","parameter":[{"name":"practitioner","valueReference":{"reference":"Practitioner/anna"}}]}""",
                await SignInAsync(_helpers)
            )
        ).ShouldBe(200);

    /// <summary>As an operator does once the partner knows us: true where there was something to send again.</summary>
    private async Task<bool> ReplayAsync(string task)
    {
        var store = _clinic.Server.Services.GetRequiredService<OutboxStore>();
        var found = await store.SearchAsync(new OutboxQuery(10) { Subject = new("Task", task) }, default);
        if (found.Messages.FirstOrDefault(m => m.State == MessageState.Parked) is not { } parked)
            return false;
        var answer = await _clinic.Server.PostAsync(
            "Endpoint/helpers/$replay",
            $$"""{"resourceType":"Parameters","parameter":[{"name":"delivery","valueId":"{{parked.Id}}"}]}""",
            await TokenAsync(_clinic, CareRole.Operator, "Practitioner/olga")
        );
        Assert.True(answer.Status == 200, answer.Body);
        return true;
    }

    private async Task<string?> CopyAsync(string task) =>
        (await _helpers.Server.GetAsync($"Task?identifier={_clinic.Base}/Task|{task}", await SignInAsync(_helpers)))
            .ShouldBe(200)
            .Ids.SingleOrDefault();

    private async Task PollAsync(string task, string status)
    {
        _clock.Advance(TimeSpan.FromMinutes(61));
        var header = await SignInAsync(_clinic);
        await Wait.UntilAsync(
            async () => (await _clinic.Server.GetAsync($"Task/{task}", header)).ShouldBe(200).At("status") == status,
            $"it is {status} here"
        );
    }

    private static Task<string> SignInAsync(SignInServer server) =>
        TokenAsync(server, CareRole.Lead, "Practitioner/anna");

    /// <summary>The header of somebody of the organisation org-1.</summary>
    private static async Task<string> TokenAsync(SignInServer server, CareRole role, string person)
    {
        var app = await server.AddAppAsync("user/*.cruds");
        var user = await server.AddUserAsync(role, person);
        using var browser = new AppBrowser(server);
        var back = await browser.SignInAsync(browser.Authorize(app, "user/*.cruds"), user.Name);
        var tokens = await browser.RedeemAsync(app, back.ShouldBeBack());
        return $"Authorization: Bearer {tokens.Text("access_token")}";
    }

    private static Task StoreAsync(SignInServer server, string resource)
    {
        var json = JsonNode.Parse(resource)!;
        return server.StoreAsync((string)json["resourceType"]!, (string)json["id"]!, resource);
    }
}
