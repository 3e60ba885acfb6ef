using System.Text.Json;
using System.Text.Json.Nodes;
using CareCoordination.PartnerSimulator;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Storage;
using CareCoordination.Storage.Stores;
using CareCoordination.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Partners.Tests.Kit;

/// <summary>A server that refers, a simulated partner, and the clock that both go by. The Endpoint of the partner is <c>Endpoint/partner</c>.</summary>
internal sealed class Ward : IAsyncDisposable
{
    public const string Endpoint = "partner";

    private Ward(TestServer server, SimulatedPartner partner, ShiftedClock clock) =>
        (Server, Partner, Clock) = (server, partner, clock);

    public TestServer Server { get; }

    public SimulatedPartner Partner { get; }

    public ShiftedClock Clock { get; }

    private OutboxStore Store => Server.Services.GetRequiredService<OutboxStore>();

    /// <summary>A ward on a Monday morning. The partner speaks the profile of its kind.</summary>
    /// <param name="settings">Of the server, as <c>--Section:Key=value</c>; <c>--Partners:partner:...</c> are those of the partner.</param>
    public static Task<Ward> OpenAsync(PartnerKind kind = PartnerKind.Community, params string[] settings) =>
        OpenAsync(Engine.Sqlite, kind, settings);

    public static async Task<Ward> OpenAsync(Engine engine, PartnerKind kind, params string[] settings)
    {
        var clock = new ShiftedClock(new DateTimeOffset(2026, 3, 2, 15, 0, 0, TimeSpan.Zero));
        var partner = await SimulatedPartner.StartAsync(
            new SimulatorOptions
            {
                Kind = kind,
                Time = clock,
                Silence = TimeSpan.FromSeconds(3),
                Slowness = TimeSpan.FromMilliseconds(200),
            }
        );
        string[] all =
        [
            .. PartnerSettings(kind),
            "--Care:Timers:Enabled=true",
            $"--Partners:{Endpoint}:AttemptTimeoutSeconds=1",
            $"--Partners:{Endpoint}:RetryDelayMilliseconds=10",
            .. settings,
        ];
        var server =
            engine == Engine.Sqlite
                ? await TestServer.OnSqliteAsync(clock, all)
                : await PostgreSqlServer.NewAsync(clock, all);
        var ward = new Ward(server, partner, clock);
        await ward.StoreAsync(PartnerResources.Organization("clinic"), PartnerResources.Organization("helpers"));
        await ward.StoreAsync(
            PartnerResources.Endpoint(Endpoint, kind == PartnerKind.V2 ? partner.Mllp! : partner.Base)
        );
        return ward;
    }

    public async Task StoreAsync(params string[] resources)
    {
        foreach (var resource in resources)
        {
            var json = JsonNode.Parse(resource)!;
            var answer = await Server.PutAsync($"{json["resourceType"]}/{json["id"]}", resource);
            Assert.True(answer.Status is 200 or 201, answer.Body);
        }
    }

    /// <summary>A patient of their own and an active request: the reference of the request.</summary>
    public async Task<string> RequestAsync(string priority = "routine", string more = "")
    {
        var id = Given.Id("r");
        await StoreAsync(PartnerResources.Patient(id), PartnerResources.Request(id, $"Patient/{id}", priority, more));
        return $"ServiceRequest/{id}";
    }

    public Task<Answer> DispatchAsync(string request, params string[] parameters) =>
        Server.AskAsync($"{request}/$dispatch", [Ask.Reference("endpoint", $"Endpoint/{Endpoint}"), .. parameters]);

    /// <summary>A referral that is stored here and queued for the partner.</summary>
    /// <param name="request">Null: a new one.</param>
    public async Task<Referral> DispatchedAsync(string? request = null)
    {
        request ??= await RequestAsync();
        var task = await DispatchAsync(request);
        Assert.True(task.Status is 200 or 201, task.Body);
        return new Referral(request, $"Task/{task.Id}", task.Id);
    }

    /// <summary>A referral that has arrived at the partner.</summary>
    public async Task<Referral> ReferAsync(string priority = "routine", string more = "")
    {
        var referral = await DispatchedAsync(await RequestAsync(priority, more));
        await ArrivalAsync(referral);
        return referral;
    }

    /// <summary>A request that rests on a Consent, which has the id of the patient.</summary>
    public async Task<(string Request, string Patient)> RequestWithConsentAsync()
    {
        var request = await RequestAsync();
        var patient = (await Server.GetAsync(request)).At("subject", "reference")!;
        await StoreAsync(PartnerResources.Consent(patient.Split('/')[1], patient));
        return (request, patient);
    }

    public async Task ArrivalAsync(Referral referral)
    {
        await Wait.UntilAsync(
            () => Task.FromResult(Partner.Effects.Of($"|{referral.Id}").Count > 0),
            "the partner has it"
        );
        await Wait.UntilAsync(
            async () =>
                (await DeliveriesAsync(referral)).All(d =>
                    d.State is MessageState.Delivered or MessageState.Acknowledged
                ),
            "its delivery is known here"
        );
    }

