using System.Security.Cryptography;
using System.Text;
using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Security;
using CareCoordination.PartnerSimulator;

namespace CareCoordination.Connectors.Tests;

/// <summary>
/// Each strategy at a partner of its kind that loses, drops, delays and refuses a third of what it is asked: what is sent until it is
/// taken has one effect there.
/// </summary>
public sealed class ExactlyOnceTests : IDisposable
{
    private const int Referrals = 40;
    private const int MostAttempts = 60;

    private readonly string _keyPath = Path.GetTempFileName();
    private readonly PartnerConnectors _connectors = Lines.Connectors();

    public ExactlyOnceTests()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        File.WriteAllText(_keyPath, ec.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose()
    {
        _connectors.Dispose();
        File.Delete(_keyPath);
    }

    [Theory]
    [InlineData(PartnerKind.Community, "TaskPush")]
    [InlineData(PartnerKind.Community, "NotifyAndPull")]
    [InlineData(PartnerKind.Oracle, "TransactionBundle")]
    [InlineData(PartnerKind.Bser, "MessageBundle")]
    [InlineData(PartnerKind.V2, "Hl7V2")]
    public async Task A_referral_that_is_sent_until_it_is_taken_has_one_effect(PartnerKind kind, string strategy)
    {
        await using var simulated = await SimulatedPartner.StartAsync(
            new SimulatorOptions
            {
                Kind = kind,
                FaultShare = 0.3,
                Seed = 7,
                Slowness = TimeSpan.FromMilliseconds(1),
                Silence = TimeSpan.FromSeconds(10),
                RetryAfter = TimeSpan.Zero,
                ClientKeys = Encoding.UTF8.GetString(JsonWebKeys.ToUtf8Json([SmartKey.Read(_keyPath)])),
            }
        );
        var partner = new Partner(
            "p",
            new Uri(strategy == "Hl7V2" ? simulated.Mllp! : simulated.Base),
            Lines.Plain with
            {
                Strategy = strategy,
                AttemptTimeout = TimeSpan.FromMilliseconds(250),
                BreakerFailures = 1000,
                Retries = 1,
                RetryDelay = TimeSpan.FromMilliseconds(1),
                Smart = kind == PartnerKind.Oracle ? new SmartOptions("us", _keyPath, "system/*.cruds", null) : null,
            }
        );

        var delivered = await Task.WhenAll(Enumerable.Range(0, Referrals).Select(i => DeliverAsync(partner, i)));

        Assert.DoesNotContain(false, delivered);
        Assert.Equal(Referrals, simulated.Effects.Creations.Count);
        Assert.All(simulated.Effects.Creations.Values, c => Assert.Equal(1, c));
    }

    [Theory]
    [InlineData(PartnerKind.Community, "TaskPush")]
    [InlineData(PartnerKind.Oracle, "TransactionBundle")]
    public async Task A_cancellation_reaches_the_copy_that_was_made(PartnerKind kind, string strategy)
    {
        await using var simulated = await SimulatedPartner.StartAsync(new SimulatorOptions { Kind = kind });
        var connector = _connectors.Line(
            new Uri(simulated.Base),
            Lines.Plain with
            {
                Strategy = strategy,
                Smart = kind == PartnerKind.Oracle ? new SmartOptions("us", _keyPath, "system/*.cruds", null) : null,
            }
        );
        var sent = Assert.IsType<SendOutcome.Delivered>(
            await connector.SendAsync(Samples.Package(), CancellationToken.None)
        );

        var called = Assert.IsType<SendOutcome.Delivered>(
            await connector.SendAsync(
                Samples.Package("cancel", "cancelled") with
                {
                    PartnerReference = sent.Reference,
                    PartnerVersion = sent.Version,
                },
                CancellationToken.None
            )
        );

        Assert.Equal(sent.Reference, called.Reference);
        Assert.Equal(
            ["created requested", "updated cancelled"],
            simulated.Effects.Of("Task|t1").Select(e => $"{e.Kind} {e.Status}")
        );
    }

    [Theory]
    [InlineData(PartnerKind.Community, "TaskPush", true)]
    [InlineData(PartnerKind.Oracle, "TransactionBundle", true)]
    [InlineData(PartnerKind.Bser, "MessageBundle", true)]
    [InlineData(PartnerKind.V2, "Hl7V2", true)]
    [InlineData(PartnerKind.Epic, "TaskPush", false)]
    [InlineData(PartnerKind.Community, "MessageBundle", false)]
    public async Task A_probe_knows_which_strategy_suits_a_partner(PartnerKind kind, string strategy, bool isReady)
    {
        await using var simulated = await SimulatedPartner.StartAsync(new SimulatorOptions { Kind = kind });
        var connector = _connectors.Line(
            new Uri(strategy == "Hl7V2" ? simulated.Mllp! : simulated.Base),
            Lines.Plain with
            {
                Strategy = strategy,
                Smart = kind == PartnerKind.Oracle ? new SmartOptions("us", _keyPath, "system/*.cruds", null) : null,
            }
        );

        var report = await connector.ProbeAsync(Samples.Package(), CancellationToken.None);

        Assert.Equal(isReady, report.IsReady);
        Assert.Empty(simulated.Effects.All);
    }

    /// <summary>As the outbox would, without its waits.</summary>
    private async Task<bool> DeliverAsync(Partner partner, int number)
    {
        var package = Samples.Package() with
        {
            DeliveryId = Guid.CreateVersion7().ToString(),
            Task = Samples.Of(
                "Task",
                $"n{number}",
                Samples
                    .TaskJson("requested")
                    .Replace("\"t1\"", $"\"n{number}\"", StringComparison.Ordinal)
                    .Replace("\"77\"", $"\"{number}\"", StringComparison.Ordinal)
            ),
        };
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            if (await _connectors.For(partner).SendAsync(package, CancellationToken.None) is SendOutcome.Delivered)
                return true;
        }

        return false;
    }
}
