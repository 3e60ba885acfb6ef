using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Security;

namespace CareCoordination.Connectors.Strategies.DirectLight;

/// <summary>
/// The partner's people work with the Task on this server, so that it is delivered by being here: nothing leaves.
/// https://hl7.org/fhir/us/sdoh-clinicalcare/referral_workflow.html
/// </summary>
internal sealed class DirectLightStrategy() : PartnerStrategy("DirectLight")
{
    public override bool CallsPartner => false;

    public override bool TakesSupporting => false;

    public override string Guarantee => "Nothing is sent: the partner works with the Task on this server.";

    internal override bool KeepsTasks(PartnerOptions options) => false;

    public override IEnumerable<TypeAccess> Access(PartnerOptions options) => [];

    internal override IReferralSender Sender(PartnerConnections ways) => new Nothing();

    private sealed class Nothing : IReferralSender
    {
        public Task<SendOutcome> SendAsync(ReferralPackage package, CancellationToken cancel) =>
            Task.FromResult<SendOutcome>(new SendOutcome.Delivered(null, null));
    }
}
