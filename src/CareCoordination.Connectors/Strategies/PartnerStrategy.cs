using CareCoordination.Connectors.Copies;
using CareCoordination.Connectors.Exchanges;
using CareCoordination.Connectors.Mllp;
using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Probing;
using CareCoordination.Connectors.Security;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Connectors.Strategies;

/// <summary>
/// One way of telling a partner of referrals, and all that is particular to it. A new one is a folder beside the others and a line in
/// <c>PartnerStrategies.All</c>.
/// </summary>
/// <param name="name">As <c>Partners:{id}:Strategy</c> has it.</param>
public abstract class PartnerStrategy(string name)
{
    public string Name => name;

    /// <summary>False where nothing is sent: the partner is neither called nor probed.</summary>
    public virtual bool CallsPartner => true;

    /// <summary>True where a message carries what the referral refers to; false where the partner reads it from us.</summary>
    public abstract bool TakesSupporting { get; }

    /// <summary>What keeps a message from having its effect twice, and what does not, as a sentence.</summary>
    public abstract string Guarantee { get; }

    /// <summary>What to do where the Endpoint's address is not of the kind that is needed.</summary>
    internal virtual string AddressNeeded =>
        $"The strategy {name} needs an Endpoint whose address is the base of a FHIR server.";

    /// <summary>What is done with resources at the partner: its tokens have to allow it.</summary>
    public abstract IEnumerable<TypeAccess> Access(PartnerOptions options);

    /// <summary>The same with what outputs of Tasks are fetched.</summary>
    public IEnumerable<TypeAccess> AccessOfAll(PartnerOptions options) =>
        Access(options).Concat(options.Outputs.Select(type => new TypeAccess(type, "r")));

    /// <summary>Where the copies of Tasks are read and polled, and nothing is written.</summary>
    private protected IEnumerable<TypeAccess> Reading(PartnerOptions options) =>
        KeepsTasks(options) ? [new(ResourceTypes.Task, "rs")] : [];

    /// <summary>Whether the partner keeps copies of our Tasks that can be read and polled.</summary>
    internal virtual bool KeepsTasks(PartnerOptions options) => true;

    /// <summary>Null where the address is not of the kind that is needed.</summary>
    internal abstract IReferralSender? Sender(PartnerConnections ways);

    /// <summary>Holds what would be sent against what the partner says it takes.</summary>
    /// <param name="types">The resource types of a referral to this partner.</param>
    internal virtual IEnumerable<ProbeStep> Check(CapabilityStatementView statement, IEnumerable<string> types) => [];
}

/// <summary>The ways there are to one partner.</summary>
/// <param name="Line">To its FHIR server, where its copies are read; null where it has none.</param>
/// <param name="IsFhirAddress">True where the Endpoint's own address is that server.</param>
internal sealed record PartnerConnections(
    Partner Partner,
    PartnerFhirClient? Line,
    PartnerTasks? Tasks,
    MllpConnection? Mllp,
    PartnerPipeline Pipeline
)
{
    public bool IsFhirAddress => Line is not null && Mllp is null;
}
