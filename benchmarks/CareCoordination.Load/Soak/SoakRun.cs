using System.Diagnostics;
using System.Security.Cryptography;
using CareCoordination.Load.Runner;
using CareCoordination.PartnerSimulator;

namespace CareCoordination.Load.Soak;

/// <summary>
/// Referrals to a partner that often fails, while server processes are killed at random moments and started again: at the end every
/// referral is at the partner once, or parked with a reason.
/// </summary>
internal sealed class SoakRun(SoakSettings settings, string program, string folder) : IAsyncDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(1500);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private const int AnswersPerKill = 100;

    private readonly Random _random = new(settings.Seed);
    private SimulatedPartner? _partner;
    private PostgreSqlCluster? _cluster;
    private SoakNode[] _nodes = [];

    public async Task<SoakResult> RunAsync(CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        _partner = await SimulatedPartner.StartAsync(
            new SimulatorOptions
            {
                Kind = settings.Partner,
                TokenLife = TimeSpan.FromSeconds(2),
                FaultShare = settings.FaultShare,
                Seed = settings.Seed,
                Slowness = TimeSpan.FromMilliseconds(200),
                Silence = TimeSpan.FromSeconds(3),
            }
        );
        await StartNodesAsync(cancel);
        using var client = new SoakClient(_nodes);
        var caseload = new SoakCaseload(client, settings.Referrals);
        await caseload.CreateAsync(_partner.Base, cancel);

        // As many waves as kills and one more: each kill meets referrals on their way.
        for (var wave = 0; wave <= settings.Kills; wave++)
        {
            var (first, end) = (Share(wave), Share(wave + 1));
            var dispatch = caseload.DispatchAsync(first, end, cancel);
            if (wave < settings.Kills)
                await KillOneAsync(cancel);
            await dispatch;
        }

        Console.WriteLine($"Dispatched after {clock.Elapsed.TotalSeconds:0} s; waiting for what is under way");
        var deliveries = await DrainAsync(clock, cancel);
        var verdict = SoakVerdict.Of(caseload.Tasks, deliveries, _partner.Effects);
        return new SoakResult(
            verdict,
            await AnswerAsync(client, caseload, cancel),
            clock.Elapsed,
            deliveries.Values.Sum(d => d.Attempts),
            client.Repeats,
            _partner.Faults.Happened,
            _partner.Tokens.Issued,
            _cluster?.Version ?? "Sqlite, embedded",
            [.. deliveries.Values.Where(d => d.IsParked).Select(d => d.Problem ?? "").Distinct(StringComparer.Ordinal)]
        );
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        if (_partner is not null)
            await _partner.DisposeAsync();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }

    /// <summary>The partner tells how it goes, through further kills; null where it is not asked to.</summary>
    private async Task<AnswerVerdict?> AnswerAsync(SoakClient client, SoakCaseload caseload, CancellationToken cancel)
    {
        if (settings.Answers == 0)
            return null;
        var answers = new SoakAnswers(client, _partner!, caseload.Tasks, settings.Seed);
        var count = Math.Min(settings.Answers, settings.Referrals);
        for (var first = 0; first < count; first += AnswersPerKill)
        {
            var tells = answers.TellAsync(first, Math.Min(first + AnswersPerKill, count), cancel);
            await KillOneAsync(cancel);
            await tells;
        }

        Console.WriteLine($"The partner has told of {count} referrals");
        return await answers.JudgeAsync(count, cancel);
    }

    private string Connection => _cluster?.ConnectionString("care") ?? $"Data Source={Path.Combine(folder, "care.db")}";

    private int Share(int wave) => (int)((long)settings.Referrals * wave / (settings.Kills + 1));

    private async Task StartNodesAsync(CancellationToken cancel)
    {
        _cluster = settings.Provider == "PostgreSql" ? await PostgreSqlCluster.StartAsync(["care"]) : null;
        var ports = Enumerable.Range(0, settings.Nodes).Select(_ => PostgreSqlCluster.FreePort()).ToArray();
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Storage__Provider"] = settings.Provider,
            ["ConnectionStrings__CareCoordination"] = Connection,
            // All nodes are one server to the partner.
            ["Server__BaseUrl"] = $"http://127.0.0.1:{ports[0]}/fhir",
            // A partner that often fails is worth asking again soon.
            [$"Partners__{SoakCaseload.Endpoint}__AttemptTimeoutSeconds"] = "1",
            [$"Partners__{SoakCaseload.Endpoint}__TotalTimeoutSeconds"] = "10",
            [$"Partners__{SoakCaseload.Endpoint}__Retries"] = "4",
            [$"Partners__{SoakCaseload.Endpoint}__RetryDelayMilliseconds"] = "50",
            [$"Partners__{SoakCaseload.Endpoint}__BreakSeconds"] = "1",
            ["Deliveries__FirstWaitSeconds"] = "1",
            ["Deliveries__ScanSeconds"] = "1",
            ["Deliveries__LeaseSeconds"] = "5",
        };
        if (settings.Partner == PartnerKind.Oracle)
            await DemandTokensAsync(environment, cancel);
        if (_cluster is not null)
            await Shell.RunAsync(program, ["migrate"], environment);
        _nodes = [.. ports.Select(port => new SoakNode(program, environment, port))];
        foreach (var node in _nodes)
            await node.StartAsync(cancel);
    }

    private async Task DemandTokensAsync(Dictionary<string, string> environment, CancellationToken cancel)
    {
        var file = Path.Combine(folder, "key.pem");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        await File.WriteAllTextAsync(file, key.ExportPkcs8PrivateKeyPem(), cancel);
        environment[$"Partners__{SoakCaseload.Endpoint}__Strategy"] = "TransactionBundle";
        environment[$"Partners__{SoakCaseload.Endpoint}__SmartClientId"] = "care";
        environment[$"Partners__{SoakCaseload.Endpoint}__SmartKeyPath"] = file;
    }

    /// <summary>An EHR that demands tokens withdraws them all at the same moments.</summary>
    private async Task KillOneAsync(CancellationToken cancel)
    {
        await Task.Delay(_random.NextDouble() * LongestWait, cancel);
        _partner!.Tokens.ExpireAll();
        var node = _nodes[_random.Next(_nodes.Length)];
        await node.KillAsync();
        await node.StartAsync(cancel);
    }

    /// <summary>Waits until nothing is under way any more, or the limit is over.</summary>
    private async Task<IReadOnlyDictionary<string, SoakDelivery>> DrainAsync(Stopwatch clock, CancellationToken cancel)
    {
        var outbox = new SoakOutbox(settings.Provider, Connection);
        while (true)
        {
            var deliveries = await outbox.ReadAsync(cancel);
            if (deliveries.Values.All(d => d.IsSettled) || clock.Elapsed > settings.Limit)
                return deliveries;
            await Task.Delay(Look, cancel);
        }
    }
}

/// <param name="Attempts">Sends that the outbox began, without the immediate retries within them.</param>
/// <param name="Tokens">That the partner handed out; each ends after two seconds, or with a kill.</param>
/// <param name="Repeats">Requests of the client that died with a server and were asked again.</param>
internal sealed record SoakResult(
    SoakVerdict Verdict,
    AnswerVerdict? Answers,
    TimeSpan Duration,
    int Attempts,
    int Repeats,
    IReadOnlyDictionary<Fault, int> Faults,
    int Tokens,
    string Database,
    IReadOnlyList<string> Reasons
);
