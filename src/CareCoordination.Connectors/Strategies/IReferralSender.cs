using CareCoordination.Connectors.Partners;

namespace CareCoordination.Connectors.Strategies;

/// <summary>Tells a partner about a referral in one particular way.</summary>
internal interface IReferralSender
{
    Task<SendOutcome> SendAsync(ReferralPackage package, CancellationToken cancel);
}
