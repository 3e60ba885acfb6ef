using CareCoordination.Connectors.Copies;
using CareCoordination.Connectors.Exchanges;
using CareCoordination.Connectors.Mllp;
using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Probing;
using CareCoordination.Connectors.Security;
using CareCoordination.Connectors.Strategies;
using CareCoordination.Fhir.Canonicals;

namespace CareCoordination.Connectors;

/// <summary>What a connector is made of, as a partner's options want it.</summary>
internal sealed class ConnectorParts : IDisposable
{
    private readonly HttpClient? _client;
    private readonly SmartClient? _smart;
    private readonly MllpConnection? _mllp;
    private readonly PartnerFhirClient? _line;

    public ConnectorParts(
        Partner partner,
        AddressGuard guard,
        OwnCanonicals canonicals,
        Action<bool> breakerMoved,
        TimeProvider time
    )
    {
        var options = partner.Options;
        var isMllp = partner.Address.Scheme is "mllp" or "mllps";
        var fhirBase = (options.ReadAddress ?? (isMllp ? null : partner.Address))?.AbsoluteUri.TrimEnd('/');
        Func<CancellationToken, ValueTask<PartnerAnswer>> probe = _ =>
            ValueTask.FromResult(new PartnerAnswer(AnswerKind.Accepted, null, ""));
        PartnerHttp? http = null;
        if (fhirBase is not null)
        {
            _client = GuardedClient.Make(guard, options);
            _smart = options.Smart is { } smart ? new SmartClient(fhirBase, smart, _client, time) : null;
            http = new PartnerHttp(fhirBase, options, _client, _smart, time) { Canonicals = canonicals };
            var metadata = PartnerRequest.Get("probe", "metadata");
            probe = cancel => http.AskAsync(metadata, cancel);
        }

        if (isMllp)
        {
            _mllp = new MllpConnection(partner, guard);
            probe = _mllp.ProbeAsync;
        }

        Pipeline = new PartnerPipeline(options, probe, breakerMoved, time);
        var line = _line = http is null ? null : new PartnerFhirClient(partner, fhirBase!, http, Pipeline);
        Tasks = line is null ? null : new PartnerTasks(line);
        var strategy = PartnerStrategies.Get(options.Strategy);
        KeepsTasks = Tasks is not null && strategy.KeepsTasks(options);
        Sender =
            strategy.Sender(new PartnerConnections(partner, line, Tasks, _mllp, Pipeline))
            ?? new WrongAddress(strategy.AddressNeeded);
        Probe = new PartnerProbe(strategy.CallsPartner ? line : null, _mllp, Pipeline, strategy.Check)
        {
            Smart = _smart,
            Access = [.. strategy.AccessOfAll(options)],
            Reads = KeepsTasks,
        };
    }

    public PartnerPipeline Pipeline { get; }

    /// <summary>The partner's FHIR server; null where it has none.</summary>
    public PartnerTasks? Tasks { get; }

    /// <summary>A new poll of it.</summary>
    public TaskPoll? Poll => _line is null ? null : new TaskPoll(_line);

    public bool KeepsTasks { get; }

    public IReferralSender Sender { get; }

    public PartnerProbe Probe { get; }

    public void Dispose()
    {
        _client?.Dispose();
        _smart?.Dispose();
        _mllp?.Dispose();
        Pipeline.Dispose();
    }

    /// <summary>The Endpoint's address is not of the kind that the strategy needs.</summary>
    private sealed class WrongAddress(string sentence) : IReferralSender
    {
        public Task<SendOutcome> SendAsync(ReferralPackage package, CancellationToken cancel) =>
            Task.FromResult<SendOutcome>(new SendOutcome.NeedsHuman(sentence, null, default));
    }
}