    /// <summary>What the recipient does, and the poll that brings it here: waits until the Task here has the status.</summary>
    public async Task AnswerAsync(Referral referral, string step, string status, string? reason = null)
    {
        Partner.Recipient.Do(step, referral.Id, reason);
        NextPoll();
        await Wait.UntilAsync(async () => await Server.StatusOfAsync(referral.Task) == status, $"the Task is {status}");
    }

    /// <summary>What a recipient does that tells of it by itself, by a message: waits until the Task here has the status.</summary>
    public async Task HearAsync(Referral referral, string step, string status, string? reason = null)
    {
        var copy = Partner.Recipient.Do(step, referral.Id, reason);
        await Partner.Recipient.TellAsync(copy, Server.Base, default);
        await Wait.UntilAsync(async () => await Server.StatusOfAsync(referral.Task) == status, $"the Task is {status}");
    }

    /// <summary>An hour passes: every partner is polled.</summary>
    public void NextPoll() => Clock.Advance(TimeSpan.FromMinutes(61));

    /// <summary>Tasks that the referral gave people here, by their code.</summary>
    public async Task<IReadOnlyList<JsonElement>> WorkAsync(Referral referral, string code) =>
        [
            .. (
                await Server.GetAsync(
                    $"Task?based-on={referral.Request}&code=https://carecoordination.example/fhir/CodeSystem/referral-work|{code}"
                )
            )
                .ShouldBe(200)
                .Resources,
        ];

    public async Task<IReadOnlyList<string>> AllWorkAsync(Referral referral) =>
        [
            .. (await Server.GetAsync($"Task?based-on={referral.Request}&_sort=_lastUpdated"))
                .ShouldBe(200)
                .Resources.Select(t => t.GetProperty("code").GetProperty("coding")[0])
                .Where(c => c.GetProperty("system").GetString()!.EndsWith("/referral-work", StringComparison.Ordinal))
                .Select(c => c.GetProperty("code").GetString()!)
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>What the outbox has for the referral, newest first.</summary>
    public async Task<IReadOnlyList<OutboxMessage>> DeliveriesAsync(Referral referral) =>
        (await Store.SearchAsync(new OutboxQuery(100) { Subject = new("Task", referral.Id) }, default)).Messages;

    /// <summary>The first message of the referral.</summary>
    public async Task<OutboxMessage> DeliveryAsync(Referral referral) => (await DeliveriesAsync(referral))[^1];

    /// <summary>What came from the partner and could not be applied.</summary>
    public async Task<IReadOnlyList<InboundUpdate>> UnappliedAsync(Referral referral) =>
        [
            .. (await Store.SearchInboundAsync(InboundState.Unapplied, Endpoint, null, 100, default)).Updates.Where(u =>
                u.Task?.Id == referral.Id
            ),
        ];

    /// <summary>Whether the Task has the code among those of its business status.</summary>
    public async Task<bool> BusinessStatusAsync(Referral referral, string code) =>
        (await Server.GetAsync(referral.Task)).ShouldBe(200).Json.TryGetProperty("businessStatus", out var status)
        && status.TryGetProperty("coding", out var codings)
        && codings.EnumerateArray().Any(c => c.GetProperty("code").GetString() == code);

    public async Task<bool> AllAreAsync(IEnumerable<Referral> referrals, string status)
    {
        foreach (var referral in referrals)
        {
            if (await Server.StatusOfAsync(referral.Task) != status)
                return false;
        }

        return true;
    }

    /// <summary>Nothing more is sent to the partner.</summary>
    public async Task DrainAsync() => (await Server.AskAsync($"Endpoint/{Endpoint}/$drain")).ShouldBe(200);

    public async Task ResumeAsync() => (await Server.AskAsync($"Endpoint/{Endpoint}/$resume")).ShouldBe(200);

    /// <summary>Sends a parked message again.</summary>
    public async Task ReplayAsync(OutboxMessage delivery) =>
        (
            await Server.AskAsync(
                $"Endpoint/{Endpoint}/$replay",
                Ask.Value("delivery", "valueId", $"\"{delivery.Id}\"")
            )
        ).ShouldBe(200);

    /// <summary>Time passes in steps until it is so.</summary>
    public Task AfterAsync(TimeSpan step, Func<Task<bool>> condition) =>
        Wait.UntilAsync(
            async () =>
            {
                if (await condition())
                    return true;
                Clock.Advance(step);
                await Wait.AMomentAsync();
                return await condition();
            },
            "enough time has passed"
        );

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Partner.DisposeAsync();
    }

    private static string[] PartnerSettings(PartnerKind kind) =>
        kind switch
        {
            PartnerKind.Community => [$"--Partners:{Endpoint}:Profile=gravity"],
            PartnerKind.Bser =>
            [
                $"--Partners:{Endpoint}:Profile=bser",
                $"--Partners:{Endpoint}:Strategy=MessageBundle",
            ],
            PartnerKind.Oracle => [$"--Partners:{Endpoint}:Strategy=TransactionBundle"],
            PartnerKind.V2 => [$"--Partners:{Endpoint}:Strategy=Hl7V2"],
            _ => [],
        };
}

/// <param name="Request"><c>ServiceRequest/…</c></param>
/// <param name="Task"><c>Task/…</c></param>
/// <param name="Id">Of the Task: how the partner's copy is identified.</param>
internal sealed record Referral(string Request, string Task, string Id);
