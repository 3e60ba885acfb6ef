using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Security;

namespace CareCoordination.Connectors.Strategies.Hl7V2;

/// <summary>HL7 v2 REF^I12 over MLLP.</summary>
internal sealed class Hl7V2Strategy() : PartnerStrategy("Hl7V2")
{
    public override bool TakesSupporting => true;

    public override string Guarantee =>
        "A repeat is the same message under the same control id (MSH-10): that it has one effect rests on the partner's check for duplicates.";

    public override IEnumerable<TypeAccess> Access(PartnerOptions options) => Reading(options);

    internal override string AddressNeeded =>
        "HL7 v2 needs an Endpoint whose address is mllp://host:port or mllps://host:port.";

    internal override bool KeepsTasks(PartnerOptions options) =>
        options.ReadAddress is not null || options.PollQuery is not null;

    internal override IReferralSender? Sender(PartnerConnections ways) =>
        ways.Mllp is { } mllp ? new Hl7V2Sender(ways.Partner, mllp, ways.Pipeline) : null;
}
